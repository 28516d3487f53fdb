"""Growth along the distribution: of places, whoever stands there, or of the people who stood there before."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from incomesim.measures.columns import columns
from incomesim.measures.curves import Curve, group_means
from incomesim.measures.decompositions.growth_and_redistribution import shapley_growth_redistribution
from incomesim.measures.domain import at_least
from incomesim.measures.ladder import ladder
from incomesim.measures.location import mean, mean_between_ranks
from incomesim.measures.poverty import fgt
from incomesim.measures.ranked import Incomes, Ranked, UndefinedMeasure, ranked

__all__ = [
    "growth_incidence",
    "growth_incidence_by_origin",
    "poverty_equivalent_growth",
    "pro_poor_growth",
    "shared_prosperity_premium",
]

Reals = NDArray[np.float64]


def growth_incidence(before: Incomes, after: Incomes, *, number: int = 100) -> Curve:
    """Return the anonymous growth incidence curve: middles p of `number` equal groups, and the growth of their means.

    Growth is relative: 0.05 is 5 % more. Groups are formed anew on either side, so people may differ; weights come
    with `rank(income, weight)`. Raises UndefinedMeasure where a mean before is not above 0. Source: Ravallion & Chen
    (2003), Economics Letters 78(1).
    """
    return _growth(group_means(before, number=number), group_means(after, number=number))


def growth_incidence_by_origin(
    before: ArrayLike, after: ArrayLike, weight: ArrayLike | None = None, *, number: int = 100
) -> Curve:
    """Return the growth incidence curve of people by origin: middles p of `number` equal groups, and their growth.

    Groups are formed by income before and followed: growth of the mean of the same people, relative. Who stands at
    the end of a group is divided, and people of equal income before share what they have after. Raises
    UndefinedMeasure where a mean before is not above 0. Sources: Grimm (2007), Journal of Economic Inequality 5(2);
    Bourguignon (2011), Journal of Economic Inequality 9(4).
    """
    weights, old, new = columns(weight, before=before, after=after)
    steps = ladder(old, weights)
    ranks = np.append(0.0, steps.top)
    at_least(1, "number", number)
    p = np.linspace(0.0, 1.0, number + 1)

    def means(amount: Reals) -> Reals:
        sums = np.append(0.0, np.cumsum(steps.sums(weights * amount)))
        return np.asarray(np.diff(np.interp(p, ranks, sums)) * number / weights.sum())

    return _growth(means(old), means(new))


def pro_poor_growth(before: Incomes, after: Incomes, *, line: float) -> float:
    """Return the rate of pro-poor growth: the mean of the growth incidence curve over ranks that were poor before.

    Relative, 0.05 is 5 %; weights come with `rank(income, weight)`. The integral over the quantile functions is exact.
    Raises UndefinedMeasure where nobody was poor or an income of the poor was not above 0. Source: Ravallion & Chen
    (2003), Economics Letters 78(1).
    """
    old, new = ranked(before), ranked(after)
    poor = fgt(old, line=line, order=0)
    if poor == 0.0:
        raise UndefinedMeasure(f"nobody was below the line of {line:g}")
    if old.income[0] <= 0.0:
        raise UndefinedMeasure(f"the lowest income before is {old.income[0]:g}; growth needs incomes above 0")
    steps, top = (side.share_below for side in (old, new))
    cuts = np.unique(np.concatenate([[0.0, poor], steps[steps < poor], top[top < poor]]))
    middle = 0.5 * (cuts[1:] + cuts[:-1])
    growth = _quantiles(new, middle) / _quantiles(old, middle) - 1.0
    return float(np.dot(np.diff(cuts), growth)) / poor


def poverty_equivalent_growth(measure: Callable[[Incomes], float], before: Incomes, after: Incomes) -> float:
    """Return the poverty-equivalent growth rate: growth of the mean that would do the same to poverty by itself.

    Log growth of the mean times the log change of poverty over that part of it which growth alone brings, between
    both distributions. Above the growth of the mean: pro-poor. `measure` takes incomes alone, as in `partial(fgt,
    line=1_000, order=1)`. Raises UndefinedMeasure where poverty is 0 on a side or does not depend on growth. Source:
    Kakwani & Son (2008), Review of Income and Wealth 54(4).
    """

    def log_poverty(people: Incomes) -> float:
        poverty = measure(people)
        if not poverty > 0.0:
            raise UndefinedMeasure(f"poverty is {poverty:g}; its relative change needs poverty above 0")
        return float(np.log(poverty))

    parts = shapley_growth_redistribution(log_poverty, before, after)
    if parts.growth == 0.0:
        raise UndefinedMeasure("growth alone does not change poverty here, so no growth is equivalent to its change")
    return float(np.log(mean(after) / mean(before))) * parts.change / parts.growth


def shared_prosperity_premium(before: Incomes, after: Incomes, *, bottom: float = 0.4) -> float:
    """Return the growth of the mean of the poorest `bottom` of people less that of all, relative: 0.01 is one point.

    Over the whole time between the two, not by year; groups are formed anew. Raises UndefinedMeasure where a mean
    before is not above 0. Source: World Bank (2016), Poverty and Shared Prosperity.
    """
    old = [mean_between_ranks(before, lower=0.0, upper=upper) for upper in (bottom, 1.0)]
    new = [mean_between_ranks(after, lower=0.0, upper=upper) for upper in (bottom, 1.0)]
    if not min(old) > 0.0:
        raise UndefinedMeasure(f"a mean before is {min(old):g}; growth needs one above 0")
    return new[0] / old[0] - new[1] / old[1]


def _growth(old: Reals, new: Reals) -> Curve:
    if old.min() <= 0.0:
        raise UndefinedMeasure(f"the lowest group has a mean of {old.min():g}; growth needs one above 0")
    return (np.arange(len(old)) + 0.5) / len(old), new / old - 1.0


def _quantiles(people: Ranked, p: Reals) -> Reals:
    row = np.searchsorted(people.weight_below, p * people.total_weight)
    return np.asarray(people.income[np.minimum(row, len(people.income) - 1)])
