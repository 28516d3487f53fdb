"""Poverty below a line: who has strictly less is poor."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from incomesim.measures.domain import above, need_no_losses, need_positive_incomes, one_line
from incomesim.measures.inequality import absolute_gini
from incomesim.measures.ranked import Incomes, Ranked, UndefinedMeasure, rank, ranked, weighted_sum

__all__ = ["chakravarty", "chu", "fgt", "poor_of", "sen", "sst", "watts"]


def fgt(
    income: Incomes, weight: ArrayLike | None = None, *, line: float, order: float, or_equal: bool = False
) -> float:
    """Return the poverty measure of Foster, Greer & Thorbecke (1984, Econometrica 52(3)).

    The mean over all people of ((line - y) / line) ** order for those strictly below the line and 0 for
    others. Order 0 is the share of the poor (headcount), 1 the poverty gap, 2 the squared gap, which
    weighs the poorest most. With `or_equal` those at the line are poor too, which changes order 0 only. Between 0 and 1
    for incomes that are not negative; negative incomes count with gaps above 1. Raises UndefinedMeasure
    for a line that is not above 0 or an order below 0.
    """
    one_line(line)
    if not 0.0 < line < np.inf or not 0.0 <= order < np.inf:
        raise UndefinedMeasure(
            f"found line {line:g} and order {order:g}, expected a line above 0 and an order 0, 1, 2, ..., both finite"
        )
    people = ranked(income, weight)
    if people.large and order in (0, 1, 2) and not or_equal:
        return people.shortfall(line)[int(order)]
    poor = int(np.searchsorted(people.income, line, side="right" if or_equal else "left"))
    if poor == 0:
        return 0.0
    if order == 0:
        return min(float(people.weight_below[poor - 1]) / people.total_weight, 1.0)
    gap = (line - people.income[:poor]) / line
    return weighted_sum(gap**order, people.weight[:poor]) / people.total_weight


def watts(income: Incomes, weight: ArrayLike | None = None, *, line: float) -> float:
    """Return the mean over all people of log(line / y) for the poor and 0 for others.

    Not negative, without upper limit. Raises UndefinedMeasure where the poor have incomes that are not above 0, and for
    a line that is not. Source: Watts (1968), An Economic Definition of Poverty; Zheng (1993), Economics
    Letters 42(1).
    """
    people, poor = poor_of(income, weight, line)
    need_positive_among(people, poor, "the Watts index")
    return weighted_sum(-np.log(people.income[:poor] / line), people.weight[:poor]) / people.total_weight


def sen(income: Incomes, weight: ArrayLike | None = None, *, line: float) -> float:
    """Return Sen's index, H (I + (1 - I) G): headcount, mean relative gap and Gini coefficient of the poor.

    Between 0 and 1 for incomes that are not negative. The form for many people, as replication needs; that of 1976
    multiplies G by q / (q + 1) where q poor were counted. Raises UndefinedMeasure for a line that is not
    above 0. Source: Sen (1976), Econometrica 44(2).
    """
    people, poor = poor_of(income, weight, line)
    if poor == 0:
        return 0.0
    headcount = float(people.weight_below[poor - 1]) / people.total_weight
    among_poor = absolute_gini(rank(people.income[:poor], people.weight[:poor])) / line  # (1 - I) G, at any mean
    return fgt(people, line=line, order=1) + headcount * among_poor


def sst(income: Incomes, weight: ArrayLike | None = None, *, line: float) -> float:
    """Return the Sen-Shorrocks-Thon index: the mean over all people of 2 (1 - p) gap, the poorest at rank p = 0.

    Gaps are (line - y) / line of the poor and 0 of others, so it is the poverty gap times 1 + the Gini coefficient of
    gaps. Between 0 and 1 for incomes that are not negative. Raises UndefinedMeasure for a line that is
    not above 0. Source: Thon (1979), Review of Income and Wealth 25(4); Shorrocks (1995), Econometrica 63(5).
    """
    people, poor = poor_of(income, weight, line)
    middle = (people.weight_below[:poor] - 0.5 * people.weight[:poor]) / people.total_weight
    gap = (line - people.income[:poor]) / line
    return weighted_sum(gap * 2.0 * (1.0 - middle), people.weight[:poor]) / people.total_weight


def chakravarty(income: Incomes, weight: ArrayLike | None = None, *, line: float, order: float) -> float:
    """Return the mean over all people of 1 - (y / line) ** order for the poor and 0 for others.

    `order` lies above 0 and up to 1, where it is the poverty gap; lower orders look more at the poorest. Between 0 and
    1. Raises UndefinedMeasure for negative incomes, other orders and a line that is not above 0. Source:
    Chakravarty (1983), Mathematical Social Sciences 6(3).
    """
    if not 0.0 < order <= 1.0:
        raise UndefinedMeasure(f"found order {order:g}, expected one above 0 and up to 1")
    people, poor = poor_of(income, weight, line)
    need_no_losses(people, "Chakravarty's index")
    return weighted_sum(1.0 - (people.income[:poor] / line) ** order, people.weight[:poor]) / people.total_weight


def chu(income: Incomes, weight: ArrayLike | None = None, *, line: float, order: float) -> float:
    """Return what the poor lack by an equally distributed equivalent, in lines.

    1 - (mean of min(y / line, 1) ** order) ** (1 / order). `order` goes up to 1, where it is the poverty gap; at 0
    the mean is geometric. Between 0 and 1. Raises UndefinedMeasure for negative incomes, at orders of 0 and below
    for incomes of 0 among the poor, for other orders and a line that is not above 0. Source: Clark, Hemming &
    Ulph (1981), Economic Journal 91.
    """
    if not -np.inf < order <= 1.0:
        raise UndefinedMeasure(f"found order {order:g}, expected a number up to 1")
    people, poor = poor_of(income, weight, line)
    need_no_losses(people, "the index of Clark, Hemming and Ulph")
    if order <= 0.0:
        need_positive_among(people, poor, f"the index of Clark, Hemming and Ulph of order {order:g}")
    if order == 0.0:
        return float(-np.expm1(-watts(people, line=line))) + 0.0
    lost = weighted_sum((people.income[:poor] / line) ** order - 1.0, people.weight[:poor]) / people.total_weight
    return float(-np.expm1(np.log1p(lost) / order)) + 0.0 if lost > -1.0 else 1.0


def poor_of(income: Incomes, weight: ArrayLike | None, line: float) -> tuple[Ranked, int]:
    """Return the incomes in order and how many of the first rows are strictly below the line, which is above 0."""
    one_line(line)
    above(0.0, "line", line)
    people = ranked(income, weight)
    return people, int(np.searchsorted(people.income, line))


def need_positive_among(people: Ranked, poor: int, measure: str) -> None:
    """Raise UndefinedMeasure unless the incomes of the poor are above 0."""
    if poor:
        need_positive_incomes(people, measure)
