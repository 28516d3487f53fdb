"""What a hindcast comes to: forecasts beside what was published."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from incomesim.population import FitRow
from incomesim.scenario import Scenario

__all__ = ["FORECASTS", "Hindcast"]

FORECASTS = ("model", "model_from_first_year", "no_change_in_shape", "scaled_by_mean")
"""Columns of the table beside `published`."""


@dataclass(frozen=True, eq=False)
class Hindcast:
    """`table`: year, area, measure, part, unit, published, and a column for each of FORECASTS.

    `errors`: mean absolute relative error by measure and area over the years after the first. `fit`: the first
    year beside its own tables. `verdict`: one line. `drivers`: what the model was told of later years.
    """

    scenario: Scenario
    place: str
    years: range
    households: int
    table: pd.DataFrame
    errors: pd.DataFrame
    fit: tuple[FitRow, ...]
    drivers: tuple[str, ...]
    verdict: str

    @property
    def title(self) -> str:
        """Name of the figure."""
        return f"Hindcast, {self.place} {self.years[0]}-{self.years[-1]}"

    @property
    def caption(self) -> str:
        """What stands below the figure."""
        return (
            f"{self.households:,} synthetic households built from the tables of {self.years[0]}, driven by "
            f"{'; '.join(self.drivers)}. Published figures: see forecasts.csv."
        )
