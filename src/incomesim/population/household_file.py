"""A Parquet file of households, of which one row group at a time is read."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from incomesim.errors import InvalidInput, Problem
from incomesim.fields import SOURCES
from incomesim.kernel.tables import WEIGHT_UNIT
from incomesim.population.household_columns import NAMED, NUMBERED, check_columns, to_dictionary

__all__ = ["LARGEST_ROW_GROUP", "HouseholdFile", "Observed", "observe", "open_file", "read_row_group"]

Reals = NDArray[np.float64]
Integers = NDArray[np.int64]

LARGEST_ROW_GROUP = 2**20
"""Rows; so many may be held by each thread."""


@dataclass(frozen=True, eq=False)
class HouseholdFile:
    """A file whose columns are as they must be; what stands in them has not been looked at.

    `starts` counts the rows before each row group, and at its end all of them; `stamp` tells whether the
    file is still the one that was opened.
    """

    path: Path
    starts: tuple[int, ...]
    metadata: Any
    stamp: tuple[int, int]


@dataclass(frozen=True, eq=False)
class Observed:
    """Households of a row group, names as their places in the scenario; shape (n,)."""

    household_id: NDArray[np.uint64]
    weight: Reals  # whole multiples of WEIGHT_UNIT
    region: Integers
    residence: Integers
    group: Integers
    age: Integers
    persons: Reals
    income: Reals  # (4, n) yuan of the household by source


def open_file(file: str | os.PathLike[str]) -> HouseholdFile:
    """Return the file, of which only the description is read.

    Raises InvalidInput with all that is wrong with its columns and the size of its row groups.
    """
    path = Path(file)
    try:
        stamp = _stamp(path)
        with pq.ParquetFile(path) as opened:
            schema, metadata = opened.schema_arrow, opened.metadata
    except (pa.ArrowException, OSError) as reason:
        raise _problem(path, f"expected a Parquet file: {getattr(reason, 'strerror', None) or reason}") from None
    sizes = [metadata.row_group(number).num_rows for number in range(metadata.num_row_groups)]
    problems = [*check_columns(schema), *_check_sizes(sizes)]
    if problems:
        raise InvalidInput(Problem(str(path), 0, 0, column, message) for column, message in problems)
    return HouseholdFile(path, tuple(int(start) for start in np.cumsum([0, *sizes])), metadata, stamp)


def _check_sizes(sizes: Sequence[int]) -> Iterator[tuple[str, str]]:
    if sum(sizes) == 0:
        yield "", "found no rows, expected one for each household"
    if max(sizes, default=0) > LARGEST_ROW_GROUP:
        yield (
            "",
            f"found a row group of {max(sizes):,} rows, expected at most {LARGEST_ROW_GROUP:,}, since row groups are "
            "read as a whole; write smaller ones, for instance with "
            "pyarrow.parquet.write_table(table, file, row_group_size=65_536)",
        )


def read_row_group(file: HouseholdFile, number: int) -> Any:
    """Return the pyarrow table of a row group.

    Raises InvalidInput where it cannot be read or the file is no longer what it was when it was opened.
    """
    try:
        changed = _stamp(file.path) != file.stamp
        if not changed:
            with pq.ParquetFile(file.path, metadata=file.metadata) as opened:
                return opened.read_row_group(number, columns=[*NAMED, *NUMBERED], use_threads=False)
    except (pa.ArrowException, OSError) as reason:
        raise _problem(file.path, f"row group {number + 1} cannot be read: {reason}") from None
    raise _problem(file.path, "the file has changed while it was in use; start again")


def observe(table: Any, names: Mapping[str, Sequence[str]]) -> Observed:
    """Return the households of a row group in which nothing is wrong; `names` are those each of NAMED may hold."""
    region, residence, group = (_places(table[column], names[column]) for column in NAMED)
    return Observed(
        household_id=_numbers(table, "household_id", np.uint64),
        weight=np.rint(_numbers(table, "weight", np.float64) / WEIGHT_UNIT) * WEIGHT_UNIT,
        region=region,
        residence=residence,
        group=group,
        age=_numbers(table, "age", np.int64),
        persons=_numbers(table, "persons", np.float64),
        income=np.array([_numbers(table, source, np.float64) for source in SOURCES]),
    )


def _numbers(table: Any, column: str, kind: type[np.generic]) -> Any:
    return table[column].to_numpy().astype(kind)


def _places(column: Any, allowed: Sequence[str]) -> Integers:
    """Where the names of a column stand in `allowed`."""
    values = to_dictionary(column)
    place = {name: number for number, name in enumerate(allowed)}
    of_code = np.array([place.get(name, -1) for name in values.dictionary.to_pylist()], np.int64)
    places: Integers = of_code[values.indices.to_numpy(zero_copy_only=False)]
    return places


def _stamp(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_size, status.st_mtime_ns


def _problem(path: Path, message: str) -> InvalidInput:
    return InvalidInput([Problem(str(path), 0, 0, "", message)])
