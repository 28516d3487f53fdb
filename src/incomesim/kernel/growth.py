"""Mechanism 1: a source grows faster for the households that take part, always the same ones."""

from __future__ import annotations

import numpy as np

from incomesim.kernel.admit import Queue, admit
from incomesim.kernel.compile import at, stage
from incomesim.kernel.earnings import source_of
from incomesim.kernel.hand import Hand
from incomesim.kernel.tables import Accelerations, Integers

__all__ = ["accelerate"]


@stage
def accelerate(
    table: Accelerations, a: int, t: int, when: np.uint64, purpose: np.uint64, hand: Hand, queue: Queue,
    by_cell: Integers, n: int,
) -> int:  # fmt: skip
    """Raise the source of those who take part, and return how many they are."""
    source, factor = source_of(hand.incomes, table.source[a]), table.factor[a, t]
    cell, effects, index = hand.cell, hand.effects, hand.effects.who
    number = 0
    for i in range(n):
        index[number] = i
        hand.entitled[i] = True
        number += 1 if factor[at(cell[i])] != 1.0 else 0
    number = admit(table.gate, a, t, when, purpose, False, hand, queue, by_cell, number)
    for j in range(number):
        i = at(index[j])
        more = source[i] * (factor[at(cell[i])] - 1.0)
        source[i] += more
        hand.touched[i] = True
        effects.fresh[j] = True
        effects.received[j] = 0.0
        effects.gained[j] = more
        effects.collected[j] = 0.0
    return number
