"""How weights of synthetic households answer to each of them: one more of a kind, and others stand for fewer.

Weights are base * exp(x'l) with multipliers l at which the traits x meet published totals T, so a household c more, of
weight w_c, moves l by -A^-1 w_c x_c with A = sum of w x x' (Deville & Sarndal 1992, JASA 87(418)). It also moves the
limits between income groups, which are quantiles of the households: those who stand at a limit come into the next
group, count for other totals there, and have the weight of that group. How many they are cancels out, as the step of a
quantile is the smaller the more households stand there; what they are like is seen from those nearest to the limit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from incomesim.kernel.households import Calibration, Recipe
from incomesim.population.draw import CALIBRATED
from incomesim.population.households import Households
from incomesim.population.known_traits import group_by_limits, list_multipliers, traits_by_margin
from incomesim.population.made_households import join, list_households, pick
from incomesim.population.rows import Synthetic

__all__ = ["Answering", "answer_of_weights"]

Reals = NDArray[np.float64]
Integers = NDArray[np.int64]

_SINGULAR = 1e-10
_FARTHEST = 50.0  # as the kernel holds the logarithm of a weight
_NEAR, _FEWEST = 0.02, 60  # households of town or country that are looked at beside a limit: their share, the least


@dataclass(frozen=True, eq=False)
class Answering:
    """What moves the weights of households (n,): multipliers of totals and limits of income groups, J in all.

    `trait` (J, n) is by how much the weight of a household changes, relative to it, with each of them; `step` (J, n)
    is by how much one more household of its kind moves each of them. `times` is the number of households of the run
    to one of those on which the weights were fitted.
    """

    trait: Reals
    step: Reals
    times: float

    def take(self, rows: Integers) -> Answering:
        """Return it with the households in another order."""
        return Answering(self.trait[:, rows], self.step[:, rows], self.times)


def answer_of_weights(source: Synthetic, ranges: Sequence[tuple[int, int]], every: int) -> Answering:
    """Return the answer to every second, third, ... household of some ranges, in the order of their rows."""
    parts = [list_households(source.recipe, *limits) for limits in ranges]
    households = join([pick(part, np.arange(0, len(part), every)) for part in parts])
    calibration = source.recipe.calibration
    group = group_by_limits(households, calibration)
    own = _list_traits(households, group, source.recipe)
    added = households.weight[:, None] * own  # to the totals, by one household more of its kind
    slope = own.T @ added
    multiplier = np.concatenate([each[each != 0.0] for each in list_multipliers(calibration).values()])
    limits = [
        _answer_at(limit, households, own, np.nan_to_num(multiplier), source.recipe)
        for limit in _limits(calibration)
        if (households.residence == limit.side).any()
    ]
    for each in limits:
        added += np.outer(each.step, each.moved)
    size = np.sqrt(np.diagonal(slope))
    size = np.where(size > 0.0, size, 1.0)
    inverse = np.linalg.pinv(slope / np.outer(size, size), hermitian=True, rcond=_SINGULAR) / np.outer(size, size)
    return Answering(
        np.vstack([own.T, *(each.trait for each in limits)]),
        np.vstack([-inverse @ added.T, *(each.step for each in limits)]),
        max(source.number / CALIBRATED, 1.0),
    )


def _list_traits(households: Households, group: Integers, recipe: Recipe) -> Reals:
    """Return the traits (n, K) of households, if they were in these income groups, by which weights were fitted."""
    traits = traits_by_margin(households, group, recipe)
    every, columns = np.arange(len(households)), []
    for name, multiplier in list_multipliers(recipe.calibration).items():
        number, value = traits[name]
        of_margin = np.zeros((len(households), len(multiplier)))
        of_margin[every, number] = value
        columns.append(of_margin[:, multiplier != 0.0])
    return np.hstack(columns)


class _Limit(NamedTuple):
    """The limit between a group and the next in town or country, yuan per head."""

    side: int
    group: int
    income: float


@dataclass(frozen=True, eq=False)
class _AtLimit:
    """Of a limit the `trait` (n,) and `step` (n,) as above, and what one unit of it moves totals by (K,)."""

    trait: Reals
    step: Reals
    moved: Reals


def _limits(calibration: Calibration) -> Iterator[_Limit]:
    for (side, group), income in np.ndenumerate(calibration.group_limit):
        if np.isfinite(income):
            yield _Limit(side, group, float(income))


def _answer_at(limit: _Limit, households: Households, own: Reals, multiplier: Reals, recipe: Recipe) -> _AtLimit:
    """A limit is measured in households, or persons, that it is moved over: so how many stand at it is not needed."""
    here = households.residence == limit.side
    per_head = households.disposable() / households.persons
    counted = np.where(here, households.persons if recipe.calibration.of_persons else 1.0, 0.0)
    below = per_head < limit.income
    step = counted * (counted @ below / counted.sum() - below)
    near = np.flatnonzero(here)
    number = max(int(_NEAR * len(near)), _FEWEST)
    near = near[np.argsort(np.abs(per_head[near] - limit.income), kind="stable")[:number]]
    those, weight = pick(households, near), households.weight[near]
    poorer, richer = (
        _list_traits(those, np.full(len(near), group), recipe) for group in (limit.group, limit.group + 1)
    )
    as_poorer, as_richer = (
        weight * np.exp(np.clip((traits - own[near]) @ multiplier, -_FARTHEST, _FARTHEST))
        for traits in (poorer, richer)
    )
    trait, mass = np.zeros(len(households)), counted[near].sum()
    trait[near] = np.divide(as_poorer - as_richer, weight, out=np.zeros(len(near)), where=weight > 0.0) / mass
    return _AtLimit(trait, step, (as_poorer @ poorer - as_richer @ richer) / mass)
