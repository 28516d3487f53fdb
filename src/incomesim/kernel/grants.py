"""Mechanism 4: an amount for each household, or for each person of a kind in it, below a ceiling."""

from __future__ import annotations

import numpy as np

from incomesim.kernel.compile import at, inlined, stage
from incomesim.kernel.earnings import Incomes, source_of
from incomesim.kernel.levers import Effects, Lots, draw_lots
from incomesim.kernel.members import Members, count_members
from incomesim.kernel.tables import Flags, Grants, Integers, Reals

__all__ = ["grant"]


@stage
def grant(
    table: Grants, d: int, t: int, when: np.uint64, purpose: np.uint64, cell: Integers, members: Members,
    before: Reals, incomes: Incomes, lots: Lots, touched: Flags, effects: Effects, n: int,
) -> int:  # fmt: skip
    """Add an amount to a source of those who are served, always the same ones."""
    source, yuan, index = source_of(incomes, table.source[d]), effects.gained, effects.who
    amount, ceiling = table.amount[d, t], table.ceiling[d, t]
    take_up, inclusion = table.take_up[d, t], table.inclusion[d, t]
    count_members(table.per[d], members, yuan, n)
    for i in range(n):
        yuan[i] *= amount[at(cell[i])]
    number = 0
    for i in range(n):
        index[number] = i
        number += 1 if (yuan[i] > 0.0) & ((before[i] <= ceiling) | (inclusion > 0.0)) else 0
    if take_up < 1.0 or inclusion > 0.0:
        draw_lots(index, number, when, purpose, lots)
        number = _keep_served(take_up, inclusion, ceiling, before, lots.uniform, index, number)
    for j in range(number):
        i = at(index[j])
        source[i] += yuan[i]
        touched[i] = True
        effects.fresh[j] = True
        effects.received[j] = yuan[i]
    _keep_account(table.earned[d], effects, number)
    return number


@inlined
def _keep_served(
    take_up: float, inclusion: float, ceiling: float, before: Reals, uniform: Reals, index: Integers, number: int
) -> int:
    """Shorten the list to those who are served, below the ceiling and, by error, above it."""
    kept = 0
    for j in range(number):
        limit = take_up if before[at(index[j])] <= ceiling else inclusion
        index[kept] = index[j]
        kept += 1 if uniform[j] < limit else 0
    return kept


@inlined
def _keep_account(earned: bool, effects: Effects, number: int) -> None:
    """What was paid stands in `received`; put it where it belongs."""
    for j in range(number):
        effects.gained[j] = effects.received[j] if earned else 0.0
        effects.received[j] = 0.0 if earned else effects.received[j]
