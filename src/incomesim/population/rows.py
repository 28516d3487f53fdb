"""Ranges of a population as the kernel reads them, made when they are wanted and thrown away after."""

from __future__ import annotations

from collections.abc import Callable

from incomesim.kernel.households import Recipe, empty_columns, fill_rows, make_households, new_draft
from incomesim.kernel.tables import Rows, empty_rows

__all__ = ["RowSource", "rows_of"]

RowSource = Callable[[int, int], Rows]
"""Gives the households of a range: start <= i < stop."""

_BLOCK = 512


def rows_of(recipe: Recipe) -> RowSource:
    """Return a function that makes the households start <= id < stop, in the order of their cells."""

    def rows(start: int, stop: int) -> Rows:
        columns, made = empty_columns(stop - start), empty_rows(stop - start)
        make_households(start, recipe, new_draft(recipe, _BLOCK), columns)
        fill_rows(columns, recipe, made)
        return made

    return rows
