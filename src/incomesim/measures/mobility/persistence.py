"""How far income tells income: of the same people later, or of parents and children."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from incomesim.measures.columns import columns
from incomesim.measures.ladder import middle_ranks
from incomesim.measures.ranked import UndefinedMeasure, weighted_sum

__all__ = [
    "elasticity_of_income",
    "hart",
    "rank_rank_slope",
    "spearman",
    "upward_rank_mobility",
]

Reals = NDArray[np.float64]


def hart(before: ArrayLike, after: ArrayLike, weight: ArrayLike | None = None) -> float:
    """Return Hart's index of mobility: 1 less the correlation of log incomes.

    0 where log incomes keep their order and distances, 1 where they are not related, up to 2. Raises UndefinedMeasure
    unless all incomes are above 0 and differ. Source: Hart (1981), Economic Journal 91(361).
    """
    weights, old, new = _logs(before, after, weight)
    return 1.0 - _correlation(old, new, weights)


def elasticity_of_income(before: ArrayLike, after: ArrayLike, weight: ArrayLike | None = None) -> float:
    """Return the slope of log income after on log income before: the intergenerational elasticity of parents' income.

    0 where incomes before tell nothing, 1 where differences stay as they are. Raises UndefinedMeasure unless all
    incomes are above 0 and those before differ. Source: Solon (1992), American Economic Review 82(3).
    """
    weights, old, new = _logs(before, after, weight)
    return _slope(old, new, weights)


def rank_rank_slope(before: ArrayLike, after: ArrayLike, weight: ArrayLike | None = None) -> float:
    """Return the slope of the rank after on the rank before, each among all people of that time; equals share a rank.

    1 where all keep their rank, 0 where ranks before tell nothing, at least -1 where no incomes are equal. Raises
    UndefinedMeasure where all incomes before are equal. Sources: Dahl & DeLeire (2008); Chetty, Hendren, Kline & Saez
    (2014), Quarterly Journal of Economics 129(4).
    """
    weights, old, new = columns(weight, before=before, after=after)
    return _slope(middle_ranks(old, weights), middle_ranks(new, weights), weights)


def spearman(before: ArrayLike, after: ArrayLike, weight: ArrayLike | None = None) -> float:
    """Return the correlation of ranks before and after, between -1 and 1; people of equal income share a rank.

    Raises UndefinedMeasure where all incomes on one side are equal. Source: Spearman (1904), American Journal of
    Psychology 15(1).
    """
    weights, old, new = columns(weight, before=before, after=after)
    return _correlation(middle_ranks(old, weights), middle_ranks(new, weights), weights)


def upward_rank_mobility(
    before: ArrayLike,
    after: ArrayLike,
    weight: ArrayLike | None = None,
    *,
    lower: float,
    upper: float,
    by: float,
) -> float:
    """Return the share of people with ranks before from `lower` up to `upper` whose rank rose by more than `by`.

    Ranks run from 0 to 1 and equals share one; between 0 and 1. Raises UndefinedMeasure where nobody starts there.
    Source: Bhattacharya & Mazumder (2011), Quantitative Economics 2(3).
    """
    weights, old, new = columns(weight, before=before, after=after)
    start, end = middle_ranks(old, weights), middle_ranks(new, weights)
    there = weights * ((start >= lower) & (start <= upper))
    if there.sum() == 0.0:
        raise UndefinedMeasure(f"nobody has a rank before from {lower:g} to {upper:g}")
    return weighted_sum((end - start > by).astype(np.float64), there) / float(there.sum())


def _logs(before: ArrayLike, after: ArrayLike, weight: ArrayLike | None) -> tuple[Reals, Reals, Reals]:
    weights, old, new = columns(weight, before=before, after=after)
    lowest = min(old.min(), new.min())
    if lowest <= 0.0:
        raise UndefinedMeasure(f"logs need incomes above 0; the lowest is {lowest:g}")
    return weights, np.log(old), np.log(new)


def _centred(values: Reals, weight: Reals) -> Reals:
    if values.min() == values.max():
        raise UndefinedMeasure("all are equal on one side, so they tell nothing of the other")
    return np.asarray(values - weighted_sum(values, weight) / weight.sum())


def _correlation(one: Reals, other: Reals, weight: Reals) -> float:
    a, b = _centred(one, weight), _centred(other, weight)
    return weighted_sum(a * b, weight) / float(np.sqrt(weighted_sum(a * a, weight) * weighted_sum(b * b, weight)))


def _slope(cause: Reals, effect: Reals, weight: Reals) -> float:
    a = _centred(cause, weight)
    return weighted_sum(a * effect, weight) / weighted_sum(a * a, weight)
