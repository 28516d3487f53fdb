"""What a lever finds in a year of a scenario, and whom it reaches: arrays of a block."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from incomesim.compiled.compile import at, inlined, stage
from incomesim.kernel.accumulate import Weights, to_fen
from incomesim.kernel.earnings import Incomes
from incomesim.kernel.members import Members
from incomesim.kernel.philox import draw_words, fill_uniforms
from incomesim.kernel.places import Present, any_reached
from incomesim.kernel.tables import Flags, Integers, Ledger, Reals, Words
from incomesim.kernel.targeting import Gate

__all__ = [
    "Effects", "Hand", "Lots", "Year", "draw_lots", "is_at_work", "list_flagged", "new_effects", "new_lots",
    "recall_lots", "record",
]  # fmt: skip

_HOUSEHOLDS, _PERSONS, _RECEIVED = int(Ledger.HOUSEHOLDS), int(Ledger.PERSONS), int(Ledger.RECEIVED)
_GAINED, _TO_NON_POOR, _COLLECTED = int(Ledger.GAINED), int(Ledger.TO_NON_POOR), int(Ledger.COLLECTED)


class Lots(NamedTuple):
    """Draws of a lever for those who come into question, in the first elements."""

    seed: np.uint64
    ids: Words  # (B,) of all households of the block
    picked: Words  # (B,)
    words: Words  # (4, B)
    uniform: Reals  # (B,) who is served
    turn: Reals  # (B,) who comes first where a budget does not last for all
    ever: Reals  # (L, B) draws of all households that never change, where `kept`
    kept: Flags  # (L,)


class Effects(NamedTuple):
    """Whom the lever at hand reaches and what it does to them, (B,), in the first elements."""

    who: Integers  # place in the block
    fresh: Flags  # whether it counts as reached this year
    received: Reals  # yuan of cash
    gained: Reals  # yuan of market income
    collected: Reals  # yuan of taxes


class Hand(NamedTuple):
    """Households of a block as a lever finds them in a year, (B,)."""

    cell: Integers
    ends: Integers  # the cell in which it is counted once the lever has reached it
    members: Members
    weights: Weights
    before: Reals  # yuan per head before this year's levers
    past: Reals  # (T, B) yuan per head of earlier years, where a lever looks back
    incomes: Incomes
    touched: Flags  # whether income or cell may differ from the baseline's
    entitled: Flags  # whether the household is in the target of the lever at hand
    cash: Reals  # yuan that the lever at hand would pay
    lots: Lots
    effects: Effects


class Year(NamedTuple):
    """What is the same for all levers in a year of a scenario."""

    t: int
    active: Flags  # (L,)
    purpose: Words  # (L,) addresses of the levers' draws
    now: np.uint64  # address of draws that are new every year
    ever: np.uint64  # of those that never change
    line: Reals  # (C,) poverty line, yuan per head
    present: Present
    ledger: Integers  # (L, C, ...)


def new_lots(seed: np.uint64, levers: int, block: int) -> Lots:
    """Return room for the draws of a block."""
    return Lots(
        seed,
        np.empty(block, np.uint64),
        np.empty(block, np.uint64),
        np.empty((4, block), np.uint64),
        np.empty(block),
        np.empty(block),
        np.empty((levers, block)),
        np.empty(levers, np.bool_),
    )


def new_effects(block: int) -> Effects:
    """Return room for the effects of a block."""
    return Effects(
        np.empty(block, np.int64), np.empty(block, np.bool_), np.empty(block), np.empty(block), np.empty(block)
    )


@stage
def draw_lots(index: Integers, number: int, when: np.uint64, purpose: np.uint64, lots: Lots) -> None:
    """Draw for each household of the list, at an address of the lever's own."""
    for j in range(number):
        lots.picked[j] = lots.ids[at(index[j])]
    draw_words(lots.seed, lots.picked, when, purpose, lots.words, number)
    fill_uniforms(lots.words, 0, lots.uniform, number)


@stage
def recall_lots(lever: int, index: Integers, number: int, year: Year, lots: Lots, n: int) -> None:
    """Do the same for draws that never change; where many are wanted, those of all n are made once and kept."""
    if not lots.kept[lever] and number * 4 < n:
        draw_lots(index, number, year.ever, year.purpose[lever], lots)
        return
    if not lots.kept[lever]:
        draw_words(lots.seed, lots.ids, year.ever, year.purpose[lever], lots.words, n)
        fill_uniforms(lots.words, 0, lots.ever[lever], n)
        lots.kept[lever] = True
    for j in range(number):
        lots.uniform[j] = lots.ever[lever, at(index[j])]


@stage
def list_flagged(flags: Flags, index: Integers, n: int) -> int:
    """List the flagged ones of the first n."""
    number = 0
    for i in range(n):
        index[number] = i
        number += 1 if flags[i] else 0
    return number


@inlined
def is_at_work(gate: Gate, e: int, year: Year) -> bool:
    """Tell whether an entry is part of the scenario and reaches any place of the block."""
    return year.active[gate.lever[e]] and any_reached(gate.reaches[e, year.t], year.present)


@stage
def record(lever: int, year: Year, hand: Hand, number: int) -> None:
    """Write a lever's year into the ledger; poor are those below the line before any lever of the year."""
    effects, weights, line, by_cell = hand.effects, hand.weights, year.line, year.ledger[lever]
    for j in range(number):
        i = at(effects.who[j])
        weight = weights.weight[i]
        cash, market = to_fen(weight * effects.received[j]), to_fen(weight * effects.gained[j])
        entry = by_cell[at(hand.cell[i])]
        if effects.fresh[j]:
            entry[_HOUSEHOLDS] += weights.households[i]
            entry[_PERSONS] += weights.persons[i]
        entry[_RECEIVED] += cash
        entry[_GAINED] += market
        entry[_COLLECTED] += to_fen(weight * effects.collected[j])
        if hand.before[i] >= line[at(hand.cell[i])]:
            entry[_TO_NON_POOR] += cash + market
