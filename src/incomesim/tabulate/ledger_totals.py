"""The ledger added up over levers: by payer, list, lead unit, sample and family, and all together."""

from __future__ import annotations

import numpy as np
import pandas as pd

from incomesim.tabulate.ledger_amounts import add_up, fen_of, show_amounts

__all__ = ["COLUMNS", "NOT_STATED", "total_ledger"]

WAYS = ("all", "funded_by", "list", "lead", "sample", "family")
NOT_STATED = "not stated"
"""Stands for the payer, list, lead unit or sample of levers that have none."""

_RENAMED = {
    "households_reached": "household_cases",
    "persons_reached": "person_cases",
    "households_entitled": "entitled_cases",
    "households_in_error": "error_cases",
    "households_turned_away": "turned_away_cases",
    "households_bounded": "bounded_cases",
    "cost_per_household_yuan": "cost_per_case_yuan",
}
COLUMNS = (
    "by", "value", "year", "levers",
    "household_cases", "person_cases", "entitled_cases", "error_cases", "turned_away_cases", "bounded_cases",
    "paid_yuan", "received_yuan", "in_kind_yuan", "delivery_yuan", "gained_yuan", "collected_yuan", "net_cost_yuan",
    "to_non_poor_yuan",
    "cost_per_case_yuan", "leakage", "inclusion_error_share",
)  # fmt: skip


def total_ledger(ledger: pd.DataFrame) -> pd.DataFrame:
    """Return the sums of a ledger over levers, by value and year: of all, funded_by, list, lead, sample and family.

    The values of one way add up to all, money to the fen. A household that two levers reach is counted by both, so
    these are cases (户次, 人次) and no households. `levers` is the number of levers with the value, whether or not
    they serve in the year.
    """
    amounts, year_of = fen_of(ledger), ledger["year"].to_numpy()
    keys: list[tuple[str, object, int, int]] = []
    sums = []
    for by in WAYS if len(ledger) else ():
        values = pd.Series("all", ledger.index) if by == "all" else ledger[by].fillna(NOT_STATED)
        for value in values.unique():
            here = (values == value).to_numpy()
            levers = ledger.loc[here, "lever"].nunique()
            for year in np.unique(year_of):
                keys.append((by, value, int(year), levers))
                sums.append(add_up(amounts[here & (year_of == year)]))
    table = pd.DataFrame(keys, columns=["by", "value", "year", "levers"])
    table = table.astype({"by": "str", "value": "str", "year": np.int64, "levers": np.int64})
    shown = show_amounts(np.array(sums).reshape(-1, amounts.shape[1])).rename(columns=_RENAMED)
    # of several targets there is no one coverage, and not all levers have a response
    shown = shown.drop(columns=["coverage_of_target", "bounded_share"])
    return pd.concat([table, shown], axis=1)
