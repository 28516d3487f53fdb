"""Iterative proportional fitting (Deming & Stephan 1940, Annals of Mathematical Statistics 11(4))."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from incomesim.errors import Unreachable

__all__ = ["fit_margins"]


def fit_margins(
    seed: NDArray[np.float64], rows: NDArray[np.float64], columns: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the table nearest to `seed` (in relative entropy) with the given row and column sums.

    The sums must have equal totals and the seed no negative entry. Raises Unreachable where the
    zeros of the seed leave no table with these margins.
    """
    if not np.isclose(rows.sum(), columns.sum(), rtol=1e-9):
        raise Unreachable(f"row sums add up to {rows.sum():g}, column sums to {columns.sum():g}")
    table = seed.astype(np.float64)
    for _ in range(10_000):
        table *= _ratio(columns, table.sum(axis=0))
        table *= _ratio(rows, table.sum(axis=1))[:, None]
        if np.allclose(table.sum(axis=0), columns, rtol=1e-13, atol=1e-12 * columns.sum()):
            return table
    raise Unreachable("no table has these margins: the zeros of the seed stand against them")


def _ratio(wanted: NDArray[np.float64], found: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.divide(wanted, found, out=np.zeros_like(wanted), where=found > 0)
