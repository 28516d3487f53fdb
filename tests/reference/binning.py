"""Incomes into bins, the slow way: the twin of what the kernel counts, in NumPy."""

from __future__ import annotations

import numpy as np

from incomesim import measures
from incomesim.kernel.bins import NOTHING, bin_edges


def settle(income):
    """Incomes as the kernel counts them: less than half a fen either way is nothing."""
    income = np.asarray(income, float)
    return np.where(np.abs(income) < NOTHING, 0.0, income)


def find_bins(income, fineness):
    """The bin of each income, from the edges."""
    low, high = bin_edges(fineness)
    bins = np.searchsorted(high, settle(income))
    assert (low[bins] <= settle(income)).all()
    return bins


def count(income, weight, fineness):
    """Weight and money by bin (H, 2)."""
    bins, number = find_bins(income, fineness), len(bin_edges(fineness)[0])
    return np.column_stack([np.bincount(bins, values, number) for values in (weight, weight * settle(income))])


def put_into_bins(income, weight, fineness):
    low, high = bin_edges(fineness)
    counts = count(income, weight, fineness)
    there = counts[:, 0] > 0
    return measures.binned(low[there], high[there], *counts[there].T)
