"""Incomes in order with their weights: sorted once, used by every measure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Ranked", "UndefinedMeasure", "rank", "rank_groups", "ranked"]

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


def rank_groups(whole: Ranked, group: ArrayLike, number: int) -> tuple[Ranked | None, ...]:
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


def ranked(income: ArrayLike | Ranked, weight: ArrayLike | None = None) -> Ranked:
    """Return `income` itself where it is in order already, else `rank(income, weight)`."""
    if not isinstance(income, Ranked):
        return rank(income, weight)
    if weight is not None:
        raise TypeError("ranked incomes bring their weights; leave `weight` out")
    return income


def _in_order(income: Reals, weight: Reals, order: NDArray[np.int64], rows: int) -> Ranked:
    if weight.size and weight.min() == 0.0:
        counted = weight > 0.0
        income, weight, order = income[counted], weight[counted], order[counted]
    if not len(income):
        raise UndefinedMeasure("there is nobody with a weight above 0")
    return Ranked(income, weight, order, rows, np.cumsum(weight), np.cumsum(weight * income))
