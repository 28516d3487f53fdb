"""Mechanism 5: a tax on chosen sources, by brackets; below 0 it is a relief."""

from __future__ import annotations

import numpy as np

from incomesim.kernel.admit import Queue, admit
from incomesim.kernel.compile import at, stage
from incomesim.kernel.earnings import source_of
from incomesim.kernel.hand import Hand
from incomesim.kernel.members import count_members
from incomesim.kernel.tables import Integers, Reals, Taxes

__all__ = ["tax"]


@stage
def tax(
    table: Taxes, x: int, t: int, when: np.uint64, purpose: np.uint64, taxpayers: Reals, due: Reals, hand: Hand,
    queue: Queue, by_cell: Integers, n: int,
) -> int:  # fmt: skip
    """Take the tax from a source, and return for how many it is not 0; `taxpayers` and `due` (B,) are work space.

    A household's base is divided evenly among its taxpayers. Each pays the sum over brackets of the step in the rate
    times what lies above the threshold.
    """
    source, base, effects, index = source_of(hand.incomes, table.source[x]), hand.cash, hand.effects, hand.effects.who
    part, force, threshold, step = table.part[x], table.force[x, t], table.threshold[x, t], table.step[x, t]
    incomes = hand.incomes
    wage, operating, owned, transfer = incomes.wage, incomes.operating, incomes.owned, incomes.transfer
    count_members(table.per[x], hand.members, taxpayers, n)
    for i in range(n):
        base[i] = part[0] * wage[i] + part[1] * operating[i] + part[2] * owned[i] + part[3] * transfer[i]
    for i in range(n):
        base[i] /= taxpayers[i]
        due[i] = 0.0
    for r in range(threshold.shape[0]):
        for i in range(n):
            due[i] += step[r] * max(base[i] - threshold[r], 0.0)
    for i in range(n):
        due[i] *= taxpayers[i] * force[at(hand.cell[i])]
    number = 0
    for i in range(n):
        index[number] = i
        hand.entitled[i] = True
        number += 1 if due[i] != 0.0 else 0
    number = admit(table.gate, x, t, when, purpose, False, hand, queue, by_cell, number)
    for j in range(number):
        i = at(index[j])
        source[i] -= due[i]
        hand.touched[i] = True
        effects.fresh[j] = True
        effects.received[j] = max(-due[i], 0.0)
        effects.collected[j] = max(due[i], 0.0)
        effects.gained[j] = 0.0
    return number
