"""Published figures of a place, each with its unit, status and source, read from the package's tables."""

from __future__ import annotations

import csv
import functools
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources

from incomesim.fields import RESIDENCES

__all__ = ["Fact", "PlaceFacts", "place_names", "read_facts"]

SOURCE_ITEMS = ("wage", "operating_net", "property_net", "transfer_net")
"""The four sources of disposable income as the National Bureau of Statistics names them."""


@dataclass(frozen=True)
class Fact:
    """One published figure. `status` is "reported" or says how it was derived."""

    value: float
    unit: str
    status: str
    source: str


@dataclass(frozen=True)
class PlaceFacts:
    """What is published of a place for its base year, and its series where there are some.

    Shares are between 0 and 1, incomes in yuan per head and year, counts in persons.
    """

    place: str
    year: int
    residents: Mapping[str, Fact]  # by name of the area
    total_residents: Mapping[int, Fact]  # by year
    income: Mapping[str, Mapping[int, Fact]]  # by residence and year
    sources: Mapping[str, tuple[Fact, ...]]  # by residence: wage, operating, property, transfer; province
    quintiles: Mapping[str, tuple[Fact, ...]]  # by residence: five group means; country
    quintile_mean: Mapping[str, Fact]  # by residence: mean over persons; country
    household_size: Fact  # province
    aged_65: Fact
    aged_0_14: Fact


def place_names() -> tuple[str, ...]:
    """Return the names of the places that come with the package."""
    return tuple(row["place"] for row in _table("places"))


def read_facts(place: str) -> PlaceFacts:
    """Return the published figures of one of `place_names()`."""
    (row,) = (row for row in _table("places") if row["place"] == place)
    area, province, year = row["area"], row["province"], int(row["year"])
    population, income = f"{place}_population", f"{place}_income"
    residents: dict[str, Fact] = {}
    totals: dict[int, Fact] = {}
    for entry in _table(population):
        if entry["item"] != "resident":
            continue
        fact = _persons(entry)
        exact = entry["unit"] == "persons"
        if entry["area"] == area:
            if exact or int(entry["year"]) not in totals:
                totals[int(entry["year"])] = fact
        elif int(entry["year"]) == year:
            residents[entry["area"]] = fact
    share = functools.partial(_find, _table(population), area=area, year=str(year))
    provincial = _table(f"{province.lower()}_income")
    quintiles = _table("china_quintiles")
    means = _table("china_income_sources")
    return PlaceFacts(
        place=place,
        year=year,
        residents=residents,
        total_residents=dict(sorted(totals.items())),
        income={
            residence: {
                int(entry["year"]): _fact(entry)
                for entry in sorted(_table(income), key=lambda entry: entry["year"])
                if entry["area"] == area and entry["sector"] == residence and entry["unit"] == "yuan per capita"
            }
            for residence in RESIDENCES
        },
        sources={
            residence: tuple(
                _find(provincial, area=province, sector=residence, item=item, year=str(year)) for item in SOURCE_ITEMS
            )
            for residence in RESIDENCES
        },
        quintiles={
            residence: tuple(_find(quintiles, area=residence, quintile=str(q), year=str(year)) for q in range(1, 6))
            for residence in RESIDENCES
        },
        quintile_mean={
            residence: _find(means, area=residence, item="disposable_income_mean", year=str(year))
            for residence in RESIDENCES
        },
        household_size=_find(provincial, area=province, item="household_size", year=str(year)),
        aged_65=_percent(share(item="age 65+ share")),
        aged_0_14=_percent(share(item="age 0-14 share")),
    )


@functools.cache
def _table(name: str) -> tuple[dict[str, str], ...]:
    text = resources.files("incomesim.published").joinpath(f"{name}.csv").read_text("utf-8")
    rows = csv.DictReader(text.splitlines(), restkey="rest")
    # a comma in a source that is not quoted spills over into `rest`: put the source together again
    return tuple(
        {**row, "source": ",".join([row["source"], *row.pop("rest")])} if "rest" in row else row for row in rows
    )


def _find(table: tuple[dict[str, str], ...], **wanted: str) -> Fact:
    (entry,) = (entry for entry in table if all(entry[key] == value for key, value in wanted.items()))
    return _fact(entry)


def _fact(entry: dict[str, str]) -> Fact:
    return Fact(float(entry["value"]), entry["unit"], entry.get("status", "reported"), entry["source"])


def _persons(entry: dict[str, str]) -> Fact:
    fact = _fact(entry)
    if not fact.unit.startswith("10k"):
        return fact
    return Fact(round(fact.value * 10_000), "persons", fact.status, fact.source)


def _percent(fact: Fact) -> Fact:
    return Fact(fact.value / 100.0, "share of residents", fact.status, fact.source)
