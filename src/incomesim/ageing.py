"""Static ageing: after counting, households of each stratum stand for more or fewer, so that given totals are met.

A stratum is residence x age band of the head. All that the kernel counts is by cell or stratum, so one factor for
each stratum and year is enough, and exact. Factors are the nearest to equal ones, in relative entropy, with which
the baseline's persons meet the totals of the year (post-stratification by raking; Deville & Sarndal 1992, JASA
87(418); for static ageing see Immervoll, Lindstrom, Mustonen, Riihela & Viitamaki 2005, Euromod EM7/05).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from incomesim.errors import InvalidInput, Problem, Unreachable
from incomesim.kernel.raking import EXPONENTIAL, Distance
from incomesim.kernel.tables import WEIGHT_UNIT, Sums, Totals
from incomesim.plan import Plan
from incomesim.population.known_total import KnownTotal
from incomesim.population.weights import fit_weights, list_traits
from incomesim.scenario.ageing import TOTALS

__all__ = ["Aged", "Trait", "add_equal", "age", "count_strata", "traits", "weigh"]

_FARTHEST = 10.0
"""Factors beyond this, or below its inverse, are taken for a slip of the pen."""

Reals = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Aged:
    """What was counted, and what a household of each stratum stands for in each year (T, G), 1 in the first.

    The same factors hold in both scenarios, by the stratum that a household is in.
    """

    sums: Sums
    factor: Reals


@dataclass(frozen=True, eq=False)
class Trait:
    """A total that is given as a share of residents: members per person by stratum (G,), their share by year (T,)."""

    total: str
    per_person: Reals
    share: Reals


def age(plan: Plan, sums: Sums) -> Aged:
    """Return the sums with the factors that meet the totals of the plan.

    Raises InvalidInput with every year in which they cannot be met, and what can be.
    """
    given, persons = traits(plan), count_strata(plan, sums.totals[0])
    factor = plan.totals.residents[:, None] * np.ones(plan.ground.strata)
    problems: list[Problem] = []
    for t in range(1, len(factor)) if given else ():
        try:
            factor[t] = _meet(persons[t], float(persons[0].sum() * plan.totals.residents[t]), given, t)
        except Unreachable as reason:
            problems.append(Problem("scenario", 0, 0, f"year {plan.ground.years[t]}", reason.reasons))
    for year, of_year in zip(plan.ground.years, factor, strict=True):
        if of_year.max() > _FARTHEST or of_year.min() < 1.0 / _FARTHEST:
            far = of_year.max() if of_year.max() > _FARTHEST else of_year.min()
            what = (
                f"totals let some households stand for {far:.3g} times as many as in the first year, expected 0.1 to 10"
            )
            problems.append(Problem("scenario", 0, 0, f"year {year}", what))
    if problems:
        raise InvalidInput(problems)
    return Aged(sums, factor)


def traits(plan: Plan) -> tuple[Trait, ...]:
    """Return the totals that are given beside residents, in the order in which they are told."""
    made = plan.make_up
    in_town = np.repeat([[1.0], [0.0]], made.persons.shape[1], axis=1)
    wanted = (
        ("urban_share", in_town, plan.totals.urban_share),
        ("aged_65", made.per_person(made.elderly), plan.totals.aged_65),
        ("aged_0_14", made.per_person(made.children), plan.totals.aged_0_14),
    )
    return tuple(Trait(total, each.ravel(), share) for total, each, share in wanted if share is not None)


def count_strata(plan: Plan, totals: Integers) -> Reals:
    """Return persons by year and stratum (T, G), without factors, from the totals (T, C, ...) of a scenario."""
    by_stratum = np.zeros((plan.ground.strata, len(totals)), np.int64)
    np.add.at(by_stratum, plan.ground.stratum, totals[..., Totals.PERSONS].T)
    return np.asarray(by_stratum.T * WEIGHT_UNIT, np.float64)


def add_equal(counts: Integers, factor: Reals) -> Integers:
    """Return whole numbers (G, ...) with strata of the same factor (G,) added, in the order of `np.unique(factor)`.

    So where all factors are equal no bit of a result depends on the division into strata.
    """
    return np.stack([counts[factor == value].sum(axis=0) for value in np.unique(factor)])


def weigh(counts: Integers, factor: Reals, unit: float | Reals) -> Reals:
    """Return the sum over strata of whole numbers (G, ...) times their factors (G,), times the unit."""
    values, added = np.unique(factor), add_equal(counts, factor)
    weighed = np.sum([part * (unit * value) for part, value in zip(added, values, strict=True)], axis=0)
    return np.asarray(weighed, np.float64)


def _meet(persons: Reals, residents: float, given: tuple[Trait, ...], t: int) -> Reals:
    """Factors (G,) with which persons (G,) meet the totals of a year. Raises Unreachable where there are none."""
    value = np.array([np.ones(len(persons)), *(trait.per_person for trait in given)])
    shares = [1.0, *(float(trait.share[t]) for trait in given)]
    names = ["residents", *(TOTALS[trait.total] for trait in given)]
    totals = [KnownTotal(name, "", "persons", residents * share) for name, share in zip(names, shares, strict=True)]
    lived = persons > 0.0
    columns = [(np.full(lived.sum(), number), each[lived]) for number, each in enumerate(value)]
    fitted = fit_weights(persons[lived], list_traits(columns, lived.sum()), totals, Distance(EXPONENTIAL, 0.0, np.inf))
    return np.asarray(np.exp(fitted.multiplier @ value), np.float64)
