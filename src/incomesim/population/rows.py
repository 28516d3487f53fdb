"""Households as the kernel reads them, made or read range by range when they are wanted and thrown away after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from incomesim.kernel.households import Recipe, empty_columns, fill_rows, make_households, new_draft
from incomesim.kernel.tables import Rows

__all__ = ["RowSource", "Synthetic"]


class RowSource(Protocol):
    """Households numbered from 0; which ranges they are taken in changes no result."""

    @property
    def number(self) -> int:
        """How many there are."""

    def ranges(self, largest: int) -> Sequence[tuple[int, int]]:
        """Return ranges (start, stop) that divide all households, of at most `largest` where that can be had."""

    def rows(self, start: int, stop: int) -> Rows:
        """Return the households start <= i < stop of a range, in any order."""


@dataclass(frozen=True, eq=False)
class Synthetic:
    """So many households made by a recipe from their ids 0, 1, 2, ..., each range in the order of its cells."""

    recipe: Recipe
    number: int

    def ranges(self, largest: int) -> Sequence[tuple[int, int]]:
        """Return ranges of `largest` households and a last one of what is left."""
        return [(start, min(start + largest, self.number)) for start in range(0, self.number, largest)]

    def rows(self, start: int, stop: int) -> Rows:
        """Make the households start <= id < stop."""
        number = stop - start
        columns = empty_columns(number)
        make_households(start, self.recipe, new_draft(self.recipe), columns)
        made = Rows(
            household_id=columns.household_id,
            weight=columns.weight,
            persons=np.empty(number),
            elderly=columns.elderly,
            children=columns.children,
            age=columns.age,
            place=np.empty(number, np.int64),
            process=np.empty(number, np.int64),
            rank=columns.rank,
            shift=columns.shift,
            residual=np.empty(number),
            market_tilt=np.empty((3, 0)),
            transfer_tilt=np.empty(number),
        )
        fill_rows(columns, self.recipe, made)
        return made
