"""Lorenz curves, growth incidence curves and who changes place."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from incomesim import measures
from incomesim.kernel.tables import Pair, Sums
from incomesim.plan import SCENARIOS, Plan
from incomesim.tabulate.summary import Measured

__all__ = ["draw_curves", "trace_transitions"]

Reals = NDArray[np.float64]

_FIFTHS = 5
_HUNDREDTHS = 100


def draw_curves(plan: Plan, measured: list[list[Measured]]) -> pd.DataFrame:
    """Return the tidy table: year, scenario, by, subgroup, curve, p, value, bound.

    `lorenz`: share of income of the poorest p, first and last year. `growth_incidence`: relative
    difference of the mean of each hundredth (p is its middle), for the scenario "policy" against the
    baseline of the last year, for "baseline" between the first and the last year. Hundredths are formed
    anew on either side (anonymous). `bound` is the largest distance from the curve of the simulated
    incomes themselves.
    """
    first, last = plan.ground.years[0], plan.ground.years[-1]
    baseline, policy = measured
    p = np.linspace(0.0, 1.0, _HUNDREDTHS + 1)
    parts = [
        _points(year, name, *where, "lorenz", p, *_lorenz(people))
        for name, of_scenario in zip(SCENARIOS, measured, strict=True)
        for year, t in ((first, 0), (last, -1))
        for where, people in of_scenario[t].people.items()
    ]
    middle = (p[:-1] + p[1:]) / 2.0
    for name, before, after in (("baseline", baseline[0], baseline[-1]), ("policy", baseline[-1], policy[-1])):
        for where in before.people.keys() & after.people.keys():
            old, new = _hundredths(before.people[where]), _hundredths(after.people[where])
            growth = measures.growth_incidence(old[0], new[0])[1]
            bound = np.maximum(new[2] / np.maximum(old[1], 1e-9) - 1.0 - growth, growth - (new[1] / old[2] - 1.0))
            parts.append(_points(last, name, *where, "growth_incidence", middle, growth, bound))
    table = pd.concat(parts, ignore_index=True)
    return table.sort_values(list(table.columns[:-2]), ignore_index=True)


def _lorenz(people: measures.Binned) -> tuple[Reals, Reals]:
    """Shares of the poorest, and how far off they can be: they fall with inequality."""
    value, high, low = (measures.lorenz(view)[1] for view in (people.estimate, people.equal, people.spread))
    return value, np.maximum(np.maximum(high - value, value - low), 0.0)


def _hundredths(people: measures.Binned) -> tuple[Reals, Reals, Reals]:
    """Means of hundredths, and the lowest and highest they can be: nobody has less, or more, than the ends of his bin."""
    value, low, high = (measures.group_means(view) for view in (people.estimate, people.lowest, people.highest))
    return value, np.minimum(low, value), np.maximum(high, value)


def _points(
    year: int, scenario: str, by: str, subgroup: str, curve: str, p: Reals, value: Reals, bound: Reals
) -> pd.DataFrame:
    where = {"year": year, "scenario": scenario, "by": by, "subgroup": subgroup, "curve": curve}
    return pd.DataFrame({**where, "p": p, "value": value, "bound": bound})


def trace_transitions(plan: Plan, sums: Sums) -> pd.DataFrame:
    """Return shares of persons by fifth of origin and of destination (rows add up to 1).

    kind "policy": from the baseline to the policy in the last year; kind "years": from the first to the
    last year within a scenario. `bound` is the largest distance from the shares of the simulated
    incomes themselves.
    """
    first, last = plan.ground.years[0], plan.ground.years[-1]
    moves = [
        ("policy", "policy", last, sums.joint[1, Pair.BASELINE]),
        ("years", "baseline", first, sums.joint[0, Pair.FIRST_YEAR]),
        ("years", "policy", first, sums.joint[1, Pair.FIRST_YEAR]),
    ]
    rows = [
        (kind, scenario, year_from, last, origin + 1, destination + 1, share.value, share.bound)
        for kind, scenario, year_from, joint in moves
        for origin, shares in enumerate(measures.transitions_from_bins(joint, _FIFTHS))
        for destination, share in enumerate(shares)
    ]
    columns = ["kind", "scenario", "year_from", "year_to", "origin", "destination", "share", "bound"]
    return pd.DataFrame(rows, columns=columns)
