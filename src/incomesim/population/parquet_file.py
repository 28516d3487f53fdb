"""A Parquet file, of which one row group at a time is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from incomesim.population.household_file import RawRows, Wanted, problem_with, stamp

__all__ = ["LARGEST_ROW_GROUP", "ParquetFile", "open_parquet", "parquet_names"]

LARGEST_ROW_GROUP = 2**20
"""Rows; so many may be held by each thread."""


@dataclass(frozen=True, eq=False)
class ParquetFile:
    """A file by row group; `stamp` tells whether it is still the one that was opened."""

    path: Path
    starts: tuple[int, ...]
    types: Mapping[str, Any]
    metadata: Any
    stamp: tuple[int, ...]
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    sorted: bool = False
    held_bytes: int = 0

    def read(self, part: int, columns: Sequence[str]) -> RawRows:
        """Return the rows of a row group; see `HouseholdFile`."""
        try:
            changed = stamp(self.path) != self.stamp
            if not changed:
                with pq.ParquetFile(self.path, metadata=self.metadata) as opened:
                    table = opened.read_row_group(part, columns=list(columns), use_threads=False)
        except (pa.ArrowException, OSError) as reason:
            raise problem_with(self.path, f"row group {part + 1} cannot be read: {reason}") from None
        if changed:
            raise problem_with(self.path, "the file has changed while it was in use; start again")
        return RawRows(table, np.arange(self.starts[part], self.starts[part + 1]) + 1)


def parquet_names(path: Path) -> list[str]:
    """Return the names of the columns. Raises InvalidInput where the file cannot be read."""
    return list(_describe(path)[0].names)


def open_parquet(path: Path, wanted: Wanted) -> ParquetFile:
    """Return the file, of which only the description is read.

    Raises InvalidInput where it cannot be read, has no rows, or row groups that are too large.
    """
    schema, metadata, first = _describe(path)
    sizes = [metadata.row_group(number).num_rows for number in range(metadata.num_row_groups)]
    if sum(sizes) == 0:
        raise problem_with(path, "found no rows, expected one for each household")
    if max(sizes) > LARGEST_ROW_GROUP:
        raise problem_with(
            path,
            f"found a row group of {max(sizes):,} rows, expected at most {LARGEST_ROW_GROUP:,}, since row groups are "
            "read as a whole; write smaller ones, for instance with "
            "pyarrow.parquet.write_table(table, file, row_group_size=65_536)",
        )
    types = {column: schema.field(column).type for column in wanted.all}
    return ParquetFile(path, tuple(int(start) for start in np.cumsum([0, *sizes])), types, metadata, first)


def _describe(path: Path) -> tuple[Any, Any, tuple[int, ...]]:
    try:
        first = stamp(path)
        with pq.ParquetFile(path) as opened:
            return opened.schema_arrow, opened.metadata, first
    except (pa.ArrowException, OSError) as reason:
        words = getattr(reason, "strerror", None) or reason
        raise problem_with(path, f"expected a Parquet file: {words}") from None
