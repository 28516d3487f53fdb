"""Mechanism 1: a source grows faster for the households that take part, always the same ones."""

from __future__ import annotations

from incomesim.compiled.compile import at, inlined, stage
from incomesim.kernel.admit import Queue, admit
from incomesim.kernel.earnings import source_of
from incomesim.kernel.hand import Hand, Year, is_at_work, record
from incomesim.kernel.tables import Accelerations

__all__ = ["accelerate"]


@stage
def accelerate(table: Accelerations, year: Year, hand: Hand, queue: Queue, n: int) -> None:
    """Raise the sources of those who take part, one entry after the other."""
    for a in range(table.gate.lever.shape[0]):
        if is_at_work(table.gate, a, year):
            number = _accelerate(table, a, year, hand, queue, n)
            record(table.gate.lever[a], year, hand, number)


@inlined
def _accelerate(table: Accelerations, a: int, year: Year, hand: Hand, queue: Queue, n: int) -> int:
    source, factor = source_of(hand.incomes, table.source[a]), table.factor[a, year.t]
    cell, effects, index = hand.cell, hand.effects, hand.effects.who
    number = 0
    for i in range(n):
        index[number] = i
        hand.entitled[i] = True
        number += 1 if factor[at(cell[i])] != 1.0 else 0
    number = admit(table.gate, a, year, False, hand, queue, number)
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
