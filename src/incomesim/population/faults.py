"""What is wrong with the rows of a file: each kind once, with the first row and how many more."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Faults"]


@dataclass(frozen=True)
class _Fault:
    """Where a fault stands first (rows count from 1), what was found there, and how many rows have it."""

    row: int
    found: str
    rows: int


@dataclass(frozen=True, eq=False)
class Faults:
    """The faults of all rows so far, by column and by what is allowed instead; and those of no row, as words."""

    by_kind: dict[tuple[str, str], _Fault] = field(default_factory=dict)
    of_file: list[tuple[str, str]] = field(default_factory=list)

    def note(
        self, column: str, allowed: str, wrong: NDArray[np.bool_], row: NDArray[np.int64], found: Callable[[int], Any]
    ) -> None:
        """Add the rows of a part that are `wrong`; `row` are rows of the file, `found` tells what stands there."""
        rows = int(np.count_nonzero(wrong))
        if rows:
            where = np.flatnonzero(wrong)
            first = int(where[np.argmin(row[where])])
            known = self.by_kind.get((column, allowed))
            if known is None or row[first] < known.row:
                known = _Fault(int(row[first]), str(found(first)), known.rows if known else 0)
            self.by_kind[column, allowed] = _Fault(known.row, known.found, known.rows + rows)

    def note_file(self, column: str, message: str) -> None:
        """Add what is wrong with a column as a whole."""
        self.of_file.append((column, message))

    def __bool__(self) -> bool:
        return bool(self.by_kind or self.of_file)

    def messages(self) -> Iterator[tuple[str, str]]:
        """Yield the column and the words for each."""
        for (column, allowed), fault in self.by_kind.items():
            more = f" and {fault.rows - 1:,} more" if fault.rows > 1 else ""
            yield column, f"found {fault.found} in row {fault.row:,}{more}, expected {allowed}"
        yield from self.of_file
