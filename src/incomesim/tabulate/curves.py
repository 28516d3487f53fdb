"""Lorenz curves, growth incidence curves and who changes place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import numpy as np
import pandas as pd

from incomesim import measures
from incomesim.kernel.tables import Pair, Sums
from incomesim.plan import Plan
from incomesim.tabulate.summary import Measured

__all__ = ["draw_curves", "trace_transitions"]

Point = tuple[str, float, float, float]  # curve, p, value, bound

_FIFTHS = 5
_HUNDREDTHS = 100


def draw_curves(plan: Plan, measured: list[list[Measured]]) -> pd.DataFrame:
    """Return the tidy table: year, scenario, by, subgroup, curve, p, value, bound.

    `lorenz`: share of income of the poorest p, first and last year. `growth_incidence`: relative
    difference of the mean of each hundredth (p is its middle), for scenarios with levers against the
    baseline of the last year, for "baseline" between the first and the last year. Hundredths are formed
    anew on either side (anonymous). `bound` is the largest distance from the curve of the simulated
    incomes themselves. Points that have no meaning (growth from nothing) are left out.
    """
    first, last = plan.ground.years[0], plan.ground.years[-1]
    baseline, *others = measured
    compared = [(baseline[0], baseline[-1]), *((baseline[-1], other[-1]) for other in others)]
    points = [
        (year, name, *where, *point)
        for name, of_scenario in zip(plan.scenarios, measured, strict=True)
        for year, t in ((first, 0), (last, -1))
        for where, people in of_scenario[t].people.items()
        for point in _lorenz(people)
    ]
    points += [
        (last, name, *where, *point)
        for name, (before, after) in zip(plan.scenarios, compared, strict=True)
        for where in before.people.keys() & after.people.keys()
        for point in _growth_incidence(before.people[where], after.people[where])
    ]
    table = pd.DataFrame(points, columns=["year", "scenario", "by", "subgroup", "curve", "p", "value", "bound"])
    return table.sort_values(list(table.columns[:-2]), ignore_index=True)


def _lorenz(people: measures.Binned) -> Iterator[Point]:
    ranks = np.linspace(0.0, 1.0, _HUNDREDTHS + 1)
    with suppress(measures.UndefinedMeasure):
        shares = measures.bounded_lorenz(people, ranks)
        points = zip(ranks.tolist(), shares.value.tolist(), shares.bound.tolist(), strict=True)
        yield from (("lorenz", *point) for point in points)


def _growth_incidence(before: measures.Binned, after: measures.Binned) -> Iterator[Point]:
    ranks = np.linspace(0.0, 1.0, _HUNDREDTHS + 1)
    known, growth = measures.bounded_growth(before, after, ranks)
    middles = (0.5 * (ranks[:-1] + ranks[1:]))[known]
    points = zip(middles.tolist(), growth.value.tolist(), growth.bound.tolist(), strict=True)
    yield from (("growth_incidence", *point) for point in points)


def trace_transitions(plan: Plan, sums: Sums) -> pd.DataFrame:
    """Return shares of persons by fifth of origin and of destination (rows add up to 1).

    kind "policy": from the baseline to a scenario with levers in the last year; kind "years": from the first to
    the last year within a scenario. `bound` is the largest distance from the shares of the simulated
    incomes themselves.
    """
    first, last = plan.ground.years[0], plan.ground.years[-1]
    named = list(zip(plan.scenarios, sums.joint, strict=True))
    moves = [
        *(("policy", name, last, joint[Pair.BASELINE]) for name, joint in named[1:]),
        *(("years", name, first, joint[Pair.FIRST_YEAR]) for name, joint in named),
    ]
    rows = [
        (kind, scenario, year_from, last, origin + 1, destination + 1, share.value, share.bound)
        for kind, scenario, year_from, joint in moves
        for origin, shares in enumerate(measures.transitions_from_bins(joint, number=_FIFTHS))
        for destination, share in enumerate(shares)
    ]
    columns = ["kind", "scenario", "year_from", "year_to", "origin", "destination", "share", "bound"]
    return pd.DataFrame(rows, columns=columns)
