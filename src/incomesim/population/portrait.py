"""What a population looks like: tables of its people, their incomes, and the published figures beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from incomesim.fields import RESIDENCES
from incomesim.measures import gini, lorenz
from incomesim.population.contradictions import Contradiction
from incomesim.population.fit import FitRow
from incomesim.population.households import Cells, Households
from incomesim.population.income_groups import income_group
from incomesim.published import Distribution, PlaceFacts, Tile

__all__ = ["Portrait", "draw_portrait"]

Reals = NDArray[np.float64]

_YEARS_OF_AGE = 5
_LARGEST_SHOWN = 6
_CURVE_POINTS = 100


@dataclass(frozen=True, eq=False)
class Portrait:
    """Tables, all weighted.

    `pyramid`: residence, age (of the head, from), households. `ages`: residence, age (below 15, 15-64, 65+), persons.
    `margins`: by (region, group, age, size), name, residence, households, persons, income_per_head. `lorenz`: area,
    series (households or published), of (place), persons and income, cumulative shares. `tiles`: region, row, column,
    label, persons, income_per_head.
    """

    title: str
    caption: str
    households: str
    pyramid: pd.DataFrame
    ages: pd.DataFrame
    margins: pd.DataFrame
    lorenz: pd.DataFrame
    tiles: pd.DataFrame
    fit: tuple[FitRow, ...]
    contradictions: tuple[Contradiction, ...]
    labels: Mapping[str, str]


def draw_portrait(
    title: str, what: str, sample: Households, cells: Cells, facts: PlaceFacts | None, fit: tuple[FitRow, ...],
    contradictions: tuple[Contradiction, ...], labels: Mapping[str, str],
) -> Portrait:  # fmt: skip
    """Return the tables of `sample`; `what` says of which households, `labels` are Chinese names."""
    return Portrait(
        title=title,
        caption=f"{what}. incomesim: {title}",
        households=what,
        pyramid=_pyramid(sample),
        ages=_ages(sample),
        margins=_margins(sample, cells),
        lorenz=pd.concat([_lorenz(sample, area, facts) for area in (*RESIDENCES, "")], ignore_index=True),
        tiles=_tiles(sample, cells, facts, labels),
        fit=fit,
        contradictions=contradictions,
        labels=labels,
    )


def _pyramid(sample: Households) -> pd.DataFrame:
    lowest = sample.age // _YEARS_OF_AGE * _YEARS_OF_AGE
    frame = pd.DataFrame({"residence": _sides(sample), "age": lowest, "households": sample.weight})
    return frame.groupby(["residence", "age"], as_index=False).sum()


def _ages(sample: Households) -> pd.DataFrame:
    counts = {
        "below 15": sample.children,
        "15-64": sample.persons - sample.children - sample.elderly,
        "65 and over": sample.elderly,
    }
    rows = [
        (residence, age, float((count * sample.weight)[sample.residence == r].sum()))
        for r, residence in enumerate(RESIDENCES)
        for age, count in counts.items()
    ]
    return pd.DataFrame(rows, columns=["residence", "age", "persons"])


def _margins(sample: Households, cells: Cells) -> pd.DataFrame:
    bands = np.searchsorted(cells.band_starts, sample.age, side="right")
    starts = cells.band_starts
    band_names = [f"under {starts[0]}", *(f"{low}-{high - 1}" for low, high in pairwise(starts)),
                  f"{starts[-1]}+"]  # fmt: skip
    sizes = np.minimum(sample.persons, _LARGEST_SHOWN) - 1
    size_names = [*(str(size) for size in range(1, _LARGEST_SHOWN)), f"{_LARGEST_SHOWN}+"]
    ways = {
        "region": (sample.region, cells.regions),
        "group": (sample.group, cells.groups),
        "age": (bands, band_names),
        "size": (sizes, size_names),
    }
    side = _sides(sample)
    parts = []
    for by, (code, names) in ways.items():
        frame = pd.DataFrame(
            {"by": by, "name": np.array(names)[code], "order": code, "residence": side, "households": sample.weight,
             "persons": sample.weight * sample.persons, "money": sample.weight * sample.disposable()}
        )  # fmt: skip
        parts.append(frame.groupby(["by", "order", "name", "residence"], as_index=False).sum())
    table = pd.concat(parts, ignore_index=True)
    return table.assign(income_per_head=table["money"] / table["persons"]).drop(columns=["order", "money"])


def _lorenz(sample: Households, area: str, facts: PlaceFacts | None) -> pd.DataFrame:
    """The curve over persons, and the published groups or points where the households' persons put them."""
    here = np.ones(len(sample), np.bool_) if not area else sample.residence == RESIDENCES.index(area)
    if not here.any():
        return pd.DataFrame(columns=["area", "series", "of", "persons", "income", "gini"])
    income = (sample.disposable() / sample.persons)[here]
    persons = (sample.weight * sample.persons)[here]
    curve_p, curve_l = lorenz(income, persons, points=_CURVE_POINTS)
    own_curve = {"series": "households", "of": "", "persons": curve_p, "income": curve_l, "gini": gini(income, persons)}
    parts = [pd.DataFrame(own_curve)]
    published = facts.distribution.get(area) if facts is not None else None
    if facts is not None and published is not None and (published.groups or published.lorenz):
        own = published.place == facts.label and published.gini is not None
        known = published.gini.value if own and published.gini is not None else np.nan
        parts.append(_points(sample, here, published).assign(of=published.place, gini=known))
    return pd.concat(parts, ignore_index=True).assign(area=area or "all")


def _points(sample: Households, here: NDArray[np.bool_], published: Distribution) -> pd.DataFrame:
    if published.lorenz:
        shares = np.array([0.0, *published.lorenz, 1.0])
        below = np.array([0.0, *(fact.value for fact in published.lorenz.values()), 1.0])
        return pd.DataFrame({"series": "published", "persons": shares, "income": below})
    number = len(published.groups)
    group = income_group(sample, here, np.linspace(0.0, 1.0, number + 1), of_persons=False)
    persons = np.bincount(group[here], (sample.weight * sample.persons)[here], number)
    money = persons * np.array([fact.value for fact in published.groups])
    cumulative: list[Reals] = [np.concatenate([[0.0], np.cumsum(each) / each.sum()]) for each in (persons, money)]
    return pd.DataFrame({"series": "published", "persons": cumulative[0], "income": cumulative[1]})


def _tiles(sample: Households, cells: Cells, facts: PlaceFacts | None, labels: Mapping[str, str]) -> pd.DataFrame:
    """Regions where the place puts them on a map of tiles; else one behind the other."""
    known = facts.tiles if facts is not None else {}
    wanted = [known.get(labels.get(name, "")) for name in cells.regions]
    across = int(np.ceil(np.sqrt(len(cells.regions))))
    numbered = [Tile(*divmod(number, across), labels.get(name, name)) for number, name in enumerate(cells.regions)]
    places = numbered if None in wanted else wanted
    number = len(cells.regions)
    persons = np.bincount(sample.region, sample.weight * sample.persons, number)
    money = np.bincount(sample.region, sample.weight * sample.disposable(), number)
    rows = [
        (name, place.row, place.column, place.short, here, earned / here if here else np.nan)
        for name, place, here, earned in zip(cells.regions, places, persons, money, strict=True)
        if place is not None
    ]
    return pd.DataFrame(rows, columns=["region", "row", "column", "label", "persons", "income_per_head"]).dropna()


def _sides(sample: Households) -> NDArray[np.str_]:
    return np.array(RESIDENCES)[sample.residence]
