"""A place: a folder of tidy tables of published figures, one figure to a row, each with its unit and source.

Any file NAME.csv in the folder is a table with some of the columns of COLUMNS; a column that is left out, or
left empty, means all. `place.csv` (key, value) gives the `label` of the place, the larger place it lies `within`, whose
figures may stand in for what is not published, and a place that it `extends`: later years for instance.
"""

from __future__ import annotations

import csv
import functools
import hashlib
import math
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from importlib import resources
from itertools import pairwise
from pathlib import Path
from typing import Any

from incomesim.errors import InvalidInput, Problem, nearest_name
from incomesim.fields import RESIDENCES, SOURCES

__all__ = ["COLUMNS", "ITEMS", "Fact", "Key", "Place", "Tile", "hash_place", "place_names", "read_place"]


@dataclass(frozen=True)
class Fact:
    """One published figure. `status` is "reported" or says how it was derived."""

    value: float
    unit: str
    status: str
    source: str


@dataclass(frozen=True)
class Key:
    """What a figure is about; empty means all, 0 no year."""

    item: str
    region: str = ""
    residence: str = ""
    group: str = ""
    age: str = ""
    size: str = ""
    part: str = ""
    year: int = 0


@dataclass(frozen=True)
class Tile:
    """Where a region stands on a map of tiles, counted from the north and the west, and its short name there."""

    row: int
    column: int
    short: str


@dataclass(frozen=True, eq=False)
class Place:
    """The published figures of a place.

    `tiles` are by region; `hindcast` is a scenario file with what a hindcast assumes.
    """

    name: str
    label: str
    facts: Mapping[Key, Fact]
    tiles: Mapping[str, Tile]
    within: Place | None
    hindcast: Path | None


@dataclass(frozen=True)
class _Item:
    """What an item is by, what it may be divided by, and its units: each with what makes it the first one."""

    meaning: str
    by: tuple[str, ...]
    units: Mapping[str, float]
    highest: float = 1e12
    may_be_nothing: bool = False


_PERSONS = {"persons": 1.0, "10k persons": 1e4}
_SHARE = {"share": 1.0, "percent": 0.01}
_YUAN = {"yuan per head and year": 1.0}

ITEMS: Mapping[str, _Item] = {
    "residents": _Item("persons who live there", ("region", "residence"), _PERSONS),
    "resident_share": _Item(
        "share of residents, in town or of an age", ("region", "residence", "age"), _SHARE, 1.0, True
    ),
    "households": _Item("family households", (), {"households": 1.0}),
    "household_share": _Item("share of households", ("region", "residence", "group", "age", "size"), _SHARE, 1.0, True),
    "persons_per_household": _Item("mean size of households", ("residence",), {"persons": 1.0}, 50.0),
    "income": _Item("mean disposable income, or a source of it", ("region", "residence", "part"), _YUAN, 1e8),
    "median_income": _Item("median disposable income", ("residence",), _YUAN, 1e8),
    "group_income": _Item("mean of equal groups of households", ("residence", "part"), _YUAN, 1e8),
    "lorenz": _Item("share of income of the poorest persons", ("residence", "part"), _SHARE, 1.0),
    "gini": _Item("Gini coefficient of income per head", ("residence",), {"index": 1.0}, 1.0),
}
"""Everything a table may hold. `part` is a source of income, a group such as 1/5, or a share of persons such as 0.2."""

COLUMNS = (*(field.name for field in fields(Key)), "value", "unit", "status", "source")
"""Columns of the tables of a place; item, year, value, unit and source must be there."""

_NEEDED = ("item", "year", "value", "unit", "source")
_FORMS = {
    "year": (re.compile(r"(19|20|21)\d\d"), "a year"),
    "residence": (re.compile("|".join(RESIDENCES)), f"nothing or one of {', '.join(RESIDENCES)}"),
    "age": (re.compile(r"\d{1,3}(-\d{1,3}|\+)"), "ages such as 0-14 or 65+"),
    "size": (re.compile(r"\d{1,2}\+?"), "persons such as 2 or 6+"),
}
_PARTS = {
    "income": (re.compile("|".join(SOURCES)), f"nothing or one of {', '.join(SOURCES)}"),
    "group_income": (re.compile(r"([1-9]\d?)/([1-9]\d?)"), "a group such as 1/5, the poorest fifth"),
    "lorenz": (re.compile(r"0?\.\d*[1-9]"), "a share of persons such as 0.2, the poorest fifth"),
}
_AGES = ("0-14", "65+")
_ABOUT = ("label", "within", "extends")
_SPECIAL = ("place", "tiles")


def place_names() -> tuple[str, ...]:
    """Return the names of the places that come with the package."""
    folders = resources.files("incomesim.published").joinpath("places").iterdir()
    return tuple(sorted(folder.name for folder in folders if folder.is_dir()))


def read_place(place: str | os.PathLike[str]) -> Place:
    """Return one of `place_names()`, or the place that a folder of tables describes.

    Raises InvalidInput with everything that is wrong in the folder, by file and line.
    """
    if isinstance(place, str) and place in place_names():
        return _read_shipped(place)
    return _read_folder(Path(place), Path(place).name)


@functools.cache
def _read_shipped(place: str) -> Place:
    with resources.as_file(resources.files("incomesim.published").joinpath("places", place)) as folder:
        return _read_folder(folder, place)


def _read_folder(folder: Path, name: str) -> Place:
    if not folder.is_dir():
        shipped = ", ".join(place_names())
        message = f"found no such place; expected a folder of tables or one of {shipped}"
        raise InvalidInput([Problem(str(folder), 0, 0, "", message + nearest_name(name, place_names()))])
    problems: list[Problem] = []
    facts: dict[Key, Fact] = {}
    for file in sorted(folder.glob("*.csv")):
        if file.stem not in _SPECIAL:
            _read_table(file, facts, problems)
    about = _read_about(folder / "place.csv", problems)
    for key in ("within", "extends"):
        if about.get(key) and about[key] not in place_names():
            words = f'found "{about[key]}", expected nothing or one of {", ".join(place_names())}'
            problems.append(Problem(str(folder / "place.csv"), 0, 0, key, words))
    problems += _check_groups(folder, facts) + _check_lorenz(folder, facts)
    tiles = _read_tiles(folder / "tiles.csv", problems)
    if not facts and not problems:
        problems.append(Problem(str(folder), 0, 0, "", "found no table, expected CSV files with published figures"))
    if problems:
        raise InvalidInput(problems)
    within = _read_shipped(about["within"]) if about.get("within") else None
    scenario = folder / "hindcast.yaml"
    own = Place(name, about.get("label") or name, facts, tiles, within, scenario if scenario.is_file() else None)
    return _extend(_read_shipped(about["extends"]), own, about) if about.get("extends") else own


def _read_about(file: Path, problems: list[Problem]) -> dict[str, str]:
    """What `place.csv` says: rows of key and value."""
    about: dict[str, str] = {}
    for line, row in _rows(file, problems):
        key = row.get("key", "")
        if set(row) != {"key", "value"}:
            problems.append(Problem(str(file), 1, 1, "", "expected the columns key, value"))
            break
        if key not in _ABOUT or key in about:
            words = f'found the key "{key}", expected each of {", ".join(_ABOUT)} at most once'
            problems.append(Problem(str(file), line, 1, "key", words + nearest_name(key, _ABOUT)))
        about[key] = row["value"]
    if about.get("extends") and about.get("label"):
        words = "a place that extends another has its label, by which the figures are found; leave it out"
        problems.append(Problem(str(file), 0, 0, "label", words))
    return about


def _check_lorenz(folder: Path, facts: Mapping[Key, Fact]) -> list[Problem]:
    """Points that are no Lorenz curve: they must rise, and faster and faster."""
    curves: dict[tuple[str, int], dict[float, float]] = {}
    wrong = []
    for key, fact in facts.items():
        if key.item == "lorenz":
            curves.setdefault((key.residence, key.year), {})[float(key.part)] = fact.value
    for (residence, year), points in sorted(curves.items()):
        known = [(0.0, 0.0), *sorted(points.items()), (1.0, 1.0)]
        slopes = [(l1 - l0) / (p1 - p0) if p1 > p0 else -1.0 for (p0, l0), (p1, l1) in pairwise(known)]
        if slopes[0] <= 0.0 or any(later <= earlier for earlier, later in pairwise(slopes)):
            listed = ", ".join(f"{p:g}: {share:g}" for p, share in sorted(points.items()))
            words = (
                f"found {listed} for {residence or 'everybody'} in {year}, expected shares that rise faster and faster"
            )
            wrong.append(Problem(str(folder), 0, 0, "lorenz", words))
    return wrong


def _check_groups(folder: Path, facts: Mapping[Key, Fact]) -> list[Problem]:
    """Groups of which some are missing, or that are not all of one number."""
    found: dict[tuple[str, int], set[tuple[int, int]]] = {}
    for key in facts:
        if key.item == "group_income":
            group, _, of = key.part.partition("/")
            found.setdefault((key.residence, key.year), set()).add((int(group), int(of)))
    wrong = []
    for (residence, year), parts in sorted(found.items()):
        last = max(of for _, of in parts)
        means = [fact.value for key, fact in sorted(facts.items(), key=_by_part) if _is_group(key, residence, year)]
        if last < 2 or any(later <= earlier for earlier, later in pairwise(means)):
            listed = ", ".join(f"{mean:,.0f}" for mean in means)
            words = f"found means {listed} of groups in {year}, expected two or more, rising"
            wrong.append(Problem(str(folder), 0, 0, "group_income", words))
        elif parts != {(group, last) for group in range(1, last + 1)}:
            have = ", ".join(f"{group}/{of}" for group, of in sorted(parts))
            words = f"found groups {have} for {residence or 'everybody'} in {year}, expected 1/{last} to {last}/{last}"
            wrong.append(Problem(str(folder), 0, 0, "group_income", words))
    return wrong


def _is_group(key: Key, residence: str, year: int) -> bool:
    return key.item == "group_income" and key.residence == residence and key.year == year


def _by_part(entry: tuple[Key, Fact]) -> int:
    group = entry[0].part.partition("/")[0]
    return int(group) if group.isdigit() else 0


def _read_tiles(file: Path, problems: list[Problem]) -> dict[str, Tile]:
    """Regions on a map, from the columns region, row, column, short."""
    tiles = {}
    for line, row in _rows(file, problems):
        if set(row) != {"region", "row", "column", "short"} or not (row["row"].isdigit() and row["column"].isdigit()):
            words = "expected the columns region, row, column, short, with whole numbers for row and column"
            problems.append(Problem(str(file), line, 1, "", words))
        else:
            tiles[row["region"]] = Tile(int(row["row"]), int(row["column"]), row["short"])
    return tiles


def hash_place(place: Place) -> str:
    """Return a SHA-256 of all figures of a place, and of those that may stand in for them."""
    digest = hashlib.sha256()
    for key, fact in sorted(place.facts.items(), key=lambda item: repr(item[0])):
        digest.update(f"{key!r} {fact!r}\n".encode())
    digest.update(hash_place(place.within).encode() if place.within else b"")
    return digest.hexdigest()


def _extend(base: Place, own: Place, about: Mapping[str, str]) -> Place:
    """Figures of a place and those added to it; where both have one, the added."""
    return Place(
        own.name, base.label, {**base.facts, **own.facts}, {**base.tiles, **own.tiles},
        own.within or base.within, own.hindcast or base.hindcast,
    )  # fmt: skip


def _rows(file: Path, problems: list[Problem]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield line and row of a table; none where there is no such file."""
    if not file.is_file():
        return
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            reader = csv.DictReader(opened, strict=True)
            for row in reader:
                if None in row or None in row.values():
                    words = f"found {len(row)} cells, expected {len(reader.fieldnames or ())}, as in the first line"
                    problems.append(Problem(str(file), reader.line_num, 1, "", words))
                else:
                    yield reader.line_num, {key: value.strip() for key, value in row.items()}
    except (UnicodeDecodeError, csv.Error) as reason:
        problems.append(Problem(str(file), 0, 0, "", f"expected a table in UTF-8: {reason}"))


def _read_table(file: Path, facts: dict[Key, Fact], problems: list[Problem]) -> None:
    wrong = list(_check_columns(file))
    problems += [Problem(str(file), 1, 1, column, words) for column, words in wrong]
    for line, row in _rows(file, problems) if not wrong else ():
        wrong = list(_check_row(row))
        problems += [Problem(str(file), line, 1, column, words) for column, words in wrong]
        if wrong:
            continue
        key = Key(**{name: row.get(name, "") for name in COLUMNS[:-5]}, year=int(row["year"]))
        if key in facts:
            problems.append(Problem(str(file), line, 1, "item", f"found {_words(key)} for the second time"))
        factor = ITEMS[key.item].units[row["unit"]]
        facts[key] = Fact(
            _scale(float(row["value"]), factor), next(iter(ITEMS[key.item].units)), row.get("status", "") or "reported",
            row["source"],
        )  # fmt: skip


def _scale(value: float, factor: float) -> float:
    """Dividing by 100 gives the nearest number to 15.88 %, multiplying by 0.01 does not."""
    return value * factor if factor >= 1.0 else value / round(1.0 / factor)


def _check_columns(file: Path) -> Iterator[tuple[str, str]]:
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            row = next(csv.reader(opened), [])
    except UnicodeDecodeError:
        return  # told when the rows are read
    for column in row:
        if column not in COLUMNS:
            yield column, f"unknown column; allowed are {', '.join(COLUMNS)}{nearest_name(column, COLUMNS)}"
    for column in _NEEDED:
        if column not in row:
            yield column, "the column is missing"


def _check_row(row: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    item = ITEMS.get(row["item"])
    if item is None:
        yield "item", f'found "{row["item"]}", expected one of {", ".join(ITEMS)}{nearest_name(row["item"], ITEMS)}'
        return
    for column, (form, allowed) in _FORMS.items():
        text = row.get(column, "")
        if (text or column == "year") and not form.fullmatch(text):
            yield column, f'found "{text}", expected {allowed}'
    for column in COLUMNS[1:-5]:
        if row.get(column) and column not in item.by:
            by = ", ".join(item.by) or "year"
            yield column, f'found "{row[column]}", but {row["item"]} is by {by} only'
    yield from _check_pairs(row)
    if row["item"] in _PARTS:
        form, allowed = _PARTS[row["item"]]
        text = row.get("part", "")
        group = form.fullmatch(text)
        if (text or row["item"] != "income") and not group:
            yield "part", f'found "{text}", expected {allowed}'
        elif row["item"] == "group_income" and group and int(group[1]) > int(group[2]):
            yield "part", f'found "{text}", a group beyond the last'
    if row["unit"] not in item.units:
        yield "unit", f'found "{row["unit"]}", expected one of {", ".join(item.units)}'
    else:
        yield from _check_value(row["value"], item, item.units[row["unit"]])
    if not row["source"]:
        yield "source", "found nothing, expected the publication the figure comes from"


def _check_pairs(row: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """What some items are by one of, or by together."""
    if row["item"] == "resident_share":
        if bool(row.get("residence")) == bool(row.get("age")):
            yield "age", "expected a residence or an age: a share of residents is of one of them"
        if row.get("age") and row["age"] not in _AGES:
            yield "age", f'found "{row["age"]}", expected one of {", ".join(_AGES)}'
        if row.get("region") and row.get("residence") != RESIDENCES[0]:
            yield "residence", f"expected {RESIDENCES[0]}: of regions the urban share is used"
    if row["item"] == "income" and row.get("region") and row.get("part"):
        yield "part", f'found "{row["part"]}", but income of regions is not by source'


def _check_value(text: str, item: _Item, factor: float) -> Iterator[tuple[str, str]]:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0.0 <= value * factor <= item.highest or (value == 0.0 and not item.may_be_nothing):
        lowest = "from 0" if item.may_be_nothing else "above 0 and up"
        yield "value", f'found "{text}", expected a number {lowest} to {item.highest / factor:,.0f}'


def _words(key: Key) -> str:
    parts = [f"{field.name} {getattr(key, field.name)}" for field in fields(Key)[1:] if getattr(key, field.name)]
    return f"{key.item} ({', '.join(parts)})"
