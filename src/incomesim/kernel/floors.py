"""Mechanism 6, last of those that change disposable income: top up to a line."""

from __future__ import annotations

from incomesim.compiled.compile import at, inlined, stage
from incomesim.kernel.admit import Queue, admit
from incomesim.kernel.hand import Hand, Year, is_at_work, record
from incomesim.kernel.response import change_earnings, note_bounded
from incomesim.kernel.tables import Floors, Reals

__all__ = ["raise_floor"]


@stage
def raise_floor(table: Floors, year: Year, more: Reals, hand: Hand, queue: Queue, n: int) -> None:
    """Top up whatever income the year has brought, transfers of other levers included, one floor after the other.

    `more` (B,) is work space.
    """
    for f in range(table.gate.lever.shape[0]):
        if is_at_work(table.gate, f, year):
            number = _top_up(table, f, year, more, hand, queue, n)
            record(table.gate.lever[f], year, hand, number)


@inlined
def _top_up(table: Floors, f: int, year: Year, more: Reals, hand: Hand, queue: Queue, n: int) -> int:
    """Those below the line change what they earn first, where the floor has a response; those in error do not."""
    line, withdrawal, mistaken = table.line[f, year.t], table.withdrawal[f], table.mistaken[f, year.t]
    persons, benefit, incomes, effects = hand.members.persons, hand.cash, hand.incomes, hand.effects
    wage, operating, owned, transfer = incomes.wage, incomes.operating, incomes.owned, incomes.transfer
    index, effort = effects.who, table.effort[f]
    for i in range(n):
        benefit[i] = line[at(hand.cell[i])] * persons[i]
    for i in range(n):
        missing = benefit[i] - withdrawal * (wage[i] + operating[i] + owned[i] + transfer[i])
        hand.entitled[i] = missing > 0.0
        by_error = missing if missing > 0.0 else mistaken * persons[i]
        benefit[i] = by_error if benefit[i] > 0.0 else 0.0
    if effort != 0.0:
        for i in range(n):
            more[i] = effort * (max(wage[i], 0.0) + max(operating[i], 0.0)) if hand.entitled[i] else 0.0
            benefit[i] -= withdrawal * more[i] if benefit[i] > 0.0 else 0.0
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
    if effort != 0.0:
        for j in range(number):
            i = at(index[j])
            if more[i] != 0.0:
                effects.gained[j] = change_earnings(incomes, i, effort, effort)
                if table.beyond[f]:
                    note_bounded(table.gate.lever[f], i, year, hand)
    return number
