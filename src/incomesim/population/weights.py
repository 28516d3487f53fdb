"""Calibration of weights to known totals by raking (Deville & Sarndal 1992, JASA 87(418))."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from incomesim.kernel.raking import sum_tilted

__all__ = ["rake"]

_EXACT = 1e-10  # largest miss relative to the sum of the trait's absolute values; sums of a million rows round at 1e-13
_ROUNDS = 50
_HALVINGS = 20

Reals = NDArray[np.float64]


def rake(weight: Reals, trait: NDArray[np.int64], value: Reals, totals: Reals, names: Sequence[str]) -> Reals:
    """Return the multipliers (K,) for which weights w = weight * exp(multipliers @ traits) add up to the totals.

    Row i has value[j, i] of trait[j, i], numbers of totals, and nothing of the others; `trait` and `value`
    have shape (J, N), `totals` and `names` K entries. By Newton's method. Raises ArithmeticError, naming the
    totals, where nobody has the trait or no positive weights reach them all.
    """
    size = np.zeros(len(totals))
    for which, amount in zip(trait, value, strict=True):
        size += np.bincount(which, weight * np.abs(amount), len(totals))
    if not size.all():
        nobody = [name for name, found in zip(names, size, strict=True) if not found]
        more = f" and {len(nobody) - 3} more" if len(nobody) > 3 else ""
        raise ArithmeticError(f"there is nobody to weight up to the totals of: {', '.join(nobody[:3])}{more}")

    def reach(multiplier: Reals) -> tuple[Reals, Reals]:
        """What the totals lack, and how they change with the multipliers, all relative to the size of traits."""
        total, slope = np.empty(len(totals)), np.empty((len(totals), len(totals)))
        sum_tilted(weight, trait, value, multiplier / size, total, slope)
        return (totals - total) / size, slope / np.outer(size, size)

    multiplier = np.zeros(len(totals))
    miss, slope = reach(multiplier)
    for _ in range(_ROUNDS):
        if np.max(np.abs(miss)) < _EXACT:
            return multiplier / size
        step = np.linalg.lstsq(slope, miss, rcond=1e-12)[0]
        for _ in range(_HALVINGS):
            trial_miss, trial_slope = reach(multiplier + step)
            if np.linalg.norm(trial_miss) < np.linalg.norm(miss):
                break
            step = step / 2.0
        else:
            break
        multiplier, miss, slope = multiplier + step, trial_miss, trial_slope
    worst = int(np.argmax(np.abs(miss)))
    raise ArithmeticError(f"no positive weights reach all totals; {names[worst]} is missed by {miss[worst]:.2%}")
