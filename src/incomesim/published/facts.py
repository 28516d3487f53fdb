"""The published figures a population of a year is built on and set beside, from the tables of its place."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from incomesim.fields import RESIDENCES, SOURCES
from incomesim.published.place import Fact, Key, Place, Tile, read_place

__all__ = [
    "Distribution",
    "PlaceFacts",
    "base_years",
    "count_households",
    "gather_facts",
    "missing_figures",
    "read_facts",
]

SIDES = (*RESIDENCES, "")
"""Town, country, everybody."""


@dataclass(frozen=True)
class Distribution:
    """What is published of the distribution of income per head of town, country or everybody in a year.

    `groups` are means over persons of equal groups of *households* ranked by income per head; `lorenz` shares of
    income by cumulative share of *persons*. `mean` is that of the place the figures are of. Empty or None where
    nothing is published.
    """

    place: str
    mean: Fact
    groups: tuple[Fact, ...]
    lorenz: Mapping[float, Fact]
    median: Fact | None
    gini: Fact | None


@dataclass(frozen=True)
class PlaceFacts:
    """What is published of a place for a year, and its series.

    Shares are between 0 and 1, incomes in yuan per head and year, counts in persons. Figures marked (*) are those of
    the next larger place that has them, where the place itself has none. `residence` is town, country or "",
    everybody, except where both are named.
    """

    place: str
    label: str
    year: int
    residents: Mapping[str, Fact]  # by name of the region; the label of the place stands for all of it
    residents_by_side: Mapping[tuple[str, str], Fact]  # by region and residence
    total_residents: Mapping[int, Fact]  # by year
    urban_share: Mapping[int, Fact]  # by year, official
    income: Mapping[str, Mapping[int, Fact]]  # by residence and year
    income_by_source: Mapping[str, Mapping[int, tuple[Fact, ...]]]  # the same: wage, operating, property, transfer
    income_by_region: Mapping[tuple[str, str], Fact]  # by region and residence
    sources: Mapping[str, tuple[Fact, ...]]  # by residence, town and country only (*)
    distribution: Mapping[str, Distribution]  # by residence; town and country (*)
    household_share: Mapping[tuple[str, str, str, str, str], Fact]  # by region, residence, group, age, size
    household_size: Fact  # the latest up to the year (*)
    household_size_by_side: Mapping[str, Fact]  # of the year, by residence
    households: Fact | None  # in all, of the year
    aged_65: Fact  # the latest up to the year (*)
    aged_0_14: Fact  # (*)
    age_shares: tuple[Mapping[int, Fact], Mapping[int, Fact]]  # residents of 65 and over, below 15, by year
    tiles: Mapping[str, Tile]


def count_households(facts: PlaceFacts, regions: Iterable[str]) -> int:
    """Return how many households live in the regions (by label): residents over the published overall mean size."""
    return round(sum(facts.residents[label].value for label in regions) / facts.household_size.value)


def base_years(place: Place) -> tuple[int, ...]:
    """Return the years for which enough is published to build a population."""
    years = sorted({key.year for key in place.facts})
    return tuple(year for year in years if not missing_figures(place, year))


def missing_figures(place: Place, year: int) -> tuple[str, ...]:
    """Return in words what is not published that a population of the year is built on."""
    wanted: list[tuple[str, bool]] = [
        (f"{residence} income", Key("income", residence=residence, year=year) in place.facts)
        for residence in RESIDENCES
    ]
    wanted += [
        ("residents", any(key.item == "residents" and key.year == year and not key.residence for key in place.facts)),
        ("persons per household", _latest(place, year, "persons_per_household") is not None),
        ("residents of 65 and over", _latest(place, year, "resident_share", age="65+") is not None),
        ("residents below 15", _latest(place, year, "resident_share", age="0-14") is not None),
    ]
    for residence in RESIDENCES:
        wanted += [
            (f"{residence} income by source", _sources(place, residence, year) is not None),
            (f"{residence} income by groups or Lorenz curve", _distribution(place, residence, year) is not None),
        ]
    missing = tuple(words for words, there in wanted if not there)
    return missing or _mixed_groups(place, year)


def _mixed_groups(place: Place, year: int) -> tuple[str, ...]:
    """Groups of town and country are of one kind and number: their weights follow one rule."""
    both = [_distribution(place, residence, year) for residence in RESIDENCES]
    kinds = {(bool(each.lorenz), tuple(each.lorenz) if each.lorenz else len(each.groups)) for each in both if each}
    return () if len(kinds) == 1 else ("income of town and country by the same groups, or by the same Lorenz points",)


def read_facts(place: str | os.PathLike[str], year: int) -> PlaceFacts:
    """Return the published figures of a place for a year of `base_years`."""
    return gather_facts(read_place(place), year)


def gather_facts(place: Place, year: int) -> PlaceFacts:
    """Return what the tables of a place say of a year; ValueError where something is missing."""
    missing = missing_figures(place, year)
    size, old, young = (
        _latest(place, year, "persons_per_household"),
        _latest(place, year, "resident_share", age="65+"),
        _latest(place, year, "resident_share", age="0-14"),
    )
    sources = {residence: _sources(place, residence, year) for residence in RESIDENCES}
    distribution = {residence: _distribution(place, residence, year) for residence in RESIDENCES}
    everybody = _own_distribution(place, "", year)
    if missing or size is None or old is None or young is None:
        raise ValueError(f"the tables of {place.name} have no {', '.join(missing)} for {year}")
    of_year = {key: fact for key, fact in place.facts.items() if key.year == year}
    totals = _total_residents(place)
    by_region = {key: fact for key, fact in of_year.items() if key.item == "residents" and not key.age}
    return PlaceFacts(
        place=place.name,
        label=place.label,
        year=year,
        residents={
            **({place.label: totals[year]} if year in totals else {}),
            **{key.region: fact for key, fact in by_region.items() if key.region and not key.residence},
        },
        residents_by_side={
            **_from_shares(of_year),
            **{(key.region or place.label, key.residence): fact for key, fact in by_region.items() if key.residence},
        },
        total_residents=totals,
        urban_share=_series(place, "resident_share", residence=RESIDENCES[0]),
        income={residence: _series(place, "income", residence=residence) for residence in SIDES},
        income_by_source={residence: _series_by_source(place, residence) for residence in SIDES},
        income_by_region={
            (key.region, key.residence): fact
            for key, fact in of_year.items()
            if key.item == "income" and key.region and not key.part
        },
        sources={residence: found for residence, found in sources.items() if found},
        distribution={
            residence: found for residence, found in {**distribution, "": everybody}.items() if found is not None
        },
        household_share={
            (key.region, key.residence, key.group, key.age, key.size): fact
            for key, fact in of_year.items()
            if key.item == "household_share"
        },
        household_size=size,
        household_size_by_side={
            key.residence: fact
            for key, fact in of_year.items()
            if key.item == "persons_per_household" and key.residence
        },
        households=of_year.get(Key("households", year=year)),
        aged_65=old,
        aged_0_14=young,
        age_shares=(_series(place, "resident_share", age="65+"), _series(place, "resident_share", age="0-14")),
        tiles=place.tiles,
    )


def _series(place: Place, item: str, residence: str = "", age: str = "") -> dict[int, Fact]:
    wanted = {
        key.year: fact
        for key, fact in place.facts.items()
        if key == Key(item, residence=residence, age=age, year=key.year)
    }
    return dict(sorted(wanted.items()))


def _from_shares(of_year: Mapping[Key, Fact]) -> dict[tuple[str, str], Fact]:
    """Urban residents of regions whose urban share is published."""
    found = {}
    for key, share in of_year.items():
        everybody = of_year.get(Key("residents", key.region, year=key.year))
        if key.item == "resident_share" and key.region and key.residence and everybody:
            words = f"DERIVED: urban share {share.value:.4f} of {everybody.value:,.0f} residents"
            found[key.region, key.residence] = Fact(share.value * everybody.value, everybody.unit, words, share.source)
    return found


def _total_residents(place: Place) -> dict[int, Fact]:
    """Residents by year; where only those of all regions are published, their sum."""
    known = {key: fact for key, fact in place.facts.items() if key == Key("residents", key.region, year=key.year)}
    regions = {key.region for key in known if key.region}
    totals = {key.year: fact for key, fact in known.items() if not key.region}
    for year in {key.year for key in known} - set(totals):
        parts = [known.get(Key("residents", region, year=year)) for region in regions]
        if all(parts):
            first = next(part for part in parts if part)
            total = sum(part.value for part in parts if part)
            totals[year] = Fact(total, first.unit, "DERIVED: sum of the regions", first.source)
    return dict(sorted(totals.items()))


def _series_by_source(place: Place, residence: str) -> dict[int, tuple[Fact, ...]]:
    found = {year: _own_sources(place, residence, year) for year in _series(place, "income", residence)}
    return {year: facts for year, facts in found.items() if facts is not None}


def _latest(place: Place, year: int, item: str, age: str = "") -> Fact | None:
    """The last figure up to the year, of the smallest place that has one."""
    known = [key.year for key in place.facts if key == Key(item, age=age, year=key.year) and key.year <= year]
    if known:
        return place.facts[Key(item, age=age, year=max(known))]
    return _latest(place.within, year, item, age) if place.within else None


def _own_sources(place: Place, residence: str, year: int) -> tuple[Fact, ...] | None:
    found = [place.facts.get(Key("income", residence=residence, part=part, year=year)) for part in SOURCES]
    return tuple(fact for fact in found if fact) if all(found) else None


def _sources(place: Place, residence: str, year: int) -> tuple[Fact, ...] | None:
    own = _own_sources(place, residence, year)
    return own if own or not place.within else _sources(place.within, residence, year)


def _distribution(place: Place, residence: str, year: int) -> Distribution | None:
    own = _own_distribution(place, residence, year)
    if own is not None and (own.groups or own.lorenz):
        return own
    return _distribution(place.within, residence, year) if place.within else None


def _own_distribution(place: Place, residence: str, year: int) -> Distribution | None:
    mean = place.facts.get(Key("income", residence=residence, year=year))
    if mean is None:
        return None
    parts = {
        (key.item, key.part): fact
        for key, fact in place.facts.items()
        if key.item in ("group_income", "lorenz") and key.residence == residence and key.year == year
    }
    groups = {part: fact for (item, part), fact in parts.items() if item == "group_income"}
    number = max((int(part.partition("/")[2]) for part in groups), default=0)
    names = [f"{group}/{number}" for group in range(1, number + 1)]
    return Distribution(
        place=place.label,
        mean=mean,
        groups=tuple(groups[name] for name in names) if all(name in groups for name in names) else (),
        lorenz=dict(sorted((float(part), fact) for (item, part), fact in parts.items() if item == "lorenz")),
        median=place.facts.get(Key("median_income", residence=residence, year=year)),
        gini=place.facts.get(Key("gini", residence=residence, year=year)),
    )
