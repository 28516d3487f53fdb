"""Mechanism 6, last of those that change disposable income: top up to a line."""

from __future__ import annotations

import numpy as np

from incomesim.kernel.admit import Queue, admit
from incomesim.kernel.compile import at, stage
from incomesim.kernel.hand import Hand
from incomesim.kernel.tables import Floors, Integers

__all__ = ["raise_floor"]


@stage
def raise_floor(
    table: Floors, f: int, t: int, when: np.uint64, purpose: np.uint64, hand: Hand, queue: Queue, by_cell: Integers,
    n: int,
) -> int:  # fmt: skip
    """Top up whatever income the year has brought, transfers of other levers included; return how many are paid."""
    line, withdrawal, mistaken = table.line[f, t], table.withdrawal[f], table.mistaken[f, t]
    persons, benefit, incomes, effects = hand.members.persons, hand.cash, hand.incomes, hand.effects
    wage, operating, owned, transfer = incomes.wage, incomes.operating, incomes.owned, incomes.transfer
    index = effects.who
    for i in range(n):
        benefit[i] = line[at(hand.cell[i])] * persons[i]
    for i in range(n):
        missing = benefit[i] - withdrawal * (wage[i] + operating[i] + owned[i] + transfer[i])
        hand.entitled[i] = missing > 0.0
        by_error = missing if missing > 0.0 else mistaken * persons[i]
        benefit[i] = by_error if benefit[i] > 0.0 else 0.0
    number = 0
    for i in range(n):
        index[number] = i
        number += 1 if benefit[i] > 0.0 else 0
    number = admit(table.gate, f, t, when, purpose, True, hand, queue, by_cell, number)
    for j in range(number):
        i = at(index[j])
        transfer[i] += benefit[i]
        hand.touched[i] = True
        effects.fresh[j] = True
        effects.received[j] = benefit[i]
        effects.gained[j] = effects.collected[j] = 0.0
    return number
