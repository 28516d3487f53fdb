"""Mechanism 1, after faster growth: wages of earners below a minimum are lifted to it."""

from __future__ import annotations

from incomesim.compiled.compile import at, inlined, stage
from incomesim.kernel.admit import Queue, admit
from incomesim.kernel.hand import Hand, Year, is_at_work, record
from incomesim.kernel.members import count_members
from incomesim.kernel.tables import Per, Reals, WageFloors

__all__ = ["lift_wages"]

_ADULT = int(Per.ADULT)


@stage
def lift_wages(table: WageFloors, year: Year, earners: Reals, hand: Hand, queue: Queue, n: int) -> None:
    """Lift wages to minimum wages, one after the other; `earners` (B,) is work space."""
    for w in range(table.gate.lever.shape[0]):
        if is_at_work(table.gate, w, year):
            number = _lift(table, w, year, earners, hand, queue, n)
            record(table.gate.lever[w], year, hand, number)


@inlined
def _lift(table: WageFloors, w: int, year: Year, earners: Reals, hand: Hand, queue: Queue, n: int) -> int:
    minimum, share, part_time = table.minimum[w, year.t], table.earners[w], table.part_time[w]
    wage, least, effects, index = hand.incomes.wage, hand.cash, hand.effects, hand.effects.who
    count_members(_ADULT, hand.members, earners, n)
    for i in range(n):
        least[i] = minimum[at(hand.cell[i])] * max(share * earners[i], 1.0)
    number = 0
    for i in range(n):
        index[number] = i
        hand.entitled[i] = True
        number += 1 if (wage[i] < least[i]) & (wage[i] >= part_time * least[i]) else 0
    number = admit(table.gate, w, year, False, hand, queue, number)
    for j in range(number):
        i = at(index[j])
        effects.fresh[j] = True
        effects.gained[j] = least[i] - wage[i]
        effects.received[j] = effects.collected[j] = 0.0
        wage[i] = least[i]
        hand.touched[i] = True
    return number
