"""Who gains and who loses by a change of the same people's incomes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from incomesim.measures.columns import columns
from incomesim.measures.ranked import UndefinedMeasure, rank, weighted_sum
from incomesim.measures.reading import numbers, same_rows
from incomesim.measures.subgroups import Label, subgroups

__all__ = ["Winners", "WinnersByGroup", "winners", "winners_by_group"]

Reals = NDArray[np.float64]


@dataclass(frozen=True)
class Winners:
    """Shares of people who gain and lose, and what they gain and lose per head of all people, in the unit of income.

    Both amounts are not negative; `gained` - `lost` is the change of the mean.
    """

    gainers: float
    losers: float
    gained: float
    lost: float

    @property
    def unchanged(self) -> float:
        """The share of people who neither gain nor lose."""
        return max(1.0 - self.gainers - self.losers, 0.0)

    @property
    def mean_gain(self) -> float:
        """What a gainer gains. Raises UndefinedMeasure where nobody gains."""
        if self.gainers == 0.0:
            raise UndefinedMeasure("nobody gains, so there is no mean gain")
        return self.gained / self.gainers

    @property
    def mean_loss(self) -> float:
        """What a loser loses, above 0. Raises UndefinedMeasure where nobody loses."""
        if self.losers == 0.0:
            raise UndefinedMeasure("nobody loses, so there is no mean loss")
        return self.lost / self.losers


@dataclass(frozen=True, eq=False)
class WinnersByGroup:
    """Gainers and losers in each group: `labels`, shares of `people` (groups,) and `winners`."""

    labels: tuple[Label, ...]
    people: Reals
    winners: tuple[Winners, ...]


def winners(before: ArrayLike, after: ArrayLike, weight: ArrayLike | None = None, *, threshold: float = 0.0) -> Winners:
    """Return the shares of gainers and losers among people, and what they gain and lose.

    `before` and `after` (n,) are incomes of the same people; a change of at most `threshold`, in the unit of incomes,
    is none. Raises UndefinedMeasure for a threshold below 0.
    """
    weights, old, new = columns(weight, before=before, after=after)
    return _count(new - old, weights, _checked(threshold))


def winners_by_group(
    before: ArrayLike,
    after: ArrayLike,
    group: ArrayLike,
    weight: ArrayLike | None = None,
    *,
    threshold: float = 0.0,
) -> WinnersByGroup:
    """Return gainers and losers in each group; with `quantile_groups(before, weight)` by origin.

    `group` (n,) holds labels of any kind; rows of weight 0 do not count. Raises UndefinedMeasure as `winners` does.
    """
    same_rows(before=before, after=after, group=group, weight=weight)
    columns(weight, before=before, after=after)
    people = subgroups(rank(numbers("after", after) - numbers("before", before), weight), group)
    limit = _checked(threshold)
    counts = tuple(_count(part.income, part.weight, limit) for part in people.parts)
    return WinnersByGroup(people.labels, people.people, counts)


def _checked(threshold: float) -> float:
    if not threshold >= 0.0:
        raise UndefinedMeasure(f"found threshold {threshold:g}, expected 0 or more")
    return threshold


def _count(change: Reals, weight: Reals, threshold: float) -> Winners:
    total = float(weight.sum())
    up, down = weight * (change > threshold), weight * (change < -threshold)
    return Winners(
        float(up.sum()) / total,
        float(down.sum()) / total,
        weighted_sum(change, up) / total,
        weighted_sum(-change, down) / total,
    )
