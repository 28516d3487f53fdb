"""Calibration of weights to known totals by raking (Deville & Sarndal 1992, JASA 87(418))."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["rake"]

_EXACT = 1e-10  # largest miss relative to the sum of the trait's absolute values; sums of a million rows round at 1e-13
_ROUNDS = 50
_HALVINGS = 20
_LARGEST = 50.0  # change of a log weight
_ROWS = 2**15  # taken at a time


def rake(
    weight: NDArray[np.float64],
    traits: Callable[[int, int], NDArray[np.float64]],
    totals: NDArray[np.float64],
    names: Sequence[str],
) -> NDArray[np.float64]:
    """Return the multipliers (K,) of weights w = weight * exp(multipliers @ traits) with traits @ w = totals.

    By Newton's method. `traits(start, stop)` gives those of some rows, (K, stop - start), so that they are
    never all held; `totals` and `names` have K entries. Raises ArithmeticError, naming the totals, where
    nobody has the trait or no positive weights reach them all.
    """
    parts = [slice(start, min(start + _ROWS, len(weight))) for start in range(0, len(weight), _ROWS)]
    size = np.sum([np.abs(traits(part.start, part.stop)) @ weight[part] for part in parts], axis=0)
    if not size.all():
        nobody = [name for name, found in zip(names, size, strict=True) if not found]
        more = f" and {len(nobody) - 3} more" if len(nobody) > 3 else ""
        raise ArithmeticError(f"there is nobody to weight up to the totals of: {', '.join(nobody[:3])}{more}")
    scale = 1.0 / size
    goal = totals * scale

    def reach(multiplier: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """What the totals lack, and how they change with the multipliers."""
        miss, slope = goal.copy(), np.zeros((len(goal), len(goal)))
        for part in parts:
            scaled = traits(part.start, part.stop) * scale[:, None]
            weighted = scaled * (weight[part] * np.exp(np.clip(multiplier @ scaled, -_LARGEST, _LARGEST)))
            miss -= weighted.sum(axis=1)
            slope += weighted @ scaled.T
        return miss, slope

    multiplier = np.zeros(len(totals))
    miss, slope = reach(multiplier)
    for _ in range(_ROUNDS):
        if np.max(np.abs(miss)) < _EXACT:
            return multiplier * scale
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
