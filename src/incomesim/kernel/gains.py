"""Mechanism 3: lasting gains in market income, which fade."""

from __future__ import annotations

from typing import NamedTuple

from incomesim.compiled.arithmetic import exp
from incomesim.compiled.compile import at, inlined, stage
from incomesim.kernel.admit import Queue, admit
from incomesim.kernel.hand import Hand, Year, is_at_work, record
from incomesim.kernel.tables import Flags, Gains, Reals

__all__ = ["Gained", "gain"]


class Gained(NamedTuple):
    """Lasting gains of the households of a block."""

    stock: Reals  # (gains, B) log points left of each
    held: Flags  # (gains,) whether anybody in the block may have something left


@stage
def gain(table: Gains, year: Year, gained: Gained, apart: Flags, hand: Hand, queue: Queue, n: int) -> None:
    """Lift market incomes, one entry after the other: what is left of earlier gains is in them already."""
    for b in range(table.gate.lever.shape[0]):
        lever = table.gate.lever[b]
        if year.active[lever] and gained.held[b]:
            record(lever, year, hand, _hold(gained.stock[b], hand, n))
        if is_at_work(table.gate, b, year):
            record(lever, year, hand, _treat(table, b, year, gained, apart, hand, queue, n))


@inlined
def _hold(stock: Reals, hand: Hand, n: int) -> int:
    """List those who still have something of earlier gains, and what it brings this year."""
    index, number = hand.effects.who, 0
    for i in range(n):
        index[number] = i
        number += 1 if stock[i] != 0.0 else 0
    for j in range(number):
        i = at(index[j])
        hand.effects.fresh[j] = False
        _note_gain(hand, i, j, stock[i])
    return number


@inlined
def _treat(table: Gains, b: int, year: Year, gained: Gained, apart: Flags, hand: Hand, queue: Queue, n: int) -> int:
    """Lift the market income of those who are treated this year, and return how many they are."""
    stock, premium, rate, index = gained.stock[b], table.premium[b], table.gate.rate[b, year.t], hand.effects.who
    number = 0
    for i in range(n):
        index[number] = i
        hand.entitled[i] = True
        number += 1 if (rate[at(hand.cell[i])] > 0.0) & (stock[i] == 0.0) else 0
    number = admit(table.gate, b, year, False, hand, queue, number)
    lift, incomes = exp(premium), hand.incomes
    for j in range(number):
        i = at(index[j])
        stock[i] = premium
        incomes.wage[i] *= lift
        incomes.operating[i] *= lift
        incomes.owned[i] *= lift
        apart[i] = hand.touched[i] = True
        hand.effects.fresh[j] = True
        _note_gain(hand, i, j, premium)
    gained.held[b] |= number > 0
    return number


@inlined
def _note_gain(hand: Hand, i: int, j: int, log_points: float) -> None:
    incomes, effects = hand.incomes, hand.effects
    effects.received[j] = effects.collected[j] = 0.0
    effects.gained[j] = (incomes.wage[i] + incomes.operating[i] + incomes.owned[i]) * (1.0 - exp(-log_points))
