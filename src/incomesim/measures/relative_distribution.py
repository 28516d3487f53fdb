"""Where the people of one distribution would stand in another: not how far a group lags, but where it is missing."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from incomesim.measures.curves import Curve
from incomesim.measures.domain import at_least
from incomesim.measures.location import median
from incomesim.measures.ranked import Incomes, Ranked, UndefinedMeasure, rank, ranked

__all__ = ["relative_distribution", "relative_polarisation"]

Reals = NDArray[np.float64]


def relative_distribution(reference: Incomes, compared: Incomes, *, number: int = 10) -> Curve:
    """Return middles p of `number` equal groups of the reference, and how often the compared are in each.

    1 where they are as many as of the reference, 2 where twice as many; the mean is 1. Who is between two incomes of
    the reference, or at the upper one, is spread over the step between them. Weights come with `rank(income,
    weight)`. Source: Handcock & Morris (1999), Relative Distribution Methods in the Social Sciences.
    """
    at_least(1, "number", number)
    p = np.linspace(0.0, 1.0, number + 1)
    heights = np.interp(p, *_relative_shares(ranked(reference), ranked(compared)))
    return 0.5 * (p[1:] + p[:-1]), np.diff(heights) * number


def relative_polarisation(reference: Incomes, compared: Incomes) -> float:
    """Return the median relative polarisation of the compared: 4 times their mean distance from rank 1/2, less 1.

    Ranks are those in the reference after its incomes are scaled to the median of the compared, so that only the shape
    counts. Between -1 (all in the middle) and 1 (all at the ends), 0 where the shapes are the same. Raises
    UndefinedMeasure where a median is not above 0. Source: Handcock & Morris (1999), chapter 5.
    """
    one, other = ranked(reference), ranked(compared)
    old, new = median(one), median(other)
    if not min(old, new) > 0.0:
        raise UndefinedMeasure(f"medians are {old:g} and {new:g}; incomes can be scaled to one above 0 only")
    top, shares = _relative_shares(rank(one.income * (new / old), one.weight), other)
    p = np.union1d(top, [0.5])
    people = np.diff(np.interp(p, top, shares))
    return float(4.0 * np.dot(people, np.abs(0.5 * (p[1:] + p[:-1]) - 0.5)) - 1.0)


def _relative_shares(reference: Ranked, compared: Ranked) -> Curve:
    """Return ranks (m + 1,) in the reference, and the shares of the compared up to there, all by the last."""
    last = np.append(np.flatnonzero(np.diff(reference.income)), len(reference.income) - 1)
    row = np.searchsorted(compared.income, reference.income[last], side="right")
    shares = np.append(0.0, compared.weight_below)[row] / compared.total_weight
    shares[-1] = 1.0
    return (
        np.append(0.0, reference.share_below[last]),
        np.append(0.0, shares),
    )
