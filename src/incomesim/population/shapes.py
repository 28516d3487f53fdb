"""The distribution of income in town and country: one increasing curve each, through the published groups.

Within town and within the country one latent scale is common to all cells. A household in cell c of
size n with rank x (standard normal, independent of n) stands on it at

    v = delta[c] + shift(n) + x,        shift(n) = -psi * (n - mean size)

and its log market income per head is T(v): a smooth increasing curve through one point for each
published income group (Fritsch & Carlson 1980), straight below the lowest, and above the highest

    T(v) = straight line + bend / 2 * (v - highest point)^2,

which is lognormal for a bend of 0 and near a Pareto tail of index 1 / bend above it. The heights of the
points, psi and delta are found together so that the group means, the mean over persons (which lies below
the plain mean of groups of households because poor households are larger) and the wanted means of the cells
are met; the bend so that a published Gini coefficient is. Transfers per head do not depend on x: they are
lognormal about a level that belongs to the cell, and are part of the fit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from incomesim.errors import Unreachable

__all__ = ["HEAVIEST_BEND", "Groups", "Shape", "Side", "fit_shapes", "log_market"]

Reals = NDArray[np.float64]

HEAVIEST_BEND = 0.5
"""No upper tail is made heavier than one near Pareto with index 2: an assumption."""

_RANKS = np.linspace(-4.75, 4.75, 39)  # integration over x
_BINS = 4000  # of log income, for group means without sorting
_ROUNDS = 100
_SLOPE = 0.65  # of T, about: turns a gap in log income into a step on the latent scale
_PRECISION = 0.03  # largest relative miss of a published mean that is left to the weights
_BEND_PRECISION = 1e-3
_PLACED = 5e-3  # largest gap between wanted and reached log mean incomes of cells that is left to the weights


@dataclass(frozen=True, eq=False)
class Groups:
    """Groups by income per head: cumulative `shares` (G + 1,) of households, or of persons, and `means` (G,)."""

    shares: Reals
    means: Reals
    of_persons: bool


@dataclass(frozen=True, eq=False)
class Side:
    """Town or country: cells (n,), sizes (s,), and what is wanted of them, yuan per head."""

    name: str
    households: Reals  # (n, s)
    market: Reals  # (n,) wanted mean market income over persons
    transfer: Reals  # (n,) transfers
    transfer_nodes: Reals  # factors on them
    transfer_weights: Reals
    mean: float
    groups: Groups
    gini: float | None


@dataclass(frozen=True, eq=False)
class Shape:
    """Points of T (p,), its bend, places of the cells on the latent scale (n,), shift by size (s,)."""

    at: Reals
    height: Reals
    bend: float
    delta: Reals
    shift: Reals


def fit_shapes(sides: Sequence[Side], gini: float | None) -> list[Shape]:
    """Return the shape of each side; `gini` is that of everybody, where it is published.

    Where no bend up to HEAVIEST_BEND reaches a Gini coefficient, the nearest one is taken. Raises Unreachable
    where the means of groups and cells contradict each other.
    """
    if gini is not None:
        return _bend_to([_Fitter(side) for side in sides], gini)
    return [
        _Fitter(side).shape(0.0) if side.gini is None else _bend_to([_Fitter(side)], side.gini)[0] for side in sides
    ]


def log_market(shape: Shape, x: Reals) -> Reals:
    """Return log T at delta + x, shape (cells, x); the household's own shift is in x."""
    return _Curve(shape)(shape.delta[:, None] + x[None, :])


def _bend_to(fitters: list[_Fitter], gini: float) -> list[Shape]:
    """The shapes of one bend with this Gini coefficient of all sides together; it rises with the bend."""
    from scipy.optimize import brentq

    shapes: list[Shape] = []

    def miss(bend: float) -> float:
        shapes[:] = [fitter.shape(bend) for fitter in fitters]
        return _gini(fitters, shapes) - gini

    if miss(0.0) < 0.0 and miss(HEAVIEST_BEND) > 0.0:
        miss(float(brentq(miss, 0.0, HEAVIEST_BEND, xtol=_BEND_PRECISION)))
    return shapes  # of the last bend tried: none, the one that meets it, or the heaviest


class _Fitter:
    """Fits one side; remembers where it was, so that the next bend begins there."""

    def __init__(self, side: Side) -> None:
        from scipy.special import ndtri

        self.side = side
        groups = side.groups
        persons = side.households * np.arange(1, side.households.shape[1] + 1)
        by_cell = side.households.sum(axis=1)
        self.delta = np.log(side.market / np.average(side.market, weights=by_cell)) / _SLOPE
        sizes = np.arange(1, side.households.shape[1] + 1)
        self.from_mean = sizes - persons.sum() / side.households.sum()
        middle = 0.5 * (groups.shares[:-1] + groups.shares[1:])
        self.at = ndtri(middle) * np.sqrt(1.0 + np.average(self.delta**2, weights=by_cell))
        self.least = np.log(groups.means[0])
        self.steps = _SLOPE * np.diff(self.at)
        self.unknown = np.concatenate([[self.least], self.steps, [0.3]])

    def shape(self, bend: float) -> Shape:
        """Meet the group means and the mean over persons (least squares), for each trial the cells' means."""
        from scipy.optimize import least_squares

        side = self.side

        def gaps(unknown: Reals) -> Reals:
            shape = self._with_places(unknown, bend)
            self.delta = shape.delta
            groups, reached = _group_means(shape, side)
            missed: Reals = np.log(np.append(groups / side.groups.means, reached / side.mean))
            return missed

        found = least_squares(
            gaps,
            self.unknown,
            bounds=(
                np.concatenate([[self.least - 10.0], self.steps / 8.0, [-1.0]]),
                np.concatenate([[self.least + 10.0], self.steps * 8.0, [2.0]]),
            ),
            diff_step=3e-3,
            x_scale=np.concatenate([[0.1], self.steps, [0.3]]),
            ftol=1e-3,
            max_nfev=15,
        )
        if np.abs(found.fun).max() > _PRECISION:
            raise Unreachable(
                f"no distribution of {side.name} income meets the published group means and the assumed incomes of "
                f"cells together; the groups are missed by {', '.join(f'{gap:+.1%}' for gap in found.fun[:-1])}, "
                f"the mean by {found.fun[-1]:+.1%}"
            )
        self.unknown = found.x
        shape = self._with_places(found.x, bend)
        gap = _largest_gap(shape, side)
        if gap > _PLACED:
            raise Unreachable(
                f"the assumed incomes of {side.name} cells cannot be met by one distribution: a mean of a cell is "
                f"missed by {np.expm1(gap):.2%}"
            )
        return shape

    def _with_places(self, unknown: Reals, bend: float) -> Shape:
        height = unknown[0] + np.concatenate([[0.0], np.cumsum(unknown[1:-1])])
        return _place_cells(Shape(self.at, height, bend, self.delta, -unknown[-1] * self.from_mean), self.side)


def _place_cells(shape: Shape, side: Side) -> Shape:
    """Move the cells along the latent scale until their mean incomes stand in the wanted proportions."""
    delta, weight, curve = shape.delta, side.households.sum(axis=1), _Curve(shape)
    for _ in range(_ROUNDS):
        delta = delta - np.average(delta, weights=weight)
        gap = np.log(side.market / _market_means(curve(delta[:, None] + _RANKS), shape.shift, side))
        gap -= np.average(gap, weights=weight)
        if np.abs(gap).max() < 1e-7:
            break
        delta = delta + gap / _SLOPE
    return replace(shape, delta=delta)


def _largest_gap(shape: Shape, side: Side) -> float:
    """Largest difference between wanted and reached log means of inhabited cells, but for a common one."""
    weight = side.households.sum(axis=1)
    gap = np.log(side.market / _market_means(log_market(shape, _RANKS), shape.shift, side))
    return float(np.abs(gap - np.average(gap, weights=weight))[weight > 0.0].max())


class _Curve:
    """log T."""

    def __init__(self, shape: Shape) -> None:
        from scipy.interpolate import PchipInterpolator

        slope = np.diff(shape.height) / np.diff(shape.at)
        self.low, self.high, self.bend = shape.at[0] - 1.0, shape.at[-1] + 1.0, shape.bend
        self.top, self.first, self.last = shape.at[-1], slope[0], slope[-1]
        height = np.array([shape.height[0] - slope[0], *shape.height, shape.height[-1] + slope[-1]])
        self.inner = PchipInterpolator(np.array([self.low, *shape.at, self.high]), height)

    def __call__(self, v: Reals) -> Reals:
        value: Reals = self.inner(np.clip(v, self.low, self.high))
        value += self.first * np.minimum(v - self.low, 0.0) + self.last * np.maximum(v - self.high, 0.0)
        value += 0.5 * self.bend * np.maximum(v - self.top, 0.0) ** 2
        return value


def _by_size(shift: Reals) -> Reals:
    """Shares of the points of integration among households of each size, shape (sizes, x)."""
    density = np.exp(-0.5 * (_RANKS[None, :] - shift[:, None]) ** 2)
    shares: Reals = density / density.sum(axis=1, keepdims=True)
    return shares


def _market_means(log_income: Reals, shift: Reals, side: Side) -> Reals:
    """Mean market income per head over the persons of each cell, shape (cells,)."""
    persons = side.households * np.arange(1, len(shift) + 1)
    by_size = np.exp(log_income) @ _by_size(shift).T  # (cells, sizes)
    means: Reals = (persons * by_size).sum(axis=1) / np.maximum(persons.sum(axis=1), 1e-300)
    return np.where(persons.sum(axis=1) > 0.0, means, by_size.mean(axis=1))


@dataclass(frozen=True, eq=False)
class _Count:
    """Households, persons and money by bin of log income per head, from the lowest up; (_BINS,) each."""

    households: Reals
    persons: Reals
    money: Reals


def _count(shape: Shape, side: Side, bottom: float, top: float) -> _Count:
    shares = _by_size(shape.shift)
    households = (side.households @ shares)[:, :, None] * side.transfer_weights
    persons = ((side.households * np.arange(1, len(shape.shift) + 1)) @ shares)[:, :, None] * side.transfer_weights
    income = np.exp(log_market(shape, _RANKS))[:, :, None] + side.transfer[:, None, None] * side.transfer_nodes
    bins = np.clip((np.log(income) - bottom) / (top - bottom) * _BINS, 0, _BINS - 1).astype(np.int64).ravel()

    def add_up(values: Reals) -> Reals:
        return np.bincount(bins, values.ravel(), _BINS).astype(np.float64)

    return _Count(add_up(households), add_up(persons), add_up(persons * income))


def _group_means(shape: Shape, side: Side) -> tuple[Reals, float]:
    """Mean income over the persons of each group, and over all."""
    middle = np.log(side.mean)
    count = _count(shape, side, middle - 7.0, middle + 7.0)
    ranked = count.persons if side.groups.of_persons else count.households
    rank, heads, money = (np.concatenate([[0.0], np.cumsum(each)]) for each in (ranked, count.persons, count.money))
    cuts = side.groups.shares * rank[-1]
    heads_in, money_in = (np.diff(np.interp(cuts, rank, sums)) for sums in (heads, money))
    return money_in / heads_in, float(money[-1] / heads[-1])


def _gini(fitters: list[_Fitter], shapes: list[Shape]) -> float:
    """Gini coefficient over the persons of all sides."""
    middle = np.log(np.mean([fitter.side.mean for fitter in fitters]))
    counts = [
        _count(shape, fitter.side, middle - 8.0, middle + 8.0) for shape, fitter in zip(shapes, fitters, strict=True)
    ]
    persons = np.cumsum(np.sum([count.persons for count in counts], axis=0))
    money = np.cumsum(np.sum([count.money for count in counts], axis=0))
    persons, money = persons / persons[-1], money / money[-1]
    area = np.sum(np.diff(persons) * (money[1:] + money[:-1]))
    return float(1.0 - area - persons[0] * money[0])
