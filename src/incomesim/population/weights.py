"""Calibration of weights to known totals (Deville & Sarndal 1992, JASA 87(418)), by Newton's method.

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
_HALVINGS = 20

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
    weights of this kind reach them, and ArithmeticError where the search failed and neither was found.
    """
    refuse_beyond_range(weight, traits, totals, distance)
    wanted = np.array([total.value for total in totals])
    size = np.bincount(traits.trait, np.repeat(weight, np.diff(traits.start)) * np.abs(traits.value), len(wanted))
    tilted, reached, slope = np.empty(len(weight)), np.empty(len(wanted)), np.empty((len(wanted), len(wanted)))

    def reach(multiplier: Reals) -> tuple[Reals, Reals]:
        """What the totals lack, and how they change with the multipliers, all relative to the size of traits."""
        sum_tilted(weight, traits, multiplier / size, distance, tilted, reached, slope)
        return (wanted - reached) / size, slope / np.outer(size, size)

    multiplier = np.zeros(len(wanted))
    miss, change = reach(multiplier)
    chosen = find_independent(change * np.outer(size, size), totals)
    for _ in range(_ROUNDS):
        if np.max(np.abs(miss[chosen])) < _EXACT:
            return Fitted(multiplier / size, tilted)
        step = np.zeros(len(wanted))
        step[chosen] = np.linalg.lstsq(change[np.ix_(chosen, chosen)], miss[chosen], rcond=1e-12)[0]
        for _ in range(_HALVINGS):
            trial_miss, trial_change = reach(multiplier + step)
            if np.linalg.norm(trial_miss[chosen]) < np.linalg.norm(miss[chosen]):
                break
            step = step / 2.0
        else:
            break
        multiplier, miss, change = multiplier + step, trial_miss, trial_change
    reach(multiplier)
    raise explain_failure(Attempt(weight, traits, distance, multiplier / size, tilted), totals)
