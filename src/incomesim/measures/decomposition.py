"""Inequality within and between groups, adding up to the whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from incomesim.measures.entropy import mld, theil
from incomesim.measures.location import mean
from incomesim.measures.ranked import Ranked, rank, rank_groups

__all__ = ["Decomposition", "decompose_mean_log_deviation", "decompose_theil"]


@dataclass(frozen=True, eq=False)
class Decomposition:
    """within + between = the whole; `within_of` and `between_of` (groups,) are the groups' parts of each."""

    within_of: NDArray[np.float64]
    between_of: NDArray[np.float64]

    @property
    def within(self) -> float:
        """Inequality there would be if all groups had the same mean."""
        return float(self.within_of.sum())

    @property
    def between(self) -> float:
        """Inequality there would be if everybody had the mean of the group."""
        return float(self.between_of.sum())


def decompose_theil(
    income: ArrayLike, group: ArrayLike, weight: ArrayLike | None = None, *, number: int
) -> Decomposition:
    """Return Theil's T within and between groups; groups weigh by their income (Shorrocks 1980)."""
    return _decompose(income, group, number, weight, theil, lambda people, money: money * np.log(money / people))


def decompose_mean_log_deviation(
    income: ArrayLike, group: ArrayLike, weight: ArrayLike | None = None, *, number: int
) -> Decomposition:
    """Return the mean log deviation within and between groups; groups weigh by people (Shorrocks 1980)."""
    return _decompose(income, group, number, weight, mld, lambda people, money: people * np.log(people / money))


def _decompose(
    income: ArrayLike,
    group: ArrayLike,
    number: int,
    weight: ArrayLike | None,
    measure: Callable[[Ranked], float],
    between: Callable[[float, float], float],
) -> Decomposition:
    whole = rank(income, weight)
    within_of, between_of = np.zeros(number), np.zeros(number)
    for code, part in enumerate(rank_groups(whole, group, number=number)):
        if part is not None:
            people = part.total_weight / whole.total_weight
            money = people * mean(part) / whole.positive_mean
            within_of[code] = (money if measure is theil else people) * measure(part)
            between_of[code] = between(people, money)
    return Decomposition(within_of, between_of)
