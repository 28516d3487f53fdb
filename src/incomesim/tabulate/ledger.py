"""What each lever did and cost, by year, and in which regions and groups."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from incomesim.ageing import Aged
from incomesim.plan import Plan
from incomesim.policy import Lever
from incomesim.scenario import Scenario
from incomesim.tabulate.ledger_amounts import AMOUNTS, DERIVED, add_up, count_amounts, show_amounts

__all__ = ["COLUMNS", "COLUMNS_BY_REGION_AND_GROUP", "divide_ledger", "keep_ledger"]

_LEVER = ("lever", "kind", "family", "list", "lead", "sample", "funded_by")
_PLACE = ("region", "group")
COLUMNS = ("year", *_LEVER, *AMOUNTS, *DERIVED, "budget_yuan", "unspent_yuan")
COLUMNS_BY_REGION_AND_GROUP = ("year", *_LEVER, *_PLACE, *AMOUNTS, *DERIVED)


def keep_ledger(scenario: Scenario, plan: Plan, aged: Aged) -> pd.DataFrame:
    """Return one row for each lever and year: the sum of its rows in `divide_ledger`.

    paid = received (cash that reaches households) + in kind (the value of services) + delivery (training places,
    housing, staff, ...); gained is what households earn more on the market because of the lever, before other levers
    that come later in the year, below 0 where they respond to it by earning less. `to_non_poor_yuan` is the part of
    received, in kind and gained that goes to persons above the first poverty line, `leakage` its share. collected is
    what a tax takes from households, and net cost = paid - collected; summed over the levers of a year it is what the
    package costs the purse. Outside a lever's years nobody is reached and nothing delivered. `coverage_of_target` is
    the share of the entitled who were reached (households in the target for which the lever can do something in the
    year), missing for laws; `bounded_share` that of the reached who respond to a rate beyond the range in which the
    response is known; `budget_yuan` is that of the year, missing where there is none.
    """
    amounts = add_up(count_amounts(scenario, plan, aged)).reshape(-1, len(AMOUNTS))
    rows = [(year, *names) for names in _names(scenario) for year in plan.ground.years]
    table = _tabulate(rows, ("year", *_LEVER), show_amounts(amounts))
    table["budget_yuan"] = np.array([_budgets(lever, plan) for lever in scenario.policy], np.float64).ravel()
    table["unspent_yuan"] = (table["budget_yuan"] - table["paid_yuan"]).round(2)
    return table


def _budgets(lever: Lever, plan: Plan) -> list[float]:
    """What a lever may spend by year, not a number where it has no budget or does not serve."""
    levels = zip(plan.ground.years, lever.amounts(plan.ground).tolist(), strict=True)
    yuan = math.nan if lever.budget is None else lever.budget.yuan
    return [yuan * level if year in lever.years else math.nan for year, level in levels]


def divide_ledger(scenario: Scenario, plan: Plan, aged: Aged) -> pd.DataFrame:
    """Return the ledger by lever, year, region and group; what is nothing throughout has no row.

    A household is where the lever brings it: of a lever that moves households to another group all are counted in that
    group, those who are entitled and those turned away too.
    """
    amounts = count_amounts(scenario, plan, aged)
    keys = itertools.product(_names(scenario), plan.ground.years, plan.ground.regions, plan.ground.groups)
    anything = (amounts != 0.0).any(axis=-1).ravel()
    rows = [(year, *names, region, group) for names, year, region, group in itertools.compress(keys, anything)]
    shown = show_amounts(amounts.reshape(-1, len(AMOUNTS))[anything])
    return _tabulate(rows, ("year", *_LEVER, *_PLACE), shown)


def _names(scenario: Scenario) -> list[tuple[str | None, ...]]:
    """What the columns of `_LEVER` say of each lever."""
    return [
        (each.name, each.lever, each.serves, each.list, each.lead, each.sample, each.funded_by)
        for each in scenario.policy
    ]


def _tabulate(rows: Sequence[tuple[object, ...]], keys: tuple[str, ...], shown: pd.DataFrame) -> pd.DataFrame:
    types = {key: np.int64 if key == "year" else "str" for key in keys}
    return pd.concat([pd.DataFrame(rows, columns=list(keys)).astype(types), shown], axis=1)
