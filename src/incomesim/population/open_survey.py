"""Open the file of a scenario: find every column that is needed, and say what is wrong with names and types."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from incomesim.errors import InvalidInput, Problem, nearest_name
from incomesim.fields import RESIDENCES
from incomesim.population.column_map import MappedRows, Treated, map_rows, name_column
from incomesim.population.faults import Faults
from incomesim.population.household_columns import NAMED, NUMBERED, describe_column
from incomesim.population.household_file import HouseholdFile, Wanted
from incomesim.population.parquet_file import open_parquet, parquet_names
from incomesim.population.survey_design import replicate_columns
from incomesim.population.whole_file import open_whole, whole_names
from incomesim.scenario.columns import Columns, DesignColumns
from incomesim.scenario.survey import SurveyPopulation

__all__ = ["Reading", "open_survey"]


@dataclass(frozen=True, eq=False)
class Reading:
    """An open file and how it is read: the column map, the names it may hold, and which of its columns are needed.

    `households` are the columns that households are made of, `replicates` those of replicate weights.
    """

    file: HouseholdFile
    columns: Columns
    names: Mapping[str, tuple[str, ...]]
    households: tuple[str, ...]
    replicates: tuple[str, ...]

    def rows(self, part: int) -> MappedRows:
        """Return the households of a part in which nothing is wrong."""
        raw = self.file.read(part, self.households)
        return map_rows(raw, self.columns, self.names, self.file.labels, Faults(), Treated())


@dataclass(frozen=True)
class _Sought:
    """A column of the file: what for, of which kind, and what is expected in it."""

    place: str
    column: str
    is_text: bool
    expected: str


def open_survey(wanted: SurveyPopulation) -> Reading:
    """Return the file of a scenario, opened. Raises InvalidInput with all that is wrong with its columns."""
    path = wanted.microdata.path
    is_parquet = path.suffix.lower() == ".parquet"
    names = parquet_names(path) if is_parquet else whole_names(path)
    households = list(_of_households(wanted.columns))
    replicates, of_design = _of_design(wanted.design, names) if wanted.design is not None else ([], [])
    sought = [*households, *of_design]
    problems = list(_check_names(sought, names))
    if wanted.design is not None and wanted.design.replicate_weights is not None and len(replicates) < 2:
        problems.append(("design.replicate_weights", f"found {len(replicates)} columns, expected at least 2"))
    _refuse(wanted, problems)
    choice = Wanted(
        numbers=tuple(entry.column for entry in sought if not entry.is_text),
        texts=tuple(entry.column for entry in sought if entry.is_text),
        identity=wanted.columns.household_id.column,
    )
    file: HouseholdFile = open_parquet(path, choice) if is_parquet else open_whole(path, choice)
    _refuse(wanted, list(_check_types(sought, file.types)))
    return Reading(
        file=file,
        columns=wanted.columns,
        names={"region": tuple(wanted.regions), "residence": RESIDENCES, "group": tuple(wanted.groups)},
        households=tuple(dict.fromkeys(entry.column for entry in households)),
        replicates=tuple(replicates),
    )


def _refuse(wanted: SurveyPopulation, problems: Sequence[tuple[str, str]]) -> None:
    if problems:
        raise InvalidInput(Problem(str(wanted.microdata.path), 0, 0, *words) for words in problems)


def _of_households(columns: Columns) -> Iterator[_Sought]:
    for name in (*NUMBERED, *NAMED):
        entry = getattr(columns, name)
        found = [entry.column] if isinstance(entry.column, str) else entry.column or []
        for column in found:
            yield _Sought(name_column(name, entry), column, name in NAMED, describe_column(name))


def _of_design(design: DesignColumns, names: Sequence[str]) -> tuple[list[str], list[_Sought]]:
    replicates = replicate_columns(design.replicate_weights, names) if design.replicate_weights is not None else []
    texts = {"strata": design.strata, "cluster": design.cluster}
    sought = [
        *(_Sought(f"design.{key}", column, True, "codes") for key, column in texts.items() if column is not None),
        *(_Sought("design.replicate_weights", column, False, "numbers of at least 0") for column in replicates),
    ]
    return replicates, sought


def _check_names(sought: Sequence[_Sought], names: Sequence[str]) -> Iterator[tuple[str, str]]:
    for entry in sought:
        count = names.count(entry.column)
        if count == 0:
            hint = nearest_name(entry.column, names)
            yield entry.place, f'the column "{entry.column}" is missing; expected {entry.expected}{hint}'
        elif count > 1:
            yield entry.place, f'found {count} columns of the name "{entry.column}", expected one'


def _check_types(sought: Sequence[_Sought], types: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for entry in sought:
        kind = types[entry.column]
        if not _fits(kind, entry.is_text):
            yield entry.place, f"found the type {kind}, expected {entry.expected}"


def _fits(kind: Any, is_text: bool) -> bool:
    value = kind.value_type if is_text and pa.types.is_dictionary(kind) else kind
    is_number = pa.types.is_integer(value) or pa.types.is_floating(value) or pa.types.is_null(value)
    return bool(is_number or (is_text and (pa.types.is_string(value) or pa.types.is_large_string(value))))
