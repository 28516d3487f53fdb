"""Equal, or other, groups of households or persons by income per head."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from incomesim.population.households import Households

__all__ = ["income_group"]

Reals = NDArray[np.float64]
Integers = NDArray[np.int64]


def income_group(households: Households, rows: NDArray[np.bool_], shares: Reals, of_persons: bool) -> Integers:
    """Return 0, 1, ... for the group of the chosen households each belongs to by income per head, -1 for others.

    `shares` (groups + 1,) are the cumulative shares of households, or of persons, at which groups begin and end.
    """
    chosen = np.flatnonzero(rows)
    order = chosen[np.argsort((households.disposable() / households.persons)[chosen], kind="stable")]
    weight = (households.weight * households.persons if of_persons else households.weight)[order]
    place = (np.cumsum(weight) - 0.5 * weight) / weight.sum()
    group = np.full(len(households), -1)
    group[order] = np.searchsorted(shares[1:-1], place, side="right")
    return group
