"""Where a mechanism can change anything, whatever the households, and whom it is likely to reach."""

from __future__ import annotations

from functools import singledispatch

import numpy as np
from numpy.typing import NDArray

from incomesim.fields import RESIDENCES
from incomesim.kernel.tables import Per
from incomesim.policy.ground import Ground
from incomesim.policy.lever import Acceleration, Entry, Floor, Gain, Grant, Lever, Move, Reals, Tax, WageFloor

__all__ = ["acts", "acts_on", "benefit", "chance", "lets_in", "reached_at_most", "spread_rate"]

Flags = NDArray[np.bool_]
Integers = NDArray[np.integer]


def acts(lever: Lever, ground: Ground) -> Flags:
    """Return the years and cells in which a lever can change something, shape (T, C)."""
    flags = np.zeros((len(ground.years), ground.cells), np.bool_)
    for entry in lever.compile(ground).entries():
        flags |= acts_on(entry, ground) & lets_in(entry, lever, ground)
    return flags


def lets_in(entry: Entry, lever: Lever, ground: Ground) -> Flags:
    """Return the years and cells in which a household may be served, by right or by error, shape (T, C).

    Errors are made where the lever serves, so none before its years or after them.
    """
    serves = spread_rate(entry, ground) > 0.0
    somebody = (lever.ceiling(ground) > 0.0) | (lever.inclusion_error > 0.0)
    spent = lever.budget is not None and lever.budget.yuan == 0.0
    return np.asarray(serves & somebody[:, None] & (not spent))


def spread_rate(entry: Entry, ground: Ground) -> Reals:
    """Return the share of entitled households that are served, shape (T, C)."""
    return np.broadcast_to(np.asarray(entry.rate, np.float64), (len(ground.years), ground.cells))


def reached_at_most(entry: Entry, lever: Lever, ground: Ground) -> Reals:
    """Return the share of households that an entry reaches where all of them are entitled, shape (T, C)."""
    flags = acts_on(entry, ground) & lets_in(entry, lever, ground)
    return np.where(flags, np.maximum(spread_rate(entry, ground), lever.inclusion_error), 0.0)


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
    return np.asarray((entry.rate > 0.0) & (entry.destination != own) & later[:, None])


@acts_on.register
def _acceleration(entry: Acceleration, ground: Ground) -> Flags:
    return np.asarray(entry.factor != 1.0)


@acts_on.register
def _wage_floor(entry: WageFloor, ground: Ground) -> Flags:
    return np.asarray(entry.minimum > 0.0)


@acts_on.register
def _gain(entry: Gain, ground: Ground) -> Flags:
    return np.asarray((entry.rate > 0.0) & (entry.premium > 0.0))


@acts_on.register
def _grant(entry: Grant, ground: Ground) -> Flags:
    return np.asarray(entry.amount > 0.0)


@acts_on.register
def _tax(entry: Tax, ground: Ground) -> Flags:
    return np.asarray((entry.force > 0.0) & (entry.step != 0.0).any(axis=1)[:, None])


@acts_on.register
def _floor(entry: Floor, ground: Ground) -> Flags:
    return np.asarray(entry.line > 0.0)


def chance(entry: Entry, lever: Lever, ground: Ground, t: int, cell: Integers, income: Reals, judged: Reals) -> Reals:
    """Return how likely each household is reached in year t, shape (N,); NaN where that is not known beforehand.

    `cell` and `income` per head (N,) are those of the baseline, `judged` is that of the year in which the lever
    measures income: what other levers, or earlier years of the lever, have done is left out, and so are budgets.
    """
    if lever.target.with_members or _is_for_some(entry):
        return np.full(cell.shape, np.nan)
    entitled = (judged <= lever.ceiling(ground)[t]) & _is_due(entry, t, cell, income)
    share = np.where(entitled, spread_rate(entry, ground)[t, cell], lever.inclusion_error)
    acting = acts_on(entry, ground)[t, cell]
    if isinstance(entry, Floor):  # those above the line, where nothing is paid in error
        acting = acting & (benefit(entry, t, cell, income) > 0.0)
    return np.asarray(np.where(acting, share, 0.0))


def _is_for_some(entry: Entry) -> bool:
    """Whether it depends on the members of a household, or on single sources of its income."""
    return isinstance(entry, Tax | WageFloor) or (isinstance(entry, Grant) and entry.per in (Per.ELDERLY, Per.CHILD))


def _is_due(entry: Entry, t: int, cell: Integers, income_per_head: Reals) -> Flags:
    """Return who is entitled by income itself, ceilings apart, shape (N,): below the line of a floor, or everybody."""
    if isinstance(entry, Floor):
        return _missing(entry, t, cell, income_per_head) > 0.0
    return np.ones(cell.shape, np.bool_)


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
    """Who is above the line, and let in by error, gets what is paid in error.

    Before anybody responds: what a household earns by wage and operating is not known here.
    """
    missing, mistaken = _missing(entry, t, cell, income_per_head), np.broadcast_to(entry.mistaken, len(entry.line))
    return np.where(entry.line[t, cell] > 0.0, np.where(missing > 0.0, missing, mistaken[t]), 0.0)


def _missing(entry: Floor, t: int, cell: Integers, income_per_head: Reals) -> Reals:
    return np.asarray(entry.line[t, cell] - entry.withdrawal * income_per_head)
