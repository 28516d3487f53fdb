"""What is given for each year of a run: incomes and prices, published or assumed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from incomesim.fields import RESIDENCES, SOURCES
from incomesim.published import Fact, PlaceFacts
from incomesim.scenario.model import Scenario

__all__ = ["IncomePoint", "income_path", "price_index", "source_levels"]


@dataclass(frozen=True)
class IncomePoint:
    """Income per head of a residence in a year, yuan, and where the figure comes from."""

    year: int
    residence: str
    value: float
    status: str
    source: str


def income_path(
    scenario: Scenario, facts: PlaceFacts | None, first: Sequence[float] = (1.0, 1.0)
) -> tuple[IncomePoint, ...]:
    """Return income per head by residence and year: published where it is, else by the scenario's growth.

    Without published figures it begins with `first`, by residence, which are those of the user's file.
    """
    growth = {entry.year: entry for entry in scenario.growth}
    points: list[IncomePoint] = []
    for residence, value in zip(RESIDENCES, first, strict=True):
        for year in scenario.years:
            fact = facts.income[residence].get(year) if facts is not None else None
            if fact is not None:
                value = fact.value
                points.append(IncomePoint(year, residence, value, fact.status, fact.source))
            elif facts is None and year == scenario.years[0]:
                points.append(IncomePoint(year, residence, value, "observed", "the file of households"))
            else:
                entry = growth[year]
                value *= 1.0 + getattr(entry, residence)
                points.append(IncomePoint(year, residence, value, "assumed", entry.source or entry.reason))
    return tuple(points)


def source_levels(scenario: Scenario, facts: PlaceFacts | None) -> NDArray[np.float64]:
    """Return income per head by year, residence and source relative to the first year, shape (T, 2, 4).

    By source where the sources of the year and of the first one are published, their sum being the published mean;
    in other years all sources of a residence grow as its income per head does.
    """
    levels = np.empty((len(scenario.years), len(RESIDENCES), len(SOURCES)))
    points = {(point.residence, point.year): point.value for point in income_path(scenario, facts)}
    for r, residence in enumerate(RESIDENCES):
        known = facts.income_by_source[residence] if facts is not None else {}
        first = known.get(scenario.years[0])
        level, before = np.ones(len(SOURCES)), points[residence, scenario.years[0]]
        for t, year in enumerate(scenario.years):
            now = points[residence, year]
            of_year = known.get(year)
            if first is not None and of_year is not None:
                level = _shares(of_year) * now / (_shares(first) * points[residence, scenario.years[0]])
            else:
                level = level * (now / before)
            levels[t, r], before = level, now
    return levels


def _shares(facts: tuple[Fact, ...]) -> NDArray[np.float64]:
    values = np.array([fact.value for fact in facts])
    shares: NDArray[np.float64] = values / values.sum()
    return shares


def price_index(scenario: Scenario, base: int) -> NDArray[np.float64]:
    """Return consumer prices in each year of the run relative to those of the year `base`."""
    inflation = {entry.year: entry.inflation for entry in scenario.prices}

    def level(year: int) -> float:
        """Prices of `year` over those of `base`."""
        later = np.prod([1.0 + inflation[y] for y in range(base + 1, year + 1)])
        earlier = np.prod([1.0 + inflation[y] for y in range(year + 1, base + 1)])
        return float(later / earlier)

    return np.array([level(year) for year in scenario.years])
