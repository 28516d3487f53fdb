"""The Gini within and between groups, and what they overlap."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from incomesim.measures.ladder import middle_ranks
from incomesim.measures.ranked import Incomes, Ranked, UndefinedMeasure, weighted_sum
from incomesim.measures.subgroups import Label, subgroups

__all__ = ["GiniByGroup", "GiniByStratum", "decompose_gini", "stratify_gini"]

Reals = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class GiniByGroup:
    """within + between + overlap = the Gini of all.

    By group (groups,): `labels`, shares of `people` and `money`, `means`, and `within_of`, shares of people times
    shares of income times the Gini inside. By pair of groups (groups, groups), each pair in both places, each with
    half: `between_pairs` what the difference of means adds, `overlap_pairs` what is added by people of the group of
    lower mean who have more than people of the other.
    """

    labels: tuple[Label, ...]
    people: Reals
    money: Reals
    means: Reals
    within_of: Reals
    between_pairs: Reals
    overlap_pairs: Reals

    @property
    def within(self) -> float:
        """The part of groups alone."""
        return float(self.within_of.sum())

    @property
    def between(self) -> float:
        """The Gini there would be if everybody had the mean of the group; Dagum's net between."""
        return float(self.between_pairs.sum())

    @property
    def overlap(self) -> float:
        """The residual, 0 where no two groups overlap, never below; Dagum's transvariation."""
        return float(self.overlap_pairs.sum())

    @property
    def distances(self) -> Reals:
        """Dagum's relative economic affluence (groups, groups): 1 where a pair does not overlap, 0 where means are one.

        Raises UndefinedMeasure where two groups have the same single income.
        """
        gross = self.between_pairs + self.overlap_pairs
        np.fill_diagonal(gross, 1.0)
        if not (gross > 0.0).all():
            raise UndefinedMeasure("everybody in two of the groups has the same income; they have no distance")
        return self.between_pairs / gross


def decompose_gini(income: Incomes, group: ArrayLike, weight: ArrayLike | None = None) -> GiniByGroup:
    """Return the Gini within and between groups, with the overlap as residual, and pair by pair.

    `group` (n,) holds labels of any kind. Raises UndefinedMeasure where the mean of all is not above 0; a group may
    have any mean. Sources: Bhattacharya & Mahalanobis (1967), Journal of the American Statistical Association
    62(317); Pyatt (1976), Economic Journal 86(342); by pairs Dagum (1997), Empirical Economics 22(4).
    """
    people = subgroups(income, group, weight)
    shares, means, mean = people.people, people.means, people.whole.positive_mean
    gross = np.array([[_mean_difference(one, other) for other in people.parts] for one in people.parts])
    pairs = np.outer(shares, shares) / (2.0 * mean)
    between = pairs * np.abs(means[:, None] - means[None, :])
    overlap = np.maximum(pairs * gross - between, 0.0)
    np.fill_diagonal(overlap, 0.0)
    return GiniByGroup(people.labels, shares, people.money, means, np.diagonal(pairs * gross).copy(), between, overlap)


def _mean_difference(one: Ranked, other: Ranked) -> float:
    """Return the mean absolute difference between somebody of one group and somebody of the other."""
    row = np.searchsorted(other.income, one.income, side="right")
    below, money_below = np.append(0.0, other.weight_below)[row], np.append(0.0, other.money_below)[row]
    signed = one.income * (2.0 * below - other.total_weight) + other.total_money - 2.0 * money_below
    return weighted_sum(signed, one.weight) / (one.total_weight * other.total_weight)


@dataclass(frozen=True, eq=False)
class GiniByStratum:
    """within + between = the Gini of all, without residual: overlapping is in the groups' parts.

    By group (groups,): `labels`, shares of `people` and `money`, `means`, mean `ranks` among all (0 to 1), and
    `within_of`, shares of income times overlapping times the Gini inside; `inside_of` is the same without overlapping.
    """

    labels: tuple[Label, ...]
    people: Reals
    money: Reals
    means: Reals
    ranks: Reals
    within_of: Reals
    inside_of: Reals
    between: float

    @property
    def within(self) -> float:
        """The part of the groups with their overlapping."""
        return float(self.within_of.sum())

    @property
    def overlapping(self) -> Reals:
        """How far others fall into the range of each group (groups,): its share of people alone, up to 2.

        Raises UndefinedMeasure for a group in which all have the same income.
        """
        for label, inside in zip(self.labels, self.inside_of, strict=True):
            if inside == 0.0:
                raise UndefinedMeasure(f"everybody in {label} has the same income, so there is no range to fall into")
        return self.within_of / self.inside_of


def stratify_gini(income: Incomes, group: ArrayLike, weight: ArrayLike | None = None) -> GiniByStratum:
    """Return the Gini by groups as strata: the sum of share of income, overlapping and Gini inside, and between.

    Between is twice the covariance of the groups' means and mean ranks over the mean: at most the Gini of the means,
    and below 0 where groups of higher mean rank lower. Raises UndefinedMeasure where the mean of all is not above 0.
    Source: Yitzhaki & Lerman (1991), Review of Income and Wealth 37(3).
    """
    people = subgroups(income, group, weight)
    mean, shares, means = people.whole.positive_mean, people.people, people.means
    among_all = np.empty(people.whole.rows)
    among_all[people.whole.order] = middle_ranks(people.whole.income, people.whole.weight)
    ranks = np.array([weighted_sum(among_all[part.order], part.weight) / part.total_weight for part in people.parts])
    within = shares * 2.0 / mean * [_covariance(part, among_all[part.order]) for part in people.parts]
    alone = [_covariance(part, middle_ranks(part.income, part.weight)) for part in people.parts]
    inside = shares * 2.0 / mean * alone
    between = 2.0 / mean * float(np.dot(shares, (means - mean) * (ranks - 0.5)))
    return GiniByStratum(people.labels, shares, people.money, means, ranks, within, inside, between)


def _covariance(part: Ranked, ranks: Reals) -> float:
    if part.income[0] == part.income[-1]:
        return 0.0
    centred = part.income - part.total_money / part.total_weight
    return weighted_sum(centred, part.weight * ranks) / part.total_weight
