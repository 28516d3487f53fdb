"""Weights of the households of a file that meet the totals a scenario knows, in place of those of the file."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from incomesim.errors import InvalidInput, Problem, Unreachable
from incomesim.fields import SOURCES
from incomesim.kernel.tables import WEIGHT_UNIT
from incomesim.population.calibration import Calibrated, calibrate
from incomesim.population.column_map import MappedRows, Treated
from incomesim.population.household_columns import LARGEST_PRODUCT, LARGEST_WEIGHT
from incomesim.population.open_survey import Reading
from incomesim.population.survey import scan
from incomesim.population.survey_margins import make_margins
from incomesim.scenario import SurveyPopulation
from incomesim.scenario.calibration import Calibration, SurveyTotal
from incomesim.scenario.totals_table import read_totals

__all__ = ["TOTALS", "Reweighted", "calibrate_survey"]

Reals = NDArray[np.float64]
Integers = NDArray[np.int64]

TOTALS = (
    "name", "category", "unit", "target", "before", "after", "relative_before", "relative_after", "rows",
    "effective_sample_size", "smallest_ratio", "largest_ratio", "thin", "source",
)  # fmt: skip
"""Columns of the table of totals."""

_PATH = "population.calibration"


@dataclass(frozen=True, eq=False)
class Reweighted:
    """Calibrated weights (N,) of all households, in the order of the parts and whole multiples of WEIGHT_UNIT.

    `row` (N,) are the rows of the file, from 1. `calibrated` is the report; `table` has a row for each total, with
    its source. `from_table` of the totals were read from the scenario's table of them.
    """

    row: Integers
    weight: Reals
    calibrated: Calibrated
    table: pd.DataFrame
    from_table: int

    @property
    def by_row(self) -> Reals:
        """The weights in the order of the rows of the file (N,)."""
        return self.weight[np.argsort(self.row, kind="stable")]


@dataclass(frozen=True, eq=False)
class _Columns:
    """All households of a file as far as totals are of them, (N,); income (4, N)."""

    row: Integers
    weight: Reals
    region: Integers
    residence: Integers
    group: Integers
    age: Integers
    persons: Reals
    elderly: Reals
    children: Reals
    income: Reals


def calibrate_survey(reading: Reading, wanted: SurveyPopulation, calibration: Calibration) -> Reweighted:
    """Return new weights of the households of a file.

    All rows are held while this is done. Raises InvalidInput with everything that is wrong with the file or with
    the totals, and Unreachable where no weights meet them.
    """
    parts = [_columns(rows) for rows, _ in scan(reading, wanted, Treated())]
    columns = _join(parts)
    totals = _read_totals(wanted, calibration)
    margins, sources = make_margins(totals, columns, tuple(wanted.regions), tuple(wanted.groups))
    bounds = None if calibration.bounds is None else (calibration.bounds[0], calibration.bounds[1])
    file = str(reading.file.path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # of weights below 0, which are refused here
            calibrated = calibrate(columns.weight, margins, method=calibration.method, bounds=bounds)
    except Unreachable as reason:
        raise Unreachable(*(problem.message for problem in reason.problems), file=file, path=_PATH) from None
    except InvalidInput as reason:
        raise InvalidInput(Problem(file, 0, 0, _PATH, f"{p.path}: {p.message}") for p in reason.problems) from None
    weight = np.rint(calibrated.weight / WEIGHT_UNIT) * WEIGHT_UNIT
    _check_weights(weight, columns, file)
    table = calibrated.totals.merge(calibrated.cells, on=["name", "category"], sort=False)
    table["source"] = [sources[name, category] for name, category in zip(table.name, table.category, strict=True)]
    table = table[list(TOTALS)]
    return Reweighted(columns.row, weight, calibrated, table, len(totals) - len(calibration.totals))


def _read_totals(wanted: SurveyPopulation, calibration: Calibration) -> Sequence[SurveyTotal]:
    if calibration.table is None:
        return calibration.totals
    return *calibration.totals, *read_totals(calibration.table.path, tuple(wanted.regions), tuple(wanted.groups))


def _columns(rows: MappedRows) -> _Columns:
    numbers = {name: values.astype(np.float64) for name, values in rows.numbers.items() if name != "household_id"}
    return _Columns(
        row=rows.row,
        weight=numbers["weight"],
        region=rows.names["region"],
        residence=rows.names["residence"],
        group=rows.names["group"],
        age=rows.numbers["age"].astype(np.int64),
        persons=numbers["persons"],
        elderly=numbers["elderly"],
        children=numbers["children"],
        income=np.array([numbers[source] for source in SOURCES]),
    )


def _join(parts: Sequence[_Columns]) -> _Columns:
    names = _Columns.__dataclass_fields__
    return _Columns(**{name: np.concatenate([getattr(part, name) for part in parts], axis=-1) for name in names})


def _check_weights(weight: Reals, columns: _Columns, file: str) -> None:
    """Refuse weights that a row of a file may not have either."""
    allowed = (
        (
            weight < WEIGHT_UNIT,
            f"weights of at least {WEIGHT_UNIT:.3g}; the methods raking and logit keep them above 0",
        ),
        (weight > LARGEST_WEIGHT, f"weights of at most {LARGEST_WEIGHT:,.0f}"),
        (
            weight * np.abs(columns.income).max(axis=0) > LARGEST_PRODUCT,
            f"at most {LARGEST_PRODUCT:,.0f} yuan of each source ({', '.join(SOURCES)}), weight times income",
        ),
    )
    problems = []
    for wrong, words in allowed:
        if wrong.any():
            first = int(np.argmax(wrong))
            found = f"row {columns.row[first]:,} would have the weight {weight[first]:,.6g}"
            more = f", and {np.count_nonzero(wrong) - 1:,} more alike" if np.count_nonzero(wrong) > 1 else ""
            problems.append(Problem(file, 0, 0, _PATH, f"{found}{more}; expected {words}"))
    if problems:
        raise InvalidInput(problems)
