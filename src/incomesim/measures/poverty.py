"""Poverty below a line."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from incomesim.measures.ranked import Incomes, UndefinedMeasure, ranked, weighted_sum

__all__ = ["fgt"]


def fgt(income: Incomes, weight: ArrayLike | None = None, *, line: float, order: int) -> float:
    """Return the poverty measure of Foster, Greer & Thorbecke (1984, Econometrica 52(3)).

    The mean over all people of ((line - y) / line) ** order for those strictly below the line and 0 for
    others. Order 0 is the share of the poor (headcount), 1 the poverty gap, 2 the squared gap, which
    weighs the poorest most. Between 0 and 1 for incomes that are not negative; negative incomes count
    with gaps above 1. Raises UndefinedMeasure for a line that is not above 0 or an order below 0.
    """
    if not line > 0.0 or order < 0:
        raise UndefinedMeasure(
            f"found line {line:g} and order {order}, expected a line above 0 and an order 0, 1, 2, ..."
        )
    people = ranked(income, weight)
    poor = int(np.searchsorted(people.income, line))
    if poor == 0:
        return 0.0
    if order == 0:
        return float(people.weight_below[poor - 1]) / people.total_weight
    gap = (line - people.income[:poor]) / line
    return weighted_sum(gap**order, people.weight[:poor]) / people.total_weight
