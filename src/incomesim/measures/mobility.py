"""Who changes place."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from incomesim.measures.bounded import Bounded
from incomesim.measures.ranked import Incomes, UndefinedMeasure, ranked

__all__ = ["quantile_groups", "transition_matrix", "transitions_from_bins"]


def quantile_groups(income: Incomes, weight: ArrayLike | None = None, number: int = 5) -> NDArray[np.int64]:
    """Return for each row which of `number` equal groups of people it belongs to, 0 the poorest.

    By the weighted rank of the row's middle; equal incomes are divided in the order of the rows. Rows of
    weight 0 get -1.
    """
    people = ranked(income, weight)
    middle = (people.weight_below - 0.5 * people.weight) / people.total_weight
    groups = np.full(people.rows, -1)
    groups[people.order] = np.minimum((middle * number).astype(np.int64), number - 1)
    return groups


def transition_matrix(
    origin: ArrayLike, destination: ArrayLike, weight: ArrayLike | None = None, number: int = 5
) -> NDArray[np.float64]:
    """Return the shares (number, number) of people of each group of origin in each group of destination.

    Rows add up to 1. Raises UndefinedMeasure where a group of origin is empty.
    """
    start, end = np.asarray(origin), np.asarray(destination)
    weights = np.ones(len(start)) if weight is None else np.asarray(weight, np.float64)
    counts = np.bincount(start * number + end, weights, number * number).reshape(number, number)
    totals = counts.sum(axis=1, keepdims=True)
    if (totals <= 0.0).any():
        raise UndefinedMeasure(f"nobody starts in group {int(np.argmin(totals))}")
    shares: NDArray[np.float64] = counts / totals
    return shares


def transitions_from_bins(joint: ArrayLike, number: int = 5) -> list[list[Bounded]]:
    """Return the transition matrix between `number` equal groups of people who are counted in bins.

    `joint` (J, J) holds the people by bin of origin and bin of destination, both rising in income. Where
    a group ends inside a bin, as many of the bin belong to it as it lacks; the bounds hold whoever they are.
    """
    people = np.asarray(joint, np.float64)
    total = people.sum()
    if total <= 0.0:
        raise UndefinedMeasure("there is nobody in the table")
    start, end = _memberships(people.sum(axis=1), number), _memberships(people.sum(axis=0), number)
    value, low, high = (a.T @ people @ b * (number / total) for a, b in zip(start, end, strict=True))
    for i in np.flatnonzero((start[0] > 0.0).sum(axis=1) > 1):  # both divided: the lower here are the lower there
        for j in np.flatnonzero((end[0] > 0.0).sum(axis=1) > 1):
            a, b = np.append(0.0, np.cumsum(start[0][i])), np.append(0.0, np.cumsum(end[0][j]))
            both = np.minimum(a[1:, None], b[None, 1:]) - np.maximum(a[:-1, None], b[None, :-1])
            value += (np.maximum(both, 0.0) - np.outer(start[0][i], end[0][j])) * (people[i, j] * number / total)
    return [
        [Bounded(*map(float, (value[i, j], low[i, j], min(high[i, j], 1.0)))) for j in range(number)]
        for i in range(number)
    ]


def _memberships(people: NDArray[np.float64], number: int) -> tuple[NDArray[np.float64], ...]:
    """Share of each bin that belongs to each group (J, number): as it comes, at least, at most."""
    above = np.cumsum(people) * (number / people.sum())
    below = above - people * (number / people.sum())
    groups = np.arange(number)
    inside = np.clip(np.minimum(above[:, None], groups + 1) - np.maximum(below[:, None], groups), 0.0, None)
    width = (above - below)[:, None]
    share = np.divide(inside, width, out=np.zeros_like(inside), where=width > 0.0)
    slack = 1e-9
    return share, (share > 1.0 - slack).astype(np.float64), (share > slack).astype(np.float64)
