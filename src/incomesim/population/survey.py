"""The households of a user's file, part by part with all that is wrong with them, or all at once as a table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from incomesim.errors import InvalidInput, Problem
from incomesim.fields import RESIDENCES
from incomesim.population.column_map import MappedRows, Treated, map_rows, name_column
from incomesim.population.faults import Faults
from incomesim.population.household_columns import NAMED, NUMBERED, check_order, check_rows
from incomesim.population.households import Households
from incomesim.population.open_survey import Reading, open_survey
from incomesim.population.survey_design import (
    Design,
    DesignRows,
    join_design,
    note_clusters,
    note_single_clusters,
    read_design,
)
from incomesim.scenario.model import Scenario, SurveyPopulation

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Survey", "Treatment", "columns_of", "list_treatments", "read_survey", "scan"]

_SHOWN = 12  # names that nobody has and a message names
_ORDER = ["household_id", "weight", *NAMED, *(name for name in NUMBERED if name not in ("household_id", "weight"))]


@dataclass(frozen=True)
class Treatment:
    """What was done where a column says nothing, `zero` or `drop`: in how many rows, with what share of the weight."""

    column: str
    done: str
    rows: int
    share: float


@dataclass(frozen=True, eq=False)
class Survey:
    """The households of a scenario's file, in the order of the file.

    `households` has a row for each, with the columns that README.md lists, in yuan of the household and year; its
    index is the row of the file, from 1. `design` goes with these rows; None where the scenario says nothing of it.
    """

    households: pd.DataFrame
    design: Design | None
    treatments: tuple[Treatment, ...]


def columns_of(survey: Survey, wanted: SurveyPopulation) -> Households:
    """Return the households of a survey as columns; rank and shift, which belong to a run, are 0."""
    frame = survey.households
    names = {"region": list(wanted.regions), "residence": list(RESIDENCES), "group": list(wanted.groups)}
    code = {key: np.array([known.index(name) for name in frame[key]], np.int64) for key, known in names.items()}
    nothing = np.zeros(len(frame))
    return Households(
        household_id=frame["household_id"].to_numpy(np.uint64),
        weight=frame["weight"].to_numpy(np.float64),
        region=code["region"],
        residence=code["residence"],
        group=code["group"],
        age=frame["age"].to_numpy(np.int64),
        persons=frame["persons"].to_numpy(np.int64),
        workers=(frame["persons"] - frame["elderly"] - frame["children"]).to_numpy(np.int64),
        elderly=frame["elderly"].to_numpy(np.int64),
        children=frame["children"].to_numpy(np.int64),
        wage=frame["wage"].to_numpy(np.float64),
        operating=frame["operating"].to_numpy(np.float64),
        property=frame["property"].to_numpy(np.float64),
        transfer=frame["transfer"].to_numpy(np.float64),
        rank=nothing,
        shift=nothing,
    )


def read_survey(scenario: Scenario) -> Survey:
    """Return the households of a scenario's file, all of them at once.

    Raises InvalidInput with everything that is wrong with the file, TypeError where the scenario has no file.
    """
    import pandas as pd

    wanted = scenario.population
    if not isinstance(wanted, SurveyPopulation):
        raise TypeError("found a scenario without `population.microdata`, expected one with a file of households")
    reading, treated = open_survey(wanted), Treated()
    frames, designs = [], []
    for rows, design in scan(reading, wanted, treated):
        named = {name: np.array(reading.names[name], object)[rows.names[name]] for name in NAMED}
        frames.append(pd.DataFrame({**rows.numbers, **named}, index=pd.Index(rows.row, name="row"))[_ORDER])
        designs.append(design)
    households = pd.concat(frames)
    order = np.argsort(households.index.to_numpy(), kind="stable")
    known = [part for part in designs if part is not None]
    return Survey(
        households.iloc[order],
        None if wanted.design is None else join_design(known, order, wanted.design),
        list_treatments(treated),
    )


def list_treatments(treated: Treated) -> tuple[Treatment, ...]:
    """Return what was done where values are missing, by column."""
    weight = max(int(treated.weight[0]), 1)
    return tuple(
        Treatment(column, done, int(rows), float(units / weight))
        for (column, done), (rows, units) in treated.by_column.items()
    )


def scan(
    reading: Reading, wanted: SurveyPopulation, treated: Treated
) -> Iterator[tuple[MappedRows, DesignRows | None]]:
    """Yield the households of a file part by part, as long as nothing is wrong, with their design if there is one.

    Once all rows have been looked at, raises InvalidInput with everything that is wrong with them.
    """
    file, faults = reading.file, Faults()
    called = {name: name_column(name, getattr(wanted.columns, name)) for name in (*NUMBERED, *NAMED)}
    seen = {name: np.zeros(len(allowed), np.bool_) for name, allowed in reading.names.items()}
    clusters: dict[str, set[Any]] = {}
    last = (-1, 0)
    for part in range(len(file.starts) - 1):
        raw = file.read(part, tuple(file.types))
        rows = map_rows(raw, wanted.columns, reading.names, file.labels, faults, treated)
        check_rows(rows, called, faults)
        last = check_order(rows.numbers["household_id"], rows.row, last, called["household_id"], file.sorted, faults)
        for name, places in rows.names.items():
            seen[name][places[places >= 0]] = True
        design = None
        if wanted.design is not None:
            design = read_design(raw, wanted.design, reading.replicates, rows, faults)
            note_clusters(clusters, design, wanted.design, rows.row)
        if not faults:
            yield rows, design
    if wanted.design is not None:
        note_single_clusters(clusters, wanted.design, faults)
    _note_empty(seen, reading, called, faults)
    if faults:
        raise InvalidInput(Problem(str(file.path), 0, 0, *words) for words in faults.messages())


def _note_empty(seen: dict[str, Any], reading: Reading, called: dict[str, str], faults: Faults) -> None:
    """Note names of the scenario that no household has, unless its name is wrong where it should stand."""
    wrong = {column for column, _ in faults.by_kind}
    for name, found in seen.items():
        nobody = [allowed for allowed, is_there in zip(reading.names[name], found, strict=True) if not is_there]
        if nobody and called[name] not in wrong:
            named = ", ".join(f'"{one}"' for one in nobody[:_SHOWN])
            more = f" and {len(nobody) - _SHOWN} more" if len(nobody) > _SHOWN else ""
            faults.note_file(
                called[name],
                f"empty: no household lives in {named}{more}, expected one at least of each {name}"
                if name != "group"
                else f"empty: no household is of {named}{more}, expected one at least of each group",
            )
