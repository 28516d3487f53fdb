"""What levers ask of the baseline: mean and median income per head of everybody, found by a pass without levers."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from incomesim import measures
from incomesim.ageing import age
from incomesim.engine import compute
from incomesim.plan import Plan, make_plan
from incomesim.policy import BaselineIncomes
from incomesim.population import Population
from incomesim.published import PlaceFacts
from incomesim.scenario import Scenario
from incomesim.tabulate.people import money_by_cell, people, persons_by_cell

__all__ = ["find_baseline", "plan_run"]

Progress = Callable[[int, int], None]

_BASELINE = 0


def plan_run(
    scenario: Scenario,
    population: Population,
    facts: PlaceFacts | None,
    *,
    threads: int,
    progress: Progress | None = None,
) -> Plan:
    """Return the plan of a run, after a pass over its baseline where a lever needs to know what incomes come to.

    `facts` are those of the scenario's place, if any. Raises InvalidInput as `find_baseline` does.
    """
    if not scenario.needs_baseline:
        return make_plan(scenario, population, facts)
    bare = make_plan(scenario.model_copy(update={"policy": []}), population, facts)
    return make_plan(scenario, population, facts, find_baseline(bare, threads=threads, progress=progress))


def find_baseline(plan: Plan, *, threads: int, progress: Progress | None = None) -> BaselineIncomes:
    """Return the incomes of the baseline, with the totals of the population met, as the summary has them.

    `plan` is that of the scenario without levers. Costs one pass over its households; the bits do not depend on
    `threads`. Raises InvalidInput where totals cannot be met or incomes lie beyond the bins.
    """
    aged = age(plan, compute(plan.source, plan.tables, threads=threads, progress=progress))
    persons, money = (by_cell(plan, aged)[_BASELINE].sum(axis=1) for by_cell in (persons_by_cell, money_by_cell))
    everybody = [people(plan, aged, _BASELINE, t)["all", "all"] for t in range(len(plan.ground.years))]
    medians = [measures.bounded(measures.median, of_year).value for of_year in everybody]
    return BaselineIncomes(np.asarray(money / persons), np.array(medians))
