"""Measures of a sample with their standard errors, by linearisation."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from incomesim.measures.inference.design import SIMPLE, Design, degrees_of_freedom, put_beside, variance_of_total
from incomesim.measures.inference.influence import linearise
from incomesim.measures.inference.interval import Estimate, estimated
from incomesim.measures.inference.rules import Measure
from incomesim.measures.inference.scale import Scale
from incomesim.measures.ranked import Ranked, UndefinedMeasure

__all__ = ["estimate", "estimate_difference", "estimate_ratio"]

Reals = NDArray[np.float64]


def estimate(
    measure: Measure,
    income: ArrayLike | Ranked | tuple[ArrayLike, ...],
    weight: ArrayLike | None = None,
    *,
    design: Design = SIMPLE,
    level: float = 0.95,
    where: ArrayLike | None = None,
    **parameters: Any,
) -> Estimate:
    """Return a measure with its standard error and interval, from a sample with a design.

    `measure` and its `parameters` are those of `influence`. `where` (n,) says who belongs to a part of the
    population: the design remains that of the whole sample, as it must, since how many of the part were drawn is
    chance too. Rows of weight 0 count as such others. Persons with the income of their household are not drawn one by
    one: name the household, or what it was drawn with, in `Design(clusters=...)`. The interval is that of the log odds
    for measures between 0 and 1, of the log for those above 0. Raises UndefinedMeasure, BadDesign.
    """
    put_beside(design, **_named("income", income), weight=weight, where=where)
    weights = weight if where is None else _inside(income, weight, where)
    found = linearise(measure, income, weights, **parameters)
    variance = variance_of_total(found.weight * found.influence, design, found.part)
    return estimated(found.value, variance, degrees_of_freedom(found.part.rows, design), level, found.scale)


def estimate_difference(
    measure: Measure,
    before: ArrayLike | tuple[ArrayLike, ...],
    after: ArrayLike | tuple[ArrayLike, ...],
    weight: ArrayLike | None = None,
    *,
    weight_after: ArrayLike | None = None,
    design: Design = SIMPLE,
    level: float = 0.95,
    where: ArrayLike | None = None,
    **parameters: Any,
) -> Estimate:
    """Return the measure of incomes after less that of incomes before, of the same rows.

    Without and with a policy, or in two years of a panel: what the two have in common cancels row by row, so
    the error is much smaller than that of two samples. `weight_after` is that of the rows after where it differs; a
    row that is in one of the two only has weight 0 in the other. The difference between two parts of one sample is
    that of `before` = `after` with the weights of either part. Otherwise as `estimate`.
    """
    both = {**_named("before", before), **_named("after", after)}
    put_beside(design, **both, weight=weight, weight_after=weight_after, where=where)
    pair = _pair(measure, before, after, weight, weight_after, where, parameters)
    (old, of_old, weight_old), (new, of_new, weight_new) = pair
    variance = variance_of_total(of_new - of_old, design)
    freedom = degrees_of_freedom(np.flatnonzero(weight_old + weight_new), design)
    return estimated(new - old, variance, freedom, level, Scale.PLAIN)


def estimate_ratio(
    measure: Measure,
    before: ArrayLike | tuple[ArrayLike, ...],
    after: ArrayLike | tuple[ArrayLike, ...],
    weight: ArrayLike | None = None,
    *,
    weight_after: ArrayLike | None = None,
    design: Design = SIMPLE,
    level: float = 0.95,
    where: ArrayLike | None = None,
    **parameters: Any,
) -> Estimate:
    """Return the measure of incomes after over that of incomes before, of the same rows: 1.05 is 5 % more.

    As `estimate_difference`; with `before` = `after` and the weights of the country and of town the ratio of
    urban to rural means. Raises UndefinedMeasure unless both measures are above 0.
    """
    both = {**_named("before", before), **_named("after", after)}
    put_beside(design, **both, weight=weight, weight_after=weight_after, where=where)
    pair = _pair(measure, before, after, weight, weight_after, where, parameters)
    (old, of_old, weight_old), (new, of_new, weight_new) = pair
    if not min(old, new) > 0.0:
        raise UndefinedMeasure(f"found {old:g} before and {new:g} after; a ratio needs both above 0")
    ratio = new / old
    variance = variance_of_total(ratio * (of_new / new - of_old / old), design)
    freedom = degrees_of_freedom(np.flatnonzero(weight_old + weight_new), design)
    return estimated(ratio, variance, freedom, level, Scale.LOG)


def _pair(
    measure: Measure,
    before: ArrayLike | tuple[ArrayLike, ...],
    after: ArrayLike | tuple[ArrayLike, ...],
    weight: ArrayLike | None,
    weight_after: ArrayLike | None,
    where: ArrayLike | None,
    parameters: dict[str, Any],
) -> list[tuple[float, Reals, Reals]]:
    """The measure, the contributions of rows and their weights, before and after."""
    if _rows(before) != _rows(after):
        raise UndefinedMeasure(f"found {_rows(before)} incomes before and {_rows(after)} after, expected as many")
    found = []
    for income, own in ((before, weight), (after, weight if weight_after is None else weight_after)):
        weights = own if where is None else _inside(income, own, where)
        of = linearise(measure, income, weights, **parameters)
        found.append((of.value, of.by_row(of.weight * of.influence), of.by_row(of.weight)))
    return found


def _named(name: str, income: ArrayLike | Ranked | tuple[ArrayLike, ...]) -> dict[str, object]:
    """The variables of a measure, for messages."""
    return {f"{name} {i}": one for i, one in enumerate(income)} if isinstance(income, tuple) else {name: income}


def _rows(income: ArrayLike | tuple[ArrayLike, ...]) -> int:
    return len(np.asarray(income[0] if isinstance(income, tuple) and np.ndim(income[0]) else income))


def _inside(
    income: ArrayLike | Ranked | tuple[ArrayLike, ...], weight: ArrayLike | None, where: ArrayLike
) -> ArrayLike:
    """The weights of those who belong to a part: the others stay, with weight 0."""
    if isinstance(income, Ranked):
        raise TypeError("a part of the population needs incomes as an array; ranked ones have their weights already")
    inside = np.asarray(where)
    if inside.dtype != bool or inside.shape != (_rows(income),):
        raise UndefinedMeasure(f"`where` has {inside.dtype} {inside.shape}, expected one bool for each income")
    return np.where(inside, 1.0 if weight is None else np.asarray(weight, np.float64), 0.0)
