"""Households as columns, the cells they live in, and the population of a run."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from incomesim.population.rows import RowSource

__all__ = ["Cells", "Households", "MakeUp", "Population"]

Reals = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Households:
    """One row per household, each column of shape (N,). Incomes are yuan per household and year.

    `rank` is the latent rank of the first year, `shift` what is added to it for ever when the quantile
    table of a cell is read (the size of the household moves it up or down); see docs/method.md.
    """

    household_id: NDArray[np.uint64]
    weight: Reals
    region: Integers
    residence: Integers
    group: Integers
    age: Integers
    persons: Integers
    workers: Integers
    elderly: Integers
    children: Integers
    wage: Reals
    operating: Reals
    property: Reals
    transfer: Reals
    rank: Reals
    shift: Reals

    def __len__(self) -> int:
        return len(self.household_id)

    def disposable(self) -> Reals:
        """Return disposable income of the household, yuan a year."""
        return self.wage + self.operating + self.property + self.transfer


@dataclass(frozen=True, eq=False)
class Cells:
    """Region x residence x group x age band, flat, the last running fastest.

    `quantiles` (C, K) is log market income per head at K equally spaced latent ranks, the first being
    `first_node` and `nodes_per_unit` of them to a unit; `composition` (C, 3) the shares of wage,
    operating and property income in it; `transfer_level` (C,) transfers per head, yuan a year.
    """

    regions: tuple[str, ...]
    groups: tuple[str, ...]
    band_starts: tuple[int, ...]
    first_node: float
    nodes_per_unit: float
    quantiles: Reals
    composition: Reals
    transfer_level: Reals


@dataclass(frozen=True, eq=False)
class MakeUp:
    """Persons, and of them those of 65 and over and below 15, by residence and age band of the head (2, bands)."""

    persons: Reals
    elderly: Reals
    children: Reals

    def per_person(self, members: Reals) -> Reals:
        """Return `members` (elderly or children) per person (2, bands).

        Where nobody lives it is that of the band in town and country together, else that of everybody.
        """
        lived = self.persons.sum(axis=0)
        everybody = np.full(len(lived), members.sum() / lived.sum())
        of_band = np.divide(members.sum(axis=0), lived, out=everybody, where=lived > 0.0)
        out = np.tile(of_band, (len(self.persons), 1))
        return np.asarray(np.divide(members, self.persons, out=out, where=self.persons > 0.0))


@dataclass(frozen=True, eq=False)
class Population:
    """The cells of the first year, the households that live in them, and their make-up in the first year.

    `source` gives the households range by range, made or read: they are never held together.
    """

    cells: Cells
    source: RowSource
    make_up: MakeUp
