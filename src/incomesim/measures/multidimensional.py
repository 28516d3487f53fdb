"""Poverty in several dimensions at once: income, schooling, housing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from incomesim.measures.ranked import UndefinedMeasure, weighted_sum
from incomesim.measures.reading import numbers, same_rows

__all__ = ["AlkireFoster", "alkire_foster"]

Reals = NDArray[np.float64]


@dataclass(frozen=True)
class AlkireFoster:
    """Poverty counted over dimensions, all between 0 and 1.

    `headcount` is the share of people who are poor, `adjusted` (M0) the share of all deprivations that the poor have,
    `gap` (M1) and `squared_gap` (M2) the same with the depth of each, and its square, in cutoffs.
    """

    headcount: float
    adjusted: float
    gap: float
    squared_gap: float

    @property
    def intensity(self) -> float:
        """The mean share of dimensions in which the poor are deprived; adjusted = headcount times intensity."""
        if self.headcount == 0.0:
            raise UndefinedMeasure("nobody is poor; an intensity needs somebody")
        return self.adjusted / self.headcount


def alkire_foster(
    achievement: ArrayLike,
    weight: ArrayLike | None = None,
    *,
    cutoffs: ArrayLike,
    poverty_cutoff: float,
    importance: ArrayLike | None = None,
) -> AlkireFoster:
    """Return the multidimensional poverty measures of Alkire & Foster (2011, Journal of Public Economics 95(7)).

    `achievement` (n, d) holds what each person has in each dimension, 0 or more; below the cutoff of a dimension
    (d,) a person is deprived in it. Poor is who is deprived in dimensions with an `importance` (d,), by default
    equal, that adds up to a share of `poverty_cutoff` or more, above 0 and up to 1: 1 is in all. Raises
    UndefinedMeasure for shapes that do not fit, numbers out of range or not finite, and for nobody.
    """
    same_rows(achievement=achievement, weight=weight)
    have, z = numbers("achievements", achievement), numbers("cutoffs", cutoffs)
    if have.ndim != 2 or z.shape != have.shape[1:] or not len(have) or not len(z):
        raise UndefinedMeasure(f"achievements have shape {have.shape} and cutoffs {z.shape}, expected (n, d) and (d,)")
    people = _shares(weight, len(have), "weights")
    have, people = have[people > 0.0], people[people > 0.0]
    if not (np.isfinite(have).all() and np.isfinite(z).all() and (have >= 0.0).all() and (z > 0.0).all()):
        raise UndefinedMeasure("achievements must be finite and not negative, cutoffs finite and above 0")
    if not 0.0 < poverty_cutoff <= 1.0:
        raise UndefinedMeasure(f"found a poverty cutoff of {poverty_cutoff:g}, expected a share above 0 and up to 1")
    parts = _shares(importance, len(z), "importances")
    gap = np.maximum(1.0 - have / z, 0.0)
    deprived = (have < z) @ parts
    poor = deprived >= poverty_cutoff * (1.0 - 1e-12)  # a sum of shares may fall short by rounding
    of_poor = people * poor
    return AlkireFoster(
        float(of_poor.sum()),
        weighted_sum(deprived, of_poor),
        weighted_sum(gap @ parts, of_poor),
        weighted_sum(gap**2 @ parts, of_poor),
    )


def _shares(values: ArrayLike | None, size: int, what: str) -> Reals:
    """Numbers of this size that add up to 1; equal ones where there are none."""
    found = np.ones(size) if values is None else numbers(what, values)
    if found.shape != (size,) or not np.isfinite(found).all() or (found < 0.0).any() or found.sum() <= 0.0:
        raise UndefinedMeasure(f"{what} must be {size} finite numbers, not negative and not all 0")
    return np.asarray(found / found.sum())
