"""What the whole package does to the three gaps for the money that it takes."""

from __future__ import annotations

import numpy as np
import pandas as pd

__all__ = ["COLUMNS", "GAPS", "weigh_effects"]

GAPS = ("gini", "urban_rural_ratio", "region_max_min")
"""The gaps in income, between town and country, and between regions (收入差距, 城乡差距, 区域差距)."""

_PORTION = 1e8  # yuan: 亿元
COLUMNS = (
    "year", "measure", "unit", "effect", "bound", "paid_yuan", "paid_to_date_yuan",
    "per_100_million_yuan", "per_100_million_yuan_to_date",
)  # fmt: skip


def weigh_effects(ledger: pd.DataFrame, summary: pd.DataFrame) -> pd.DataFrame:
    """Return the effect on each gap by year, and for each 100 million yuan (亿元) that all levers paid.

    `effect` is policy minus baseline of everybody, known within `bound`. Levers with cash act in the year in which they
    pay, those with lasting effects later too, so it is set against what was paid in the year, and to date. Paid is
    gross, whoever pays. These are averages of the whole package, not what another 100 million would do. Years before
    anything was paid have no row; what has no meaning, because nothing was paid in the year, is missing.
    """
    paid = ledger.groupby("year")["paid_yuan"].sum()
    to_date = paid.cumsum()
    chosen = summary[
        (summary["by"] == "all")
        & (summary["scenario"] == "difference")
        & summary["measure"].isin(GAPS)
        & summary["year"].isin(to_date.index[to_date > 0.0])
    ]
    table = chosen[["year", "measure", "unit"]].reset_index(drop=True)
    table["effect"], table["bound"] = chosen["value"].to_numpy(np.float64), chosen["bound"].to_numpy(np.float64)
    for column, amounts in (("paid_yuan", paid), ("paid_to_date_yuan", to_date)):
        table[column] = table["year"].map(amounts).astype("float64")
    table["per_100_million_yuan"] = table["effect"] / (table["paid_yuan"].where(table["paid_yuan"] > 0.0) / _PORTION)
    table["per_100_million_yuan_to_date"] = table["effect"] / (table["paid_to_date_yuan"] / _PORTION)
    return table
