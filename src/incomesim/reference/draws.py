"""Draws that are the same on every machine and with every version of NumPy."""

from __future__ import annotations

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from incomesim.reference.cells import SEED

__all__ = ["Purpose", "normals", "uniforms"]

Reals = NDArray[np.float64]


class Purpose(IntEnum):
    """What a stream of draws is for: each has its own."""

    CLUSTER = 1
    INCOME = 2
    SIZE = 3
    AGE = 4
    SPOUSE = 5
    CHILDREN = 6
    TRANSFER = 7
    WAGE = 8
    OPERATING = 9
    PROPERTY = 10
    PANEL_FIXED = 11
    PANEL_PERSISTENT = 12
    PANEL_TRANSITORY = 13


def uniforms(purpose: Purpose, number: int) -> Reals:
    """Return draws between 0 and 1, ends excluded, from the raw words of Philox, which NumPy promises to keep."""
    words = np.random.Philox(key=[SEED, int(purpose)]).random_raw(number)
    found: Reals = ((words >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53
    return found


def normals(purpose: Purpose, number: int) -> Reals:
    """Return standard normal draws."""
    found: Reals = ndtri(uniforms(purpose, number))
    return found
