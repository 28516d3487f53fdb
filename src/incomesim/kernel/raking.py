"""Sums over weighted rows for calibration: a row has few traits out of many, so they are listed, not tabulated."""

from __future__ import annotations

from typing import NamedTuple

from incomesim.compiled.arithmetic import exp, log
from incomesim.compiled.compile import entry, inlined
from incomesim.kernel.tables import Integers, Reals

__all__ = ["EXPONENTIAL", "LINEAR", "LOGIT", "Distance", "Traits", "sum_tilted"]

_LARGEST = 50.0  # change of a log weight

EXPONENTIAL, LINEAR, LOGIT = 0, 1, 2


class Traits(NamedTuple):
    """What rows count for: row i has value[j] of trait[j] for start[i] <= j < start[i + 1], nothing of the others."""

    start: Integers  # (N + 1,)
    trait: Integers  # (J,) numbers of totals
    value: Reals  # (J,)


class Distance(NamedTuple):
    """How a new weight over the old one follows from the tilt u of a row; lower and upper are limits of the logit."""

    kind: int
    lower: float
    upper: float


@inlined
def _tilt(tilt: float, distance: Distance) -> tuple[float, float, float]:
    """Return F(u), its derivative and its integral (Deville & Sarndal 1992, section 2); F(0) = F'(0) = 1."""
    if distance.kind == EXPONENTIAL:
        held = min(max(tilt, -_LARGEST), _LARGEST)
        ratio = exp(held)
        return ratio, ratio, ratio * (1.0 + (tilt - held))
    if distance.kind == LINEAR:
        return 1.0 + tilt, 1.0, tilt + 0.5 * tilt * tilt
    below, above = 1.0 - distance.lower, distance.upper - 1.0
    width = below + above
    steepness = width / (below * above)
    away = steepness * tilt
    small = exp(-abs(away))
    rising, falling = (below, above * small) if away > 0.0 else (below * small, above)
    both = rising + falling
    share = rising / both  # of the way from the lower to the upper limit
    area = distance.lower * tilt + width / steepness * (max(away, 0.0) + log(both))
    return distance.lower + width * share, width * steepness * share * (falling / both), area


@entry
def sum_tilted(
    weight: Reals,
    traits: Traits,
    multiplier: Reals,
    distance: Distance,
    tilted: Reals,
    total: Reals,
    slope: Reals,
) -> float:
    """Fill tilted (N,) with weight * F(multiplier @ traits), total (K,) with its sums, slope (K, K) with derivatives.

    Returns the sum of weight times the integral of F, whose derivative `total` is. Sums are taken in the order of
    the rows.
    """
    start, trait, value = traits
    total[:] = 0.0
    slope[:, :] = 0.0
    whole = 0.0
    for i in range(weight.shape[0]):
        tilt = 0.0
        for j in range(start[i], start[i + 1]):
            tilt += multiplier[trait[j]] * value[j]
        ratio, rate, area = _tilt(tilt, distance)
        tilted[i] = weight[i] * ratio
        rate *= weight[i]
        whole += weight[i] * area
        for j in range(start[i], start[i + 1]):
            k = trait[j]
            total[k] += tilted[i] * value[j]
            changed = rate * value[j]
            slope[k, k] += 0.5 * changed * value[j]
            for other in range(start[i], j):
                slope[k, trait[other]] += changed * value[other]
    for k in range(slope.shape[0]):
        for other in range(k + 1):
            both = slope[k, other] + slope[other, k]
            slope[k, other] = slope[other, k] = both
    return whole
