"""Households of a part of a file as arrays of numbers, and the cells they live in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from incomesim.fields import RESIDENCES, SOURCES
from incomesim.kernel.tables import WEIGHT_UNIT
from incomesim.population.column_map import MappedRows

__all__ = ["Observed", "number_cells", "observe"]

Reals = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Observed:
    """Households of a part, names as their places in the scenario; shape (n,)."""

    household_id: NDArray[np.uint64]
    weight: Reals  # whole multiples of WEIGHT_UNIT
    region: Integers
    residence: Integers
    group: Integers
    age: Integers
    persons: Reals
    elderly: Reals
    children: Reals
    income: Reals  # (4, n) yuan of the household by source


def observe(rows: MappedRows) -> Observed:
    """Return the households of a part in which nothing is wrong."""
    numbers = rows.numbers
    return Observed(
        household_id=numbers["household_id"].astype(np.uint64),
        weight=np.rint(numbers["weight"].astype(np.float64) / WEIGHT_UNIT) * WEIGHT_UNIT,
        region=rows.names["region"],
        residence=rows.names["residence"],
        group=rows.names["group"],
        age=numbers["age"].astype(np.int64),
        persons=numbers["persons"].astype(np.float64),
        elderly=numbers["elderly"].astype(np.float64),
        children=numbers["children"].astype(np.float64),
        income=np.array([numbers[source].astype(np.float64) for source in SOURCES]),
    )


def number_cells(observed: Observed, groups: int, band_starts: Sequence[int]) -> Integers:
    """Return the cells (n,) as they are numbered everywhere: region, residence, group, age band, the last fastest."""
    place = (observed.region * len(RESIDENCES) + observed.residence) * groups + observed.group
    band = np.searchsorted(band_starts, observed.age, side="right")
    cells: Integers = place * (len(band_starts) + 1) + band
    return cells
