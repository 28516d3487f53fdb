"""Sums over weighted rows for raking: a row has few traits out of many, so they are listed, not tabulated."""

from __future__ import annotations

from incomesim.kernel.arithmetic import exp
from incomesim.kernel.compile import entry
from incomesim.kernel.tables import Integers, Reals

__all__ = ["sum_tilted"]

_LARGEST = 50.0  # change of a log weight


@entry
def sum_tilted(weight: Reals, trait: Integers, value: Reals, multiplier: Reals, total: Reals, slope: Reals) -> None:
    """Fill total (K,) with sums of weight * exp(multiplier @ traits) * traits, slope (K, K) with their derivatives.

    Row i has value[j, i] of trait[j, i]; both have shape (J, N). Sums are taken in the order of the rows.
    """
    total[:] = 0.0
    slope[:, :] = 0.0
    for i in range(weight.shape[0]):
        tilt = 0.0
        for j in range(trait.shape[0]):
            tilt += multiplier[trait[j, i]] * value[j, i]
        tilted = weight[i] * exp(min(max(tilt, -_LARGEST), _LARGEST))
        for j in range(trait.shape[0]):
            k = trait[j, i]
            weighted = tilted * value[j, i]
            total[k] += weighted
            slope[k, k] += 0.5 * weighted * value[j, i]
            for other in range(j):
                slope[k, trait[other, i]] += weighted * value[other, i]
    for k in range(slope.shape[0]):
        for other in range(k + 1):
            both = slope[k, other] + slope[other, k]
            slope[k, other] = slope[other, k] = both
