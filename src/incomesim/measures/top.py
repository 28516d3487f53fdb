"""The top of a distribution where it is poorly known: a Pareto tail fitted, incomes there replaced by it."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from incomesim.measures.ranked import Incomes, UndefinedMeasure, rank, ranked

__all__ = ["pareto_alpha", "replace_top"]


def pareto_alpha(
    income: Incomes, weight: ArrayLike | None = None, *, threshold: float, top_code: float = math.inf
) -> float:
    """Return the exponent of the Pareto tail above `threshold`, by maximum likelihood: Hill's estimator with weights.

    The share of those with more than t among those above the threshold falls as (threshold / t) ** alpha: a lower
    alpha is a heavier tail, and below 1 it has no mean. Incomes at or above `top_code` count as known to be at least
    that. Raises UndefinedMeasure for a threshold that is not above 0 and below the top code, or nobody between them.
    Sources: Hill (1975, Annals of Statistics 3(5)); with weights Alfons, Templ & Filzmoser (2013, Journal of the Royal
    Statistical Society C 62(2)); with a top code Armour, Burkhauser & Larrimore (2016, Economic Inquiry
    54(2)).
    """
    if not 0.0 < threshold < top_code:
        raise UndefinedMeasure(f"threshold {threshold:g} and top code {top_code:g}, expected 0 < threshold < top code")
    people = ranked(income, weight)
    above = people.income > threshold
    known, weights = people.income[above], people.weight[above]
    seen = float(weights[known < top_code].sum())
    if seen == 0.0:
        raise UndefinedMeasure(f"nobody is between {threshold:g} and {top_code:g}; a tail needs known incomes")
    return seen / float((weights * np.log(np.minimum(known, top_code) / threshold)).sum())


def replace_top(
    income: ArrayLike, weight: ArrayLike | None = None, *, start: float, alpha: float
) -> NDArray[np.float64]:
    """Return incomes (n,), in the order of the rows, with everybody at or above `start` on a Pareto tail from there.

    The people at the top share the tail by rank: each row stands at the mean of its slice, so the mean of the tail is
    exact, `start * alpha / (alpha - 1)`, and no random numbers are drawn. Equal incomes, as at a top code, share it in
    the order of rows. Raises UndefinedMeasure for a start that is not above 0, or an alpha not above 1: without a mean.
    """
    if not (start > 0.0 and alpha > 1.0):
        raise UndefinedMeasure(f"start {start:g} and alpha {alpha:g}, expected a start above 0 and an alpha above 1")
    people = rank(income, weight)
    incomes = np.array(income, np.float64)
    top = int(np.searchsorted(people.income, start))
    weights = people.weight[top:]
    if not len(weights):
        return incomes
    richer = np.append(np.cumsum(weights[::-1])[::-1], 0.0)
    power = 1.0 - 1.0 / alpha
    richest_shares = (richer / richer[0]) ** power
    incomes[people.order[top:]] = start / power * -np.diff(richest_shares) * richer[0] / weights
    return incomes
