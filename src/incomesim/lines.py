"""Lines of income per head that are known before a run: poverty lines and limits of middle incomes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from incomesim.paths import price_index
from incomesim.scenario import Scenario

__all__ = ["Lines", "lines_by_year", "stack_lines"]

THREE_PERSONS = 3.0
"""The official definitions of a middle income are for a household of three."""


@dataclass(frozen=True)
class Lines:
    """Lines of one year in its own prices, yuan per head."""

    poverty: dict[str, float]
    middle_nbs: tuple[float, float]
    middle_zhejiang: tuple[float, float]


def lines_by_year(scenario: Scenario) -> tuple[Lines, ...]:
    """Return the lines of each year of the run.

    The middle is 100,000 to 500,000 yuan for a household of three at prices of 2018 (National Bureau of
    Statistics), 200,000 to 600,000 at prices of 2020 (Zhejiang).
    """
    prices_2018, prices_2020 = price_index(scenario, 2018), price_index(scenario, 2020)
    poverty = {line.name: line.value * price_index(scenario, line.year) for line in scenario.poverty_lines}
    return tuple(
        Lines(
            {name: float(values[t]) for name, values in poverty.items()},
            (100_000 / THREE_PERSONS * prices_2018[t], 500_000 / THREE_PERSONS * prices_2018[t]),
            (200_000 / THREE_PERSONS * prices_2020[t], 600_000 / THREE_PERSONS * prices_2020[t]),
        )
        for t in range(len(scenario.years))
    )


def stack_lines(lines: tuple[Lines, ...]) -> NDArray[np.float64]:
    """Return all lines (years, lines), rising within a year."""
    rows = [[*of_year.poverty.values(), *of_year.middle_nbs, *of_year.middle_zhejiang] for of_year in lines]
    return np.sort(np.array(rows), axis=1)
