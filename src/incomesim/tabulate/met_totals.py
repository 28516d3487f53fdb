"""Weights of ageing answer to every household: where there is one more of a kind, all of that kind stand for fewer.

They are exp(v'l) with multipliers l at which persons, with traits v of their strata, meet the totals of the year. So a
household acts on a figure directly, and through l: what counts is the residual of a regression on the totals (Deville &
Sarndal 1992, JASA 87(418)).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from incomesim.ageing import traits
from incomesim.plan import Plan
from incomesim.sampled import Sampled

__all__ = ["Answer", "answer_of_ageing"]

Reals = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Answer:
    """What a cluster more does to the multipliers (J, clusters), and the `trait` (J, G) of strata that they work by."""

    trait: Reals
    multiplier: Reals

    def of(self, values: Reals, stratum: NDArray[np.int64]) -> Reals:
        """Return by how much each cluster moves figures (M, clusters) with weight times influence (M, k)."""
        slope = np.einsum("mk,jk->mj", values, self.trait[:, stratum])
        return np.asarray(np.einsum("mj,jc->mc", slope, self.multiplier))


def answer_of_ageing(plan: Plan, sampled: Sampled, t: int) -> Answer | None:
    """Return how the factors of ageing of a year answer to each cluster; None where they are the same for all.

    Totals follow the residents of the first year, to whom a cluster adds as well; they are met in the baseline.
    """
    given = traits(plan)
    if not given or t == 0:
        return None
    trait = np.array([np.ones(plan.ground.strata), *(each.per_person for each in given)])
    share = np.array([1.0, *(each.share[t] for each in given)]) * plan.totals.residents[t]
    own = trait[:, plan.ground.stratum[sampled.cell[0, t]]]
    first = sampled.weight * sampled.persons
    there = first * sampled.factor[0, t]
    inverse = np.linalg.pinv(np.einsum("jk,ik,k->ji", own, own, there), hermitian=True)
    missed = np.array([np.bincount(sampled.cluster, each) for each in share[:, None] * first - own * there])
    return Answer(trait, np.einsum("ji,ic->jc", inverse, missed))
