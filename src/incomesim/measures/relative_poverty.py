"""Poverty relative to the median: the indicators of Eurostat (2004, LC-ILC/39/09)."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from incomesim.measures.location import median, positive_median
from incomesim.measures.poverty import fgt
from incomesim.measures.ranked import Incomes, UndefinedMeasure, rank, ranked

__all__ = ["arpr", "arpt", "rmpg"]


def arpt(income: Incomes, weight: ArrayLike | None = None, *, of_median: float = 0.6) -> float:
    """Return the at-risk-of-poverty threshold: a share of the median, in the unit of incomes.

    Raises UndefinedMeasure where the median is not above 0, and for a share that is not above 0 and up to 1.
    """
    if not 0.0 < of_median <= 1.0:
        raise UndefinedMeasure(f"found of_median {of_median:g}, expected a share of the median such as 0.6")
    return of_median * positive_median(ranked(income, weight))


def arpr(income: Incomes, weight: ArrayLike | None = None, *, of_median: float = 0.6) -> float:
    """Return the at-risk-of-poverty rate: the share of people strictly below that threshold, between 0 and 0.5.

    Raises UndefinedMeasure where the median is not above 0.
    """
    people = ranked(income, weight)
    return fgt(people, line=arpt(people, of_median=of_median), order=0)


def rmpg(income: Incomes, weight: ArrayLike | None = None, *, of_median: float = 0.6) -> float:
    """Return the relative median at-risk-of-poverty gap: how far the median of the poor lies below the threshold.

    In thresholds, between 0 and 1 for incomes that are not negative. Raises UndefinedMeasure where nobody is poor or
    the median is not above 0.
    """
    people = ranked(income, weight)
    line = arpt(people, of_median=of_median)
    poor = int(np.searchsorted(people.income, line))
    if poor == 0:
        raise UndefinedMeasure(f"nobody is below the line of {line:g}; a gap of the poor needs somebody")
    return 1.0 - median(rank(people.income[:poor], people.weight[:poor])) / line
