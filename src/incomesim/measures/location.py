"""Means, quantiles and shares of income."""

from __future__ import annotations

from enum import IntEnum

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from incomesim.measures.domain import at_least, one_of
from incomesim.measures.points import point_at
from incomesim.measures.ranked import Incomes, Ranked, UndefinedMeasure, ranked

__all__ = [
    "QuantileType",
    "decile_table",
    "eurostat_s80_s20",
    "lorenz_at",
    "mean",
    "mean_between_ranks",
    "median",
    "palma",
    "positive_median",
    "quantile",
    "quantile_ratio",
    "share",
    "share_ratio",
]

Reals = NDArray[np.float64]

_SAME = 1e-12  # relative to the total weight: ranks nearer than this are one


def mean(income: Incomes, weight: ArrayLike | None = None) -> float:
    """Return the weighted mean of incomes, in their unit."""
    people = ranked(income, weight)
    return people.total_money / people.total_weight


class QuantileType(IntEnum):
    """Definitions of a quantile, numbered as by Hyndman & Fan (1996, American Statistician 50(4)).

    1 and 2 are those of the distribution function: its inverse, and the same averaged where it jumps exactly at
    p. 4 and 7 are lines between points, one for each different income: 4 through the shares of people up to and
    including it (Luxembourg Income Study), 7 through the middles of their ranks, stretched so that the lowest
    is at 0 and the highest at 1 (R and NumPy, where incomes differ and weights are equal).
    """

    TYPE_1 = 1
    TYPE_2 = 2
    TYPE_4 = 4
    TYPE_7 = 7


def quantile(
    income: Incomes, weight: ArrayLike | None = None, *, p: float, kind: QuantileType = QuantileType.TYPE_2
) -> float:
    """Return the income below which a share p of people lies, in the unit of incomes.

    By default the inverse of the weighted distribution function, averaged where it jumps exactly at p, as Eurostat has
    it, so the median of 1, 2, 3, 4 is 2.5; others by `kind`. Raises UndefinedMeasure unless p is between 0 and 1.
    """
    if not 0.0 <= p <= 1.0:
        raise UndefinedMeasure(f"p is {p}, expected a share between 0 and 1")
    one_of(QuantileType, "kind", kind)
    people = ranked(income, weight)
    if kind in (QuantileType.TYPE_4, QuantileType.TYPE_7):
        return float(np.interp(p, *_points(people, kind)))
    wanted = p * people.total_weight
    slack = _SAME * people.total_weight
    low = point_at(people, wanted - slack).income
    if kind == QuantileType.TYPE_1:
        return low
    return 0.5 * (low + point_at(people, wanted + slack, side="right").income)


def _points(people: Ranked, kind: QuantileType) -> tuple[Reals, Reals]:
    """Ranks and incomes between which a quantile of type 4 or 7 lies on a line; equal incomes are one."""
    ends = np.flatnonzero(np.append(np.diff(people.income) > 0.0, True))
    income, up_to = people.income[ends], people.weight_below[ends]
    if kind == QuantileType.TYPE_4 or len(ends) == 1:
        return up_to / people.total_weight, income
    middle = up_to - 0.5 * np.diff(up_to, prepend=0.0)
    return (middle - middle[0]) / (middle[-1] - middle[0]), income


def median(income: Incomes, weight: ArrayLike | None = None) -> float:
    """Return the median of incomes, in their unit."""
    return quantile(income, weight, p=0.5)


def positive_median(people: Ranked) -> float:
    """Return the median, for what is relative to it. Raises UndefinedMeasure where it is not above 0."""
    middle = median(people)
    if middle <= 0.0:
        raise UndefinedMeasure(f"the median income is {middle:g}; measures relative to it need one above 0")
    return middle


def quantile_ratio(income: Incomes, weight: ArrayLike | None = None, *, upper: float, lower: float) -> float:
    """Return the ratio of two quantiles, P90/P10 for 0.9 and 0.1; at least 1 for incomes above 0.

    Raises UndefinedMeasure where the lower quantile is not above 0.
    """
    people = ranked(income, weight)
    below = quantile(people, p=lower)
    if below <= 0.0:
        raise UndefinedMeasure(f"the lower quantile is {below:g}; a ratio needs one above 0")
    return quantile(people, p=upper) / below


def lorenz_at(people: Ranked, p: float) -> float:
    """Return the sum of income (weight times income) of the poorest share p of people.

    A person at the cut is divided, so the Lorenz curve is linear between rows.
    """
    wanted = min(p, 1.0) * people.total_weight
    point = point_at(people, wanted)
    return point.money_below - (point.weight_below - wanted) * point.income


def mean_between_ranks(income: Incomes, weight: ArrayLike | None = None, *, lower: float, upper: float) -> float:
    """Return the mean income of the people between two ranks, 0.9 and 1 for the top tenth, in their unit."""
    if not 0.0 <= lower < upper <= 1.0:
        raise UndefinedMeasure(f"ranks are {lower} and {upper}, expected 0 <= lower < upper <= 1")
    people = ranked(income, weight)
    return (lorenz_at(people, upper) - lorenz_at(people, lower)) / (people.total_weight * (upper - lower))


def share(income: Incomes, weight: ArrayLike | None = None, *, lower: float, upper: float) -> float:
    """Return the share of all income that goes to people between two ranks, 0.9 and 1 for the top tenth.

    Between 0 and 1 for incomes that are not negative. Raises UndefinedMeasure where the mean is not
    above 0.
    """
    if not 0.0 <= lower <= upper <= 1.0:
        raise UndefinedMeasure(f"ranks are {lower} and {upper}, expected 0 <= lower <= upper <= 1")
    people = ranked(income, weight)
    whole = people.positive_mean * people.total_weight
    return (lorenz_at(people, upper) - lorenz_at(people, lower)) / whole


def share_ratio(income: Incomes, weight: ArrayLike | None = None, *, top: float, bottom: float) -> float:
    """Return the income share of the richest `top` over that of the poorest `bottom`.

    S80/S20 for 0.2 and 0.2 (Eurostat's quintile share ratio), the Palma ratio for 0.1 and 0.4. Raises
    UndefinedMeasure where the poorest have nothing.
    """
    people = ranked(income, weight)
    lowest = share(people, lower=0.0, upper=bottom)
    if lowest <= 0.0:
        raise UndefinedMeasure(f"the poorest {bottom:.0%} have a share of {lowest:g}; a ratio needs one above 0")
    return share(people, lower=1.0 - top, upper=1.0) / lowest


def palma(income: Incomes, weight: ArrayLike | None = None) -> float:
    """Return the income share of the richest tenth over that of the poorest four tenths; at least 1/4.

    Raises UndefinedMeasure where the poorest have nothing. Source: Palma (2011), Development and Change 42(1);
    Cobham, Schlogl & Sumner (2015), Inequality and the Tails.
    """
    return share_ratio(income, weight, top=0.1, bottom=0.4)


def eurostat_s80_s20(income: Incomes, weight: ArrayLike | None = None) -> float:
    """Return Eurostat's S80/S20: the income above the 80 % quantile over that up to and including the 20 % quantile.

    For comparison with published figures: where many have the same income at a quantile, the two groups are not fifths;
    `share_ratio` with 0.2 and 0.2 divides who stands at the cut. Raises UndefinedMeasure where the poorest have
    nothing. Source: Eurostat (2004), LC-ILC/39/09.
    """
    people = ranked(income, weight)
    low, high = quantile(people, p=0.2), quantile(people, p=0.8)
    lowest, rest = (int(np.searchsorted(people.income, limit, side="right")) for limit in (low, high))
    of_lowest = float(people.money_below[lowest - 1])
    if of_lowest <= 0.0:
        raise UndefinedMeasure(f"the poorest fifth has {of_lowest:g}; a ratio needs an income above 0")
    return (people.total_money - float(people.money_below[rest - 1])) / of_lowest


def decile_table(income: Incomes, weight: ArrayLike | None = None, *, number: int = 10) -> pd.DataFrame:
    """Return the `number` equal groups of people from the poorest up, one a row.

    Columns: `group` from 1; `up_to`, the quantile at its upper end, and `mean`, in the unit of incomes; `share` of all
    income and `cumulative_share` of it and the groups below. Raises UndefinedMeasure where the mean is not
    above 0.
    """
    people = ranked(income, weight)
    at_least(1, "number", number)
    ends = np.arange(number + 1) / number
    money = np.array([lorenz_at(people, p) for p in ends])
    whole = people.positive_mean * people.total_weight
    return pd.DataFrame(
        {
            "group": np.arange(1, number + 1),
            "up_to": [quantile(people, p=p) for p in ends[1:]],
            "mean": np.diff(money) * number / people.total_weight,
            "share": np.diff(money) / whole,
            "cumulative_share": money[1:] / whole,
        }
    )
