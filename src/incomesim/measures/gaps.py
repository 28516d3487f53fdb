"""Gaps between groups: town and country, women and men; and between many, from their means: counties, provinces."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from incomesim.measures.entropy import cv, theil
from incomesim.measures.ranked import Incomes, UndefinedMeasure
from incomesim.measures.reading import numbers, same_rows
from incomesim.measures.subgroups import Label, subgroups

__all__ = ["Gap", "gap", "max_min_ratio", "theil_between", "weighted_variation"]


@dataclass(frozen=True)
class Gap:
    """The same measure of two groups, in the unit of the measure."""

    reference: float
    compared: float

    @property
    def difference(self) -> float:
        """What the group of reference has more."""
        return self.reference - self.compared

    @property
    def relative(self) -> float:
        """The difference as a share of the reference: 0.2 where the other group has 20 % less, 0 without gap.

        The unadjusted gender pay gap of Eurostat where the reference is men and the measure the mean. Raises
        UndefinedMeasure where the reference is not above 0.
        """
        if not self.reference > 0.0:
            raise UndefinedMeasure(f"the group of reference has {self.reference:g}; a relative gap needs one above 0")
        return self.difference / self.reference

    @property
    def ratio(self) -> float:
        """The reference over the compared: the urban-rural ratio where the reference is urban.

        Raises UndefinedMeasure where the compared is not above 0.
        """
        if not self.compared > 0.0:
            raise UndefinedMeasure(f"the compared group has {self.compared:g}; a ratio needs one above 0")
        return self.reference / self.compared


def gap(
    income: Incomes,
    group: ArrayLike,
    weight: ArrayLike | None = None,
    *,
    measure: Callable[[Incomes], float],
    reference: Label,
    compared: Label,
) -> Gap:
    """Return a measure, `mean`, `median` or `partial(quantile, p=0.1)`, of two of the groups, unadjusted.

    `reference` and `compared` are labels in `group` (n,); who belongs to neither is left out. Raises
    UndefinedMeasure where one of them has nobody, and as the measure does.
    """
    people = subgroups(income, group, weight)
    part = dict(zip(people.labels, people.parts, strict=True))
    for label in (reference, compared):
        if label not in part:
            raise UndefinedMeasure(f"nobody is in group {label!r}; there are {', '.join(map(repr, people.labels))}")
    return Gap(measure(part[reference]), measure(part[compared]))


def max_min_ratio(means: ArrayLike) -> float:
    """Return the highest over the lowest of the means, at least 1."""
    values = _positive(means)
    return float(values.max() / values.min())


def weighted_variation(means: ArrayLike, weight: ArrayLike) -> float:
    """Return the coefficient of variation of means weighted by people, not negative.

    Source: Williamson (1965), Economic Development and Cultural Change 13(4), his V_w.
    """
    same_rows(means=means, weight=weight)
    return cv(_positive(means), weight)


def theil_between(means: ArrayLike, weight: ArrayLike) -> float:
    """Return the part of Theil's T that lies between groups: T of their means, weighted by people."""
    same_rows(means=means, weight=weight)
    return theil(_positive(means), weight)


def _positive(means: ArrayLike) -> NDArray[np.float64]:
    values = numbers("means", means)
    if values.ndim != 1 or not len(values) or not np.isfinite(values).all() or values.min() <= 0.0:
        raise UndefinedMeasure("means must be finite and above 0, at least one of them")
    return values
