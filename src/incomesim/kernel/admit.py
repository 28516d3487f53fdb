"""Whom a lever serves: of those in its target whom the lot falls on, as many as its budget lasts for.

Every mechanism first lists the households for which it could do anything, in `Effects.who`; here the list is shortened.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from incomesim.compiled.compile import at, inlined, stage
from incomesim.kernel.accumulate import to_fen
from incomesim.kernel.bins import bin_of, zero_bin
from incomesim.kernel.hand import Hand, Year, draw_lots, recall_lots
from incomesim.kernel.members import holds_child, holds_elderly
from incomesim.kernel.philox import fill_uniforms
from incomesim.kernel.tables import Integers, Ledger, Reals
from incomesim.kernel.targeting import EVERYBODY, PLACES_IN_CLASS, Budgets, Gate, Order

__all__ = ["Queue", "admit"]

_ENTITLED, _IN_ERROR, _TURNED_AWAY = int(Ledger.ENTITLED), int(Ledger.IN_ERROR), int(Ledger.TURNED_AWAY)
_POOREST = int(Order.POOREST)
_FINENESS = 14
"""Places of those who are served by income: 2^14 to an octave, 0.004 to 0.006 % of it wide."""

_NEXT_TO_NOTHING = float(zero_bin(_FINENESS) + 2)
"""Places of those below 8 yuan per head, who come first, by lot."""

_LOW = 8.0


class Queue(NamedTuple):
    """The budgets, and what is counted of those who ask for them in the year."""

    budgets: Budgets
    stratum: Integers  # (C,)
    waiting: Integers  # (Q, G, CLASSES, 2)
    margin: Integers  # (Q, G, PLACES_IN_CLASS, 2)


@stage
def admit(gate: Gate, e: int, year: Year, pays: bool, hand: Hand, queue: Queue, number: int) -> int:
    """Shorten the list of the entry, of so many, to those who are served, and return how many are left.

    Everybody on it must be marked in `hand.entitled`; where the lever `pays`, `hand.cash` is what each would get.
    """
    index, entitled, weights = hand.effects.who, hand.entitled, hand.weights
    t, lever = year.t, gate.lever[e]
    by_cell = year.ledger[lever]
    error, income = gate.error[e, t], hand.before
    if gate.measured[e, t] >= 0:
        income = hand.past[gate.measured[e, t]]
    if gate.selective[e]:
        _judge(gate, e, gate.ceiling[e, t], income, hand, number)
        if error == 0.0:
            number = _keep_entitled(hand, number)
    b = gate.budget[e]
    if not gate.drawn[e, t] and b < 0:
        for j in range(number):
            i = at(index[j])
            by_cell[at(hand.ends[i]), _ENTITLED] += weights.households[i]
        return number
    if b < 0 and error == 0.0 and not gate.yearly[e]:
        recall_lots(lever, index, number, year, hand.lots, weights.weight.shape[0])
    else:
        draw_lots(index, number, year.now if gate.yearly[e] else year.ever, year.purpose[lever], hand.lots)
    if error == 0.0 and b < 0:
        return _keep_drawn(gate.rate[e, t], hand, by_cell, number)
    fill_uniforms(hand.lots.words, 1, hand.lots.turn, number)
    number = _keep_drawn_or_mistaken(gate.rate[e, t], error, hand, by_cell, number)
    if b >= 0:
        number = _queue_up(income, b, t, pays, hand, queue, by_cell, number)
    if error > 0.0:
        for j in range(number):
            i = at(index[j])
            by_cell[at(hand.ends[i]), _IN_ERROR] += 0 if entitled[i] else weights.households[i]
    return number


@inlined
def _judge(gate: Gate, e: int, ceiling: float, income: Reals, hand: Hand, number: int) -> None:
    """Take the mark from those who are not in the target."""
    index, entitled = hand.effects.who, hand.entitled
    for j in range(number):
        i = at(index[j])
        entitled[i] &= income[i] <= ceiling
    if gate.elderly[e]:
        for j in range(number):
            entitled[at(index[j])] &= holds_elderly(hand.members, at(index[j]))
    if gate.children[e]:
        for j in range(number):
            entitled[at(index[j])] &= holds_child(hand.members, at(index[j]))


@inlined
def _keep_entitled(hand: Hand, number: int) -> int:
    index, kept = hand.effects.who, 0
    for j in range(number):
        index[kept] = index[j]
        kept += 1 if hand.entitled[at(index[j])] else 0
    return kept


@inlined
def _keep_drawn(rate: Reals, hand: Hand, by_cell: Integers, number: int) -> int:
    """Count the entitled, who are all that are listed, and keep those whose draw lies below their rate."""
    index, uniform, households, kept = hand.effects.who, hand.lots.uniform, hand.weights.households, 0
    for j in range(number):
        i = at(index[j])
        own = rate[at(hand.cell[i])]
        by_cell[at(hand.ends[i]), _ENTITLED] += households[i] * (own > 0.0)
        index[kept] = np.int64(i)
        kept += uniform[j] < own
    return kept


@inlined
def _keep_drawn_or_mistaken(rate: Reals, error: float, hand: Hand, by_cell: Integers, number: int) -> int:
    """The same where some are listed that are not entitled; turns in the queue stay beside those who are kept."""
    index, lots, households, kept = hand.effects.who, hand.lots, hand.weights.households, 0
    for j in range(number):
        i = at(index[j])
        own, due = rate[at(hand.cell[i])], hand.entitled[i]
        by_cell[at(hand.ends[i]), _ENTITLED] += households[i] if due & (own > 0.0) else 0
        index[kept] = index[j]
        lots.turn[kept] = lots.turn[j]
        kept += 1 if lots.uniform[j] < (own if due else error) else 0
    return kept


@inlined
def _queue_up(
    income: Reals, b: int, t: int, pays: bool, hand: Hand, queue: Queue, by_cell: Integers, number: int
) -> int:
    """Count all who ask by their place in the queue, and shorten the list to those below the limit."""
    index, weights, budgets, kept = hand.effects.who, hand.weights, queue.budgets, 0
    limit, positions = budgets.limit[b, t], budgets.positions[b]
    for j in range(number):
        i = at(index[j])
        cell, turn = at(hand.cell[i]), hand.lots.turn[j]
        if budgets.order[b] == _POOREST:
            place = np.int64(turn * _NEXT_TO_NOTHING) if income[i] < _LOW else bin_of(income[i], _FINENESS)
        else:
            place = np.int64((budgets.position[b, cell] + turn) / positions * EVERYBODY)
        cash = to_fen(weights.weight[i] * hand.cash[i]) if pays else np.int64(0)
        group = at(queue.stratum[at(hand.ends[i])])
        _count(queue.waiting[b, group, at(place // PLACES_IN_CLASS)], weights.households[i], cash)
        if place // PLACES_IN_CLASS == limit // PLACES_IN_CLASS:
            _count(queue.margin[b, group, at(place % PLACES_IN_CLASS)], weights.households[i], cash)
        if place < limit:
            index[kept] = index[j]
            kept += 1
        else:
            by_cell[at(hand.ends[i]), _TURNED_AWAY] += weights.households[i]
    return kept


@inlined
def _count(entry: Integers, households: int, cash: np.int64) -> None:
    entry[0] += households
    entry[1] += cash
