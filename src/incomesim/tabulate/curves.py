"""Lorenz curves, growth incidence curves and who changes place."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from incomesim import measures
from incomesim.plan import SCENARIOS, Plan
from incomesim.tabulate.summary import Measured

__all__ = ["draw_curves", "trace_transitions"]

_FIFTHS = 5


def draw_curves(plan: Plan, measured: list[list[Measured]]) -> pd.DataFrame:
    """Return the tidy table: year, scenario, by, subgroup, curve, p, value.

    `lorenz`: share of income of the poorest p, first and last year. `growth_incidence`: relative
    difference of the mean of each hundredth (p is its middle), for the scenario "policy" against the
    baseline of the last year, for "baseline" between the first and the last year. Hundredths are formed
    anew on either side (anonymous).
    """
    first, last = plan.ground.years[0], plan.ground.years[-1]
    baseline, policy = measured
    parts = [
        _points(year, name, by, subgroup, "lorenz", np.linspace(0.0, 1.0, len(shares)), shares)
        for name, of_scenario in zip(SCENARIOS, measured, strict=True)
        for year, t in ((first, 0), (last, -1))
        for (by, subgroup), shares in of_scenario[t].lorenz.items()
    ]
    for name, before, after in (("baseline", baseline[0], baseline[-1]), ("policy", baseline[-1], policy[-1])):
        for by, subgroup in before.hundredths.keys() & after.hundredths.keys():
            old, new = before.hundredths[by, subgroup], after.hundredths[by, subgroup]
            parts.append(_points(last, name, by, subgroup, "growth_incidence", *measures.growth_incidence(old, new)))
    table = pd.concat(parts, ignore_index=True)
    return table.sort_values(list(table.columns[:-1]), ignore_index=True)


def _points(
    year: int, scenario: str, by: str, subgroup: str, curve: str, p: NDArray[np.float64], value: NDArray[np.float64]
) -> pd.DataFrame:
    where = {"year": year, "scenario": scenario, "by": by, "subgroup": subgroup, "curve": curve}
    return pd.DataFrame({**where, "p": p, "value": value})


def trace_transitions(plan: Plan, measured: list[list[Measured]]) -> pd.DataFrame:
    """Return shares of persons by fifth of origin and of destination (rows add up to 1).

    kind "policy": from the baseline to the policy in the last year; kind "years": from the first to the
    last year within a scenario.
    """
    first, last = plan.ground.years[0], plan.ground.years[-1]
    weight = plan.rows.weight * plan.rows.persons
    baseline, policy = measured
    moves = [
        ("policy", "policy", last, baseline[-1], policy[-1]),
        ("years", "baseline", first, baseline[0], baseline[-1]),
        ("years", "policy", first, policy[0], policy[-1]),
    ]
    rows = [
        (kind, scenario, year_from, last, origin + 1, destination + 1, float(share))
        for kind, scenario, year_from, before, after in moves
        for origin, shares in enumerate(measures.transition_matrix(before.fifth, after.fifth, weight, _FIFTHS))
        for destination, share in enumerate(shares)
    ]
    columns = ["kind", "scenario", "year_from", "year_to", "origin", "destination", "share"]
    return pd.DataFrame(rows, columns=columns)
