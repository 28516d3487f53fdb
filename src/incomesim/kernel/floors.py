"""Mechanism 6, last of those that change disposable income: top up to a line."""

from __future__ import annotations

from incomesim.kernel.admit import Queue, admit
from incomesim.kernel.compile import at, inlined, stage
from incomesim.kernel.hand import Hand, Year, is_at_work, record
from incomesim.kernel.tables import Floors

__all__ = ["raise_floor"]


@stage
def raise_floor(table: Floors, year: Year, hand: Hand, queue: Queue, n: int) -> None:
    """Top up whatever income the year has brought, transfers of other levers included, one floor after the other."""
    for f in range(table.gate.lever.shape[0]):
        if is_at_work(table.gate, f, year):
            number = _top_up(table, f, year, hand, queue, n)
            record(table.gate.lever[f], year, hand, number)


@inlined
def _top_up(table: Floors, f: int, year: Year, hand: Hand, queue: Queue, n: int) -> int:
    line, withdrawal, mistaken = table.line[f, year.t], table.withdrawal[f], table.mistaken[f, year.t]
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
    number = admit(table.gate, f, year, True, hand, queue, number)
    for j in range(number):
        i = at(index[j])
        transfer[i] += benefit[i]
        hand.touched[i] = True
        effects.fresh[j] = True
        effects.received[j] = benefit[i]
        effects.gained[j] = effects.collected[j] = 0.0
    return number
