"""Whether one distribution is better than another by every measure of a kind: exact, on all kinks of curves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq

from incomesim.measures.domain import above
from incomesim.measures.ranked import Incomes, Ranked, UndefinedMeasure, ranked

__all__ = [
    "Dominance",
    "Verdict",
    "absolute_lorenz_dominance",
    "checked_order",
    "dominance_curve",
    "generalised_lorenz_dominance",
    "lorenz_dominance",
    "ordinates",
    "stochastic_dominance",
    "tip_dominance",
]

Reals = NDArray[np.float64]
Places = NDArray[np.intp]

_SAME = 1e-12  # relative to what is summed: curves nearer than this are one


class Verdict(Enum):
    """Which of two distributions is nowhere worse and somewhere better."""

    FIRST = "the first dominates"
    SECOND = "the second dominates"
    EQUAL = "the curves are the same"
    NEITHER = "the curves cross"


@dataclass(frozen=True)
class Dominance:
    """The verdict, and where the curves cross: at incomes, or at ranks for the curves of Lorenz and TIP."""

    verdict: Verdict
    crossings: tuple[float, ...]


def dominance_curve(income: Incomes, weight: ArrayLike | None = None, *, at: ArrayLike, order: int) -> Reals:
    """Return D^s (points,) at the incomes `at`: the mean of (z - y)^(s - 1) / (s - 1)! over people with y <= z.

    Order 1 is the distribution function; order 2 the mean shortfall, z times FGT 1; order 3 half the squared one.
    Raises UndefinedMeasure for an order that is not 1, 2 or 3. Source: Davidson & Duclos (2000), Econometrica 68(6).
    """
    people = ranked(income, weight)
    return ordinates(people.income, people.weight, np.asarray(at, np.float64), checked_order(order))


def stochastic_dominance(first: Incomes, second: Incomes, *, order: int, upper: float = np.inf) -> Dominance:
    """Return which distribution dominates at order 1, 2 or 3, over all incomes or poverty lines up to `upper`.

    The first dominates where its D^s is nowhere above: at order 1 all measures that rise with incomes say so, at 2
    all that also rise by transfers to the poorer, at 3 all that give more weight to transfers lower down. Up to a
    highest line: all poverty measures of the kind of FGT s - 1, at all lines. Exact: ties, ends and what happens
    between incomes are looked at. Weights come with `rank(income, weight)`. Raises UndefinedMeasure for another
    order, or where nobody has less than `upper`. Sources: Davidson & Duclos (2000), Econometrica 68(6); Foster &
    Shorrocks (1988), Econometrica 56(1).
    """
    checked_order(order)
    one, other = ranked(first), ranked(second)
    lowest = min(one.income[0], other.income[0])
    if not lowest < upper:
        raise UndefinedMeasure(f"nobody has less than {upper:g}; the lowest income is {lowest:g}")

    def better(z: Reals, s: int = order) -> Reals:
        return ordinates(other.income, other.weight, z, s) - ordinates(one.income, one.weight, z, s)

    z = np.union1d(one.income, other.income)
    z = z[z < upper]
    if order == 3 and np.isinf(upper):
        z = np.append(z, _beyond(z, better))
    elif order > 1 and not np.isinf(upper):
        z = np.append(z, upper)
    if order == 3:
        z = np.union1d(z, _turns(z, better(z, 2)))
    poor = np.maximum(*(ordinates(side.income, side.weight, z, 1) for side in (one, other)))
    verdict, left, right = _judge(better(z), _SAME * poor * (z - lowest) ** (order - 1))
    if order == 1:
        return Dominance(verdict, tuple(map(float, z[right])))
    if order == 2:
        return Dominance(verdict, _straight(z, better(z), left, right))
    return Dominance(
        verdict, tuple(brentq(lambda x: better(np.array([x]))[0], z[a], z[b]) for a, b in zip(left, right, strict=True))
    )


def lorenz_dominance(first: Incomes, second: Incomes) -> Dominance:
    """Return which Lorenz curve is nowhere below: more equal by all relative measures that fall by transfers down.

    Exact between ranks. Raises UndefinedMeasure where a mean is not above 0. Source: Atkinson (1970), Journal of
    Economic Theory 2(3).
    """
    one, other = ranked(first), ranked(second)
    return _compare_cumulated(
        one,
        one.money_below / (one.positive_mean * one.total_weight),
        other,
        other.money_below / (other.positive_mean * other.total_weight),
    )


def absolute_lorenz_dominance(first: Incomes, second: Incomes) -> Dominance:
    """Return which absolute Lorenz curve is nowhere below: more equal by all absolute measures.

    The curve is the generalised Lorenz curve less p times the mean; adding the same to everybody changes nothing. Exact
    between ranks; crossings are ranks. Source: Moyes (1987), Economics Letters 23(2).
    """
    one, other = ranked(first), ranked(second)
    return _compare_cumulated(one, _beyond_mean(one), other, _beyond_mean(other))


def generalised_lorenz_dominance(first: Incomes, second: Incomes) -> Dominance:
    """Return which generalised Lorenz curve, the mean times Lorenz, is nowhere below: better by all that like equality.

    The same as stochastic dominance of order 2; crossings are ranks. Exact between ranks. Source: Shorrocks (1983),
    Economica 50(197).
    """
    one, other = ranked(first), ranked(second)
    return _compare_cumulated(one, one.money_below / one.total_weight, other, other.money_below / other.total_weight)


def tip_dominance(first: Incomes, second: Incomes, *, line: float) -> Dominance:
    """Return which TIP curve is nowhere above: less poverty by all measures of gaps, for all lines up to `line`.

    TIP cumulates relative gaps from the poorest. Exact between ranks. Raises UndefinedMeasure for a line that is not
    above 0. Source: Jenkins & Lambert (1997), Oxford Economic Papers 49(3).
    """
    above(0.0, "line", line)
    one, other = ranked(first), ranked(second)
    gaps = [
        np.cumsum(np.minimum(side.income / line - 1.0, 0.0) * side.weight) / side.total_weight for side in (one, other)
    ]
    return _compare_cumulated(one, gaps[0], other, gaps[1])


def checked_order(order: int) -> int:
    """Return the order. Raises UndefinedMeasure where it is not 1, 2 or 3."""
    if order not in (1, 2, 3):
        raise UndefinedMeasure(f"found order {order}, expected 1, 2 or 3")
    return order


def ordinates(income: Reals, weight: Reals, z: Reals, order: int) -> Reals:
    """Return D^s (points,) at z from incomes (n,) in rising order and their weights."""
    beyond, at = income - income[0], z - income[0]
    row = np.searchsorted(income, z, side="right")
    sums = [np.append(0.0, np.cumsum(weight * beyond**power))[row] / weight.sum() for power in range(order)]
    if order == 1:
        return np.asarray(sums[0])
    if order == 2:
        return np.asarray(at * sums[0] - sums[1])
    return np.asarray(0.5 * (at * at * sums[0] - 2.0 * at * sums[1] + sums[2]))


def _beyond(z: Reals, better: Callable[[Reals, int], Reals]) -> float:
    """Return an income above all kinks z after which two curves of order 3, straight there, cross no more."""
    highest = z[-1:]
    start, slope = float(better(highest, 3)[0]), float(better(highest, 2)[0])
    crossing = max(-start / slope, 0.0) if slope != 0.0 else 0.0
    return float(z[-1] + 2.0 * crossing + (z[-1] - z[0]))


def _turns(z: Reals, slope: Reals) -> Reals:
    """Return where a curve with these slopes at kinks, and straight ones between, turns between kinks."""
    turning = np.flatnonzero(slope[1:] * slope[:-1] < 0.0)
    part = slope[turning] / (slope[turning] - slope[turning + 1])
    return np.asarray(z[turning] + part * np.diff(z)[turning])


def _beyond_mean(people: Ranked) -> Reals:
    """Return what the people up to each have more than the mean, over all people."""
    return np.asarray(
        np.cumsum(people.weight * (people.income - people.total_money / people.total_weight)) / people.total_weight
    )


def _compare_cumulated(one: Ranked, first: Reals, other: Ranked, second: Reals) -> Dominance:
    """Compare two curves (n,), (m,) that start at 0 and are straight between the ranks of people."""
    ranks = [np.append(0.0, side.share_below) for side in (one, other)]
    p = np.union1d(*ranks)
    curves = [np.interp(p, rank, np.append(0.0, curve)) for rank, curve in zip(ranks, (first, second), strict=True)]
    better = curves[0] - curves[1]
    verdict, left, right = _judge(better, np.full(len(p), _SAME * np.abs(curves).max()))
    return Dominance(verdict, _straight(p, better, left, right))


def _judge(better: Reals, size: Reals) -> tuple[Verdict, Places, Places]:
    """Return the verdict, and the places between which the sign changes, from how much better the first is at each.

    What is within `size` of 0 is equal.
    """
    told = np.flatnonzero(np.abs(better) > size)
    signs = better[told] > 0.0
    changes = np.flatnonzero(signs[1:] != signs[:-1])
    left, right = told[changes], told[changes + 1]
    if not len(told):
        return Verdict.EQUAL, left, right
    if len(changes):
        return Verdict.NEITHER, left, right
    return Verdict.FIRST if signs[0] else Verdict.SECOND, left, right


def _straight(where: Reals, better: Reals, left: Places, right: Places) -> tuple[float, ...]:
    part = better[left] / (better[left] - better[right])
    return tuple(map(float, where[left] + part * (where[right] - where[left])))
