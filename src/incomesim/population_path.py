"""What the population comes to in each year of a run: given totals, published or assumed, and the moves to town."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from incomesim.fields import RESIDENCES
from incomesim.population import MakeUp
from incomesim.published import PlaceFacts
from incomesim.scenario.ageing import published_totals
from incomesim.scenario.model import Scenario, SurveyPopulation

__all__ = ["PopulationPath", "TotalPoint", "population_path"]

Reals = NDArray[np.float64]

_TOWN = RESIDENCES.index("urban")


@dataclass(frozen=True)
class TotalPoint:
    """A total of the population in a year as it is given, and where the figure comes from.

    `total` is one of scenario.ageing.TOTALS, `value` persons for residents, else a share of them.
    """

    year: int
    total: str
    value: float
    status: str
    source: str


@dataclass(frozen=True, eq=False)
class PopulationPath:
    """What the population comes to in each year; shares are None where nothing is given for any later year.

    `residents` (T,) are relative to the first year; `urban_share`, `aged_65` and `aged_0_14` (T,) shares of residents;
    `moving` (T,) the share of rural households that move to town without any policy. `points` are what they come from.
    """

    residents: Reals
    urban_share: Reals | None
    aged_65: Reals | None
    aged_0_14: Reals | None
    moving: Reals
    points: tuple[TotalPoint, ...]


def population_path(scenario: Scenario, facts: PlaceFacts | None, first: MakeUp) -> PopulationPath:
    """Return the totals of the population in each year, and the moves to town that go with them.

    `first` is the population of the first year, from which shares start. Between given years totals lie on a
    straight line. After the last they stay, but for the urban share, which goes on by the scenario's rate.
    """
    everybody = float(first.persons.sum())
    start = {
        "residents": everybody,
        "urban_share": float(first.persons[_TOWN].sum()) / everybody,
        "aged_65": float(first.elderly.sum()) / everybody,
        "aged_0_14": float(first.children.sum()) / everybody,
    }
    given = {total: _given(scenario, facts, total, value) for total, value in start.items()}
    points = {total: _fill(scenario.years, total, known) for total, known in given.items()}
    moving = np.full(len(scenario.years), scenario.urbanisation.rate or 0.0)
    if points["urban_share"]:
        last = max(given["urban_share"])
        points["urban_share"], moving = _move_to_town(points["urban_share"], moving, last)
    residents, urban_share, aged_65, aged_0_14 = (
        np.array([point.value for point in series]) if series else None for series in points.values()
    )
    growth = np.ones(len(scenario.years)) if residents is None else residents / residents[0]
    listed = tuple(point for series in points.values() for point in series)
    return PopulationPath(growth, urban_share, aged_65, aged_0_14, moving, listed)


def _given(scenario: Scenario, facts: PlaceFacts | None, total: str, start: float) -> dict[int, TotalPoint]:
    """A total where it is given, none where nothing is given after the first; `start` is that of the population itself.

    Residents, and the share of the country where it is published for the first year, are followed in proportion to it.
    """
    years, of_file = scenario.years, isinstance(scenario.population, SurveyPopulation)
    published = published_totals(facts, of_file=of_file)[total]
    known = {
        year: TotalPoint(year, total, fact.value, fact.status, fact.source)
        for year, fact in published.items()
        if total == "residents" or year > years[0]
    }
    if total == "urban_share" and years[0] in published:
        known = {year: _in_proportion(point, published[years[0]].value, start) for year, point in known.items()}
    for entry in scenario.ageing:
        value = getattr(entry, total)
        if value is not None:
            known[entry.year] = TotalPoint(entry.year, total, value, "assumed", entry.source or entry.reason)
    if known and min(known) > years[0]:
        known[years[0]] = TotalPoint(years[0], total, start, "population", "the households of the first year")
    return known


def _fill(years: range, total: str, known: dict[int, TotalPoint]) -> tuple[TotalPoint, ...]:
    """A total in each year, none where it is never given."""
    if not known:
        return ()
    given = sorted(known)
    values = np.interp(list(years), given, [known[year].value for year in given])
    return tuple(
        known.get(year) or TotalPoint(year, total, float(value), *_filled(year, given))
        for year, value in zip(years, values, strict=True)
    )


def _in_proportion(point: TotalPoint, first: float, own: float) -> TotalPoint:
    """The urban share with the published fall of the country's share since the first year.

    The population may have another urban share in the first year (`own`) than what is published of it (`first`).
    """
    value = 1.0 - (1.0 - own) * (1.0 - point.value) / (1.0 - first)
    return replace(point, value=value, status=f"{point.status}, in proportion to the first year")


def _filled(year: int, given: list[int]) -> tuple[str, str]:
    """Status of a year for which nothing is given, and the years it is filled from."""
    if year > given[-1]:
        return "held", f"as in {given[-1]}"
    after = next(other for other in given if other > year)
    before = given[given.index(after) - 1]
    return "interpolated", f"between {before} and {after}"


def _move_to_town(urban: tuple[TotalPoint, ...], rate: Reals, last: int) -> tuple[tuple[TotalPoint, ...], Reals]:
    """The urban share that goes on by the rate after the `last` given year; the share of the country that moves a year.

    Where shares are given it is what makes the one of the year before that of this year, and never below 0.
    """
    points, moving = list(urban), rate.copy()
    moving[0] = 0.0
    for t in range(1, len(points)):
        country = 1.0 - points[t - 1].value
        if points[t].year > last:
            share = 1.0 - country * (1.0 - rate[t])
            source = "moves to town at the rate of `urbanisation`"
            points[t] = TotalPoint(points[t].year, points[t].total, float(share), "assumed", source)
        elif country > 0.0:
            moving[t] = max(0.0, 1.0 - (1.0 - points[t].value) / country)
    return tuple(points), moving
