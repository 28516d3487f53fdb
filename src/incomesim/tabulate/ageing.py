"""The totals of the population that are given for each year, and what meeting them has changed."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pandas as pd

from incomesim.ageing import Aged, count_strata, traits
from incomesim.fields import RESIDENCES
from incomesim.plan import Plan
from incomesim.scenario.ageing import TOTALS

__all__ = ["show_ageing"]

_BASELINE = 0
_STRATUM = "stratum"


def show_ageing(plan: Plan, aged: Aged) -> pd.DataFrame:
    """Return year by year each given total, and persons by stratum, of the baseline before and after the factors.

    `factor` is after over before. Residents are followed in proportion to the first year, so they end where they
    began times the growth of the given numbers. Strata have no given value: theirs is the factor.
    """
    before = count_strata(plan, aged.sums.totals[_BASELINE])
    after = before * aged.factor
    per_person = {"residents": np.ones(plan.ground.strata), **{trait.total: trait.per_person for trait in traits(plan)}}
    rows: list[tuple[int, str, str, str, float | None, float, float, str, str]] = []
    for point in plan.totals.points:
        t, each = point.year - plan.ground.years[0], per_person[point.total]
        share = point.total != "residents"
        one, other = (float(each @ persons[t] / (persons[t].sum() if share else 1.0)) for persons in (before, after))
        unit = "share of residents" if share else "persons"
        rows.append(
            (point.year, point.total, TOTALS[point.total], unit, point.value, one, other, point.status, point.source)
        )
    for t, year in enumerate(plan.ground.years):
        for name, one, other in zip(_names(plan), before[t], after[t], strict=True):
            rows.append((year, _STRATUM, name, "persons", None, one, other, "", ""))
    columns = ["year", "total", "item", "unit", "given", "before", "after", "status", "source"]
    table = pd.DataFrame(rows, columns=columns).astype({"given": "float64"})
    ratio = table["after"].where(table["before"] > 0.0) / table["before"]
    table.insert(7, "factor", ratio)
    return table


def _names(plan: Plan) -> Iterator[str]:
    starts = plan.ground.band_starts
    bands = [
        f"below {starts[0]}",
        *(f"{low} to {high - 1}" for low, high in pairwise(starts)),
        f"{starts[-1]} and over",
    ]
    for residence in RESIDENCES:
        yield from (f"{residence}, head {band}" for band in bands)
