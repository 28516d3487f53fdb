"""Mechanism 4, and services in kind: an amount for each household, or for each person of a kind in it."""

from __future__ import annotations

from incomesim.compiled.compile import at, inlined, stage
from incomesim.kernel.admit import Queue, admit
from incomesim.kernel.earnings import source_of
from incomesim.kernel.hand import Hand, Year, is_at_work, record
from incomesim.kernel.members import count_members
from incomesim.kernel.tables import Grants

__all__ = ["grant"]


@stage
def grant(table: Grants, year: Year, hand: Hand, queue: Queue, n: int) -> None:
    """Add amounts to sources of those who are served, one entry after the other."""
    for d in range(table.gate.lever.shape[0]):
        if is_at_work(table.gate, d, year):
            number = _grant(table, d, year, hand, queue, n)
            record(table.gate.lever[d], year, hand, number)


@inlined
def _grant(table: Grants, d: int, year: Year, hand: Hand, queue: Queue, n: int) -> int:
    source, amount, earned = source_of(hand.incomes, table.source[d]), table.amount[d, year.t], table.earned[d]
    yuan, effects, index = hand.cash, hand.effects, hand.effects.who
    count_members(table.per[d], hand.members, yuan, n)
    for i in range(n):
        yuan[i] *= amount[at(hand.cell[i])]
    number = 0
    for i in range(n):
        index[number] = i
        hand.entitled[i] = True
        number += 1 if yuan[i] > 0.0 else 0
    number = admit(table.gate, d, year, not earned, hand, queue, number)
    for j in range(number):
        i = at(index[j])
        source[i] += yuan[i]
        hand.touched[i] = True
        effects.fresh[j] = True
        effects.received[j] = 0.0 if earned else yuan[i]
        effects.gained[j] = yuan[i] if earned else 0.0
        effects.collected[j] = 0.0
    return number
