"""Who changes place."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from incomesim.measures.bounded import Bounded
from incomesim.measures.columns import columns
from incomesim.measures.domain import at_least
from incomesim.measures.ladder import middle_ranks
from incomesim.measures.ranked import Incomes, UndefinedMeasure, ranked

__all__ = ["quantile_groups", "transition_matrix", "transitions_from_bins"]

Reals = NDArray[np.float64]

_SAME = 1e-9  # parts of a bin nearer to none or to all than this are that


def quantile_groups(income: Incomes, weight: ArrayLike | None = None, *, number: int = 5) -> NDArray[np.int64]:
    """Return for each row which of `number` equal groups of people it belongs to, 0 the poorest.

    By the middle of the ranks of all people with the same income, so equals are in one group and groups are not quite
    equal where many are. Rows of weight 0 get -1.
    """
    at_least(1, "number", number)
    people = ranked(income, weight)
    middle = middle_ranks(people.income, people.weight)
    groups = np.full(people.rows, -1)
    groups[people.order] = np.minimum((middle * number).astype(np.int64), number - 1)
    return groups


def transition_matrix(
    origin: ArrayLike, destination: ArrayLike, weight: ArrayLike | None = None, *, number: int = 5
) -> NDArray[np.float64]:
    """Return the shares (number, number) of people of each group of origin in each group of destination.

    Groups are 0 .. number-1, as of `quantile_groups`; rows of weight 0 do not count. Rows of the matrix add up to 1.
    Raises UndefinedMeasure where a group of origin is empty or somebody is in no group.
    """
    at_least(1, "number", number)
    weights, *groups = columns(weight, origin=origin, destination=destination)
    for name, codes in zip(("origin", "destination"), groups, strict=True):
        if not np.isin(codes, np.arange(number)).all():
            raise UndefinedMeasure(
                f"found groups of {name} from {codes.min():g} to {codes.max():g}, expected 0, 1, ..., {number - 1}"
            )
    start, end = (codes.astype(np.int64) for codes in groups)
    counts = np.bincount(start * number + end, weights, number * number).reshape(number, number)
    totals = counts.sum(axis=1, keepdims=True)
    if (totals <= 0.0).any():
        raise UndefinedMeasure(f"nobody starts in group {int(np.argmin(totals))}")
    shares: NDArray[np.float64] = counts / totals
    return shares


def transitions_from_bins(joint: ArrayLike, *, number: int = 5) -> list[list[Bounded]]:
    """Return the transition matrix between `number` equal groups of people who are counted in bins.

    `joint` (J, J) holds the people by bin of origin and bin of destination, both rising in income. Where
    a group ends inside a bin, as many of the bin belong to it as it lacks; the bounds hold whoever they are.
    """
    people = np.asarray(joint, np.float64)
    total = people.sum()
    if total <= 0.0:
        raise UndefinedMeasure("there is nobody in the table")
    people = people * (number / total)  # now each group has one
    start, end = _memberships(people.sum(axis=1), number), _memberships(people.sum(axis=0), number)
    value = start.part.T @ people @ end.part + _lower_to_lower(people, start, end)
    low, high = _narrow(*_extremes(people, start, end))
    value = np.clip(value, low, high)
    return [[Bounded(*map(float, (value[i, j], low[i, j], high[i, j]))) for j in range(number)] for i in range(number)]


@dataclass(frozen=True, eq=False)
class _Membership:
    """Bins (J) and equal groups: the part (J, groups) of a bin in a group, and whether that is all, or some, of it."""

    part: Reals
    all: NDArray[np.bool_]
    some: NDArray[np.bool_]


def _memberships(people: Reals, number: int) -> _Membership:
    above = np.cumsum(people)
    below = above - people
    groups = np.arange(number)
    inside = np.clip(np.minimum(above[:, None], groups + 1) - np.maximum(below[:, None], groups), 0.0, None)
    part = np.divide(inside, people[:, None], out=np.zeros_like(inside), where=people[:, None] > 0.0)
    whole = part > 1.0 - _SAME
    return _Membership(part, whole, (part > _SAME) & ~whole)


def _lower_to_lower(people: Reals, start: _Membership, end: _Membership) -> Reals:
    """What the estimate changes where both bins are divided: the lower of one are taken for the lower of the other."""
    change = np.zeros((start.part.shape[1], end.part.shape[1]))
    for i in np.flatnonzero(start.some.any(axis=1)):
        for j in np.flatnonzero(end.some.any(axis=1)):
            a, b = np.append(0.0, np.cumsum(start.part[i])), np.append(0.0, np.cumsum(end.part[j]))
            both = np.minimum(a[1:, None], b[None, 1:]) - np.maximum(a[:-1, None], b[None, :-1])
            change += (np.maximum(both, 0.0) - np.outer(start.part[i], end.part[j])) * people[i, j]
    return change


def _extremes(people: Reals, start: _Membership, end: _Membership) -> tuple[Reals, Reals]:
    """Fewest and most people of each group in each group, by what is known of each divided bin alone."""
    certain = start.all.T @ people @ end.all
    by_origin = _of_divided(start, people.sum(axis=1), people @ end.all, people @ (end.all | end.some))
    from_whole = people.T @ start.all
    by_destination = _of_divided(end, people.sum(axis=0), from_whole, from_whole)
    low, high = (certain + a + b.T for a, b in zip(by_origin, by_destination, strict=True))
    return low, high


def _of_divided(side: _Membership, size: Reals, sure: Reals, possible: Reals) -> tuple[Reals, Reals]:
    """Fewest and most of those in a divided bin inside a group who are among the `sure`, `possible` (J, groups)."""
    bins = np.flatnonzero(side.some.any(axis=1))
    inside = side.part[bins] * size[bins, None]
    outside = size[bins, None] - inside
    fewest = np.maximum(sure[bins, None, :] - outside[:, :, None], 0.0)
    most = np.minimum(possible[bins, None, :], inside[:, :, None])
    some = side.some[bins, :, None]
    return (fewest * some).sum(axis=0), (most * some).sum(axis=0)


def _narrow(low: Reals, high: Reals) -> tuple[Reals, Reals]:
    """Rows and columns add up to 1, so each share is bounded by what is known of the others."""
    for axis in (0, 1):
        least, most = low.sum(axis=axis, keepdims=True) - low, high.sum(axis=axis, keepdims=True) - high
        low, high = np.maximum(low, 1.0 - most), np.minimum(high, 1.0 - least)
    return low, high
