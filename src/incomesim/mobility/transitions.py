"""What a mobility process implies for who stays where, and which correlation a published share implies.

The latent rank of a household in two years is bivariate normal with `correlation_at(process, lag)`; groups
are equal shares of households by rank.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import ndtri

from incomesim.mobility.bivariate import joint_below
from incomesim.scenario.model import Process

__all__ = [
    "correlation_at",
    "exit_probability",
    "implied_correlation",
    "stay_probability",
    "transition_matrix",
]

Reals = NDArray[np.float64]


def correlation_at(process: Process, lag: int) -> float:
    """Return the correlation of a household's latent ranks `lag` years apart: 1 for the same year."""
    if lag == 0:
        return 1.0
    persistent = 1.0 - process.fixed - process.transitory
    return float(process.fixed + persistent * process.persistence ** abs(lag))


def transition_matrix(correlation: float, groups: int = 5) -> Reals:
    """Return the shares (groups, groups) of each group of origin in each group of destination; rows add up to 1.

    `groups` are equal shares of households, the poorest first.
    """
    cuts = ndtri(np.linspace(0.0, 1.0, groups + 1))
    below = joint_below(cuts[:, None], cuts[None, :], correlation)
    shares: Reals = groups * np.diff(np.diff(below, axis=0), axis=1)
    return np.maximum(shares, 0.0)


def stay_probability(correlation: float, group: int, groups: int = 5) -> float:
    """Return the probability to be in the same one of equal groups again; `group` counts from 1, the poorest."""
    if not 1 <= group <= groups:
        raise ValueError(f"found the group {group}, expected 1 to {groups}")
    low, high = ndtri([(group - 1) / groups, group / groups])
    both = joint_below([high, low, low], [high, high, low], correlation)
    return float(groups * (both[0] - 2.0 * both[1] + both[2]))


def exit_probability(correlation: float, poor: float) -> float:
    """Return the probability that one of the poorest share `poor` does not belong to it in the other year.

    Whoever is poor counts, however long already. The share that is poor is the same in both years.
    """
    if not 0.0 < poor < 1.0:
        raise ValueError(f"found the share {poor} that is poor, expected a number between 0 and 1")
    line = ndtri(poor)
    return float(1.0 - joint_below(line, line, correlation) / poor)


def implied_correlation(probability: Callable[[float], float], value: float) -> float | None:
    """Return the correlation from 0 to 1 at which a monotone `probability` is `value`; None where there is none."""
    ends = probability(0.0) - value, probability(1.0) - value
    if ends[0] * ends[1] > 0.0:
        return None
    return float(brentq(lambda correlation: probability(correlation) - value, 0.0, 1.0, xtol=1e-12))
