"""A survey file that is read as a whole: CSV, Stata, SPSS. Rows are put in the order of their ids."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from incomesim.population import csv_format, spss_format, stata_format
from incomesim.population.household_file import RawRows, Wanted, problem_with, stamp

__all__ = ["LARGEST_FILE", "WholeFile", "open_whole", "whole_names"]

LARGEST_FILE = 2**30
"""Bytes."""

_PART = 2**16  # rows

_FORMATS = {
    ".csv": ("CSV", csv_format),
    ".dta": ("Stata", stata_format),
    ".sav": ("SPSS", spss_format),
}


@dataclass(frozen=True, eq=False)
class WholeFile:
    """A file in memory, served in slices of `table`; `numbers` (N,) are the rows of the file they came from."""

    path: Path
    table: Any
    numbers: NDArray[np.int64]
    labels: Mapping[str, Mapping[str, str]]
    sorted: bool = True

    @property
    def starts(self) -> tuple[int, ...]:
        """How many rows come before each slice, and at its end how many there are."""
        return (*range(0, len(self.numbers), _PART), len(self.numbers))

    @property
    def types(self) -> Mapping[str, Any]:
        """The pyarrow type of each wanted column."""
        return {field.name: field.type for field in self.table.schema}

    @property
    def held_bytes(self) -> int:
        """All of it."""
        held: int = self.table.nbytes + self.numbers.nbytes
        return held

    def read(self, part: int, columns: Sequence[str]) -> RawRows:
        """Return the rows of a slice; see `HouseholdFile`."""
        start, stop = self.starts[part : part + 2]
        return RawRows(self.table.select(list(columns)).slice(start, stop - start), self.numbers[start:stop])


def whole_names(path: Path) -> list[str]:
    """Return the names of the columns. Raises InvalidInput where the file cannot be read or is too large."""
    name, reader = _FORMATS[path.suffix.lower()]
    names = _attempt(path, name, lambda: (path.stat().st_size, reader.column_names(path)))
    size, columns = names
    if size > LARGEST_FILE:
        raise problem_with(
            path,
            f"found {size:,} bytes, expected at most {LARGEST_FILE:,} of a file that is read as a whole; write it as "
            "Parquet, which is read by row group",
        )
    found: list[str] = columns
    return found


def open_whole(path: Path, wanted: Wanted) -> WholeFile:
    """Return the file with its wanted columns read. Raises InvalidInput where it cannot be read or has no rows.

    The last one is kept, so that a run does not read again what was read for its estimate.
    """
    return _read(path, wanted, _attempt(path, _FORMATS[path.suffix.lower()][0], lambda: stamp(path)))


@functools.lru_cache(maxsize=1)
def _read(path: Path, wanted: Wanted, _of: tuple[int, ...]) -> WholeFile:
    name, reader = _FORMATS[path.suffix.lower()]
    table, labels = _attempt(path, name, lambda: reader.read_columns(path, wanted))
    rows = table.num_rows
    if rows == 0:
        raise problem_with(path, "found no rows, expected one for each household")
    numbers = np.arange(rows) + 1
    ids = table[wanted.identity] if wanted.identity is not None else None
    if ids is not None and (pa.types.is_integer(ids.type) or pa.types.is_floating(ids.type)):
        order = np.argsort(ids.to_numpy(), kind="stable")
        table, numbers = table.take(order), numbers[order]
    return WholeFile(path, table.combine_chunks(), numbers, labels)


def _attempt(path: Path, name: str, read: Callable[[], Any]) -> Any:
    """What a reader of foreign bytes returns; whatever it stumbles over is wrong with the file."""
    try:
        return read()
    except ModuleNotFoundError as missing:
        raise problem_with(
            path, f"reading {name} files takes the package {missing.name}: pip install 'incomesim[spss]'"
        ) from None
    except MemoryError:
        raise
    except Exception as reason:
        words = getattr(reason, "strerror", None) or " ".join(str(reason).split()) or type(reason).__name__
        raise problem_with(path, f"expected a {name} file: {words}") from None
