"""Where a mechanism can change anything, whatever the households: years and cells."""

from __future__ import annotations

from functools import singledispatch

import numpy as np
from numpy.typing import NDArray

from incomesim.fields import RESIDENCES
from incomesim.policy.ground import Ground
from incomesim.policy.lever import Acceleration, Floor, Gain, Mechanisms, Move

__all__ = ["acts", "acts_on"]

Flags = NDArray[np.bool_]


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
def _floor(entry: Floor, ground: Ground) -> Flags:
    return np.asarray((entry.line > 0.0) & (entry.take_up > 0.0))
