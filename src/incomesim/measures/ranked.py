"""Incomes in order with their weights, used by every measure: sorted from an array, or known by bins."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "Binned",
    "Incomes",
    "Ranked",
    "UndefinedMeasure",
    "binned",
    "rank",
    "rank_groups",
    "ranked",
    "reweighted",
    "weighted_sum",
]

Reals = NDArray[np.float64]


class UndefinedMeasure(ValueError):
    """The measure has no meaning for these incomes; the message says why."""


@dataclass(frozen=True, eq=False)
class Ranked:
    """Incomes in rising order; all arrays have shape (n,), rows of weight 0 are left out.

    `order` holds the positions in the original array, which has `rows` rows; `weight_below` the sums of
    weights up to and including each row, `money_below` the sums of weight times income.
    """

    income: Reals
    weight: Reals
    order: NDArray[np.int64]
    rows: int
    weight_below: Reals
    money_below: Reals

    @property
    def total_weight(self) -> float:
        """Sum of weights."""
        return float(self.weight_below[-1])

    @property
    def total_money(self) -> float:
        """Sum of weight times income."""
        return float(self.money_below[-1])

    @property
    def positive_mean(self) -> float:
        """The mean, for measures relative to it. Raises UndefinedMeasure where it is not above 0."""
        mean = self.total_money / self.total_weight
        if mean <= 0.0:
            raise UndefinedMeasure(f"the mean income is {mean:g}; measures relative to it need one above 0")
        return mean


_POINTS = 8  # that stand for a bin in the estimate


@dataclass(frozen=True, eq=False)
class Binned:
    """Incomes known by bins: all arrays have shape (n,), one entry for each bin that has somebody in it.

    Incomes of a bin lie between `low` and `high`, both included; bins rise, do not overlap and do not reach
    across 0, so that who has a negative income or none is known. `weight` is the sum of weights in it,
    `money` the sum of weight times income, which rounding may carry a little beyond the ends. It can stand
    in the place of `income` in every measure, which is then an estimate; `bounded` tells how far off it can be.
    """

    low: Reals
    high: Reals
    weight: Reals
    money: Reals

    @cached_property
    def mean(self) -> Reals:
        """Mean income of each bin."""
        return np.clip(self.money / self.weight, self.low, self.high)

    @cached_property
    def estimate(self) -> Ranked:
        """Incomes spread smoothly over each bin so that its mean is kept.

        Within the bin the quantile function is low + (high - low) p^g, with g from the mean; it is cut into
        slices, each of which stands at its own mean.
        """
        width, above = self.high - self.low, self.mean - self.low
        power = np.divide(width, above, out=np.ones_like(width), where=above > 0.0)
        p = np.arange(_POINTS + 1) / _POINTS
        integral = self.low[:, None] * p + above[:, None] * p ** power[:, None]
        points = np.clip(np.diff(integral, axis=1) * _POINTS, self.low[:, None], self.high[:, None])
        return _known(points.ravel(), np.repeat(self.weight / _POINTS, _POINTS))

    @cached_property
    def equal(self) -> Ranked:
        """Everybody has the mean of the bin: no distribution with these bins is more equal."""
        return _known(self.mean, self.weight)

    @cached_property
    def spread(self) -> Ranked:
        """Everybody stands at an end of the bin, its mean kept: no distribution with these bins is less equal."""
        width = self.high - self.low
        at_high = np.divide(self.mean - self.low, width, out=np.zeros_like(width), where=width > 0.0)
        incomes = np.column_stack([self.low, self.high]).ravel()
        return _known(incomes, np.column_stack([1.0 - at_high, at_high]).ravel() * np.repeat(self.weight, 2))

    @cached_property
    def lowest(self) -> Ranked:
        """Everybody stands at the lower end of the bin: nobody has less than here."""
        return _known(self.low, self.weight)

    @cached_property
    def highest(self) -> Ranked:
        """Everybody stands at the upper end of the bin: nobody has more than here."""
        return _known(self.high, self.weight)


def weighted_sum(values: Reals, weight: Reals) -> float:
    """Return the sum of weight times value, in one order whatever the machine: `np.dot` has threads of its own."""
    return float((weight * values).sum())


Incomes: TypeAlias = ArrayLike | Ranked | Binned
"""What every measure takes: single incomes, the same in order, or bins."""


def rank(income: ArrayLike, weight: ArrayLike | None = None) -> Ranked:
    """Return the incomes in order, for use in place of `income` in every measure.

    `income` and `weight` have shape (n,); without weights every row counts 1. Raises UndefinedMeasure
    for no rows, incomes that are not finite, weights that are negative or not finite or all 0.
    """
    values = np.asarray(income, np.float64)
    if values.ndim != 1:
        raise UndefinedMeasure(f"incomes have shape {values.shape}, expected one dimension")
    if not np.isfinite(values).all():
        raise UndefinedMeasure(f"{np.count_nonzero(~np.isfinite(values))} incomes are not finite numbers")
    weights = np.ones(len(values)) if weight is None else np.asarray(weight, np.float64)
    if weights.shape != values.shape:
        raise UndefinedMeasure(f"weights have shape {weights.shape}, incomes {values.shape}")
    if not np.isfinite(weights).all() or (weights < 0.0).any():
        raise UndefinedMeasure("weights must be finite and not negative")
    order = np.argsort(values, kind="stable")
    return _in_order(values[order], weights[order], order, len(values))


def binned(low: ArrayLike, high: ArrayLike, weight: ArrayLike, money: ArrayLike) -> Binned:
    """Return incomes known by bins, for use in place of `income` in every measure; see `Binned` for the arguments.

    Raises UndefinedMeasure for no bins, bins that do not rise or overlap or reach across 0, weights that are not
    above 0, anything that is not finite.
    """
    bins = Binned(*(np.asarray(values, np.float64) for values in (low, high, weight, money)))
    shapes = [values.shape for values in (bins.low, bins.high, bins.weight, bins.money)]
    if len(set(shapes)) > 1 or len(shapes[0]) != 1:
        raise UndefinedMeasure(f"low, high, weight and money have shapes {shapes}, expected one entry for each bin")
    if not all(np.isfinite(values).all() for values in (bins.low, bins.high, bins.weight, bins.money)):
        raise UndefinedMeasure("ends of bins, weights and sums of money must be finite numbers")
    if not len(bins.low) or (bins.weight <= 0.0).any():
        raise UndefinedMeasure("there must be somebody in every bin, and at least one bin")
    if (bins.low > bins.high).any() or (bins.high[:-1] >= bins.low[1:]).any():
        raise UndefinedMeasure("bins must rise and not overlap")
    if ((bins.low < 0.0) & (bins.high > 0.0)).any():
        raise UndefinedMeasure("a bin reaches across 0; divide it there")
    return bins


def rank_groups(whole: Ranked, group: ArrayLike, *, number: int) -> tuple[Ranked | None, ...]:
    """Return the incomes of each group in order, without sorting again; None for a group with nobody.

    `group` gives 0 .. number-1 for each row of the original array.
    """
    codes = np.asarray(group)[whole.order]
    if len(codes) and not 0 <= codes.min() <= codes.max() < number:
        raise UndefinedMeasure(f"groups run from {codes.min()} to {codes.max()}, expected 0 to {number - 1}")
    small = codes.astype(np.uint8 if number <= 256 else np.int64)
    by_group = np.argsort(small, kind="stable")
    ends = np.cumsum(np.bincount(codes, minlength=number))
    return tuple(
        _in_order(whole.income[rows], whole.weight[rows], whole.order[rows], whole.rows) if len(rows) else None
        for rows in np.split(by_group, ends[:-1])
    )


def ranked(income: Incomes, weight: ArrayLike | None = None) -> Ranked:
    """Return incomes in order: themselves where they are, the estimate of binned ones, else `rank(income, weight)`."""
    if not isinstance(income, Ranked | Binned):
        return rank(income, weight)
    if weight is not None:
        raise TypeError("ranked and binned incomes bring their weights; leave `weight` out")
    return income.estimate if isinstance(income, Binned) else income


def reweighted(people: Ranked, weight: Reals) -> Ranked:
    """Return the same incomes in order with other weights (rows,), by row of the original array, without sorting."""
    return _in_order(people.income, weight[people.order], people.order, people.rows)


def _known(income: Reals, weight: Reals) -> Ranked:
    """Incomes that are in order already."""
    return _in_order(income, weight, np.arange(len(income)), len(income))


def _in_order(income: Reals, weight: Reals, order: NDArray[np.int64], rows: int) -> Ranked:
    if weight.size and weight.min() == 0.0:
        counted = weight > 0.0
        income, weight, order = income[counted], weight[counted], order[counted]
    if not len(income):
        raise UndefinedMeasure("there is nobody with a weight above 0")
    return Ranked(income, weight, order, rows, np.cumsum(weight), np.cumsum(weight * income))
