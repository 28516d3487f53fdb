"""Calibration of weights to known totals by raking (Deville & Sarndal 1992, JASA 87(418))."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["rake"]


def rake(weight: NDArray[np.float64], traits: NDArray[np.float64], totals: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return weights w = weight * exp(traits' @ lambda) with traits @ w = totals, by Newton's method.

    `traits` has shape (K, N), `totals` shape (K,). Raises ArithmeticError, naming the row of the worst
    total, where no positive weights reach them.
    """
    scale = 1.0 / (np.abs(traits) @ weight)
    traits = traits * scale[:, None]
    goal = totals * scale
    multiplier = np.zeros(len(totals))
    current = weight
    miss = goal - traits @ current
    for _ in range(50):
        if np.max(np.abs(miss)) < 1e-12:
            return current
        step = np.linalg.lstsq((traits * current) @ traits.T, miss, rcond=1e-12)[0]
        for _ in range(30):
            trial = weight * np.exp(np.clip((multiplier + step) @ traits, -50.0, 50.0))
            trial_miss = goal - traits @ trial
            if np.linalg.norm(trial_miss) < np.linalg.norm(miss):
                break
            step = step / 2.0
        else:
            break
        multiplier, current, miss = multiplier + step, trial, trial_miss
    if np.max(np.abs(miss)) < 1e-9:
        return current
    worst = int(np.argmax(np.abs(miss)))
    raise ArithmeticError(f"no positive weights reach the totals; total {worst} is missed by {miss[worst]:.1%}")
