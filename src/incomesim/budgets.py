"""How far the budgets of levers go: limits in their queues, found by passes over all households.

Who asks in a year depends on what has been spent in earlier years and by levers that come earlier in it, never on the
lever's own limit of the year. So the limits are found one after the other, and there is one answer; a pass over all
households shows for each queue who asks, and passes go on until no limit changes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from incomesim.ageing import Aged, age
from incomesim.gates import capped
from incomesim.kernel.tables import MONEY_UNIT, WEIGHT_UNIT, Sums
from incomesim.kernel.targeting import CLASSES, EVERYBODY, PLACES_IN_CLASS
from incomesim.plan import Plan
from incomesim.policy import Lever

__all__ = ["compute_within_budgets"]

Reals = NDArray[np.float64]
Integers = NDArray[np.int64]

_UNIT = np.array([WEIGHT_UNIT, MONEY_UNIT])


def compute_within_budgets(
    plan: Plan, levers: Sequence[Lever], compute: Callable[[Plan, int], Sums]
) -> tuple[Plan, Aged]:
    """Return the plan with the limits at which each budget is spent, and what a run with them comes to.

    `compute(plan, number)` is the run of a plan, the `number`-th from 1 on. Without budgets there is one. Of each
    lever and year, what is left unspent is less than what the next in the queue would have cost, those in the same
    place of 2^19 together.
    """
    number = 1
    while True:
        aged = age(plan, compute(plan, number))
        limit = np.array(
            [_limits(levers[lever], row, plan, aged) for row, lever in enumerate(capped(levers))],
            np.int64,
        ).reshape(plan.tables.budgets.limit.shape)
        if np.array_equal(limit, plan.tables.budgets.limit):
            return plan, aged
        del aged  # before the next pass makes as much again
        budgets = plan.tables.budgets._replace(limit=limit)
        plan = replace(plan, tables=plan.tables._replace(budgets=budgets))
        number += 1


def _limits(lever: Lever, row: int, plan: Plan, aged: Aged) -> Integers:
    """Limits (T,) with which the lever keeps within its budget, given who was seen to ask for it."""
    assert lever.budget is not None
    years = plan.ground.years
    levels = lever.amounts(plan.ground)
    limit = np.full(len(years), EVERYBODY)
    for t, year in enumerate(years):
        if year not in lever.years:
            # what was built or promised in its years goes on with those who were served last
            limit[t] = limit[t - 1] if year > lever.years[-1] and t > 0 else EVERYBODY
            continue
        # the last scenario is the one in which all levers are at work
        waiting, margin = (
            _add_up(counts[-1, row, t], aged.factor[t]) for counts in (aged.sums.queue, aged.sums.margin)
        )
        last = plan.tables.budgets.limit[row, t]
        limit[t] = _limit(waiting, margin, int(last), lever, float(levels[t]))
    return limit


def _add_up(counts: Integers, factor: Reals) -> Reals:
    """Households and yuan by place (places, 2), from whole numbers by stratum (G, places, 2)."""
    return np.asarray((factor[:, None, None] * counts).sum(axis=0) * _UNIT, np.float64)


def _limit(waiting: Reals, margin: Reals, last: int, lever: Lever, level: float) -> int:
    """The highest limit within the budget; of another class than that of the `last` one, the beginning."""
    served = _fit(np.cumsum(waiting, axis=0), lever, level)
    if served == CLASSES:
        return EVERYBODY
    if served != last // PLACES_IN_CLASS:
        return served * PLACES_IN_CLASS
    before = waiting[:served].sum(axis=0)
    return served * PLACES_IN_CLASS + _fit(before + np.cumsum(margin, axis=0), lever, level)


def _fit(spent: Reals, lever: Lever, level: float) -> int:
    """How many classes or places can be served, from households and yuan up to each (places, 2)."""
    assert lever.budget is not None
    paid = np.array([cash + level * lever.delivery(households, cash / level) for households, cash in spent.tolist()])
    return int(np.searchsorted(paid, level * lever.budget.yuan, side="right"))
