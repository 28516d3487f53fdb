"""Weights that meet totals answer to every household: one more of a kind, and all of that kind stand for fewer.

Those of a synthetic population meet the totals of the first year, factors of ageing those of a later one: they are
exp(v'l) with multipliers l at which persons, with traits v of their strata, meet them. So a household acts on a figure
directly, and through all l: what counts is the residual of a regression on the totals (Deville & Sarndal 1992,
JASA 87(418)).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from incomesim.ageing import traits
from incomesim.plan import Plan
from incomesim.sampled import Sampled

__all__ = ["Answer", "answer_of_totals"]

Reals = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Answer:
    """How weights of a year answer to a cluster more, through J numbers of the first year and I of ageing.

    Weights change with them by `trait` (J, n) of the household and `by_stratum` (I, G), relative to the weight. `steps`
    are what a cluster more does to the numbers (J + I, C) and, where weights of the first year were fitted on a part of
    the run only, what it does through these.
    """

    trait: Reals
    by_stratum: Reals
    steps: tuple[Reals, ...]

    def of(self, values: Reals, rows: Integers, stratum: Integers) -> Reals:
        """Return by how much each cluster moves figures (steps, M, C), given weight times influence (M, k) of rows."""
        slope = np.hstack([values @ self.trait[:, rows].T, values @ self.by_stratum[:, stratum].T])
        return np.array([slope @ step for step in self.steps])


def answer_of_totals(plan: Plan, sampled: Sampled, t: int) -> Answer | None:
    """Return how weights of a year answer to each cluster; None where they are taken as given.

    Totals of ageing follow the residents of the first year, to whom a cluster adds as well; the baseline meets them.
    """
    fitted, given = sampled.answering, traits(plan) if t > 0 else ()
    if fitted is None and not given:
        return None
    number = int(sampled.cluster[-1]) + 1
    trait, first_step = (
        (np.empty((0, len(sampled.weight))), np.empty((0, number))) if fitted is None else (fitted.trait, fitted.step)
    )
    parts = 1 if fitted is None or fitted.times == 1.0 else 2
    if not given:
        return Answer(trait, np.empty((0, plan.ground.strata)), (first_step,) * parts)
    by_stratum = np.array([np.ones(plan.ground.strata), *(each.per_person for each in given)])
    share = np.array([1.0, *(each.share[t] for each in given)]) * plan.totals.residents[t]
    own = by_stratum[:, plan.ground.stratum[sampled.cell[0, t]]]
    first = sampled.weight * sampled.persons
    there = first * sampled.factor[0, t]
    inverse = np.linalg.pinv(np.einsum("jk,ik,k->ji", own, own, there), hermitian=True)
    lacking = share[:, None] * first - own * there
    missed = np.array([np.bincount(sampled.cluster, each, number) for each in lacking])
    through_first = inverse @ (lacking @ trait.T) @ first_step
    of_ageing = (inverse @ missed + through_first, through_first)
    return Answer(trait, by_stratum, tuple(np.vstack([first_step, each]) for each in of_ageing[:parts]))
