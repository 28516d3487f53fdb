"""Who pays for the package, and how far its finance levers pay for it."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from incomesim.tabulate.ledger_totals import NOT_STATED

__all__ = ["ALL_PAYERS", "COLUMNS", "balance_budget"]

ALL_PAYERS = "all payers"
"""No name in a scenario has a space, so no payer is called so."""

COLUMNS = (
    "year", "payer", "paid_yuan", "collected_yuan", "balance_yuan", "package_cost_yuan", "finance_yuan",
    "financed_share", "balance_per_person_yuan", "balance_share_of_income",
)  # fmt: skip


def balance_budget(ledger: pd.DataFrame, summary: pd.DataFrame) -> pd.DataFrame:
    """Return the budget of each payer (`funded_by`) by year, and of all payers together.

    balance = collected - paid, over the levers that name the payer; of a tax that is the purse it goes to. The balance
    is that of finance levers (`finance_yuan`: their collected less their paid) less what all other levers cost
    (`package_cost_yuan`: paid less collected); `financed_share` is the first over the second, missing where the others
    cost nothing. Nothing is assumed about which payers are public: enterprises are a payer like others.
    The balance per person and as a share of disposable income is over all residents of the place, in the baseline.
    """
    everybody = summary[(summary["by"] == "all") & (summary["scenario"] == "baseline")]
    of_year = everybody.pivot(index="year", columns="measure", values="value")
    payers = ledger["funded_by"].fillna(NOT_STATED)
    finance = ledger["family"] == "finance"
    rows = []
    for year in ledger["year"].unique():
        persons = float(of_year.loc[year, "persons"])
        income = persons * float(of_year.loc[year, "mean"])
        for payer in (*payers.unique(), ALL_PAYERS):
            here = (ledger["year"] == year) & ((payers == payer) | (payer == ALL_PAYERS))
            paid, collected = _sum(ledger, "paid_yuan", here), _sum(ledger, "collected_yuan", here)
            cost = _sum(ledger, "net_cost_yuan", here & ~finance)
            brought = 0.0 - _sum(ledger, "net_cost_yuan", here & finance)
            balance = round(collected - paid, 2)
            share = brought / cost if cost > 0.0 else math.nan
            rows.append(
                (year, payer, paid, collected, balance, cost, brought, share, balance / persons, balance / income)
            )
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    return table.astype({"year": np.int64, "payer": "str", **dict.fromkeys(COLUMNS[2:], "float64")})


def _sum(ledger: pd.DataFrame, column: str, here: pd.Series[bool]) -> float:
    """The sum of a column of money, to the fen."""
    return round(math.fsum(ledger.loc[here, column]), 2)
