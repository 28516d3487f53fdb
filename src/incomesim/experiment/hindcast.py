"""A hindcast: build the population of an earlier year, drive it with what is published, compare with later tables.

The population is built from the tables of the first year alone. It is driven by published growth of income by
source and residence, by published residents and by the published rise of the urban share; nothing is fitted to
the distributions of later years. Two naive forecasts stand beside it:

* no change in shape: figures of town, of the country and of everybody grow as the published mean of each does;
* scaled by the overall mean: all of them grow as the published mean of everybody does.

Both start from the published figures of the first year, which the model only meets as far as they agree with each
other. So the model is shown twice: as it stands, and with its growth since the first year applied to the figures
published then.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from incomesim import measures
from incomesim.ageing import age
from incomesim.engine import trace
from incomesim.errors import InvalidInput, Problem
from incomesim.fields import RESIDENCES
from incomesim.forecasts import FORECASTS, Hindcast
from incomesim.plan import Plan, make_plan
from incomesim.population.income_groups import rank_in_groups
from incomesim.published import Fact, Key, Place, read_place
from incomesim.scenario import Scenario
from incomesim.simulation import find_origin

__all__ = ["hindcast"]

Reals = NDArray[np.float64]

_AREAS = (*RESIDENCES, "")
_RANGE = 65_536  # households traced at a time
_BASELINE = 0
_GIVEN = "urban_rural_ratio"  # nearly, by the drivers
_NOT_TOLD = ("population", "held", "interpolated")
_TOTALS = {
    "residents": "residents",
    "urban_share": "official urban share",
    "aged_65": "share of residents of 65 and over",
    "aged_0_14": "share of residents below 15",
}


@dataclass(frozen=True)
class Figure:
    """What is compared: a measure of an area, by its name in tables and by its key in those of the place."""

    measure: str
    area: str  # town, country, or "" for everybody
    part: str = ""


def hindcast(scenario: Scenario) -> Hindcast:
    """Return what a scenario without policy predicts for its years beside what is published for its place.

    Raises InvalidInput where nothing is published after the first year, or the scenario has levers.
    """
    if scenario.population.place is None:
        raise InvalidInput([Problem("scenario", 0, 0, "population.place", "is missing; a hindcast needs a place")])
    place = read_place(scenario.population.place)
    if scenario.policy:
        raise InvalidInput(
            [Problem("scenario", 0, 0, "policy", "found levers, expected none: a hindcast has no policy")]
        )
    figures = [figure for figure in _figures(place, scenario.years) if _published(place, figure, scenario.years[0])]
    tested = [figure for figure in figures if figure.measure != _GIVEN]
    later = [year for year in scenario.years[1:] for figure in tested if _published(place, figure, year)]
    if not later:
        message = f"found no distribution published for {scenario.years[1:]}, expected one to compare with"
        raise InvalidInput([Problem(place.name, 0, 0, "", message)])
    lacking = [year for year in (scenario.years[0], *later) if not all(_means(place, year))]
    if lacking:
        years = ", ".join(map(str, sorted(set(lacking))))
        message = f"no mean income of town, country and everybody is published for {years}: naive forecasts need it"
        raise InvalidInput([Problem(place.name, 0, 0, "income", message)])
    origin = find_origin(scenario)
    plan = make_plan(scenario, origin.population, origin.facts)
    simulated = _measure(plan, figures)
    table = _compare(place, scenario.years, figures, simulated)
    errors = _summarise(table, scenario.years[0])
    return Hindcast(
        scenario=scenario,
        place=place.label,
        years=scenario.years,
        households=plan.source.number,
        table=table,
        errors=errors,
        fit=origin.fit,
        drivers=_drivers(place, plan),
        verdict=_judge(errors, place.label, scenario.years),
    )


def _means(place: Place, year: int) -> list[Fact | None]:
    return [place.facts.get(Key("income", residence=area, year=year)) for area in _AREAS]


def _figures(place: Place, years: range) -> Iterator[Figure]:
    """Everything published of distributions in the first year that households can be measured for."""
    for area in _AREAS:
        parts = [
            key.part
            for key in place.facts
            if key.item == "group_income" and key.residence == area and key.year == years[0]
        ]
        for part in sorted(parts, key=lambda name: int(name.partition("/")[0])):
            yield Figure("group_income", area, part)
        yield Figure("median_income", area)
        yield Figure("gini", area)
    yield Figure(_GIVEN, "")


def _published(place: Place, figure: Figure, year: int) -> float | None:
    if figure.measure == _GIVEN:
        town, country = (place.facts.get(Key("income", residence=side, year=year)) for side in RESIDENCES)
        return town.value / country.value if town and country else None
    fact = place.facts.get(Key(figure.measure, residence=figure.area, part=figure.part, year=year))
    return fact.value if fact else None


def _measure(plan: Plan, figures: Sequence[Figure]) -> Mapping[tuple[Figure, int], float]:
    """Each figure in each year of the baseline, by figure and number of the year, from single households, all held."""
    rows = [plan.source.rows(start, stop) for start, stop in plan.source.ranges(_RANGE)]
    traced = [trace(part, plan.tables) for part in rows]
    sums = traced[0][0]
    for more, _ in traced[1:]:
        sums.add(more)
    factor = age(plan, sums).factor
    weight = np.concatenate([part.weight for part in rows])
    persons = np.concatenate([part.persons for part in rows])
    found: dict[tuple[Figure, int], float] = {}
    for t in range(len(plan.ground.years)):
        income = np.concatenate([part.income[_BASELINE, t] for _, part in traced])
        cell = np.concatenate([part.cell[_BASELINE, t] for _, part in traced])
        side = np.indices(plan.ground.shape)[1].ravel()[cell]
        scaled = weight * factor[t][plan.ground.stratum[cell]]
        for figure in figures:
            here = np.ones(len(side), np.bool_) if not figure.area else side == RESIDENCES.index(figure.area)
            found[figure, t] = _value(figure, income[here], scaled[here], persons[here], side[here])
    return found


def _value(figure: Figure, income: Reals, weight: Reals, persons: Reals, side: NDArray[np.int64]) -> float:
    """Medians and groups are those of households, as the National Bureau of Statistics has them; others of persons."""
    if figure.measure == "median_income":
        return measures.quantile(income, weight, p=0.5)
    if figure.measure == "gini":
        return measures.gini(income, weight * persons)
    if figure.measure == _GIVEN:
        means = [np.average(income[side == r], weights=(weight * persons)[side == r]) for r in range(len(RESIDENCES))]
        return float(means[0] / means[1])
    group, number = map(int, figure.part.split("/"))
    chosen = rank_in_groups(income, weight, np.linspace(0.0, 1.0, number + 1)) == group - 1
    return float(np.average(income[chosen], weights=(weight * persons)[chosen]))


def _compare(
    place: Place, years: range, figures: Sequence[Figure], simulated: Mapping[tuple[Figure, int], float]
) -> pd.DataFrame:
    rows = []
    for figure in figures:
        first = _published(place, figure, years[0])
        assert first is not None
        for t, year in enumerate(years):
            published = _published(place, figure, year)
            if published is None:
                continue
            own, overall = _growth(place, figure.area, years[0], year), _growth(place, "", years[0], year)
            money = figure.measure in ("group_income", "median_income")
            rows.append(
                (year, figure.area or "all", figure.measure, figure.part, "yuan per head" if money else "index",
                 published, simulated[figure, t], first * simulated[figure, t] / simulated[figure, 0],
                 _unchanged_shape(place, figure, first, year, own if money else 1.0),
                 first * (overall if money else 1.0))
            )  # fmt: skip
    columns = ["year", "area", "measure", "part", "unit", "published", *FORECASTS]
    return pd.DataFrame(rows, columns=columns)


def _unchanged_shape(place: Place, figure: Figure, first: float, year: int, growth: float) -> float:
    """With each mean as published, so is their ratio: that forecast is no test of it."""
    if figure.measure == _GIVEN:
        return _published(place, figure, year) or first
    return first * growth


def _growth(place: Place, area: str, first: int, year: int) -> float:
    before, after = (place.facts[Key("income", residence=area, year=which)].value for which in (first, year))
    return after / before


def _summarise(table: pd.DataFrame, first: int) -> pd.DataFrame:
    """Mean absolute relative errors; the first year is no forecast."""
    later = table[table["year"] > first]
    errors = later[["measure", "area"]].copy()
    for forecast in FORECASTS:
        errors[forecast] = (later[forecast] / later["published"] - 1.0).abs()
    grouped = errors.groupby(["measure", "area"], sort=False).mean()
    grouped.insert(0, "figures", errors.groupby(["measure", "area"], sort=False).size())
    return grouped.reset_index()


def _judge(errors: pd.DataFrame, label: str, years: range) -> str:
    """How the model fares on all figures but the ratio, which its drivers nearly give."""
    tested = errors[errors["measure"] != _GIVEN]
    mean = {name: float(np.average(tested[name], weights=tested["figures"])) for name in FORECASTS}
    best = min(mean, key=lambda name: mean[name])
    words = {
        "model": "the model as it stands",
        "model_from_first_year": "the model from the published first year",
        "no_change_in_shape": "no change in shape",
        "scaled_by_mean": "scaling by the overall mean",
    }
    listed = ", ".join(f"{words[name]} {mean[name]:.2%}" for name in FORECASTS)
    return (
        f"{label} {years[1]}-{years[-1]} from {years[0]}: mean absolute error of {int(tested['figures'].sum())} "
        f"figures: {listed}; the least is that of {words[best]}."
    )


def _drivers(place: Place, plan: Plan) -> tuple[str, ...]:
    """What of later years the model was told."""
    later = plan.ground.years[1:]
    known = {
        "income per head by source, town and country": [
            key.year for key in place.facts if key.item == "income" and key.residence and key.part
        ],
        "income per head, town and country": [
            key.year for key in place.facts if key.item == "income" and key.residence and not key.part
        ],
    }
    for point in plan.totals.points:
        if point.status not in _NOT_TOLD:
            known.setdefault(_TOTALS[point.total], []).append(point.year)
    spans = {words: sorted(year for year in years if year in later) for words, years in known.items()}
    return tuple(f"{words} ({years[0]}-{years[-1]})" for words, years in spans.items() if years)
