"""Incomes in order with their weights, used by every measure: sorted from an array, or known by bins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from incomesim.measures.kept import kept
from incomesim.measures.reading import numbers, refuse_missing, same_rows
from incomesim.measures.undefined import UndefinedMeasure

if TYPE_CHECKING:
    from incomesim.measures.loops.rows import Rows
    from incomesim.measures.passes import Counts, Moments, Shortfall, Steps

__all__ = [
    "Binned",
    "Incomes",
    "LowRows",
    "Ranked",
    "Side",
    "UndefinedMeasure",
    "binned",
    "rank",
    "rank_groups",
    "ranked",
    "reweighted",
    "weighted_sum",
]

Reals = NDArray[np.float64]
Places: TypeAlias = NDArray[Any]  # int64, of large arrays uint32
Side = Literal["left", "right"]

LARGE = 1 << 18  # rows from which compiled loops are used; below, loading them takes longer than they save
_SMALLEST = 1e-100  # sum of weights, and 1 over the largest: beyond, products of them would be lost
_HIGHEST = 1e100  # income of either sign: of higher ones sums of products would be lost
_LOWEST_MEAN = 1e-300  # below, an income over it may be no number
_BELOW_1 = 1.0 - 2.0**-53
_TINY = 1e-290  # of the highest income: what is relative to the mean would be no normal number
SIDE_BY_SIDE = 1 << 20  # rows of a group that are copied to stand side by side


class LowRows(NamedTuple):
    """Rows with a negative income and with none: their number and weight."""

    negative: int
    zero: int
    negative_weight: float
    zero_weight: float


@dataclass(frozen=True, eq=False)
class Ranked:
    """Incomes in rising order; what is not given is worked out when it is first asked for.

    `given` and `given_weight` (rows,) are as they stand in the data. `places` are the rows with a weight above 0 in
    order, where that is known; else `chosen` those of them that belong to a group of a large array, as they stand.
    Large arrays are handled by compiled loops, whose sums need no order: a measure without ranks never sorts, and the
    order takes 4 bytes a row.
    """

    given: Reals
    given_weight: Reals
    places: Places | None = None
    chosen: Places | None = None

    @property
    def rows(self) -> int:
        """Number of rows in the original array."""
        return len(self.given)

    @property
    def large(self) -> bool:
        """Whether compiled loops are worth loading."""
        return self.rows >= LARGE

    @property
    def is_sorted(self) -> bool:
        """Whether the order is known already."""
        return self.places is not None or self.chosen is not None or "_sorted" in self.__dict__

    @kept
    def order(self) -> Places:
        """Positions (n,) in the original array, in rising order of income; rows of weight 0 are left out."""
        if self.places is not None:
            return self.places
        if self.large:
            return self._sorted if self.chosen is None else self.chosen[self._group[0]]
        order = np.argsort(self.given, kind="stable")
        return order if self.given_weight.min() > 0.0 else order[self.given_weight[order] > 0.0]

    def sort(self) -> None:
        """Put the rows in order now, for all measures to come; else the first that needs it does."""
        _ = self.in_order if self.large else self.order

    @property
    def income(self) -> Reals:
        """Incomes (n,) in order."""
        return self._in_order[0]

    @property
    def weight(self) -> Reals:
        """Weights (n,) in order."""
        return self._in_order[1]

    @kept
    def _in_order(self) -> tuple[Reals, Reals]:
        if self.large:
            from incomesim.measures.passes import gathered, rows_of

            if self.chosen is not None:
                return self._group[1].income, self._group[1].weight
            return gathered(rows_of(self.given, self.given_weight, self.order))
        return self.given[self.order], self.given_weight[self.order]

    @property
    def weight_below(self) -> Reals:
        """Sums of weight (n,) up to and including each row in order."""
        return self._below[0]

    @property
    def money_below(self) -> Reals:
        """Sums of weight times income (n,) up to and including each row in order."""
        return self._below[1]

    @property
    def share_below(self) -> Reals:
        """Shares of people (n,) up to and including each row in order; only the last is 1, whatever the rounding."""
        shares = np.minimum(self.weight_below / self.total_weight, _BELOW_1)
        shares[-1] = 1.0
        return shares

    @kept
    def _below(self) -> tuple[Reals, Reals]:
        if self.large:
            from incomesim.measures.passes import cumulate

            return cumulate(self.in_order, self.steps)
        return np.cumsum(self.weight), np.cumsum(self.weight * self.income)

    @property
    def total_weight(self) -> float:
        """Sum of weights."""
        return self.counts.weight if self.large else float(self.weight_below[-1])

    @property
    def total_money(self) -> float:
        """Sum of weight times income."""
        return self.counts.money if self.large else float(self.money_below[-1])

    @property
    def lowest(self) -> float:
        """The lowest income."""
        return self.counts.lowest if self.large else float(self.income[0]) + 0.0  # of -0.0, 0.0

    @property
    def positive_mean(self) -> float:
        """The mean, for measures relative to it. Raises UndefinedMeasure where it is not above 0."""
        mean = self.total_money / self.total_weight
        if mean < _LOWEST_MEAN:
            raise UndefinedMeasure(f"the mean income is {mean:g}; measures relative to it need one above 0")
        return mean

    @property
    def number(self) -> int:
        """Number of rows with a weight above 0."""
        if self.chosen is not None:
            return len(self.chosen)
        return len(self.order) if self.is_sorted or not self.large else int(self.counts.counted.sum())

    @property
    def low_rows(self) -> LowRows:
        """Rows with a negative income and with none: their number and weight."""
        if self.lowest > 0.0:
            return LowRows(0, 0, 0.0, 0.0)
        if self.large:
            from incomesim.measures.passes import low_rows

            return low_rows(self.listed)
        negative, low = (int(np.searchsorted(self.income, 0.0, side=side)) for side in ("left", "right"))
        below = np.append(0.0, self.weight_below[:low])
        return LowRows(negative, low - negative, float(below[negative]), float(below[low] - below[negative]))

    # of large arrays, for the compiled loops

    @property
    def logs_in_loops(self) -> bool:
        """Whether compiled loops are used where logs are taken: not for incomes that are next to nothing."""
        return self.large and not 0.0 < self.lowest < _TINY * self.counts.highest

    def power_surplus(self, power: float) -> float:
        """Return the mean of (y/mean)^power - 1. Raises UndefinedMeasure where the mean is not above 0."""
        from incomesim.measures.passes import mean_power_excess

        _ = self.positive_mean

        return mean_power_excess(self.listed, self.counts, power)

    @kept
    def listed(self) -> Rows:
        """The rows, for sums that need no order."""
        from incomesim.measures.passes import rows_of

        unsorted = self.places is None and self.chosen is None
        return rows_of(self.given, self.given_weight) if unsorted else self.in_order

    @kept
    def _sorted(self) -> Places:
        """The order of the listed rows."""
        from incomesim.measures.sorting import sort_rows

        return sort_rows(self.listed, self.counts)

    @kept
    def _group(self) -> tuple[Places, Rows, Counts]:
        """The order within a group, its rows side by side in that order, their counts: brought there, then sorted."""
        from incomesim.measures.passes import gathered, rows_of, take_counts
        from incomesim.measures.sorting import sort_rows

        rows = rows_of(*gathered(rows_of(self.given, self.given_weight, np.asarray(self.chosen))))
        counts = take_counts(rows)
        order = sort_rows(rows, counts)
        return order, rows_of(*gathered(rows_of(rows.income, rows.weight, order))), counts

    @kept
    def in_order(self) -> Rows:
        """The rows in order; those of a small group side by side."""
        from incomesim.measures.passes import rows_of

        if self.chosen is not None:
            return self._group[1]
        if self.places is not None and len(self.places) <= SIDE_BY_SIDE:
            return rows_of(self.income, self.weight)
        return rows_of(self.given, self.given_weight, self.order)

    @kept
    def counts(self) -> Counts:
        """Sums and extremes."""
        from incomesim.measures.passes import take_counts

        return take_counts(self.listed) if self.chosen is None else self._group[2]

    @kept
    def steps(self) -> Steps:
        """Sums along the order, by block."""
        from incomesim.measures.passes import steps

        return steps(self.in_order, self.counts)

    @kept
    def moments(self) -> Moments:
        """Moments around the mean. Raises UndefinedMeasure where that is not above 0."""
        from incomesim.measures.passes import moments

        _ = self.positive_mean

        return moments(self.listed, self.counts)

    @kept
    def mean_distance(self) -> float:
        """Mean distance from the mean, relative to it. Raises UndefinedMeasure where the mean is not above 0."""
        from incomesim.measures.passes import mean_distance

        _ = self.positive_mean

        return mean_distance(self.listed, self.counts)

    @kept
    def shortfalls(self) -> dict[float, Shortfall]:
        """How far incomes fall short of the lines that were asked for."""
        return {}

    def shortfall(self, line: float) -> Shortfall:
        """Return how far incomes fall short of a line, from one pass."""
        from incomesim.measures.passes import shortfall

        if line not in self.shortfalls:
            self.shortfalls[line] = shortfall(self.listed, self.counts, line)
        return self.shortfalls[line]

    def block(self, number: int) -> tuple[Reals, Reals]:
        """Return incomes and weights of a block of rows in order."""
        from incomesim.measures.loops.rows import BLOCK

        rows, here = self.in_order, slice(number * BLOCK, (number + 1) * BLOCK)
        places = rows.order[here] if len(rows.order) else here
        return rows.income[places], rows.weight[places]


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

    @kept
    def mean(self) -> Reals:
        """Mean income of each bin."""
        return np.clip(self.money / self.weight, self.low, self.high)

    @kept
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

    @kept
    def equal(self) -> Ranked:
        """Everybody has the mean of the bin: no distribution with these bins is more equal."""
        return _known(self.mean, self.weight)

    @kept
    def spread(self) -> Ranked:
        """Everybody stands at an end of the bin, its mean kept: no distribution with these bins is less equal."""
        width = self.high - self.low
        at_high = np.divide(self.mean - self.low, width, out=np.zeros_like(width), where=width > 0.0)
        incomes = np.column_stack([self.low, self.high]).ravel()
        return _known(incomes, np.column_stack([1.0 - at_high, at_high]).ravel() * np.repeat(self.weight, 2))

    @kept
    def lowest(self) -> Ranked:
        """Everybody stands at the lower end of the bin: nobody has less than here."""
        return _known(self.low, self.weight)

    @kept
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

    `income` and `weight` have shape (n,); without weights every row counts 1. They are sorted once, when a measure
    first needs it. Raises UndefinedMeasure for no rows, incomes that are not finite in rows with a weight, weights that
    are negative or not finite or all 0, pandas columns with different indexes; TypeError for what are no numbers.
    """
    same_rows(income=income, weight=weight)
    values = np.require(numbers("incomes", income), requirements="C")
    if values.ndim != 1:
        raise UndefinedMeasure(f"incomes have shape {values.shape}, expected one dimension")
    weights = np.ones(len(values)) if weight is None else np.require(numbers("weights", weight), requirements="C")
    people = Ranked(values, weights)
    if values.shape == weights.shape and people.large and _fit_for_loops(people.counts):
        return people
    if weights.shape != values.shape:
        raise UndefinedMeasure(f"weights have shape {weights.shape}, incomes {values.shape}")
    if not np.isfinite(weights).all() or (weights < 0.0).any():
        raise UndefinedMeasure("weights must be finite and not negative")
    if not (weights > 0.0).any():
        raise UndefinedMeasure("there is nobody with a weight above 0")
    values = refuse_missing("incomes", values, weights > 0.0)
    if not _SMALLEST < weights.sum() < 1.0 / _SMALLEST:
        weights = np.ldexp(weights, -np.frexp(weights.max())[1])  # by a power of 2, so no digit is lost
    if np.abs(values).max() > _HIGHEST:
        raise UndefinedMeasure(f"incomes up to {np.abs(values).max():g} are too high, expected up to {_HIGHEST:g}")
    return Ranked(values, weights)


def _fit_for_loops(counts: Counts) -> bool:
    """Whether all is finite, no weight negative, somebody there, and incomes and weights of a usual size."""
    return (
        bool(np.isfinite(counts.money))
        and max(counts.highest, -counts.lowest) <= _HIGHEST
        and counts.lowest_weight >= 0.0
        and _SMALLEST < counts.weight < 1.0 / _SMALLEST
    )


def binned(low: ArrayLike, high: ArrayLike, weight: ArrayLike, money: ArrayLike) -> Binned:
    """Return incomes known by bins, for use in place of `income` in every measure; see `Binned` for the arguments.

    Raises UndefinedMeasure for no bins, bins that do not rise or overlap or reach across 0, weights that are not
    above 0, anything that is not finite.
    """
    given = {"ends of bins": low, "upper ends of bins": high, "weights": weight, "sums of money": money}
    bins = Binned(*(numbers(what, values) for what, values in given.items()))
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
    codes = np.asarray(group)
    if codes.shape != whole.given.shape:
        raise UndefinedMeasure(f"groups have shape {codes.shape}, incomes {whole.given.shape}")
    if len(codes) and not 0 <= codes.min() <= codes.max() < number:
        raise UndefinedMeasure(f"groups run from {codes.min()} to {codes.max()}, expected 0 to {number - 1}")
    small = codes.astype(np.min_scalar_type(number - 1), copy=False)
    if whole.large:
        from incomesim.measures.sorting import split_order, split_rows

        chosen = split_rows(whole, small, number)
        if max(map(len, chosen)) <= SIDE_BY_SIDE:  # to sort each is quicker than to bring rows from afar in order
            given = whole.given, whole.given_weight
            return tuple(Ranked(*given, chosen=part) if len(part) else None for part in chosen)
        parts = split_order(whole.order, small, number)
    else:
        in_order = small[whole.order]
        by_group = whole.order[np.argsort(in_order, kind="stable")]
        parts = np.split(by_group, np.cumsum(np.bincount(in_order, minlength=number))[:-1])
    return tuple(Ranked(whole.given, whole.given_weight, places) if len(places) else None for places in parts)


def ranked(income: Incomes, weight: ArrayLike | None = None) -> Ranked:
    """Return incomes in order: themselves where they are, the estimate of binned ones, else `rank(income, weight)`."""
    if not isinstance(income, Ranked | Binned):
        return rank(income, weight)
    if weight is not None:
        raise TypeError("ranked and binned incomes bring their weights; leave `weight` out")
    return income.estimate if isinstance(income, Binned) else income


def reweighted(people: Ranked, weight: Reals) -> Ranked:
    """Return the same incomes in order with other weights (rows,), by row of the original array, without sorting.

    Raises UndefinedMeasure for weights that are negative or all 0.
    """
    if (weight < 0.0).any():
        raise UndefinedMeasure(f"{np.count_nonzero(weight < 0.0)} weights are negative, which no distribution has")
    places = people.order[weight[people.order] > 0.0]
    if not len(places):
        raise UndefinedMeasure("there is nobody with a weight above 0")
    return Ranked(people.given, np.ascontiguousarray(weight), places)


def _known(income: Reals, weight: Reals) -> Ranked:
    """Incomes that are in order already."""
    return Ranked(income, weight, np.flatnonzero(weight > 0.0))
