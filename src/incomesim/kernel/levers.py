"""What levers do to the incomes of a year, and the ledger of it.

Order in the year: (1) growth of a source, (3) lasting gains, (6) the floor; (2) moves stand in places.py,
(4) grants in grants.py, (5) taxes in taxes.py.
Each first lists those who come into question and draws for these only, so a lever costs what it reaches.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from incomesim.kernel.accumulate import Weights, to_fen
from incomesim.kernel.arithmetic import exp
from incomesim.kernel.compile import at, inlined, stage
from incomesim.kernel.earnings import Incomes, source_of
from incomesim.kernel.philox import draw_words, fill_uniforms
from incomesim.kernel.tables import Accelerations, Flags, Floors, Gains, Integers, Ledger, Reals, Words

__all__ = [
    "Effects", "Gained", "Lots", "accelerate", "draw_lots", "gain", "hold", "list_flagged", "new_effects", "new_lots",
    "raise_floor", "record",
]  # fmt: skip

_HOUSEHOLDS, _PERSONS, _RECEIVED = int(Ledger.HOUSEHOLDS), int(Ledger.PERSONS), int(Ledger.RECEIVED)
_GAINED, _TO_NON_POOR = int(Ledger.GAINED), int(Ledger.TO_NON_POOR)


class Lots(NamedTuple):
    """Draws of a lever for those who come into question."""

    seed: np.uint64
    ids: Words  # (B,) of the households of the block
    picked: Words  # (B,)
    words: Words  # (4, B)
    uniform: Reals  # (B,)


class Gained(NamedTuple):
    """Lasting gains of the households of a block."""

    stock: Reals  # (gains, B) log points left of each
    held: Flags  # (gains,) whether anybody in the block may have something left


class Effects(NamedTuple):
    """Whom the lever at hand reaches and what it does to them, (B,), in the first elements."""

    who: Integers  # place in the block
    fresh: Flags  # whether it counts as reached this year
    received: Reals  # yuan of cash
    gained: Reals  # yuan of market income
    collected: Reals  # yuan of taxes


def new_lots(seed: np.uint64, block: int) -> Lots:
    """Return room for the draws of a block."""
    return Lots(
        seed,
        np.empty(block, np.uint64),
        np.empty(block, np.uint64),
        np.empty((4, block), np.uint64),
        np.empty(block),
    )


def new_effects(block: int) -> Effects:
    """Return room for the effects of a block."""
    return Effects(
        np.empty(block, np.int64), np.empty(block, np.bool_), np.empty(block), np.empty(block), np.empty(block)
    )


@stage
def draw_lots(index: Integers, number: int, when: np.uint64, purpose: np.uint64, lots: Lots) -> None:
    """Draw one uniform for each household of the list, at an address of the lever's own."""
    for j in range(number):
        lots.picked[j] = lots.ids[at(index[j])]
    draw_words(lots.seed, lots.picked, when, purpose, lots.words, number)
    fill_uniforms(lots.words, 0, lots.uniform, number)


@stage
def list_flagged(flags: Flags, index: Integers, n: int) -> int:
    """List the flagged ones of the first n."""
    number = 0
    for i in range(n):
        index[number] = i
        number += 1 if flags[i] else 0
    return number


@inlined
def _keep_drawn(limit: float, uniform: Reals, index: Integers, number: int) -> int:
    """Shorten the list to those whose draw lies below the limit."""
    kept = 0
    for j in range(number):
        index[kept] = index[j]
        kept += 1 if uniform[j] < limit else 0
    return kept


@stage
def accelerate(
    table: Accelerations, a: int, t: int, when: np.uint64, purpose: np.uint64, cell: Integers, incomes: Incomes,
    lots: Lots, touched: Flags, effects: Effects, n: int,
) -> int:  # fmt: skip
    """Mechanism 1: a source grows faster for the covered households, always the same ones."""
    source = source_of(incomes, table.source[a])
    factor, coverage, index = table.factor[a, t], table.coverage[a], effects.who
    number = 0
    for i in range(n):
        index[number] = i
        number += 1 if factor[at(cell[i])] != 1.0 else 0
    if coverage < 1.0:
        draw_lots(index, number, when, purpose, lots)
        number = _keep_drawn(coverage, lots.uniform, index, number)
    for j in range(number):
        i = at(index[j])
        more = source[i] * (factor[at(cell[i])] - 1.0)
        source[i] += more
        touched[i] = True
        effects.fresh[j] = True
        effects.received[j] = 0.0
        effects.gained[j] = more
    return number


@stage
def hold(stock: Reals, incomes: Incomes, effects: Effects, n: int) -> int:
    """List those who still have something of earlier gains, and what it brings this year."""
    wage, operating, owned, index = incomes.wage, incomes.operating, incomes.owned, effects.who
    number = 0
    for i in range(n):
        index[number] = i
        number += 1 if stock[i] != 0.0 else 0
    for j in range(number):
        i = at(index[j])
        effects.fresh[j] = False
        effects.received[j] = 0.0
        effects.gained[j] = (wage[i] + operating[i] + owned[i]) * (1.0 - exp(-stock[i]))
    return number


@stage
def gain(
    table: Gains, b: int, t: int, when: np.uint64, purpose: np.uint64, cell: Integers, before: Reals, incomes: Incomes,
    lots: Lots, gained: Gained, apart: Flags, touched: Flags, effects: Effects, n: int,
) -> int:  # fmt: skip
    """Mechanism 3: lift the market income of those who are treated this year."""
    stock, index = gained.stock[b], effects.who
    rate, ceiling, premium = table.rate[b, t], table.ceiling[b, t], table.premium[b]
    wage, operating, owned = incomes.wage, incomes.operating, incomes.owned
    number = 0
    for i in range(n):
        index[number] = i
        number += 1 if (rate[at(cell[i])] > 0.0) & (stock[i] == 0.0) & (before[i] <= ceiling) else 0
    draw_lots(index, number, when, purpose, lots)
    lift, treated = exp(premium), 0
    for j in range(number):
        i = at(index[j])
        if lots.uniform[j] < rate[at(cell[i])]:
            stock[i] = premium
            wage[i] *= lift
            operating[i] *= lift
            owned[i] *= lift
            apart[i] = touched[i] = True
            index[treated] = i
            effects.fresh[treated] = True
            effects.received[treated] = 0.0
            effects.gained[treated] = (wage[i] + operating[i] + owned[i]) * (1.0 - exp(-premium))
            treated += 1
    gained.held[b] |= treated > 0
    return treated


@stage
def raise_floor(
    table: Floors, f: int, t: int, when: np.uint64, purpose: np.uint64, cell: Integers, persons: Reals,
    incomes: Incomes, lots: Lots, touched: Flags, effects: Effects, n: int,
) -> int:  # fmt: skip
    """Mechanism 6, last: top up whatever income the year has brought, transfers of other levers included."""
    line, withdrawal, take_up, index = table.line[f, t], table.withdrawal[f], table.take_up[f], effects.who
    wage, operating, owned, transfer = incomes.wage, incomes.operating, incomes.owned, incomes.transfer
    benefit = effects.gained
    for i in range(n):
        benefit[i] = line[at(cell[i])] * persons[i]
    for i in range(n):
        missing = benefit[i] - withdrawal * (wage[i] + operating[i] + owned[i] + transfer[i])
        benefit[i] = missing if benefit[i] > 0.0 else 0.0
    number = 0
    for i in range(n):
        index[number] = i
        number += 1 if benefit[i] > 0.0 else 0
    if take_up < 1.0:
        draw_lots(index, number, when, purpose, lots)
        number = _keep_drawn(take_up, lots.uniform, index, number)
    for j in range(number):
        i = at(index[j])
        transfer[i] += benefit[i]
        touched[i] = True
        effects.fresh[j] = True
        effects.received[j] = benefit[i]
    for j in range(number):
        effects.gained[j] = 0.0
    return number


@stage
def record(
    weights: Weights, line: Reals, before: Reals, cell: Integers, effects: Effects, number: int, by_cell: Integers
) -> None:
    """Write a lever's year into the ledger (C, ...); poor are those below the line before any lever of the year."""
    for j in range(number):
        i = at(effects.who[j])
        cash, market = to_fen(weights.weight[i] * effects.received[j]), to_fen(weights.weight[i] * effects.gained[j])
        entry = by_cell[at(cell[i])]
        if effects.fresh[j]:
            entry[_HOUSEHOLDS] += weights.households[i]
            entry[_PERSONS] += weights.persons[i]
        entry[_RECEIVED] += cash
        entry[_GAINED] += market
        if before[i] >= line[at(cell[i])]:
            entry[_TO_NON_POOR] += cash + market
