"""What synthetic households count for in the totals that their weights can be asked to meet.

The weight of a household is an exponential function of the sum of these traits, each times a number that all share:
`kernel.households` adds them up, `find_weights` finds the numbers.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from incomesim.fields import RESIDENCES, SOURCES
from incomesim.kernel.households import Calibration, Recipe
from incomesim.population.households import Households
from incomesim.published.shares import LARGEST_HOUSEHOLD

__all__ = ["group_by_limits", "list_multipliers", "traits_by_margin"]

Reals = NDArray[np.float64]
Integers = NDArray[np.int64]


def group_by_limits(households: Households, calibration: Calibration) -> Integers:
    """Return 0, 1, ... for the income group of its residence that each household (N,) is in."""
    limit = calibration.group_limit[households.residence] * households.persons[:, None]
    return np.asarray((households.disposable()[:, None] >= limit).sum(axis=1))


def traits_by_margin(households: Households, group: Integers, recipe: Recipe) -> dict[str, tuple[Integers, Reals]]:
    """Return, by margin, the number of the total that each household (N,) counts in, and for how much.

    `group` (N,) is its income group: of the recipe's calibration only the means of groups and what they are groups of
    are looked at.
    """
    means, sides = recipe.calibration.group_mean, len(RESIDENCES)
    region, side = households.region, households.residence
    everyone, ones = np.zeros(len(households), np.int64), np.ones(len(households))
    persons, income = households.persons.astype(np.float64), households.disposable()
    own_group = side * means.shape[1] + group
    band = np.searchsorted(recipe.lowest_age[1:], households.age, side="right")
    size = np.minimum(households.persons, LARGEST_HOUSEHOLD) - 1
    named, bands = recipe.calibration.key_group.shape[1], len(recipe.lowest_age)
    return {
        "resident": (region * sides + side, persons),
        **{source: (side, getattr(households, source)) for source in SOURCES},
        "group": (own_group, persons if recipe.calibration.of_persons else ones),
        "group_income": (own_group, income / means.ravel()[own_group] - persons),
        "households": (everyone, ones),
        "elderly": (everyone, households.elderly.astype(np.float64)),
        "children": (everyone, households.children.astype(np.float64)),
        "income": (region, income),
        "key_group": (side * named + households.group, ones),
        "key_age": (side * bands + band, ones),
        "key_size": (side * LARGEST_HOUSEHOLD + size, ones),
    }


def list_multipliers(calibration: Calibration) -> dict[str, Reals]:
    """Return, by margin, the multiplier of each of its totals: 0 where it was not asked for or follows from others.

    That of households is in the base of all weights, and not a number.
    """
    return {
        "resident": calibration.resident.ravel(),
        **dict(zip(SOURCES, calibration.source.T, strict=True)),
        "group": calibration.group.ravel(),
        "group_income": calibration.group_income.ravel(),
        "households": np.array([np.nan]),
        "elderly": np.array([calibration.elderly]),
        "children": np.array([calibration.children]),
        "income": calibration.income,
        "key_group": calibration.key_group.ravel(),
        "key_age": calibration.band.ravel(),
        "key_size": calibration.size.ravel(),
    }
