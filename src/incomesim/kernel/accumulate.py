"""Sums over households: whole numbers only, so that any order and any division gives the same bits."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from incomesim.compiled.compile import at, inlined, stage
from incomesim.kernel.bins import bin_of
from incomesim.kernel.earnings import Incomes
from incomesim.kernel.shapes import JOINT_FINENESS
from incomesim.kernel.tables import MONEY_UNIT, WEIGHT_UNIT, Change, Flags, Integers, Reals, Totals

__all__ = [
    "Lines", "Measured", "Weights", "YearSums", "add_differences", "add_everybody", "add_joint", "count_weights",
    "flag_bins", "measure", "new_measured", "new_weights", "to_fen",
]  # fmt: skip

_ROUND = 6755399441055744.0  # 1.5 * 2^52
_PER_FEN = 1.0 / MONEY_UNIT
_PER_WEIGHT = 1.0 / WEIGHT_UNIT
_HOUSEHOLDS, _PERSONS, _WAGE = int(Totals.HOUSEHOLDS), int(Totals.PERSONS), int(Totals.WAGE)
_PERSONS_GAINING, _PERSONS_LOSING = int(Change.PERSONS_GAINING), int(Change.PERSONS_LOSING)
_GAINED, _LOST = int(Change.GAINED), int(Change.LOST)
_SOURCES = 4


class Weights(NamedTuple):
    """What the households of a block stand for, (B,)."""

    weight: Reals
    households: Integers  # WEIGHT_UNIT
    persons: Integers  # WEIGHT_UNIT


class Measured(NamedTuple):
    """Incomes of households in one year of one scenario as whole numbers, (B,)."""

    income: Reals  # yuan per head, disposable
    cell: Integers
    bin: Integers
    fine_bin: Integers  # of the histograms by stratum
    fen: Integers  # (4, B) by source
    money: Integers  # fen of all sources


class Lines(NamedTuple):
    """The lines of a year, and the bins that they divide."""

    value: Reals  # (Z,) yuan per head
    bin: Integers  # (Z,)
    flags: Flags  # (H,) whether a line divides the bin


class YearSums(NamedTuple):
    """Sums of one year of one scenario, as in tables.Sums."""

    stratum: Integers  # (C,) whose histogram in `strata` a cell belongs to
    histogram: Integers  # (C, H, 2)
    strata: Integers  # (G, H', 2)
    below: Integers  # (C, Z, 2)
    totals: Integers  # (C, len(Totals))
    changes: Integers  # (C, len(Change))


def new_weights(block: int) -> Weights:
    """Return room for a block."""
    return Weights(np.empty(block), np.empty(block, np.int64), np.empty(block, np.int64))


def new_measured(block: int) -> Measured:
    """Return room for a block."""
    return Measured(
        np.empty(block),
        np.empty(block, np.int64),
        np.empty(block, np.int64),
        np.empty(block, np.int64),
        np.empty((_SOURCES, block), np.int64),
        np.empty(block, np.int64),
    )


@inlined
def to_fen(yuan: float) -> np.int64:
    """Whole fen, halves to even, for amounts below 2^51 fen (22 trillion yuan), which no household stands for."""
    shifted = yuan * _PER_FEN + _ROUND
    return np.float64(shifted).view(np.int64) - np.float64(_ROUND).view(np.int64)


@stage
def count_weights(weight: Reals, persons: Reals, weights: Weights) -> None:
    """Weights of households and of their persons."""
    n = weight.shape[0]
    for i in range(n):
        weights.weight[i] = weight[i]
    for i in range(n):
        weights.households[i] = np.int64(weight[i] * _PER_WEIGHT)
    for i in range(n):
        weights.persons[i] = np.int64(weight[i] * persons[i] * _PER_WEIGHT)


@stage
def flag_bins(lines: Reals, fineness: int, line_bin: Integers, flags: Flags) -> None:
    """Find the bins that the lines divide, by year, and mark them."""
    flags[:, :] = False
    for t in range(lines.shape[0]):
        for z in range(lines.shape[1]):
            line_bin[t, z] = bin_of(lines[t, z], fineness)
            flags[t, line_bin[t, z]] = True


@stage
def measure(weight: Reals, incomes: Incomes, fineness: int, stratum_fineness: int, measured: Measured, n: int) -> None:
    """Turn incomes into bins and whole fen; disposable income per head must stand in `measured`."""
    for i in range(n):
        measured.bin[i] = bin_of(measured.income[i], fineness)
    for i in range(n):
        measured.fine_bin[i] = bin_of(measured.income[i], stratum_fineness)
    _count(weight, incomes.wage, measured.fen[0], n)
    _count(weight, incomes.operating, measured.fen[1], n)
    _count(weight, incomes.owned, measured.fen[2], n)
    _count(weight, incomes.transfer, measured.fen[3], n)
    fen = measured.fen
    for i in range(n):
        measured.money[i] = (fen[0, i] + fen[1, i]) + (fen[2, i] + fen[3, i])


@stage
def _count(weight: Reals, yuan: Reals, fen: Integers, n: int) -> None:
    for i in range(n):
        fen[i] = to_fen(weight[i] * yuan[i])


@stage
def add_everybody(weights: Weights, measured: Measured, lines: Lines, sums: YearSums, n: int) -> None:
    """Add the households of a block in one year of the baseline."""
    cell, bins, money, fen = measured.cell, measured.bin, measured.money, measured.fen
    households, persons = weights.households, weights.persons
    for i in range(n):
        _add_bin(sums.histogram[at(cell[i]), at(bins[i])], persons[i], money[i])
    for i in range(n):
        stratum = sums.stratum[at(cell[i])]
        _add_bin(sums.strata[at(stratum), at(measured.fine_bin[i])], persons[i], money[i])
    for i in range(n):
        if lines.flags[at(bins[i])]:
            _add_below(cell[i], bins[i], measured.income[i], persons[i], money[i], lines, sums.below)
    for i in range(n):
        _add_total(sums.totals[at(cell[i])], households[i], persons[i], fen[0, i], fen[1, i], fen[2, i], fen[3, i])


@stage
def add_differences(
    index: Integers, number: int, weights: Weights, before: Measured, after: Measured, lines: Lines, sums: YearSums
) -> None:
    """Take the listed households out as they are in the baseline and put them in as they are after levers.

    Household index[j] of the block stands at j in `after`. Each table has loops of its own, so that one read of memory
    need not wait for another.
    """
    persons = weights.persons
    for j in range(number):
        i = at(index[j])
        _add_bin(sums.histogram[at(before.cell[i]), at(before.bin[i])], -persons[i], -before.money[i])
    for j in range(number):
        i = at(index[j])
        _add_bin(sums.histogram[at(after.cell[j]), at(after.bin[j])], persons[i], after.money[j])
    for j in range(number):
        i = at(index[j])
        stratum = sums.stratum[at(before.cell[i])]
        _add_bin(sums.strata[at(stratum), at(before.fine_bin[i])], -persons[i], -before.money[i])
    for j in range(number):
        i = at(index[j])
        stratum = sums.stratum[at(after.cell[j])]
        _add_bin(sums.strata[at(stratum), at(after.fine_bin[j])], persons[i], after.money[j])
    for j in range(number):
        i = at(index[j])
        if lines.flags[at(before.bin[i])]:
            _add_below(
                before.cell[i], before.bin[i], before.income[i], -persons[i], -before.money[i], lines, sums.below
            )
        if lines.flags[at(after.bin[j])]:
            _add_below(after.cell[j], after.bin[j], after.income[j], persons[i], after.money[j], lines, sums.below)
    for j in range(number):
        i = at(index[j])
        _move_totals(before, i, after, j, weights, sums.totals)
    for j in range(number):
        i = at(index[j])
        of_cell = sums.changes[at(before.cell[i])]
        more = after.money[j] - before.money[i]
        if after.income[j] > before.income[i]:
            of_cell[_PERSONS_GAINING] += persons[i]
            of_cell[_GAINED] += more
        elif after.income[j] < before.income[i]:
            of_cell[_PERSONS_LOSING] += persons[i]
            of_cell[_LOST] -= more


@inlined
def _move_totals(before: Measured, i: np.uint64, after: Measured, j: int, weights: Weights, totals: Integers) -> None:
    """Most stay in their cell, where only sums of money change."""
    old, new = before.fen, after.fen
    if before.cell[i] == after.cell[j]:
        of_cell = totals[at(before.cell[i])]
        for k in range(_SOURCES):
            of_cell[_WAGE + k] += new[k, j] - old[k, i]
    else:
        households, persons = weights.households[i], weights.persons[i]
        _add_total(totals[at(before.cell[i])], -households, -persons, -old[0, i], -old[1, i], -old[2, i], -old[3, i])
        _add_total(totals[at(after.cell[j])], households, persons, new[0, j], new[1, j], new[2, j], new[3, j])


@inlined
def _add_bin(pair: Integers, persons: int, money: int) -> None:
    pair[0] += persons
    pair[1] += money


@inlined
def _add_below(cell: int, b: int, income: float, persons: int, money: int, lines: Lines, below: Integers) -> None:
    for z in range(lines.value.shape[0]):
        if (income < lines.value[z]) & (b == lines.bin[z]):
            below[cell, z, 0] += persons
            below[cell, z, 1] += money


@inlined
def _add_total(
    totals: Integers, households: int, persons: int, wage: int, operating: int, owned: int, transfer: int
) -> None:
    totals[_HOUSEHOLDS] += households
    totals[_PERSONS] += persons
    totals[_WAGE] += wage
    totals[_WAGE + 1] += operating
    totals[_WAGE + 2] += owned
    totals[_WAGE + 3] += transfer


@stage
def add_joint(
    persons: Integers, origin: Reals, destination: Reals, origin_bin: Integers, bins: Integers, joint: Integers, n: int
) -> None:
    """Add persons by bin of origin and bin of destination; `origin_bin` and `bins` (B,) are work space."""
    for i in range(n):
        origin_bin[i] = bin_of(origin[i], JOINT_FINENESS)
    for i in range(n):
        bins[i] = bin_of(destination[i], JOINT_FINENESS)
    for i in range(n):
        joint[at(origin_bin[i]), at(bins[i])] += persons[i]
