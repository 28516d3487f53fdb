"""What each lever did and cost, by year."""

from __future__ import annotations

import numpy as np
import pandas as pd

from incomesim.ageing import Aged, weigh
from incomesim.kernel.tables import MONEY_UNIT, WEIGHT_UNIT, Ledger
from incomesim.plan import SCENARIOS, Plan
from incomesim.scenario import Scenario

__all__ = ["COLUMNS", "keep_ledger"]

COLUMNS = (
    "year", "lever", "kind", "family", "list", "lead", "sample", "funded_by",
    "households_reached", "persons_reached",
    "paid_yuan", "received_yuan", "delivery_yuan", "gained_yuan", "collected_yuan", "net_cost_yuan",
    "cost_per_household_yuan", "non_poor_share",
)  # fmt: skip

_UNITS = np.array([*(2 * [WEIGHT_UNIT]), *(4 * [MONEY_UNIT]), *(3 * [WEIGHT_UNIT])])
"""Of the entries of `kernel.tables.Ledger`, in order."""


def keep_ledger(scenario: Scenario, plan: Plan, aged: Aged) -> pd.DataFrame:
    """Return one row for each lever and year.

    paid = received (cash that reaches households) + delivery (training places, housing, staff, ...);
    gained is what households earn more on the market because of the lever, before other levers that
    come later in the year. `non_poor_share` is the part of received and gained that goes to persons
    above the first poverty line. collected is what a tax takes from households, and net cost =
    paid - collected; summed over the levers of a year it is what the package costs the purse. Outside a lever's
    years nobody is reached and nothing delivered.
    """
    entries = aged.sums.ledger[SCENARIOS.index("policy")]
    rows = []
    for lever, of_years in zip(scenario.policy, entries, strict=True):
        levels = lever.amounts(plan.ground).tolist()
        for year, by_cell, factor, level in zip(plan.ground.years, of_years, aged.factor, levels, strict=True):
            counts = np.zeros((len(factor), len(Ledger)), np.int64)
            np.add.at(counts, plan.ground.stratum, by_cell)
            households, persons, received, gained, to_non_poor, collected = map(
                float, weigh(counts, factor, _UNITS)[: Ledger.ENTITLED]
            )
            if year not in lever.years:
                households = persons = 0.0
            delivery = level * lever.delivery(households, received / level)
            paid = received + delivery
            rows.append(
                (
                    year, lever.name, lever.lever, lever.serves, lever.list, lever.lead, lever.sample, lever.funded_by,
                    households, persons, paid, received, delivery, gained, collected, paid - collected,
                    paid / households if households > 0.0 else None,
                    to_non_poor / (received + gained) if received + gained > 0.0 else None,
                )
            )  # fmt: skip
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    text = ["lever", "kind", "family", "list", "lead", "sample", "funded_by"]
    numbers = [name for name in COLUMNS if name not in ("year", *text)]
    return table.astype({**dict.fromkeys(text, "str"), **dict.fromkeys(numbers, "float64"), "year": "int64"})
