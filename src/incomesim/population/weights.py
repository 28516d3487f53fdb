"""Calibration of weights to known totals by raking (Deville & Sarndal 1992, JASA 87(418))."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["rake"]

_EXACT = 1e-10  # largest miss relative to the sum of the trait's absolute values; sums of a million rows round at 1e-13
_ROUNDS = 50
_HALVINGS = 20


def rake(
    weight: NDArray[np.float64],
    traits: NDArray[np.float64],
    totals: NDArray[np.float64],
    names: Sequence[str],
) -> NDArray[np.float64]:
    """Return weights w = weight * exp(traits' @ lambda) with traits @ w = totals, by Newton's method.

    `traits` has shape (K, N), `totals` and `names` K entries. Raises ArithmeticError, naming the totals,
    where nobody has the trait or no positive weights reach them all.
    """
    size = np.abs(traits) @ weight
    if not size.all():
        nobody = [name for name, found in zip(names, size, strict=True) if not found]
        more = f" and {len(nobody) - 3} more" if len(nobody) > 3 else ""
        raise ArithmeticError(f"there is nobody to weight up to the totals of: {', '.join(nobody[:3])}{more}")
    scale = 1.0 / size
    traits = traits * scale[:, None]
    goal = totals * scale
    multiplier = np.zeros(len(totals))
    current = weight
    miss = goal - traits @ current
    for _ in range(_ROUNDS):
        if np.max(np.abs(miss)) < _EXACT:
            return current
        step = np.linalg.lstsq((traits * current) @ traits.T, miss, rcond=1e-12)[0]
        for _ in range(_HALVINGS):
            trial = weight * np.exp(np.clip((multiplier + step) @ traits, -50.0, 50.0))
            trial_miss = goal - traits @ trial
            if np.linalg.norm(trial_miss) < np.linalg.norm(miss):
                break
            step = step / 2.0
        else:
            break
        multiplier, current, miss = multiplier + step, trial, trial_miss
    worst = int(np.argmax(np.abs(miss)))
    raise ArithmeticError(f"no positive weights reach all totals; {names[worst]} is missed by {miss[worst]:.2%}")
