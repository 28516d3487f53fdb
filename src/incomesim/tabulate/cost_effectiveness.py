"""What the whole package does to the three gaps for the money that it takes."""

from __future__ import annotations

import numpy as np
import pandas as pd

from incomesim.tabulate.summary import DIFFERENCES

__all__ = ["COLUMNS", "GAPS", "weigh_effects"]

GAPS = ("gini", "urban_rural_ratio", "region_max_min")
"""The gaps in income, between town and country, and between regions (收入差距, 城乡差距, 区域差距)."""

_PORTION = 1e8  # yuan: 亿元
COLUMNS = (
    "year", "scenario", "measure", "unit", "effect", "bound", "paid_yuan", "paid_to_date_yuan",
    "per_100_million_yuan", "per_100_million_yuan_to_date",
)  # fmt: skip


def weigh_effects(ledger: pd.DataFrame, summary: pd.DataFrame) -> pd.DataFrame:
    """Return the effect on each gap by year, and for each 100 million yuan (亿元) that was paid for it.

    `effect` is that of the scenario less baseline, of everybody, known within `bound`. In `policy`, disposable income,
    it is set against what levers paid that give no services in kind; in `extended`, where services are counted, against
    what all of them paid. Levers with cash act in the year in which they pay, those with lasting effects later too, so
    it is set against what was paid in the year, and to date. Paid is gross, whoever pays. These are averages of the
    whole package, not what another 100 million would do. Years before anything was paid have no row; what has no
    meaning, because nothing was paid in the year, is missing.
    """
    in_cash = ledger[ledger["in_kind_yuan"] == 0.0]
    return pd.concat(
        [
            _weigh(scenario, ledger if scenario == "extended" else in_cash, summary[summary["scenario"] == difference])
            for scenario, difference in DIFFERENCES.items()
        ],
        ignore_index=True,
    )


def _weigh(scenario: str, ledger: pd.DataFrame, differences: pd.DataFrame) -> pd.DataFrame:
    """Set the effects in one scenario against what these levers paid."""
    paid = ledger.groupby("year")["paid_yuan"].sum().reindex(differences["year"].unique(), fill_value=0.0)
    to_date = paid.cumsum()
    chosen = differences[
        (differences["by"] == "all")
        & differences["measure"].isin(GAPS)
        & differences["year"].isin(to_date.index[to_date > 0.0])
    ]
    table = chosen[["year", "measure", "unit"]].reset_index(drop=True)
    table.insert(1, "scenario", np.full(len(table), scenario))
    table["effect"], table["bound"] = chosen["value"].to_numpy(np.float64), chosen["bound"].to_numpy(np.float64)
    for column, amounts in (("paid_yuan", paid), ("paid_to_date_yuan", to_date)):
        table[column] = table["year"].map(amounts).astype("float64")
    table["per_100_million_yuan"] = table["effect"] / (table["paid_yuan"].where(table["paid_yuan"] > 0.0) / _PORTION)
    table["per_100_million_yuan_to_date"] = table["effect"] / (table["paid_to_date_yuan"] / _PORTION)
    return table
