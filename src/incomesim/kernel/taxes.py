"""Mechanism 5: a tax on chosen sources, by brackets; below 0 it is a relief."""

from __future__ import annotations

from incomesim.compiled.compile import at, inlined, stage
from incomesim.kernel.admit import Queue, admit
from incomesim.kernel.earnings import source_of
from incomesim.kernel.hand import Hand, Year, is_at_work, record
from incomesim.kernel.members import count_members
from incomesim.kernel.response import change_earnings, note_bounded
from incomesim.kernel.tables import Reals, Taxes

__all__ = ["tax"]


@stage
def tax(table: Taxes, year: Year, taxpayers: Reals, due: Reals, hand: Hand, queue: Queue, n: int) -> None:
    """Take taxes from sources, one after the other; `taxpayers` and `due` (B,) are work space."""
    for x in range(table.gate.lever.shape[0]):
        if is_at_work(table.gate, x, year):
            number = _tax(table, x, year, taxpayers, due, hand, queue, n)
            record(table.gate.lever[x], year, hand, number)


@inlined
def _tax(table: Taxes, x: int, year: Year, taxpayers: Reals, due: Reals, hand: Hand, queue: Queue, n: int) -> int:
    """A household's base is divided evenly among its taxpayers.

    Each pays the sum over brackets of the step in the rate times what lies above the threshold.
    """
    t = year.t
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
    number = admit(table.gate, x, year, False, hand, queue, number)
    for j in range(number):
        effects.gained[j] = 0.0
    if table.responds[x]:
        _respond(table, x, year, taxpayers, due, hand, number)
    for j in range(number):
        i = at(index[j])
        source[i] -= due[i]
        hand.touched[i] = True
        effects.fresh[j] = True
        effects.received[j] = max(-due[i], 0.0)
        effects.collected[j] = max(due[i], 0.0)
    return number


@inlined
def _respond(table: Taxes, x: int, year: Year, taxpayers: Reals, due: Reals, hand: Hand, number: int) -> None:
    """Change what those reached earn, by the rate on their next yuan, and count the tax once more."""
    t, base, incomes, effects = year.t, hand.cash, hand.incomes, hand.effects
    part, threshold, step = table.part[x], table.threshold[x, t], table.step[x, t]
    effort, beyond = table.effort[x, t], table.beyond[x, t]
    for j in range(number):
        i = at(effects.who[j])
        of_wage = of_operating = outside = owed = 0.0
        for r in range(threshold.shape[0]):
            if base[i] > threshold[r]:
                of_wage += effort[r, 0]
                of_operating += effort[r, 1]
                outside += beyond[r]
        effects.gained[j] = change_earnings(incomes, i, of_wage, of_operating)
        if outside > 0.5:
            note_bounded(table.gate.lever[x], i, year, hand)
        base[i] = (
            part[0] * incomes.wage[i]
            + part[1] * incomes.operating[i]
            + part[2] * incomes.owned[i]
            + part[3] * incomes.transfer[i]
        ) / taxpayers[i]
        for r in range(threshold.shape[0]):
            owed += step[r] * max(base[i] - threshold[r], 0.0)
        due[i] = owed * taxpayers[i] * table.force[x, t, at(hand.cell[i])]
