"""Lorenz curves, growth incidence curves and who changes place."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from incomesim import measures
from incomesim.kernel.tables import Output
from incomesim.plan import SCENARIOS, Plan
from incomesim.tabulate.people import People, dimensions, people

__all__ = ["draw_curves", "trace_transitions"]

_FIFTHS = 5


def draw_curves(plan: Plan, output: Output) -> pd.DataFrame:
    """Return the tidy table: year, scenario, by, subgroup, curve, p, value.

    `lorenz`: share of income of the poorest p, first and last year. `growth_incidence`: relative
    difference of the mean of each hundredth (p is its middle), for the scenario "policy" against the
    baseline of the last year, for "baseline" between the first and the last year. Hundredths are formed
    anew on either side (anonymous).
    """
    years = plan.ground.years
    rows: list[tuple[int, str, str, str, str, float, float]] = []
    ranked = {
        (s, t): dict(_ranked(plan, people(plan, output, s, t)))
        for s in range(len(SCENARIOS))
        for t in (0, len(years) - 1)
    }
    last = len(years) - 1
    for (s, t), parts in ranked.items():
        for (by, subgroup), part in parts.items():
            p, share = measures.lorenz(part)
            rows += _points(years[t], SCENARIOS[s], by, subgroup, "lorenz", p, share)
    for s, before, after in ((1, ranked[0, last], ranked[1, last]), (0, ranked[0, 0], ranked[0, last])):
        for by, subgroup in before.keys() & after.keys():
            p, growth = measures.growth_incidence(before[by, subgroup], after[by, subgroup])
            rows += _points(years[-1], SCENARIOS[s], by, subgroup, "growth_incidence", p, growth)
    columns = ["year", "scenario", "by", "subgroup", "curve", "p", "value"]
    table = pd.DataFrame(rows, columns=columns)
    return table.sort_values(columns[:-1], ignore_index=True)


def _ranked(plan: Plan, everybody: People) -> Iterator[tuple[tuple[str, str], measures.Ranked]]:
    whole = measures.rank(everybody.income, everybody.weight)
    yield ("all", "all"), whole
    for way in dimensions(plan):
        parts = measures.rank_groups(whole, way.of_cell[everybody.cell], len(way.names))
        for name, part in zip(way.names, parts, strict=True):
            if part is not None:
                yield (way.by, name), part


def _points(
    year: int,
    scenario: str,
    by: str,
    subgroup: str,
    curve: str,
    p: NDArray[np.float64],
    value: NDArray[np.float64],
) -> list[tuple[int, str, str, str, str, float, float]]:
    return [(year, scenario, by, subgroup, curve, float(x), float(y)) for x, y in zip(p, value, strict=True)]


def trace_transitions(plan: Plan, output: Output) -> pd.DataFrame:
    """Return shares of persons by fifth of origin and of destination (rows add up to 1).

    kind "policy": from the baseline to the policy in the last year; kind "years": from the first to the
    last year within a scenario. The persons are those of the last year.
    """
    last = len(plan.ground.years) - 1
    weight = people(plan, output, 0, last).weight

    def fifths(s: int, t: int) -> NDArray[np.int64]:
        return measures.quantile_groups(output.income[s, t], weight, _FIFTHS)

    first_year, last_year = plan.ground.years[0], plan.ground.years[-1]
    end = [fifths(s, last) for s in range(len(SCENARIOS))]
    moves = [("policy", "policy", last_year, end[0], end[1])]
    moves += [("years", name, first_year, fifths(s, 0), end[s]) for s, name in enumerate(SCENARIOS)]
    rows = [
        (kind, scenario, year_from, last_year, origin + 1, destination + 1, float(share))
        for kind, scenario, year_from, before, after in moves
        for origin, shares in enumerate(measures.transition_matrix(before, after, weight, _FIFTHS))
        for destination, share in enumerate(shares)
    ]
    columns = ["kind", "scenario", "year_from", "year_to", "origin", "destination", "share"]
    return pd.DataFrame(rows, columns=columns)
