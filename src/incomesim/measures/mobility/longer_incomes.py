"""Mobility as what several periods together do to inequality: changes of place make longer incomes more equal."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from numpy.typing import ArrayLike

from incomesim.measures.columns import over_time
from incomesim.measures.ranked import Incomes, UndefinedMeasure, rank

__all__ = ["chakravarty_dutta_weymark", "fields_equaliser", "shorrocks_rigidity"]

Measure = Callable[[Incomes], float]


def shorrocks_rigidity(measure: Measure, periods: Sequence[ArrayLike], weight: ArrayLike | None = None) -> float:
    """Return the inequality of incomes of all periods together over the mean inequality of single periods.

    `periods` are incomes (n,) of the same people; `measure` is a relative measure of inequality, `gini` or
    `partial(ge, alpha=0)`; periods weigh by their income. 1 where relative incomes never change, at least 0 and at
    most 1 for convex measures; 1 less it is Shorrocks' mobility. Raises UndefinedMeasure where all periods are equal.
    Source: Shorrocks (1978), Journal of Economic Theory 19(2).
    """
    incomes, weights = over_time(periods, weight)
    money = [float((weights * row).sum()) for row in incomes]
    whole = measure(rank(incomes.sum(axis=0), weights))
    single = sum(share * measure(rank(row, weights)) for share, row in zip(money, incomes, strict=True)) / sum(money)
    if not single > 0.0:
        raise UndefinedMeasure("incomes are equal in every period, so there is nothing that could be rigid")
    return whole / single


def fields_equaliser(measure: Measure, periods: Sequence[ArrayLike], weight: ArrayLike | None = None) -> float:
    """Return by how much, relatively, incomes of all periods are more equal than those of the first.

    `periods` are incomes (n,) of the same people, `measure` is a relative measure of inequality. Above 0 where
    mobility made longer incomes more equal, below where less, 0 where relative incomes never change, at most 1.
    Raises UndefinedMeasure where all incomes of the first period are equal. Source: Fields (2010), Journal of
    Economic Inequality 8(4).
    """
    incomes, weights = over_time(periods, weight)
    first = measure(rank(incomes[0], weights))
    if not first > 0.0:
        raise UndefinedMeasure("incomes of the first period are equal; nothing can make them more equal")
    return 1.0 - measure(rank(incomes.sum(axis=0), weights)) / first


def chakravarty_dutta_weymark(measure: Measure, periods: Sequence[ArrayLike], weight: ArrayLike | None = None) -> float:
    """Return the relative gain of equality, 1 - inequality, of all periods together over the first period for ever.

    `periods` are incomes (n,) of the same people, `measure` is a relative measure of inequality between 0 and 1.
    Above 0 where mobility is socially desirable, 0 where relative incomes never change. Raises UndefinedMeasure
    where inequality of the first period is 1 or more. Source: Chakravarty, Dutta & Weymark (1985), Social Choice and
    Welfare 2(1).
    """
    incomes, weights = over_time(periods, weight)
    equality = 1.0 - measure(rank(incomes[0], weights))
    if not equality > 0.0:
        raise UndefinedMeasure(f"inequality of the first period is {1.0 - equality:g}; it must be below 1")
    return (1.0 - measure(rank(incomes.sum(axis=0), weights))) / equality - 1.0
