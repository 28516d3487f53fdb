"""A file of households as rows in parts, whatever its format: large ones by row group, surveys as a whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from incomesim.errors import InvalidInput, Problem

__all__ = ["HouseholdFile", "RawRows", "Wanted", "problem_with", "stamp"]


@dataclass(frozen=True)
class Wanted:
    """Columns to be read: of numbers, and of codes or names; `identity` is the one that tells households apart."""

    numbers: tuple[str, ...]
    texts: tuple[str, ...]
    identity: str | None

    @property
    def all(self) -> tuple[str, ...]:
        """Each of them once."""
        return tuple(dict.fromkeys((*self.numbers, *self.texts)))


@dataclass(frozen=True, eq=False)
class RawRows:
    """Rows as they stand in the file, a pyarrow table, and which rows of the file they are, from 1; shape (n,)."""

    table: Any
    numbers: NDArray[np.int64]


class HouseholdFile(Protocol):
    """An open file, of which a part at a time is read."""

    @property
    def path(self) -> Path:
        """Where it is."""

    @property
    def starts(self) -> tuple[int, ...]:
        """How many rows come before each part, and at its end how many there are."""

    @property
    def types(self) -> Mapping[str, Any]:
        """The pyarrow type of each wanted column."""

    @property
    def labels(self) -> Mapping[str, Mapping[str, str]]:
        """By column: the label of each code that has one."""

    @property
    def held_bytes(self) -> int:
        """Bytes of it that are held in memory as long as it is open, 0 where a part at a time is read."""

    @property
    def sorted(self) -> bool:
        """Whether rows were put in the order of their ids; else they come as they stand in the file."""

    def read(self, part: int, columns: Sequence[str]) -> RawRows:
        """Return the rows of a part. Raises InvalidInput where they cannot be read any more."""


def stamp(path: Path) -> tuple[int, ...]:
    """Return what tells whether a file is still the one it was: where it lies, its size, when it was changed."""
    status = path.stat()
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


def problem_with(path: Path, message: str) -> InvalidInput:
    """Return the error that says what is wrong with a file as a whole."""
    return InvalidInput([Problem(str(path), 0, 0, "", message)])
