"""Mechanism 4, and services in kind: an amount for each household, or for each person of a kind in it."""

from __future__ import annotations

import numpy as np

from incomesim.kernel.admit import Queue, admit
from incomesim.kernel.compile import at, stage
from incomesim.kernel.earnings import source_of
from incomesim.kernel.hand import Hand
from incomesim.kernel.members import count_members
from incomesim.kernel.tables import Grants, Integers

__all__ = ["grant"]


@stage
def grant(
    table: Grants, d: int, t: int, when: np.uint64, purpose: np.uint64, hand: Hand, queue: Queue, by_cell: Integers,
    n: int,
) -> int:  # fmt: skip
    """Add an amount to a source of those who are served, always the same ones first, and return how many they are."""
    source, amount, earned = source_of(hand.incomes, table.source[d]), table.amount[d, t], table.earned[d]
    yuan, effects, index = hand.cash, hand.effects, hand.effects.who
    count_members(table.per[d], hand.members, yuan, n)
    for i in range(n):
        yuan[i] *= amount[at(hand.cell[i])]
    number = 0
    for i in range(n):
        index[number] = i
        hand.entitled[i] = True
        number += 1 if yuan[i] > 0.0 else 0
    number = admit(table.gate, d, t, when, purpose, not earned, hand, queue, by_cell, number)
    for j in range(number):
        i = at(index[j])
        source[i] += yuan[i]
        hand.touched[i] = True
        effects.fresh[j] = True
        effects.received[j] = 0.0 if earned else yuan[i]
        effects.gained[j] = yuan[i] if earned else 0.0
        effects.collected[j] = 0.0
    return number
