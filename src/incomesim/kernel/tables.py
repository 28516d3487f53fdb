"""What the kernel takes and gives: arrays and numbers only, no defaults, no names, no options.

Letters in the shapes: N households, T years, S scenarios (0 is the baseline), C cells, K nodes of a
quantile table, P mobility processes, L levers, M moves, A accelerations, B lasting gains, D grants,
W floors under wages, X taxes, R steps of their rates, F floors, Q budgets, G strata, H and H' bins of income
per head, J bins of the joint tables, Z lines.

A *cell* is region x residence x group x age band, numbered with the band running fastest; a *place*
is a cell without its age band (place = cell // bands); a *stratum* is residence x age band, the level at which
population totals are met after counting. Money is in yuan, logs are natural.
"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from incomesim.kernel.shapes import JOINT_FINENESS, count_bins
from incomesim.kernel.targeting import CLASSES, PLACES_IN_CLASS, Budgets, Gate

Reals = NDArray[np.float64]
Integers = NDArray[np.int64]
Words = NDArray[np.uint64]
Flags = NDArray[np.bool_]

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
    elderly: Integers  # persons of 65 and over, in the first year
    children: Integers  # persons below 15, in the first year
    age: Integers  # of the head, in the first year
    place: Integers
    process: Integers  # row of Tables.mobility
    rank: Reals  # x in the first year, a standard normal
    shift: Reals  # added to x in the quantile table, for ever
    residual: Reals  # added to log market income, for ever
    market_tilt: Reals  # (3, N) shares of market income relative to those of the cell; (3, 0): all have the cell's
    transfer_tilt: Reals  # transfers per head relative to those of the cell


def no_rows() -> Rows:
    """Return nobody."""
    reals, integers = np.empty(0), np.empty(0, np.int64)
    return Rows(
        household_id=np.empty(0, np.uint64),
        weight=reals,
        persons=reals,
        elderly=integers,
        children=integers,
        age=integers,
        place=integers,
        process=integers,
        rank=reals,
        shift=reals,
        residual=reals,
        market_tilt=np.empty((3, 0)),
        transfer_tilt=reals,
    )


class Drift(NamedTuple):
    """Moves to town that happen without any policy."""

    probability: Reals  # (T, C)
    destination: Integers  # (C,) place
    assimilation: int  # years, at least 1
    reaches: Flags  # (T, places) whether anybody may move there


class Moves(NamedTuple):
    """Changes of place, in the order in which they are taken."""

    gate: Gate
    destination: Integers  # (M, C) place
    assimilation: Integers  # (M,) years, at least 1


class Accelerations(NamedTuple):
    """Faster growth of one source."""

    gate: Gate
    source: Integers  # (A,)
    factor: Reals  # (A, T, C) on the level of the source, 1 where nothing happens


class WageFloors(NamedTuple):
    """Minimum wages: wages of a household are divided evenly among its earners, who earn that at least."""

    gate: Gate
    minimum: Reals  # (W, T, C) yuan per earner, 0 where there is none
    earners: Reals  # (W,) share of the members of 15 to 64 who earn; at least one member does
    part_time: Reals  # (W,) share of the minimum below which a wage is left alone, above 0


class Gains(NamedTuple):
    """Lasting gains in log market income, once for each household while the gain lasts."""

    gate: Gate
    premium: Reals  # (B,) log points
    keep: Reals  # (B,) share of the gain that is left a year later


class Per(IntEnum):
    """What an amount is for each of, in a household and year; see members.py."""

    HOUSEHOLD = 0
    PERSON = 1
    ELDERLY = 2  # of 65 and over
    CHILD = 3  # below 15
    ADULT = 4  # neither of these two; at least 1


class Grants(NamedTuple):
    """Additive income of one source: an amount for each household, or each person of a kind in it."""

    gate: Gate
    source: Integers  # (D,)
    per: Integers  # (D,) a Per
    amount: Reals  # (D, T, C) yuan, 0 where there is none
    earned: Flags  # (D,) whether it is income from the market, not cash from the lever


class Taxes(NamedTuple):
    """Taxes on chosen sources: for each taxpayer, the sum over r of step * max(base - threshold, 0)."""

    gate: Gate
    source: Integers  # (X,) from which it is taken
    part: Reals  # (X, 4) of each source that belongs to the base
    per: Integers  # (X,) a Per: among how many the base is divided evenly
    force: Reals  # (X, T, C) share of the tax that is at work
    threshold: Reals  # (X, T, R) yuan per taxpayer
    step: Reals  # (X, T, R) by how much the marginal rate rises there
    responds: Flags  # (X,) whether earnings change because of it
    effort: Reals  # (X, T, R, 2) by how much the change of wage and operating income, a share of it, rises there
    beyond: Reals  # (X, T, R) 1 where the rate leaves the range in which the response is known, -1 where it is back


class Floors(NamedTuple):
    """Top-ups: benefit per head = max(0, line - withdrawal * income per head), on what is earned because of them."""

    gate: Gate
    line: Reals  # (F, T, C) yuan per head, 0 where there is none
    withdrawal: Reals  # (F,) above 0, at most 1
    mistaken: Reals  # (F, T) yuan per head for those who are paid by error, though not below the line
    effort: Reals  # (F,) change of wage and operating income of those below the line, a share of it; 0 without response
    beyond: Flags  # (F,) whether the rate of withdrawal lies outside the range in which the response is known


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
    lines: Reals  # (T, Z) yuan per head: those below each are counted exactly
    fineness: int  # 2**fineness bins of income in an octave, see bins.py
    stratum_fineness: int  # the same of the histograms by stratum
    stratum: Integers  # (C,) to which a cell belongs, 0 .. G - 1, none of them left out
    purpose: Words  # (L,) addresses of the levers' own draws
    active: Flags  # (S, L)
    looks_back: bool  # whether any lever asks for the income of an earlier year
    drift: Drift
    moves: Moves
    accelerations: Accelerations
    wage_floors: WageFloors
    gains: Gains
    grants: Grants
    taxes: Taxes
    floors: Floors
    services: Grants  # in kind: taken after everything else
    budgets: Budgets


class Ledger(IntEnum):
    """Last axis of Sums.ledger: weights in WEIGHT_UNIT, money in MONEY_UNIT."""

    HOUSEHOLDS = 0
    PERSONS = 1
    RECEIVED = 2
    GAINED = 3
    TO_NON_POOR = 4
    COLLECTED = 5
    ENTITLED = 6  # households in the target in this year, whether or not they are served
    IN_ERROR = 7  # households served that are not entitled
    TURNED_AWAY = 8  # households that would be served, were the budget not spent
    BOUNDED = 9  # households served whose earnings answer to a rate beyond the range in which that is known


class Totals(IntEnum):
    """Last axis of Sums.totals: weights in WEIGHT_UNIT, money in MONEY_UNIT."""

    HOUSEHOLDS = 0
    PERSONS = 1
    WAGE = 2
    OPERATING = 3
    PROPERTY = 4
    TRANSFER = 5


class Change(IntEnum):
    """Last axis of Sums.changes, against the baseline: persons in WEIGHT_UNIT, money in MONEY_UNIT."""

    PERSONS_GAINING = 0
    PERSONS_LOSING = 1
    GAINED = 2
    LOST = 3


class Pair(IntEnum):
    """Second axis of Sums.joint: what is set against income in the scenario's last year."""

    FIRST_YEAR = 0  # of the same scenario
    BASELINE = 1  # of the same year


class Sums(NamedTuple):
    """What a run adds up. All are whole numbers, so parts may be added in any order to the same bits.

    Persons are counted in WEIGHT_UNIT, money in MONEY_UNIT. While the kernel adds, `histogram`, `strata`,
    `below` and `totals` of all scenarios but the baseline are differences from it, until `complete`.
    """

    histogram: Integers  # (S, T, C, H, 2) persons, and money, of those in each bin of income per head
    strata: Integers  # (S, T, G, H', 2) the same by stratum, in finer bins
    below: Integers  # (S, T, C, Z, 2) the same of those who are below a line and in the bin that it divides
    totals: Integers  # (S, T, C, len(Totals))
    changes: Integers  # (S, T, C, len(Change)) by cell of the baseline
    joint: Integers  # (S, len(Pair), J, J) persons by bin of origin and bin in the last year
    ledger: Integers  # (S, L, T, C, len(Ledger)) by cell that a household is in once the lever has reached it
    queue: Integers  # (S, Q, T, G, CLASSES, 2) households, and cash, of all who queue, by class of place
    margin: Integers  # (S, Q, T, G, PLACES_IN_CLASS, 2) the same by place, in the class in which the limit lies

    def add(self, other: Sums) -> None:
        """Add what another range of households comes to."""
        for mine, more in zip(self, other, strict=True):
            mine += more

    def complete(self) -> Sums:
        """Add the baseline to what the kernel keeps as differences from it; to be called once, at the end."""
        for values in (self.histogram, self.strata, self.below, self.totals):
            values[1:] += values[0]
        return self


class Trace(NamedTuple):
    """Incomes of single households, where somebody wants them; else N is 0."""

    income: Reals  # (S, T, N) disposable income, yuan per head
    cell: NDArray[np.int32]  # (S, T, N)


def empty_sums(tables: Tables) -> Sums:
    """Return sums of nobody."""
    scenarios, levers = tables.active.shape
    years, cells, _ = tables.growth.shape
    strata, joint = int(tables.stratum.max()) + 1, count_bins(JOINT_FINENESS)
    budgets = len(tables.budgets.order)
    return Sums(
        np.zeros((scenarios, years, cells, count_bins(tables.fineness), 2), np.int64),
        np.zeros((scenarios, years, strata, count_bins(tables.stratum_fineness), 2), np.int64),
        np.zeros((scenarios, years, cells, tables.lines.shape[1], 2), np.int64),
        np.zeros((scenarios, years, cells, len(Totals)), np.int64),
        np.zeros((scenarios, years, cells, len(Change)), np.int64),
        np.zeros((scenarios, len(Pair), joint, joint), np.int64),
        np.zeros((scenarios, levers, years, cells, len(Ledger)), np.int64),
        np.zeros((scenarios, budgets, years, strata, CLASSES, 2), np.int64),
        np.zeros((scenarios, budgets, years, strata, PLACES_IN_CLASS, 2), np.int64),
    )


def empty_trace(tables: Tables, households: int) -> Trace:
    """Return room for the incomes of so many households."""
    shape = (tables.active.shape[0], tables.growth.shape[0], households)
    return Trace(np.empty(shape), np.empty(shape, np.int32))
