"""Whom each lever is likely to reach, and at what cost, before anything is run with it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from incomesim.baseline import plan_run
from incomesim.engine import available_threads, trace
from incomesim.guards import warn_of_levers
from incomesim.kernel.tables import Rows, Trace
from incomesim.kernel.targeting import NOW
from incomesim.plan import Plan
from incomesim.policy import Lever, acts, benefit, chance
from incomesim.scenario import PlacePopulation, Scenario
from incomesim.simulation import find_origin

__all__ = ["preview"]

_SAMPLE = 20_000  # households that are built where they are synthetic
_RANGE = 65_536


def preview(scenario: Scenario) -> pd.DataFrame:
    """Return one row for each lever: lever, year, households, reached, share, paid_yuan, budget_yuan.

    The year is the first in which the lever works in full, else its last. `households` live in the cells it acts on,
    above a ceiling too; `reached` is the sum of their chances, `share` the part of them, `paid_yuan` cash and delivery
    for so many. Incomes and cells are those of the baseline in that year, weights those of the first year: each lever
    is looked at alone, as if it had reached nobody before, and as if its budget lasted for all. NaN stands where
    chances are not known beforehand, and where there is no budget. Warns as `simulate` does.
    """
    small = _thin_out(scenario)
    origin = find_origin(small)
    plan = plan_run(small, origin.population, origin.facts, threads=available_threads())
    warn_of_levers(small, plan)
    sums = np.zeros((len(small.policy), 3))
    for start, stop in plan.source.ranges(_RANGE):
        rows = plan.source.rows(start, stop)
        _, traced = trace(rows, plan.tables)
        for number, lever in enumerate(small.policy):
            sums[number] += _expect(lever, plan, rows, traced)
    table = []
    for lever, (households, reached, received) in zip(small.policy, sums.tolist(), strict=True):
        t = _full_year(lever) - plan.ground.years[0]
        level = float(lever.amounts(plan.ground)[t])
        paid = received + level * lever.delivery(reached, received / level)
        share = reached / households if households else float("nan")
        budget = float("nan") if lever.budget is None else level * lever.budget.yuan
        table.append((lever.name, _full_year(lever), households, reached, share, paid, budget))
    columns = ["lever", "year", "households", "reached", "share", "paid_yuan", "budget_yuan"]
    return pd.DataFrame(table, columns=columns)


def _thin_out(scenario: Scenario) -> Scenario:
    population = scenario.population
    if not isinstance(population, PlacePopulation):
        return scenario
    if population.households != "all" and population.households <= _SAMPLE:
        return scenario
    return scenario.model_copy(update={"population": population.model_copy(update={"households": _SAMPLE})})


def _full_year(lever: Lever) -> int:
    return int(min(lever.years[0] + lever.phase_in - 1, lever.years[-1]))


def _expect(lever: Lever, plan: Plan, rows: Rows, traced: Trace) -> tuple[float, float, float]:
    """Households it acts on, those reached, and yuan they receive."""
    t, ground = _full_year(lever) - plan.ground.years[0], plan.ground
    cell, income, year = traced.cell[0, t], traced.income[0, t], lever.measured(plan.ground)[t]
    judged = income if year == NOW else traced.income[0, year]
    there = acts(lever, ground)[t, cell]
    reached = received = 0.0
    for entry in lever.compile(ground).entries():
        likely = rows.weight * chance(entry, lever, ground, t, cell, income, judged) * there
        reached += float(likely.sum())
        received += float((likely * rows.persons * benefit(entry, t, cell, income)).sum())
    return float(rows.weight[there].sum()), reached, received
