"""How income goes with the size of a household, in households of a file: a shift on the latent scale for each size.

Rank x and size are to be independent, so that the incomes of *persons* stay what they are while households change
places: without the shift, ranks would forget the size in the course of years, and the mean over persons would drift
towards that over households. So a household stands in the table of its cell at v = x + shift(size), as synthetic
ones do (shapes.py); the shifts are those at which the mean of x is 0 for each size, in town and in the country.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from incomesim.population.rank_tables import BIN_WIDTH, BINS, FIRST_NODE, borrow, shares_at_nodes
from incomesim.population.synthesis import LAST_NODE, NODES

__all__ = ["COARSE_BINS", "SIZES", "coarse_bin_of", "find_shifts", "size_class"]

Reals = NDArray[np.float64]
Integers = NDArray[np.int64]

SIZES = 6
"""Sizes told apart; the last one is of as many persons or more."""

_COARSER = 8
COARSE_BINS = BINS // _COARSER
"""Bins of log market income per head by cell and size."""

_ROUNDS = 20
_LARGEST = 3.0  # shift


def size_class(persons: Reals) -> Integers:
    """Return 0, 1, ... for households of 1, 2, ... persons."""
    classes: Integers = np.minimum(persons, SIZES).astype(np.int64) - 1
    return classes


def coarse_bin_of(log_income: Reals) -> Integers:
    """Return the coarse bin of each log income."""
    bins: Integers = np.clip(np.floor(log_income / (BIN_WIDTH * _COARSER)), 0, COARSE_BINS - 1).astype(np.int64)
    return bins


def find_shifts(count: Integers) -> Reals:
    """Return the shifts, shape (residences, SIZES).

    `count` are households (regions, residences, groups, bands, SIZES, COARSE_BINS). A size that nobody has, in town or
    in the country, has no shift.
    """
    residences = count.shape[1]
    shape = (-1, *count.shape[-2:])
    sizes = count.sum(axis=-1)
    share = _middle_shares(count)
    nodes = np.linspace(FIRST_NODE, LAST_NODE, NODES)
    shift = np.zeros((residences, SIZES))
    for _ in range(_ROUNDS):
        tables = shares_at_nodes(sizes, shift)
        place = np.array([np.interp(own, table, nodes) for own, table in zip(share, tables, strict=True)])
        money = (count.reshape(shape) * place[:, None, :]).sum(axis=-1).reshape(sizes.shape)
        weight = sizes.sum(axis=(0, 2, 3))
        mean = np.divide(money.sum(axis=(0, 2, 3)), weight, out=np.zeros(shift.shape), where=weight > 0)
        step = np.where(weight > 0, mean - shift, 0.0)
        shift = np.clip(shift + step, -_LARGEST, _LARGEST)
    return shift


def _middle_shares(count: Integers) -> Reals:
    """Share of the cell's households below the middle of each coarse bin, (C, COARSE_BINS)."""
    by_bin = borrow(count.sum(axis=-2)).reshape(-1, count.shape[-1]).astype(np.float64)
    cumulative = np.cumsum(by_bin, axis=1)
    shares: Reals = (cumulative - 0.5 * by_bin) / cumulative[:, -1:]
    return shares
