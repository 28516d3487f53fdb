"""Households of a user's file as a source of rows: two passes over its parts.

The first pass checks every row and counts, in whole numbers, the incomes of each cell; from the counts
come the tables of the cells. The second, when the rows of a range are wanted, places each household in
the table of its cell. The first year gives back the file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from incomesim.errors import InvalidInput, Problem
from incomesim.kernel.philox import random_uniforms
from incomesim.kernel.tables import MONEY_UNIT, WEIGHT_UNIT, Purpose, Rows, Totals
from incomesim.population.calibrate_survey import Reweighted, calibrate_survey
from incomesim.population.column_map import Treated
from incomesim.population.households import Cells, MakeUp, Population
from incomesim.population.observed import Observed, number_cells, observe
from incomesim.population.open_survey import Reading, open_survey
from incomesim.population.rank_tables import (
    BINS,
    FIRST_NODE,
    NODES_PER_UNIT,
    bin_of,
    borrow,
    edges_in_tables,
    place_in_table,
    quantile_tables,
    shares_at_nodes,
)
from incomesim.population.size_shifts import COARSE_BINS, SIZES, coarse_bin_of, find_shifts, size_class
from incomesim.population.split_income import split_income
from incomesim.population.survey import Treatment, list_treatments, scan
from incomesim.scenario.model import SurveyPopulation

__all__ = ["Holdings", "Microdata", "read_microdata"]

Reals = NDArray[np.float64]
Integers = NDArray[np.int64]

_FARTHEST_LEVEL = 2.0  # of transfers received in a cell, from those in the file
_LEAST_SHARE = 1e-6  # of a source in the composition, so that no share is divided by nothing

_MOST_PERSONS = 2e10  # of a file: sums of whole numbers hold 400 times as many


@dataclass(frozen=True, eq=False)
class Holdings:
    """What a file holds, in whole numbers: weights in WEIGHT_UNIT, money in fen.

    `starts` counts the households before each part of the file, and at its end all of them. `incomes` (C, BINS)
    households by log market income per head, `by_size` (C, SIZES, COARSE_BINS) also by size, in coarser bins;
    `totals` (C, len(Totals)) as the kernel's; `elderly` and `children` (C,)
    persons; `received` (C,) money of the transfers that are above 0; `without_market` and `large_losses` (rows,
    households) those whose income is not all in its source (see split_income.py). `treatments` say what was done where
    values are missing; `reweighted` has the weights that replace those of the file.
    """

    name: str
    rows_in_file: int
    starts: tuple[int, ...]
    treatments: tuple[Treatment, ...]
    incomes: Integers
    by_size: Integers
    totals: Integers
    elderly: Integers
    children: Integers
    received: Integers
    without_market: Integers
    large_losses: Integers
    reweighted: Reweighted | None

    @property
    def rows(self) -> int:
        """Number of rows that were kept."""
        return self.starts[-1]

    @property
    def empty_cells(self) -> int:
        """Number of cells in which nobody lives."""
        return int(np.count_nonzero(self.totals[:, Totals.HOUSEHOLDS] == 0))

    @property
    def households(self) -> float:
        """Households that the rows stand for."""
        return float(self.totals[:, Totals.HOUSEHOLDS].sum() * WEIGHT_UNIT)


@dataclass(frozen=True, eq=False)
class Microdata:
    """The households of a file, a range being a part of it.

    `edges` goes with the tables of `cells`, `shift` (residences, SIZES) with the size of a household. A household keeps
    its own shares of the market sources wherever it moves: all cells have one composition, on which its tilts stand.
    (Were it that of its cell, a loss could turn into a fortune in another one.) Its transfers change with their
    level in its cell.
    """

    reading: Reading
    starts: tuple[int, ...]
    reweighted: Reweighted | None
    cells: Cells
    edges: Reals
    shift: Reals
    seed: int

    @property
    def number(self) -> int:
        """How many there are."""
        return self.starts[-1]

    def ranges(self, largest: int) -> Sequence[tuple[int, int]]:
        """Return the parts of the file, whatever `largest`: they cannot be divided without reading them twice."""
        return [(start, stop) for start, stop in pairwise(self.starts) if stop > start]

    def rows(self, start: int, stop: int) -> Rows:
        """Read the part of the households start <= i < stop, in the order of their cells."""
        number = self.starts.index(start)
        while self.starts[number + 1] == start:
            number += 1  # parts without households
        if self.starts[number + 1] != stop:
            raise ValueError(f"found the range {start}..{stop}, expected one of those that ranges() returns")
        return self._place(_weigh(observe(self.reading.rows(number)), self.reweighted, start))

    def _place(self, observed: Observed) -> Rows:
        cell = number_cells(observed, len(self.cells.groups), self.cells.band_starts)
        split = split_income(observed.income, observed.persons)
        shift = self.shift[observed.residence, size_class(observed.persons)]
        rank, residual = place_in_table(
            np.log(split.market / observed.persons), cell, shift, self._luck(observed), self.cells.quantiles, self.edges
        )
        share = np.where(split.without_market, self.cells.composition[0][:, None], split.sources / split.market)
        order = np.argsort(cell, kind="stable")
        return Rows(
            household_id=observed.household_id[order],
            weight=observed.weight[order],
            persons=observed.persons[order],
            elderly=observed.elderly.astype(np.int64)[order],
            children=observed.children.astype(np.int64)[order],
            age=observed.age[order],
            place=cell[order] // (len(self.cells.band_starts) + 1),
            process=observed.residence[order],
            rank=rank[order],
            shift=shift[order],
            residual=residual[order],
            market_tilt=np.ascontiguousarray((share / self.cells.composition[0][:, None])[:, order]),
            transfer_tilt=(split.carried / observed.persons / self.cells.transfer_level[cell])[order],
        )

    def _luck(self, observed: Observed) -> Reals:
        """A number in (0, 1) of each household."""
        uniforms = np.empty((4, len(observed.household_id)))
        random_uniforms(np.uint64(self.seed), observed.household_id, 0, 0, int(Purpose.RANK), uniforms)
        luck: Reals = uniforms[0]
        return luck


def read_microdata(wanted: SurveyPopulation, seed: int) -> tuple[Population, Holdings]:
    """Return the households of a file as a population, and what the file holds.

    Raises InvalidInput with everything that is wrong with the file.
    """
    reading = open_survey(wanted)
    shape = (*(len(names) for names in reading.names.values()), len(wanted.ages.starts) + 1)
    holdings = _count(reading, wanted, int(np.prod(shape)))
    persons = float(holdings.totals[:, Totals.PERSONS].sum(dtype=np.float64)) * WEIGHT_UNIT
    if persons > _MOST_PERSONS:
        what = f"found rows that stand for {persons:,.0f} persons, expected at most {_MOST_PERSONS:,.0f}"
        raise InvalidInput([Problem(str(reading.file.path), 0, 0, "weight", what)])
    shift = find_shifts(holdings.by_size.reshape(*shape, SIZES, COARSE_BINS))
    shares = shares_at_nodes(holdings.by_size.sum(axis=-1).reshape(*shape, SIZES), shift)
    quantiles = quantile_tables(holdings.incomes.reshape(*shape, BINS), shares)
    cells = Cells(
        regions=reading.names["region"],
        groups=reading.names["group"],
        band_starts=tuple(wanted.ages.starts),
        first_node=FIRST_NODE,
        nodes_per_unit=NODES_PER_UNIT,
        quantiles=quantiles,
        composition=np.tile(_composition(holdings), (len(quantiles), 1)),
        transfer_level=_transfer_level(holdings, shape),
    )
    edges = edges_in_tables(quantiles)
    source = Microdata(reading, holdings.starts, holdings.reweighted, cells, edges, shift, seed)
    return Population(cells, source, _make_up(holdings, shape)), holdings


def _count(reading: Reading, wanted: SurveyPopulation, cells: int) -> Holdings:
    """Check and count all rows; raises InvalidInput once all of them have been looked at."""
    treated, starts = Treated(), [0]
    counted = Holdings(
        name=reading.file.path.name,
        rows_in_file=reading.file.starts[-1],
        starts=(),
        treatments=(),
        incomes=np.zeros((cells, BINS), np.int64),
        by_size=np.zeros((cells, SIZES, COARSE_BINS), np.int64),
        totals=np.zeros((cells, len(Totals)), np.int64),
        elderly=np.zeros(cells, np.int64),
        children=np.zeros(cells, np.int64),
        received=np.zeros(cells, np.int64),
        without_market=np.zeros(2, np.int64),
        large_losses=np.zeros(2, np.int64),
        reweighted=None if wanted.calibration is None else calibrate_survey(reading, wanted, wanted.calibration),
    )
    for rows, _ in scan(reading, wanted, treated):
        observed = _weigh(observe(rows), counted.reweighted, starts[-1])
        _add(observed, number_cells(observed, len(wanted.groups), wanted.ages.starts), counted)
        starts.append(starts[-1] + len(rows.row))
    return replace(counted, starts=tuple(starts), treatments=list_treatments(treated))


def _weigh(observed: Observed, reweighted: Reweighted | None, start: int) -> Observed:
    """The households of a part, `start` of them before it, with their calibrated weights if there are such."""
    if reweighted is None:
        return observed
    return replace(observed, weight=reweighted.weight[start : start + len(observed.weight)])


def _add(observed: Observed, cell: Integers, holdings: Holdings) -> None:
    """Add the households of a row group: whole numbers, so that it does not matter how the file is divided."""
    split = split_income(observed.income, observed.persons)
    households = (observed.weight / WEIGHT_UNIT).astype(np.int64)
    log_income = np.log(split.market / observed.persons)
    np.add.at(holdings.incomes, (cell, bin_of(log_income)), households)
    np.add.at(holdings.by_size, (cell, size_class(observed.persons), coarse_bin_of(log_income)), households)
    np.add.at(holdings.totals[:, Totals.HOUSEHOLDS], cell, households)
    np.add.at(holdings.totals[:, Totals.PERSONS], cell, households * observed.persons.astype(np.int64))
    np.add.at(holdings.elderly, cell, households * observed.elderly.astype(np.int64))
    np.add.at(holdings.children, cell, households * observed.children.astype(np.int64))
    fen = np.rint(observed.weight * observed.income / MONEY_UNIT).astype(np.int64)
    for source, money in enumerate(fen):
        np.add.at(holdings.totals[:, Totals.WAGE + source], cell, money)
    np.add.at(holdings.received, cell, np.maximum(fen[-1], 0))
    for found, chosen in ((holdings.without_market, split.without_market), (holdings.large_losses, split.large_loss)):
        found += [np.count_nonzero(chosen), households[chosen].sum()]


def _make_up(holdings: Holdings, shape: tuple[int, ...]) -> MakeUp:
    persons, elderly, children = (
        members.reshape(shape).sum(axis=(0, 2)) * WEIGHT_UNIT
        for members in (holdings.totals[:, Totals.PERSONS], holdings.elderly, holdings.children)
    )
    return MakeUp(persons, elderly, children)


def _composition(holdings: Holdings) -> Reals:
    """Shares of the market sources in the file; what losses leave nothing of, or nobody has, gets a trace."""
    money = np.maximum(holdings.totals[:, Totals.WAGE : Totals.TRANSFER].sum(axis=0).astype(np.float64), 0.0)
    money = np.maximum(money, _LEAST_SHARE * max(money.sum(), 1.0))
    shares: Reals = money / money.sum()
    return shares


def _transfer_level(holdings: Holdings, shape: tuple[int, ...]) -> Reals:
    """Transfers received per head by cell, yuan a year, held within a factor of all the file's.

    The factor bounds by how much a household's transfers can change with its cell, those that are below 0
    and losses carried with them included. A cell that nobody lives in borrows as in `quantile_tables`.
    """
    counted = np.stack([holdings.received, holdings.totals[:, Totals.PERSONS]], axis=-1)
    money, persons = borrow(counted.reshape(*shape, 2)).reshape(-1, 2).T
    per_head = money * MONEY_UNIT / (persons * WEIGHT_UNIT)
    everybody = max(counted[:, 0].sum() * MONEY_UNIT / (counted[:, 1].sum() * WEIGHT_UNIT), 1.0)
    level: Reals = np.clip(per_head, everybody / _FARTHEST_LEVEL, everybody * _FARTHEST_LEVEL)
    return level
