"""The reference population: a stratified sample in clusters, made from the table of cells."""

from __future__ import annotations

from importlib import resources

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import bdtr

from incomesim.reference.cells import CELLS, CLUSTER_SHARE, CLUSTERS, STRATA
from incomesim.reference.draws import Purpose, normals, uniforms

__all__ = ["make_population", "reference_population"]

Reals = NDArray[np.float64]
Integers = NDArray[np.int64]

_MOST_OTHERS = 5  # persons beside the head
_YOUNGEST, _OLDEST, _OLD = 24, 84, 65
_SPOUSES = 0.6  # share of old heads, not alone, whose spouse is old too
_TRANSFERS = {False: (0.02, 0.20), True: (0.40, 0.80)}  # share of income, from and to, by whether the head is old
_MARKET = {"urban": (0.80, 0.12, 0.08), "rural": (0.52, 0.42, 0.06)}  # wage, operating, property
_MARKET_NOISE = 0.4


def reference_population() -> pd.DataFrame:
    """Return a small sample of households whose truth is known: `reference_truth()`.

    One row for each of 5,040 households with the columns of a file of households (README), and stratum, cluster and
    replicate_01 to replicate_20: the weights of a delete-a-group jackknife (Kott 2001, Journal of Official Statistics
    17(4)), whose variance is 19/20 of the sum of squared distances of the replicates from the whole. Invented: no row
    is anybody's. `incomesim.reference.make_population` makes it again.
    """
    with resources.files("incomesim.reference").joinpath("households.csv").open("r", encoding="utf-8") as file:
        return pd.read_csv(file)


def make_population() -> pd.DataFrame:
    """Return what `reference_population()` reads, made anew from the table of cells."""
    cell, cluster = _places()
    age = _YOUNGEST + np.floor((_OLDEST + 1 - _YOUNGEST) * uniforms(Purpose.AGE, len(cell))).astype(np.int64)
    persons = 1 + _sizes(cell)
    elderly, children = _make_up(age, persons)
    weight = np.array([part.weight for part in CELLS])[cell]
    columns: dict[str, NDArray[np.generic] | list[str]] = {
        "household_id": np.arange(1, len(cell) + 1),
        "weight": weight,
        "region": [CELLS[code].region for code in cell],
        "residence": [CELLS[code].residence for code in cell],
        "group": [CELLS[code].group for code in cell],
        "age": age,
        "persons": persons,
        "elderly": elderly,
        "children": children,
        **_sources(cell, age, persons * _incomes_per_head(cell, cluster)),
        "stratum": [CELLS[code].stratum for code in cell],
        "cluster": [f"{CELLS[code].stratum}-{number + 1:02d}" for code, number in zip(cell, cluster, strict=True)],
    }
    for replicate in range(CLUSTERS):
        left = weight // (CLUSTERS - 1) * CLUSTERS
        columns[f"replicate_{replicate + 1:02d}"] = np.where(cluster == replicate, 0, left)
    return pd.DataFrame(columns)


def _places() -> tuple[Integers, Integers]:
    """Cell and cluster within the stratum of each row; strata one behind the other, in each cluster by cluster."""
    places = [
        (code, number)
        for stratum in STRATA
        for number in range(CLUSTERS)
        for code, part in enumerate(CELLS)
        if part.stratum == stratum
        for _ in range(part.rows // CLUSTERS)
    ]
    cell, cluster = np.array(places).T
    return cell, cluster


def _incomes_per_head(cell: Integers, cluster: Integers) -> Reals:
    """Lognormal in each cell; part of the spread is common to a cluster."""
    stratum = np.array([STRATA.index(part.stratum) for part in CELLS])[cell]
    common = normals(Purpose.CLUSTER, len(STRATA) * CLUSTERS).reshape(-1, CLUSTERS)[stratum, cluster]
    rank = np.sqrt(CLUSTER_SHARE) * common + np.sqrt(1.0 - CLUSTER_SHARE) * normals(Purpose.INCOME, len(cell))
    median, spread = (np.array([getattr(part, name) for part in CELLS])[cell] for name in ("median", "spread"))
    incomes: Reals = median * np.exp(spread * rank)
    return incomes


def _sizes(cell: Integers) -> Integers:
    """Persons beside the head: binomial with the mean of the cell, by its distribution function."""
    share = (np.array([part.size for part in CELLS]) - 1.0) / _MOST_OTHERS
    below = np.array([bdtr(number, _MOST_OTHERS, share) for number in range(_MOST_OTHERS)])
    found: Integers = (uniforms(Purpose.SIZE, len(cell)) > below[:, cell]).sum(axis=0)
    return found


def _make_up(age: Integers, persons: Integers) -> tuple[Integers, Integers]:
    """Persons of 65 and over, and below 15: children live with a head below 65 and another adult."""
    old = age >= _OLD
    couple = old & (persons > 1) & (uniforms(Purpose.SPOUSE, len(age)) < _SPOUSES)
    most = np.where(old, 0, np.maximum(persons - 2, 0))
    return old.astype(np.int64) + couple, np.floor((most + 1) * uniforms(Purpose.CHILDREN, len(age))).astype(np.int64)


def _sources(cell: Integers, age: Integers, income: Reals) -> dict[str, Integers]:
    """The four sources in whole yuan; together they are the income, rounded."""
    low, high = np.where((age >= _OLD)[:, None], _TRANSFERS[True], _TRANSFERS[False]).T
    market = 1.0 - low - (high - low) * uniforms(Purpose.TRANSFER, len(cell))
    noise = [normals(purpose, len(cell)) for purpose in (Purpose.WAGE, Purpose.OPERATING, Purpose.PROPERTY)]
    parts = np.array([_MARKET[CELLS[code].residence] for code in cell]).T * np.exp(_MARKET_NOISE * np.array(noise))
    earned = np.round(income * market * parts / parts.sum(axis=0)).astype(np.int64)
    rest = np.round(income).astype(np.int64) - earned.sum(axis=0)
    return dict(zip(("wage", "operating", "property", "transfer"), (*earned, rest), strict=True))
