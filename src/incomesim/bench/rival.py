"""The common task in plain NumPy, as a careful user writes it: whole arrays, changed in place, one fast generator.

Without common random numbers: the generator's own stream is what NumPy is fastest at.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from incomesim.kernel.common_task import (
    FINDS_WORK,
    INNOVATION,
    LOSES_WORK,
    PERSISTENCE,
    STATIONARY,
    TRANSITORY,
    WITHOUT_WORK,
    YUAN,
)

__all__ = ["run_numpy"]

Reals = NDArray[np.float64]


def run_numpy(weight: Reals, years: int, seed: int = 1) -> tuple[float, ...]:
    """Return the weighted Gini of every year, exactly, by sorting."""
    random = np.random.Generator(np.random.SFC64(seed))
    households = len(weight)
    permanent = random.standard_normal(households) * STATIONARY
    in_work = np.ones(households, np.bool_)
    luck, normal = np.empty(households), np.empty(households)
    ginis = []
    for _ in range(years):
        random.random(out=luck)
        in_work = np.where(in_work, luck >= LOSES_WORK, luck < FINDS_WORK)
        random.standard_normal(out=normal)
        normal *= INNOVATION
        permanent *= PERSISTENCE
        permanent += normal
        random.standard_normal(out=normal)
        normal *= TRANSITORY
        normal += permanent
        np.exp(normal, out=normal)
        normal *= YUAN
        ginis.append(_gini(np.where(in_work, normal, WITHOUT_WORK), weight))
    return tuple(ginis)


def _gini(income: Reals, weight: Reals) -> float:
    order = np.argsort(income)
    counted = weight[order]
    money = counted * income[order]
    below = np.cumsum(money)
    total = below[-1]
    below *= 2.0
    below -= money
    below *= counted  # not `counted @ below`: the threads of the linear algebra would keep spinning afterwards
    return float(1.0 - below.sum() / (total * counted.sum()))
