"""What levers do to the incomes of a year, and the ledger of it.

Order in the year: (1) growth of a source, (3) lasting gains, (6) the floor; (2) moves stand in places.py.
A mechanism that reaches no place of the block is left out, which changes no number.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from incomesim.kernel.accumulate import to_fen
from incomesim.kernel.arithmetic import exp
from incomesim.kernel.compile import stage
from incomesim.kernel.earnings import Incomes
from incomesim.kernel.philox import draw_words, fill_uniforms
from incomesim.kernel.places import History
from incomesim.kernel.tables import Accelerations, Flags, Floors, Gains, Integers, Reals, Rows, Words

__all__ = ["Effects", "Lots", "accelerate", "draw_lot", "gain", "keep_lot", "new_effects", "new_lots", "raise_floor", "record"]


class Lots(NamedTuple):
    """Uniforms of the levers: their own for ever, drawn when first wanted, and those of the year."""

    words: Words  # (4, B)
    own: Reals  # (L, B)
    drawn: Flags  # (L,)
    year: Reals  # (B,)


class Effects(NamedTuple):
    """What the lever at hand does, (B,)."""

    reached: Integers  # 1 or 0
    received: Reals  # yuan of cash
    gained: Reals  # yuan of market income


def new_lots(levers: int, block: int) -> Lots:
    """Return room for the uniforms of a block."""
    return Lots(
        np.empty((4, block), np.uint64), np.empty((levers, block)), np.zeros(levers, np.bool_), np.empty(block)
    )


def new_effects(block: int) -> Effects:
    """Return room for the effects of a block."""
    return Effects(np.empty(block, np.int64), np.empty(block), np.empty(block))


@stage
def draw_lot(ids: Words, seed: np.uint64, when: np.uint64, purpose: np.uint64, lots: Lots, uniform: Reals) -> None:
    """Draw one uniform for each household at an address of the lever's own."""
    n = ids.shape[0]
    draw_words(seed, ids, when, purpose, lots.words, n)
    fill_uniforms(lots.words, 0, uniform, n)


@stage
def keep_lot(ids: Words, seed: np.uint64, when: np.uint64, lever: int, purpose: np.uint64, lots: Lots) -> None:
    """Draw the uniforms that stay with the households, once for the block."""
    if not lots.drawn[lever]:
        draw_lot(ids, seed, when, purpose, lots, lots.own[lever])
        lots.drawn[lever] = True


@stage
def accelerate(table: Accelerations, a: int, t: int, own: Reals, incomes: Incomes, effects: Effects, n: int) -> None:
    """Mechanism 1: a source grows faster for the covered households, always the same ones."""
    k = table.source[a]
    source = incomes.wage
    if k == 1:
        source = incomes.operating
    elif k == 2:
        source = incomes.owned
    elif k == 3:
        source = incomes.transfer
    cell, gained, reached, received = incomes.cell, effects.gained, effects.reached, effects.received
    coverage = table.coverage[a]
    for i in range(n):
        gained[i] = table.factor[a, t, cell[i]] - 1.0
    for i in range(n):
        reached[i] = 1 if (own[i] < coverage) & (gained[i] != 0.0) else 0
    for i in range(n):
        gained[i] = source[i] * (gained[i] if own[i] < coverage else 0.0)
    for i in range(n):
        source[i] += gained[i]
    for i in range(n):
        received[i] = 0.0


@stage
def gain(
    table: Gains, b: int, t: int, luck: Reals, history: History, incomes: Incomes, effects: Effects, n: int
) -> None:
    """Mechanism 3: treat eligible households; count this year's part of every gain that lasts."""
    stock, held = history.stock[b], history.held
    cell, before, gained, reached, received = (
        incomes.cell,
        incomes.before,
        effects.gained,
        effects.reached,
        effects.received,
    )
    wage, operating, owned = incomes.wage, incomes.operating, incomes.owned
    premium, ceiling = table.premium[b], table.ceiling[b, t]
    lift = exp(premium)
    for i in range(n):
        gained[i] = table.rate[b, t, cell[i]]
    for i in range(n):
        reached[i] = 1 if (stock[i] == 0.0) & (before[i] <= ceiling) & (luck[i] < gained[i]) else 0
    number = 0
    for i in range(n):
        number += reached[i]
    if number:
        held[b] = True
        for i in range(n):
            stock[i] = premium if reached[i] == 1 else stock[i]
        for i in range(n):
            wage[i] *= lift if reached[i] == 1 else 1.0
        for i in range(n):
            operating[i] *= lift if reached[i] == 1 else 1.0
        for i in range(n):
            owned[i] *= lift if reached[i] == 1 else 1.0
    for i in range(n):
        gained[i] = (wage[i] + operating[i] + owned[i]) * (1.0 - exp(-stock[i]))
    for i in range(n):
        received[i] = 0.0


@stage
def raise_floor(
    table: Floors, f: int, t: int, own: Reals, persons: Reals, incomes: Incomes, effects: Effects
) -> None:
    """Mechanism 6, last: top up whatever income the year has brought, transfers of other levers included."""
    n = persons.shape[0]
    cell, gained, reached, received = incomes.cell, effects.gained, effects.reached, effects.received
    wage, operating, owned, transfer = incomes.wage, incomes.operating, incomes.owned, incomes.transfer
    withdrawal, take_up = table.withdrawal[f], table.take_up[f]
    for i in range(n):
        gained[i] = table.line[f, t, cell[i]]
    for i in range(n):
        received[i] = wage[i] + operating[i] + owned[i] + transfer[i]
    for i in range(n):
        benefit = max(gained[i] * persons[i] - withdrawal * received[i], 0.0)
        received[i] = benefit if (gained[i] > 0.0) & (own[i] < take_up) else 0.0
    for i in range(n):
        reached[i] = 1 if received[i] > 0.0 else 0
    for i in range(n):
        transfer[i] += received[i]
    for i in range(n):
        gained[i] = 0.0


@stage
def record(
    rows: Rows, household_units: Integers, person_units: Integers, line: Reals, incomes: Incomes, effects: Effects,
    entry: Integers,
) -> None:  # fmt: skip
    """Write a lever's year into the ledger; poor are those below the line before any lever of the year."""
    n = rows.age.shape[0]
    reached, received, gained, before, cell = (
        effects.reached,
        effects.received,
        effects.gained,
        incomes.before,
        incomes.cell,
    )
    households = persons = cash = market = rich = np.int64(0)
    for i in range(n):
        households += household_units[i] if reached[i] == 1 else np.int64(0)
    for i in range(n):
        persons += person_units[i] if reached[i] == 1 else np.int64(0)
    for i in range(n):
        cash += to_fen(rows.weight[i] * received[i])
    for i in range(n):
        market += to_fen(rows.weight[i] * gained[i])
    entry[0] += households
    entry[1] += persons
    entry[2] += cash
    entry[3] += market
    for i in range(n):
        amount = to_fen(rows.weight[i] * received[i]) + to_fen(rows.weight[i] * gained[i])
        rich += amount if before[i] >= line[cell[i]] else np.int64(0)
    entry[4] += rich

