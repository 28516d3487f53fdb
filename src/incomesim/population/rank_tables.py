"""Quantile tables of cells from counts of observed incomes, and the ranks of incomes in them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from incomesim.population.synthesis import FIRST_NODE, LAST_NODE, NODES

__all__ = [
    "BINS",
    "BIN_WIDTH",
    "FIRST_NODE",
    "NODES_PER_UNIT",
    "bin_of",
    "borrow",
    "edges_in_tables",
    "place_in_table",
    "quantile_tables",
    "shares_at_nodes",
]

Reals = NDArray[np.float64]
Integers = NDArray[np.int64]

BIN_WIDTH = 2.0**-7
"""Of log income: 0.8 % of it."""

BINS = 19 * 128
"""From 1 yuan to 178 million."""

NODES_PER_UNIT = (NODES - 1) / (LAST_NODE - FIRST_NODE)
_NODES = np.linspace(FIRST_NODE, LAST_NODE, NODES)
_EDGES = np.arange(BINS + 1) * BIN_WIDTH
_FARTHEST = 8.0  # rank: where low and high are 0 or 1 to the last bit
_LEAST_RISE = 2.0**-30  # from node to node, where many households have the same income


def bin_of(log_income: Reals) -> Integers:
    """Return the bin of each log income; what lies outside is counted in the outermost."""
    bins: Integers = np.clip(np.floor(log_income / BIN_WIDTH), 0, BINS - 1).astype(np.int64)
    return bins


def quantile_tables(count: Integers, shares: Reals) -> Reals:
    """Return log income (C, NODES) at the nodes, strictly rising, from the weight in each bin.

    `count` has the shape (regions, residences, groups, bands, BINS); a cell that nobody lives in borrows. `shares`
    (C, NODES) are those of a cell's households that stand below each node of the latent scale.
    """
    tables = np.empty((int(np.prod(count.shape[:-1])), NODES))
    for cell, weight in enumerate(borrow(count).reshape(-1, BINS)):
        below = np.concatenate([[0], np.cumsum(weight)])
        tables[cell] = np.interp(shares[cell], below / below[-1], _EDGES)
    return tables + _LEAST_RISE * np.arange(NODES)


def shares_at_nodes(sizes: Integers, shift: Reals) -> Reals:
    """Return the share of each cell's households below each node, (C, NODES): x + shift(size), x a standard normal.

    `sizes` (regions, residences, groups, bands, S) are households by size, `shift` (residences, S).
    """
    from scipy.special import ndtr

    by_size = borrow(sizes).astype(np.float64)
    by_size /= by_size.sum(axis=-1, keepdims=True)
    below = ndtr(_NODES[:, None] - shift[:, None, :])  # (residences, NODES, S)
    shares: Reals = np.einsum("prgbs,rns->prgbn", by_size, below).reshape(-1, NODES)
    return shares


def borrow(count: Integers) -> Integers:
    """Return counts (regions, residences, groups, bands, ...) in which no cell is left empty: people may move there.

    A cell that nobody lives in gets the sum of its residence, group and band over all regions; where nobody lives
    there either, that of the residence and group, then that of the residence, then that of everybody.
    """
    for over in ((0,), (0, 3), (0, 2, 3), (0, 1, 2, 3)):
        inhabited = count.any(axis=-1, keepdims=True)
        if inhabited.all():
            break
        count = np.where(inhabited, count, count.sum(axis=over, keepdims=True))
    return count


def edges_in_tables(tables: Reals) -> Reals:
    """Return where each edge of a bin stands on the latent scale of each cell, by its table; (C, BINS + 1)."""
    return np.array([np.interp(_EDGES, table, _NODES) for table in tables])


def place_in_table(
    log_income: Reals, cell: Integers, shift: Reals, luck: Reals, tables: Reals, edges: Reals
) -> tuple[Reals, Reals]:
    """Return the ranks, standard normals, and what the tables leave of log income; shape (n,).

    The rank is one of those at which the table of the cell, read at rank + shift, is in the bin of the income: the
    one that `luck` in (0, 1) picks. So many households of the same income, those of 0 above all, spread over the
    ranks that are theirs, and the table leaves less than the width of a bin where it holds the income at all.
    """
    from scipy.special import ndtr, ndtri

    bins = bin_of(log_income)
    low, high = ndtr(edges[cell, bins] - shift), ndtr(edges[cell, bins + 1] - shift)
    rank = np.clip(ndtri(low + luck * (high - low)), -_FARTHEST, _FARTHEST)
    position = (rank + shift - FIRST_NODE) * NODES_PER_UNIT
    node = np.clip(np.floor(position), 0, NODES - 2).astype(np.int64)
    at_node = tables[cell, node]
    read = at_node + (position - node) * (tables[cell, node + 1] - at_node)
    return rank, log_income - read
