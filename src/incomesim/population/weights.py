"""Calibration of weights to known totals (Deville & Sarndal 1992, JASA 87(418)), by a damped Newton method.

New weights are w = d F(traits @ multiplier), where d are the old ones and F is the exponential function (raking),
1 + u (chi-square distance) or a logit between two limits. Totals that follow from the others are set aside first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from incomesim.kernel.raking import Distance, Traits, sum_tilted
from incomesim.population.agreement import find_independent
from incomesim.population.known_total import KnownTotal
from incomesim.population.reach import Attempt, explain_failure, refuse_beyond_range

__all__ = ["Fitted", "fit_weights", "list_traits"]

_EXACT = 1e-10  # largest miss relative to the sum of the trait's absolute values; sums of a million rows round at 1e-13
_ROUNDS = 100
_DUE = 1e-4  # of the fall that the slope promises
_LEAST_DAMPING = 1e-8
_LONGEST = 1e100  # step, from a slope that has all but vanished

Reals = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Fitted:
    """Multipliers of the totals (K,), 0 for those that follow from others, and the weights (N,) they give."""

    multiplier: Reals
    weight: Reals


def list_traits(columns: Iterable[tuple[Integers, Reals]], rows: int) -> Traits:
    """Return what rows count for, from columns of the number of a total (N,), -1 for none, and a value (N,).

    Values of 0 are left out. `columns` is gone through twice.
    """
    columns = list(columns)
    counts = np.zeros(rows + 1, np.int64)
    for which, value in columns:
        counts[1:] += (which >= 0) & (value != 0.0)
    start = np.cumsum(counts)
    trait, amount = np.empty(start[-1], np.int64), np.empty(start[-1])
    place = start[:-1].copy()
    for which, value in columns:
        counted = np.flatnonzero((which >= 0) & (value != 0.0))
        trait[place[counted]], amount[place[counted]] = which[counted], value[counted]
        place[counted] += 1
    return Traits(start, trait, amount)


def fit_weights(weight: Reals, traits: Traits, totals: Sequence[KnownTotal], distance: Distance) -> Fitted:
    """Return the weights nearest to `weight` (N,), above 0, by which the traits add up to the totals (K).

    Every trait must be somebody's. Raises Unreachable, naming the totals, where they contradict each other or no
    weights of this kind reach them, and ArithmeticError where the search failed though there are such weights.
    """
    refuse_beyond_range(weight, traits, totals, distance)
    amount = np.repeat(weight, np.diff(traits.start)) * np.abs(traits.value)
    size = np.bincount(traits.trait, amount, len(totals)).astype(np.float64)
    problem = _Problem(weight, traits, distance, np.array([total.value for total in totals]), size)
    here = problem.at(np.zeros(len(totals)))
    chosen = find_independent(here.slope * np.outer(size, size), totals)
    damping = 0.0
    for _ in range(_ROUNDS):
        miss = here.miss[chosen]
        if np.max(np.abs(miss)) < _EXACT:
            return Fitted(here.multiplier / size, here.tilted)
        damped = here.slope[np.ix_(chosen, chosen)] + damping * np.identity(len(chosen))
        step = np.zeros(len(totals))
        step[chosen] = np.clip(np.linalg.lstsq(damped, miss, rcond=1e-12)[0], -_LONGEST, _LONGEST)
        there = problem.at(here.multiplier + step)
        if _is_nearer(there, here, step, chosen):
            here, damping = there, damping / 10.0 if damping > _LEAST_DAMPING else 0.0
        else:
            damping = max(10.0 * damping, _LEAST_DAMPING)
    raise explain_failure(Attempt(weight, traits, distance, here.multiplier / size, here.tilted), totals)


@dataclass(frozen=True, eq=False)
class _Point:
    """Where a search is: all is relative to the size of the traits.

    What the totals lack (K,) is the gradient, with the sign changed, of a convex function whose lowest point is
    wanted; `height` is its value, known to within `blur`, `slope` (K, K) its second derivatives.
    """

    multiplier: Reals
    tilted: Reals
    miss: Reals
    height: float
    blur: float
    slope: Reals


@dataclass(frozen=True, eq=False)
class _Problem:
    """The dual problem of calibration; `size` (K,) is the sum of the absolute values of each trait."""

    weight: Reals
    traits: Traits
    distance: Distance
    wanted: Reals
    size: Reals

    def at(self, multiplier: Reals) -> _Point:
        """Return what there is at multipliers (K,) of traits divided by their size."""
        number, size = len(multiplier), self.size
        tilted, total, slope = np.empty(len(self.weight)), np.empty(number), np.empty((number, number))
        whole = sum_tilted(self.weight, self.traits, multiplier / size, self.distance, tilted, total, slope)
        asked = float(multiplier / size @ self.wanted)
        blur = _EXACT * (abs(whole) + abs(asked))
        return _Point(
            multiplier, tilted, (self.wanted - total) / size, whole - asked, blur, slope / np.outer(size, size)
        )


def _is_nearer(there: _Point, here: _Point, step: Reals, chosen: Integers) -> bool:
    """Whether a step has come down as its start promised, or, too near to tell by height, halved what is lacking."""
    if there.height < here.height - _DUE * float(step @ here.miss):
        return True
    halved = np.linalg.norm(there.miss[chosen]) < 0.5 * np.linalg.norm(here.miss[chosen])
    return bool(halved and there.height < here.height + here.blur)
