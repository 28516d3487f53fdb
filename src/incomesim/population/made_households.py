"""Synthetic households as columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields

import numpy as np
from numpy.typing import NDArray

from incomesim.kernel.households import Recipe, empty_columns, make_households, new_draft
from incomesim.population.households import Households

__all__ = ["join", "list_households", "pick"]


def list_households(recipe: Recipe, start: int, stop: int) -> Households:
    """Return the households start <= id < stop, in the order in which `Synthetic.rows` has them."""
    columns = empty_columns(stop - start)
    make_households(start, recipe, new_draft(recipe), columns)
    cell = columns.cell
    return Households(
        household_id=columns.household_id,
        weight=columns.weight,
        region=recipe.region[cell],
        residence=recipe.side[cell],
        group=recipe.place[cell] % recipe.calibration.key_group.shape[1],
        age=columns.age,
        persons=columns.persons,
        workers=columns.persons - columns.elderly - columns.children,
        elderly=columns.elderly,
        children=columns.children,
        wage=columns.wage,
        operating=columns.operating,
        property=columns.owned,
        transfer=columns.transfer,
        rank=columns.rank,
        shift=columns.shift,
    )


def pick(households: Households, rows: NDArray[np.int64]) -> Households:
    """Return some of the households, in the order of `rows`."""
    return Households(*(getattr(households, field.name)[rows] for field in fields(Households)))


def join(parts: Sequence[Households]) -> Households:
    """Return households of several parts, one after the other."""
    return Households(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Households)))
