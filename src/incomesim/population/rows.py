"""Ranges of a population as the kernel reads them, made when they are wanted and thrown away after."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from incomesim.kernel.households import Recipe, empty_columns, fill_rows, make_households, new_draft
from incomesim.kernel.tables import Rows

__all__ = ["RowSource", "rows_of"]

RowSource = Callable[[int, int], Rows]
"""Gives the households of a range: start <= i < stop."""

_BLOCK = 512


def rows_of(recipe: Recipe) -> RowSource:
    """Return a function that makes the households start <= id < stop, in the order of their cells."""

    def rows(start: int, stop: int) -> Rows:
        number = stop - start
        columns = empty_columns(number)
        make_households(start, recipe, new_draft(recipe, _BLOCK), columns)
        made = Rows(
            household_id=columns.household_id,
            weight=columns.weight,
            persons=np.empty(number),
            age=columns.age,
            place=np.empty(number, np.int64),
            process=np.empty(number, np.int64),
            rank=columns.rank,
            shift=columns.shift,
            residual=np.empty(number),
            market_tilt=np.empty((3, 0)),
            transfer_tilt=np.empty(number),
        )
        fill_rows(columns, recipe, made)
        return made

    return rows
