"""What no single value shows: names that must exist, lists that must match, years that must be covered.

The checks read the plain data of a document, wherever it has the shape they need, so that they find
their problems beside those of types and ranges and a user sees all of them at once.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from incomesim.errors import InvalidInput, Problem
from incomesim.fields import RESIDENCES, is_folder
from incomesim.published import Place, PlaceFacts, base_years, gather_facts, missing_figures, place_names, read_place
from incomesim.published.shares import AXES, age_labels, check_shares, size_labels
from incomesim.scenario.ageing import check_ageing
from incomesim.scenario.calibration import check_calibration
from incomesim.scenario.lever_checks import check_levers
from incomesim.scenario.model import OLDEST, YOUNGEST
from incomesim.scenario.plain_data import (
    Finding,
    Where,
    are_numbers,
    check_once,
    entries_of,
    mapping_of,
    period_of,
    unknown,
)
from incomesim.scenario.problems import place_of, problem_at
from incomesim.scenario.text import Document

__all__ = ["check_names_and_years"]

MIDDLE_INCOME_YEAR = 2018
"""Year whose prices the official definition of a middle income is in; prices must reach back to it."""

_RELATIVE_LINES = ("median_40", "median_50", "median_60")
_SUM_TOLERANCE = 1e-6


def check_names_and_years(document: Document, folder: Path) -> tuple[Problem, ...]:
    """Return what is wrong between the parts of a scenario; paths of places count from `folder`."""
    data = document.data
    years = period_of(data.get("years"))
    population = mapping_of(data, "population")
    regions = [name for name in mapping_of(population, "regions") if isinstance(name, str)]
    groups = [name for name in mapping_of(population, "groups") if isinstance(name, str)]
    place = population.get("place")
    tables, problems = _read_tables(place, folder)
    facts = _facts_of(tables, years)
    findings = [
        *_check_place(population, tables, facts, years),
        *_check_published(population, facts),
        *_check_groups(population, regions),
        *_check_columns(
            mapping_of(population, "columns"), {"region": regions, "residence": RESIDENCES, "group": groups}
        ),
        *_check_calibration(population, regions, groups),
        *_check_ages(population),
        *_check_mobility(mapping_of(data, "mobility")),
        *_check_renewal(mapping_of(data, "renewal")),
        *_check_growth(data, facts, years, survey_alone="microdata" in population and place is None),
        *check_once(("ageing",), "year", [entry.get("year") for entry in entries_of(data, "ageing")]),
        *check_ageing(
            entries_of(data, "ageing"),
            mapping_of(data, "urbanisation").get("rate"),
            facts,
            years,
            of_file="microdata" in population,
        ),
        *_check_prices(data, years),
        *_check_lines(data),
        *check_levers(data, regions, groups, mapping_of(population, "ages").get("starts"), years),
    ]
    return (*problems, *(_to_problem(document, *finding) for finding in findings))


def _to_problem(document: Document, path: Where, message: str, other: Where | None = None) -> Problem:
    first = None if other is None else place_of(document, other)
    return problem_at(document, path, message if first is None else f"{message} (first in {first.file}:{first.line})")


def _read_tables(place: Any, folder: Path) -> tuple[Place | None, tuple[Problem, ...]]:
    """The tables of a place, or what is wrong in its folder; neither where no such place comes with the package."""
    if not isinstance(place, str) or (place not in place_names() and not is_folder(place)):
        return None, ()
    try:
        return read_place(folder / place if is_folder(place) else place), ()
    except InvalidInput as invalid:
        return None, invalid.problems


def _facts_of(tables: Place | None, years: range | None) -> PlaceFacts | None:
    if tables is None or years is None or years[0] not in base_years(tables):
        return None
    return gather_facts(tables, years[0])


def _check_place(
    population: Mapping[str, Any], tables: Place | None, facts: PlaceFacts | None, years: range | None
) -> Iterator[Finding]:
    place = population.get("place")
    if isinstance(place, str) and not is_folder(place) and place not in place_names():
        yield ("population", "place"), unknown("place", place, place_names())
    if tables is not None and facts is None and years is not None:
        yield ("years",), _no_base_year(tables, years[0])
    if facts is None:
        return
    for name, region in mapping_of(population, "regions").items():
        label = region.get("label") if isinstance(region, dict) else None
        if isinstance(label, str) and label not in facts.residents:
            yield ("population", "regions", name, "label"), unknown("area", label, facts.residents)


def _no_base_year(tables: Place, year: int) -> str:
    known = base_years(tables)
    if not known:
        missing = ", ".join(missing_figures(tables, year))
        return f"the tables of {tables.label} do not suffice for any year; for {year} they have no {missing}"
    listed = ", ".join(map(str, known))
    return f"found {year} as the first year, but enough is published of {tables.label} for {listed} only"


def _check_published(population: Mapping[str, Any], facts: PlaceFacts | None) -> Iterator[Finding]:
    """What is published is left out of the scenario, and what is not stands there."""
    if facts is None or "microdata" in population:
        return
    where: Where = ("population", "urban_share")
    share = population.get("urban_share")
    if share == "official" and facts.year not in facts.urban_share:
        yield where, f'found "official", but no urban share of {facts.label} is published for {facts.year}'
    if share == "of_means" and facts.year not in facts.income[""]:
        yield where, f'found "of_means", but no mean income of everybody in {facts.label} is published for {facts.year}'
    elif share == "of_means" and not _between(facts):
        yield where, 'found "of_means", but the mean of everybody does not lie between those of town and country'
    for name, region in mapping_of(population, "regions").items():
        if isinstance(region, dict):
            there = (region.get("label"), RESIDENCES[0]) in facts.residents_by_side
            if there or share is None:
                yield from _either(("population", "regions", name), region, "urban_share", there)
    labels = _labels(population)
    published = {axis for axis in ("group", "age") if axis in _published_axes(facts)}
    if labels is not None:
        for words in check_shares(facts, labels):
            yield ("population",), words
    for name, group in mapping_of(population, "groups").items():
        if isinstance(group, dict):
            yield from _either(("population", "groups", name), group, "share", "group" in published)
    ages = mapping_of(population, "ages")
    for key in RESIDENCES if ages else ():
        yield from _either(("population", "ages"), ages, key, "age" in published)


def _between(facts: PlaceFacts) -> bool:
    urban, rural, everybody = (facts.income[side][facts.year].value for side in (*RESIDENCES, ""))
    return min(urban, rural) < everybody < max(urban, rural)


def _published_axes(facts: PlaceFacts) -> set[str]:
    """Axes along which shares of households of the whole place are published."""
    whole = (key for key in facts.household_share if not key[0])
    return {axis for key in whole for axis, name in zip(AXES, key, strict=True) if name}


def _labels(population: Mapping[str, Any]) -> dict[str, tuple[str, ...]] | None:
    """Names in the published tables along each axis, None where the scenario is not ripe for them."""
    ages = mapping_of(population, "ages")
    youngest, starts = ages.get("youngest", YOUNGEST), ages.get("starts")
    named = [mapping_of(population, kind).values() for kind in ("regions", "groups")]
    labels: list[list[Any]] = [[part.get("label") for part in parts if isinstance(part, dict)] for parts in named]
    if (
        not are_numbers(starts)
        or not isinstance(youngest, int)
        or not all(isinstance(label, str) for part in labels for label in part)
    ):
        return None
    regions, groups = map(tuple, labels)
    return {
        "region": regions, "residence": RESIDENCES, "group": groups, "age": age_labels(youngest, starts),
        "size": size_labels(),
    }  # fmt: skip


def _either(where: Where, part: Mapping[str, Any], key: str, published: bool) -> Iterator[Finding]:
    if published and part.get(key) is not None:
        yield (*where, key), "the figure is published for the place; leave it out"
    elif not published and part.get(key) is None:
        yield where, f"`{key}` is missing; it is not published for the place"


def _check_groups(population: Mapping[str, Any], regions: Sequence[str]) -> Iterator[Finding]:
    groups = mapping_of(population, "groups")
    for name, group in groups.items():
        concentration = mapping_of(group, "concentration") if isinstance(group, dict) else {}
        for region in concentration:
            if region not in regions:
                yield ("population", "groups", name, "concentration", region), unknown("region", region, regions)
    for residence in RESIDENCES:
        shares = [
            mapping_of(group, "share").get(residence) if isinstance(group, dict) else None for group in groups.values()
        ]
        yield from _check_sum(("population", "groups"), f"{residence} shares of the groups", shares)


def _check_columns(columns: Mapping[str, Any], names: Mapping[str, Sequence[str]]) -> Iterator[Finding]:
    for column, allowed in names.items():
        entry = mapping_of(columns, column)
        stated: dict[Where, Any] = {("constant",): entry.get("constant")}
        stated |= {("values", code): name for code, name in mapping_of(entry, "values").items()}
        for path, name in stated.items():
            if isinstance(name, str) and name not in allowed:
                yield ("population", "columns", column, *path), unknown(column, name, allowed)


def _check_calibration(
    population: Mapping[str, Any], regions: Sequence[str], groups: Sequence[str]
) -> Iterator[Finding]:
    if "calibration" in population:
        for path, message in check_calibration(population["calibration"], regions, groups):
            yield ("population", "calibration", *path), message


def _check_ages(population: Mapping[str, Any]) -> Iterator[Finding]:
    ages = mapping_of(population, "ages")
    starts = ages.get("starts")
    if not are_numbers(starts):
        return
    youngest, oldest = (0, 120) if "microdata" in population else (YOUNGEST, OLDEST)
    limits = [ages.get("youngest", youngest), *starts, ages.get("oldest", oldest)]
    if are_numbers(limits) and any(low >= high for low, high in itertools.pairwise(limits)):
        yield (
            ("population", "ages", "starts"),
            (
                f"found {starts}, expected ages that rise from the youngest head ({limits[0]}) to the oldest "
                f"({limits[-1]})"
            ),
        )
    for name in ("urban", "rural", "income", "transfers", "size", "wages"):
        values = ages.get(name)
        if not are_numbers(values):
            continue
        where = ("population", "ages", name)
        if len(values) != len(starts) + 1:
            yield (
                where,
                (
                    f"found {len(values)} numbers, expected {len(starts) + 1}: one for each of the bands that begin at "
                    f"{limits[0]}, {', '.join(map(str, starts))}"
                ),
            )
        if min(values, default=1) <= 0:
            yield where, f"found {min(values)}, expected numbers above 0"
        if name in RESIDENCES:
            yield from _check_sum(where, "shares", values)


def _check_mobility(mobility: Mapping[str, Any]) -> Iterator[Finding]:
    for residence in RESIDENCES:
        process = mapping_of(mobility, residence)
        parts = [process.get("fixed"), process.get("transitory")]
        if are_numbers(parts) and sum(parts) > 1.0:
            yield (
                ("mobility", residence),
                (f"found fixed + transitory = {sum(parts):g}, expected at most 1; the persistent part is the rest"),
            )


def _check_renewal(renewal: Mapping[str, Any]) -> Iterator[Finding]:
    limits = [renewal.get("youngest"), renewal.get("oldest")]
    if are_numbers(limits) and limits[0] > limits[1]:
        yield ("renewal", "youngest"), f"found {limits[0]}, expected at most the age `oldest`, {limits[1]}"
    ages = [entry.get("age") for entry in entries_of(renewal, "hazards")]
    if are_numbers(ages) and ages != sorted(set(ages)):
        yield ("renewal", "hazards"), f"found ages {ages}, expected each once and rising"


def _check_growth(
    data: Mapping[str, Any], facts: PlaceFacts | None, years: range | None, *, survey_alone: bool
) -> Iterator[Finding]:
    given = [entry.get("year") for entry in entries_of(data, "growth")]
    yield from check_once(("growth",), "year", given)
    if years is None or (facts is None and not survey_alone):
        return
    if facts is None:
        known, why = {years[0]}, "the year of the file"
    else:
        known = set.intersection(*(set(facts.income[residence]) for residence in RESIDENCES))
        why = "for which income is published"
    for index, year in enumerate(given):
        if year in known:
            yield ("growth", index, "year"), f"found {year}, {why}; leave it out"
        elif isinstance(year, int) and year not in years:
            yield ("growth", index, "year"), f"found {year}, outside the years {years[0]}..{years[-1]} of the run"
    missing = ", ".join(str(year) for year in years if year not in known and year not in given)
    where: Where = ("growth",) if "growth" in data else ()
    if missing and facts is None:
        yield where, f"growth is missing for {missing}; without a place every year after the first needs an entry"
    elif missing and facts is not None and years[0] == facts.year:
        yield (
            where,
            (
                f"growth is missing for {missing}; income is published for "
                f"{', '.join(map(str, sorted(known)))}, every other year of the run needs an entry"
            ),
        )


def _check_prices(data: Mapping[str, Any], years: range | None) -> Iterator[Finding]:
    given = [entry.get("year") for entry in entries_of(data, "prices")]
    yield from check_once(("prices",), "year", given)
    if years is None:
        return
    bases = [entry.get("year") for entry in entries_of(data, "poverty_lines")]
    first = min([MIDDLE_INCOME_YEAR, years[0], *(year for year in bases if isinstance(year, int))])
    last = max([years[-1], *(year for year in bases if isinstance(year, int))])
    missing = [year for year in range(first + 1, last + 1) if year not in given]
    if missing:
        yield (
            ("prices",) if "prices" in data else (),
            (
                f"inflation is missing for {', '.join(map(str, missing))}; every year after {first} (the earliest year "
                f"whose prices a line is in) up to {last} needs an entry"
            ),
        )


def _check_lines(data: Mapping[str, Any]) -> Iterator[Finding]:
    names = [entry.get("name") for entry in entries_of(data, "poverty_lines")]
    yield from check_once(("poverty_lines",), "name", names)
    for index, name in enumerate(names):
        if name in _RELATIVE_LINES:
            yield (
                ("poverty_lines", index, "name"),
                f'found "{name}", which is the name of a relative line; choose another',
            )


def _check_sum(where: Where, what: str, shares: Sequence[Any]) -> Iterator[Finding]:
    if shares and are_numbers(shares) and abs(sum(shares) - 1.0) > _SUM_TOLERANCE:
        yield where, f"found {what} that add up to {sum(shares):.6g}, expected 1"
