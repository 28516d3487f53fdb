"""What a table of groups says of the distribution: points of its Lorenz curve."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from incomesim.measures.ranked import UndefinedMeasure
from incomesim.measures.reading import numbers, same_rows

__all__ = ["LorenzPoints", "class_points", "lorenz_points"]

Reals = NDArray[np.float64]

_ENDS_AT_ONE = 1e-6  # what a published last point may miss
_SAME = 1e-9


@dataclass(frozen=True, eq=False)
class LorenzPoints:
    """Points of a Lorenz curve after (0, 0), both of shape (n,), rising and convex; the last is (1, 1).

    `income[k]` is the share of all income of the poorest share `people[k]`.
    """

    people: Reals
    income: Reals


def lorenz_points(people: ArrayLike, income: ArrayLike) -> LorenzPoints:
    """Return the points of a table of cumulative shares, as published for tenths or fifths.

    `people` and `income` have shape (n,) and end at 1; (0, 0) may be there or not. Raises UndefinedMeasure for
    shares that do not rise or do not end at 1 (percentages for instance), or a group whose mean is below that of the
    group before it: groups go from the poorest up.
    """
    same_rows(people=people, income=income)
    p, share = numbers("shares of people", people), numbers("shares of income", income)
    if p.ndim != 1 or p.shape != share.shape or len(p) < 2:
        raise UndefinedMeasure(
            f"shares have shapes {p.shape} and {share.shape}, expected two columns of 2 or more rows"
        )
    if not (np.isfinite(p).all() and np.isfinite(share).all()):
        raise UndefinedMeasure("cumulative shares must be finite numbers")
    if p[0] == 0.0 and share[0] == 0.0:
        p, share = p[1:], share[1:]
    if max(abs(p[-1] - 1.0), abs(share[-1] - 1.0)) > _ENDS_AT_ONE:
        raise UndefinedMeasure(f"the last point is ({p[-1]:g}, {share[-1]:g}), expected (1, 1)")
    p, share = np.append(p[:-1], 1.0), np.append(share[:-1], 1.0)
    width = np.diff(p, prepend=0.0)
    if (width <= 0.0).any():
        raise UndefinedMeasure(
            f"cumulative shares of people must rise from above 0; row {_first(width <= 0.0)} does not"
        )
    means = np.diff(share, prepend=0.0) / width
    falls = np.diff(means) < -_SAME
    if falls.any():
        found = means[_first(falls) + 1]
        raise UndefinedMeasure(
            f"group {_first(falls) + 1} has {found:.4g} times the mean, less than the group before it; "
            "groups go from the poorest up and count from 0"
        )
    return LorenzPoints(p, share)


def class_points(weight: ArrayLike, mean: ArrayLike) -> LorenzPoints:
    """Return the points of a table of classes: how many people (or which share) each has, and their mean income.

    Both have shape (n,), classes go from the poorest up. Raises UndefinedMeasure for weights that are not above 0, an
    overall mean that is not, or means that fall.
    """
    same_rows(weight=weight, mean=mean)
    persons, means = numbers("weights", weight), numbers("means", mean)
    if persons.ndim != 1 or persons.shape != means.shape or len(persons) < 2:
        raise UndefinedMeasure(f"columns have shapes {persons.shape} and {means.shape}, expected 2 or more classes")
    if not (persons > 0.0).all():
        raise UndefinedMeasure("every class needs people: weights above 0")
    money = float((persons * means).sum())
    if not money > 0.0:
        raise UndefinedMeasure(f"all income is {money:g}; shares of it need one above 0")
    below, money_below = np.cumsum(persons), np.cumsum(persons * means)
    return lorenz_points(below / below[-1], money_below / money_below[-1])


def _first(where: NDArray[np.bool_]) -> int:
    return int(np.argmax(where))
