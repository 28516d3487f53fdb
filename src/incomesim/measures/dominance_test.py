"""Whether samples allow that one distribution dominates another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from incomesim.measures.dominance import checked_order, ordinates
from incomesim.measures.ranked import Incomes, Ranked, UndefinedMeasure, ranked

__all__ = ["DominanceTest", "reject_dominance"]

Reals = NDArray[np.float64]


@dataclass(frozen=True)
class DominanceTest:
    """The largest distance by which the first is worse, scaled, and how often chance alone makes as large a one."""

    statistic: float
    p_value: float
    replicates: int


def reject_dominance(
    first: Incomes, second: Incomes, *, order: int, replicates: int, random: np.random.Generator
) -> DominanceTest:
    """Return the test of the hypothesis that the first distribution dominates the second at order 1, 2 or 3.

    Two independent samples; weights come with `rank(income, weight)`. The statistic is the largest excess of the
    first's D^s over the second's, at all incomes of both, times sqrt(n m / (n + m)); a small p-value rejects
    dominance. Rows are drawn anew with replacement by `random`, with their weights, `replicates` times, each sample
    from itself, and the excess is counted from that of the samples (bootstrap KSB2), which count as one draw, so that
    no p-value is 0. Raises UndefinedMeasure for another order, fewer than one replicate or a single row on a side.
    Source: Barrett & Donald (2003), Econometrica 71(1).
    """
    checked_order(order)
    one, other = ranked(first), ranked(second)
    n, m = len(one.income), len(other.income)
    if replicates < 1 or min(n, m) < 2:
        raise UndefinedMeasure(f"found {replicates} replicates of {n} and {m} rows, expected at least 1, 2 and 2")
    z = np.union1d(one.income, other.income)
    scale = float(np.sqrt(n * m / (n + m)))
    excess = ordinates(one.income, one.weight, z, order) - ordinates(other.income, other.weight, z, order)
    statistic = scale * float(excess.max())
    larger = 0
    for _ in range(replicates):
        drawn = _drawn(one, z, order, random) - _drawn(other, z, order, random)
        larger += scale * float((drawn - excess).max()) >= statistic
    return DominanceTest(statistic, (1 + larger) / (1 + replicates), replicates)


def _drawn(people: Ranked, z: Reals, order: int, random: np.random.Generator) -> Reals:
    """Return D^s at z of as many rows drawn with replacement."""
    n = len(people.income)
    times = np.bincount(random.integers(n, size=n), minlength=n)
    return ordinates(people.income, people.weight * times, z, order)
