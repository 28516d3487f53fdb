"""What each source of income adds to inequality: wages, property, transfers, taxes as what is taken."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from incomesim.measures.columns import NamedColumns, named_columns, positive_mean
from incomesim.measures.ladder import rank_covariance
from incomesim.measures.ranked import UndefinedMeasure, weighted_sum

__all__ = ["GiniBySource", "VariationBySource", "decompose_gini_by_source", "decompose_variation_by_source"]

Reals = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class GiniBySource:
    """The parts add up to the Gini of all income, and the shares to 1; arrays have shape (sources,).

    `part_of` is share times Gini times Gini correlation of each source, below 0 where it makes incomes more equal;
    `alone_of` is share times Gini: what it would be if the source ranked people as all income does.
    """

    sources: tuple[str, ...]
    share_of: Reals
    alone_of: Reals
    part_of: Reals

    @property
    def total(self) -> float:
        """The Gini of all income."""
        return float(self.part_of.sum())

    @property
    def gini_of(self) -> Reals:
        """The Gini of each source (sources,), below 0 for what is taken. Raises UndefinedMeasure for a mean of 0."""
        return self._over(self.alone_of, self.share_of, "has a mean of 0")

    @property
    def correlation_of(self) -> Reals:
        """The Gini correlation of each source with all income (sources,), between -1 and 1.

        Raises UndefinedMeasure for a source of which all have the same.
        """
        return self._over(self.part_of, self.alone_of, "is the same for all")

    @property
    def elasticity_of(self) -> Reals:
        """The relative change of the Gini (sources,) when a source grows by a small part of itself; they sum to 0.

        Raises UndefinedMeasure where all incomes are equal.
        """
        if not self.total > 0.0:
            raise UndefinedMeasure("all incomes are equal, so the Gini has no relative change")
        return self.part_of / self.total - self.share_of

    def _over(self, value: Reals, divisor: Reals, reason: str) -> Reals:
        for source, number in zip(self.sources, divisor, strict=True):
            if number == 0.0:
                raise UndefinedMeasure(f"the source {source} {reason}")
        return value / divisor


def decompose_gini_by_source(sources: NamedColumns, weight: ArrayLike | None = None) -> GiniBySource:
    """Return the Gini of the sum of sources as the sum of share times Gini times Gini correlation of each.

    `sources` are columns (n,) by name, of either sign; their sum is the income. Raises UndefinedMeasure where the mean
    income is not above 0. Sources: Fei, Ranis & Kuo (1978), Quarterly Journal of Economics 92(1); Lerman &
    Yitzhaki (1985), Review of Economics and Statistics 67(1).
    """
    names, rows, weights = named_columns(sources, weight)
    income = rows.sum(axis=0)
    mean = positive_mean(income, weights)
    means = [weighted_sum(row, weights) / weights.sum() for row in rows]
    own = [2.0 * rank_covariance(row, row, weights) / mean for row in rows]
    joint = [2.0 * rank_covariance(row, income, weights) / mean for row in rows]
    return GiniBySource(names, np.array(means) / mean, np.array(own), np.array(joint))


@dataclass(frozen=True, eq=False)
class VariationBySource:
    """The parts (sources,) add up to the squared coefficient of variation of all income."""

    sources: tuple[str, ...]
    part_of: Reals

    @property
    def total(self) -> float:
        """The squared coefficient of variation."""
        return float(self.part_of.sum())

    @property
    def share_of(self) -> Reals:
        """Shares in inequality (sources,), below 0 for what makes incomes more equal; they add up to 1.

        Raises UndefinedMeasure where all incomes are equal.
        """
        if not self.total > 0.0:
            raise UndefinedMeasure("all incomes are equal, so no source has a share in inequality")
        return self.part_of / self.total


def decompose_variation_by_source(sources: NamedColumns, weight: ArrayLike | None = None) -> VariationBySource:
    """Return the squared coefficient of variation by source: the covariance with all income over the squared mean.

    The shares are the natural ones of the variance, and by Shorrocks' axioms those of every inequality measure.
    `sources` are columns (n,) by name; their sum is the income. Raises UndefinedMeasure where the mean income is
    not above 0. Source: Shorrocks (1982), Econometrica 50(1).
    """
    names, rows, weights = named_columns(sources, weight)
    income = rows.sum(axis=0)
    mean = positive_mean(income, weights)
    total = weights.sum()
    parts = [weighted_sum(row - weighted_sum(row, weights) / total, weights * (income - mean)) for row in rows]
    return VariationBySource(names, np.array(parts) / (total * mean * mean))
