"""What the kernel takes and gives: arrays and numbers only, no defaults, no names, no options.

Letters in the shapes: N households, T years, S scenarios (0 is the baseline), C cells, K nodes of a
quantile table, P mobility processes, L levers, M moves, A accelerations, B lasting gains, F floors.

A *cell* is region x residence x group x age band, numbered with the band running fastest; a *place*
is a cell without its age band (place = cell // bands). Money is in yuan, logs are natural.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Reals = NDArray[np.float64]
Integers = NDArray[np.int64]
Words = NDArray[np.uint64]

SOURCES = ("wage", "operating", "property", "transfer")

WEIGHT_UNIT = 2.0**-20
"""Weights are whole multiples of this, so that sums of weights are exact in any order."""

MONEY_UNIT = 0.01
"""Sums of money are counted in fen (0.01 yuan), whole numbers, so that they are exact in any order."""


class Purpose(IntEnum):
    """What a draw is for: the fourth word of its address. Levers use hashes of their names above 2^16."""

    HOUSEHOLD = 1
    RANK = 2
    START = 16
    YEAR = 17
    RENEWAL = 18


class Rows(NamedTuple):
    """Households as the kernel reads them, each field of shape (N,)."""

    household_id: Words
    weight: Reals  # households this row stands for, a multiple of WEIGHT_UNIT
    persons: Reals
    age: Integers  # of the head, in the first year
    place: Integers
    process: Integers  # row of Tables.mobility
    rank: Reals  # x in the first year, a standard normal
    shift: Reals  # added to x in the quantile table, for ever
    residual: Reals  # added to log market income, for ever
    wage_tilt: Reals  # share of market income relative to that of the cell
    operating_tilt: Reals
    property_tilt: Reals
    transfer_tilt: Reals  # transfers per head relative to those of the cell

    def part(self, start: int, stop: int) -> Rows:
        """Return households start <= i < stop, without copying."""
        parts: Any = (field[start:stop] for field in self)
        return Rows(*parts)


class Moves(NamedTuple):
    """Changes of place, in the order in which they are taken."""

    probability: Reals  # (M, T, C)
    destination: Integers  # (M, C) place
    assimilation: Integers  # (M,) years, at least 1
    lever: Integers  # (M,) or -1: part of the baseline


class Accelerations(NamedTuple):
    """Faster growth of one source for covered households."""

    source: Integers  # (A,)
    factor: Reals  # (A, T, C) on the level of the source, 1 where nothing happens
    coverage: Reals  # (A,) share of households
    lever: Integers  # (A,)


class Gains(NamedTuple):
    """Lasting gains in log market income, once for each household while the gain lasts."""

    rate: Reals  # (B, T, C) probability of being treated in the year
    ceiling: Reals  # (B, T) yuan per head; households above it are not eligible
    premium: Reals  # (B,) log points
    keep: Reals  # (B,) share of the gain that is left a year later
    lever: Integers  # (B,)


class Floors(NamedTuple):
    """Top-ups: benefit per head = max(0, line - withdrawal * income per head)."""

    line: Reals  # (F, T, C) yuan per head, 0 where there is none
    withdrawal: Reals  # (F,) above 0, at most 1
    take_up: Reals  # (F,) share of entitled households that claim, always the same ones
    lever: Integers  # (F,)


class Tables(NamedTuple):
    """Everything else the yearly step depends on."""

    seed: np.uint64
    replicate: int
    first_year: int
    bands: int
    band_starts: Integers  # (bands - 1,) age at which the second, third, ... band begins
    mobility: Reals  # (P, 4): persistence, then square roots of the fixed, persistent, transitory shares
    first_node: float
    nodes_per_unit: float
    quantiles: Reals  # (C, K) log market income per head at equally spaced x
    composition: Reals  # (C, 3) shares of market income: wage, operating, property
    transfer_level: Reals  # (C,) yuan per head in the first year
    growth: Reals  # (T, C, 4) level relative to the first year, by source
    renewal: Reals  # (121,) yearly chance by age of the head that the household is replaced by a young one
    young: Integers  # (2,) lowest and highest age of a new head
    inheritance: float  # correlation of a new household's latent rank with its predecessor's
    poverty_line: Reals  # (T, C) yuan per head, for telling poor from not poor in the ledger
    purpose: Words  # (L,) addresses of the levers' own draws
    active: NDArray[np.bool_]  # (S, L)
    moves: Moves
    accelerations: Accelerations
    gains: Gains
    floors: Floors


class Ledger(IntEnum):
    """Columns of Output.ledger: weights in WEIGHT_UNIT, money in MONEY_UNIT."""

    HOUSEHOLDS = 0
    PERSONS = 1
    RECEIVED = 2
    GAINED = 3
    TO_NON_POOR = 4


class Totals(IntEnum):
    """Columns of Output.totals: weights in WEIGHT_UNIT, money in MONEY_UNIT."""

    HOUSEHOLDS = 0
    PERSONS = 1
    WAGE = 2
    OPERATING = 3
    PROPERTY = 4
    TRANSFER = 5


class Output(NamedTuple):
    """What comes back. The sums are whole numbers, so parts may be added in any order."""

    income: Reals  # (S, T, N) disposable income, yuan per head
    cell: NDArray[np.int32]  # (S, T, N)
    totals: Integers  # (S, T, C, len(Totals))
    ledger: Integers  # (S, L, T, len(Ledger))

    def part(self, start: int, stop: int) -> Output:
        """Return room for households start <= i < stop, with sums of its own."""
        return Output(
            self.income[:, :, start:stop],
            self.cell[:, :, start:stop],
            np.zeros_like(self.totals),
            np.zeros_like(self.ledger),
        )


def empty_output(tables: Tables, households: int) -> Output:
    """Return room for the results of a run."""
    scenarios, levers = tables.active.shape
    years, cells, _ = tables.growth.shape
    return Output(
        np.empty((scenarios, years, households)),
        np.empty((scenarios, years, households), np.int32),
        np.zeros((scenarios, years, cells, len(Totals)), np.int64),
        np.zeros((scenarios, levers, years, len(Ledger)), np.int64),
    )
