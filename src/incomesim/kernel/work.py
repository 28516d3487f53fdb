"""Work space of one thread for the block of households at hand; shapes are (B,) where nothing else is said."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from incomesim.compiled.compile import spelled_out
from incomesim.kernel.accumulate import Measured, Weights, new_measured, new_weights
from incomesim.kernel.earnings import Earners, Incomes, new_earners, new_incomes
from incomesim.kernel.hand import Effects, Lots, new_effects, new_lots
from incomesim.kernel.latents import Draws, Latents, new_draws, new_latents
from incomesim.kernel.places import History, Present
from incomesim.kernel.shapes import count_bins
from incomesim.kernel.tables import Flags, Integers, Reals, Tables

__all__ = ["Reform", "Work", "history_of", "new_work", "present_of"]


class Histories(NamedTuple):
    """`History` and `Present` of every scenario along the first axis."""

    place: Integers
    gap_step: Reals
    gap_left: Reals
    travelling: Flags
    places: Integers
    number: Integers


class Reform(NamedTuple):
    """What scenarios with levers need beyond the baseline: arrays of the scenario at hand, or (S, ...)."""

    apart: Flags  # (S, B) whether levers have given the household a history of its own
    stock: Reals  # (S, gains, B)
    held: Flags  # (S, gains)
    touched: Flags  # whether income or cell of this year may differ from the baseline's
    listed: Integers  # some households of the block
    ends: Integers  # cells to which they move
    entitled: Flags
    cash: Reals
    cell: Integers
    before: Reals  # yuan per head before this year's levers
    incomes: Incomes
    picked: Earners  # those apart, brought together
    picked_incomes: Incomes
    picked_weight: Reals
    lots: Lots
    effects: Effects
    measured: Measured  # the touched, brought together


class Work(NamedTuple):
    """Work space of one thread."""

    age: Integers  # of the head
    band: Integers
    renewed: Integers  # who was replaced this year
    replaced: Flags  # whether ever
    everybody: Integers  # 0, 1, 2, ...
    low: Reals
    high: Reals
    weights: Weights
    draws: Draws
    latents: Latents
    cell: Integers
    log_gain: Reals
    incomes: Incomes  # of the baseline
    measured: Measured  # of the baseline
    first: Reals  # (S, B) income per head in the first year
    last: Reals  # (S, B) and in the last
    past: Reals  # (S, T, B) and, without services, in every one, where a lever looks back; else (S, 0, B)
    histories: Histories
    reform: Reform
    level: Reals  # (T, C, 4), see earnings.fill_levels
    line_bin: Integers  # (T, Z)
    flags: Flags  # (T, H) whether a line divides the bin


def new_work(tables: Tables, block: int) -> Work:
    """Return work space for blocks of so many households."""
    scenarios = tables.active.shape[0]
    return Work(
        np.empty(block, np.int64),
        np.empty(block, np.int64),
        np.empty(block, np.int64),
        np.empty(block, np.bool_),
        np.arange(block),
        np.empty(block),
        np.empty(block),
        new_weights(block),
        new_draws(block),
        new_latents(block),
        np.empty(block, np.int64),
        np.empty(block),
        new_incomes(block),
        new_measured(block),
        np.empty((scenarios, block)),
        np.empty((scenarios, block)),
        np.zeros((scenarios, tables.growth.shape[0] if tables.looks_back else 0, block)),
        _new_histories(tables, block),
        _new_reform(tables, block),
        np.empty(tables.growth.shape),
        np.empty(tables.lines.shape, np.int64),
        np.empty((tables.growth.shape[0], count_bins(tables.fineness)), np.bool_),
    )


def _new_histories(tables: Tables, block: int) -> Histories:
    scenarios = tables.active.shape[0]
    return Histories(
        np.empty((scenarios, block), np.int64),
        np.empty((scenarios, block)),
        np.empty((scenarios, block)),
        np.empty((scenarios, 1), np.bool_),
        np.empty((scenarios, tables.growth.shape[1]), np.int64),
        np.empty((scenarios, 1), np.int64),
    )


def _new_reform(tables: Tables, block: int) -> Reform:
    scenarios, gains = tables.active.shape[0], tables.gains.premium.shape[0]
    return Reform(
        np.empty((scenarios, block), np.bool_),
        np.empty((scenarios, gains, block)),
        np.empty((scenarios, gains), np.bool_),
        np.empty(block, np.bool_),
        np.empty(block, np.int64),
        np.empty(block, np.int64),
        np.empty(block, np.bool_),
        np.empty(block),
        np.empty(block, np.int64),
        np.zeros(block),
        new_incomes(block),
        new_earners(block),
        new_incomes(block),
        np.empty(block),
        new_lots(tables.seed, tables.active.shape[1], block),
        new_effects(block),
        new_measured(block),
    )


@spelled_out
def history_of(histories: Histories, s: int) -> History:
    """Return the history of a scenario."""
    return History(histories.place[s], histories.gap_step[s], histories.gap_left[s], histories.travelling[s])


@spelled_out
def present_of(histories: Histories, s: int) -> Present:
    """Return the places of the block in a scenario."""
    return Present(histories.places[s], histories.number[s])
