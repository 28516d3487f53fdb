"""Where a mechanism can change anything, whatever the households, and whom it is likely to reach."""

from __future__ import annotations

from functools import singledispatch

import numpy as np
from numpy.typing import NDArray

from incomesim.fields import RESIDENCES
from incomesim.kernel.tables import Per
from incomesim.policy.ground import Ground
from incomesim.policy.lever import Acceleration, Floor, Gain, Grant, Mechanisms, Move, Reals, Tax

__all__ = ["acts", "acts_on", "benefit", "chance"]

Flags = NDArray[np.bool_]
Integers = NDArray[np.integer]


def acts(mechanisms: Mechanisms, ground: Ground) -> Flags:
    """Return the years and cells in which any of the mechanisms can change something, shape (T, C)."""
    flags = np.zeros((len(ground.years), ground.cells), np.bool_)
    for entry in mechanisms.entries():
        flags |= acts_on(entry, ground)
    return flags


@singledispatch
def acts_on(_entry: object, ground: Ground) -> Flags:
    """Return the years and cells in which one entry can change something, shape (T, C); all where it is not known."""
    return np.ones((len(ground.years), ground.cells), np.bool_)


@acts_on.register
def _move(entry: Move, ground: Ground) -> Flags:
    """Nobody moves in the first year, or to where they are."""
    regions, _, groups, bands = ground.shape
    own = np.repeat(np.arange(regions * len(RESIDENCES) * groups), bands)
    later = np.arange(len(ground.years)) > 0
    return np.asarray((entry.probability > 0.0) & (entry.destination != own) & later[:, None])


@acts_on.register
def _acceleration(entry: Acceleration, ground: Ground) -> Flags:
    return np.asarray((entry.factor != 1.0) & (entry.coverage > 0.0))


@acts_on.register
def _gain(entry: Gain, ground: Ground) -> Flags:
    return np.asarray((entry.rate > 0.0) & (entry.ceiling > 0.0)[:, None] & (entry.premium > 0.0))


@acts_on.register
def _grant(entry: Grant, ground: Ground) -> Flags:
    served = (entry.ceiling > 0.0) & (entry.take_up > 0.0) | (entry.inclusion > 0.0)
    return np.asarray((entry.amount > 0.0) & served[:, None])


@acts_on.register
def _tax(entry: Tax, ground: Ground) -> Flags:
    return np.asarray((entry.force > 0.0) & (entry.step != 0.0).any(axis=1)[:, None])


@acts_on.register
def _floor(entry: Floor, ground: Ground) -> Flags:
    return np.asarray((entry.line > 0.0) & (entry.take_up > 0.0))


@singledispatch
def chance(_entry: object, _t: int, cell: Integers, _income_per_head: Reals) -> Reals:
    """Return how likely each household is reached in year t, shape (N,); NaN where that is not known beforehand.

    `cell` and `income_per_head` (N,) are those of the baseline: what other levers, or earlier years of the lever, have
    done is left out.
    """
    return np.full(cell.shape, np.nan)


@chance.register
def _chance_of_move(entry: Move, t: int, cell: Integers, income_per_head: Reals) -> Reals:
    return np.asarray(entry.probability[t, cell])


@chance.register
def _chance_of_acceleration(entry: Acceleration, t: int, cell: Integers, income_per_head: Reals) -> Reals:
    return np.asarray(np.where(entry.factor[t, cell] != 1.0, entry.coverage, 0.0))


@chance.register
def _chance_of_gain(entry: Gain, t: int, cell: Integers, income_per_head: Reals) -> Reals:
    return np.asarray(np.where(income_per_head <= entry.ceiling[t], entry.rate[t, cell], 0.0))


@chance.register
def _chance_of_grant(entry: Grant, t: int, cell: Integers, income_per_head: Reals) -> Reals:
    """Not known where it is for the old or for children, whom cells do not tell."""
    if entry.per in (Per.ELDERLY, Per.CHILD):
        return np.full(cell.shape, np.nan)
    share = np.where(income_per_head <= entry.ceiling[t], entry.take_up[t], entry.inclusion[t])
    return np.asarray(np.where(entry.amount[t, cell] > 0.0, share, 0.0))


@chance.register
def _chance_of_tax(_entry: Tax, _t: int, cell: Integers, _income_per_head: Reals) -> Reals:
    """Who pays depends on single sources of income: not known beforehand."""
    return np.full(cell.shape, np.nan)


@chance.register
def _chance_of_floor(entry: Floor, t: int, cell: Integers, income_per_head: Reals) -> Reals:
    return np.where(benefit(entry, t, cell, income_per_head) > 0.0, entry.take_up, 0.0)


@singledispatch
def benefit(_entry: object, _t: int, cell: Integers, _income_per_head: Reals) -> Reals:
    """Return the cash that whoever is reached gets in year t, yuan per head, shape (N,)."""
    return np.zeros(cell.shape)


@benefit.register
def _benefit_of_grant(entry: Grant, t: int, cell: Integers, _income_per_head: Reals) -> Reals:
    """Not known per head where it is for the household; what is earned is no cash of the lever."""
    if entry.earned:
        return np.zeros(cell.shape)
    return np.asarray(entry.amount[t, cell] if entry.per == Per.PERSON else np.full(cell.shape, np.nan))


@benefit.register
def _benefit_of_floor(entry: Floor, t: int, cell: Integers, income_per_head: Reals) -> Reals:
    line = entry.line[t, cell]
    return np.where(line > 0.0, np.maximum(line - entry.withdrawal * income_per_head, 0.0), 0.0)
