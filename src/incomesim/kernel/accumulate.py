"""Sums over households: whole numbers only, so that any order and any division gives the same bits."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from incomesim.kernel.bins import bin_of
from incomesim.kernel.compile import inlined, stage
from incomesim.kernel.earnings import Incomes
from incomesim.kernel.tables import JOINT_FINENESS, MONEY_UNIT, WEIGHT_UNIT, Flags, Integers, Reals, Rows

__all__ = ["Measured", "add_changes", "add_incomes", "add_joint", "count_weights", "flag_bins", "measure", "new_measured",
           "to_fen"]  # fmt: skip

_ROUND = 6755399441055744.0  # 1.5 * 2^52
_PER_FEN = 1.0 / MONEY_UNIT
_PER_WEIGHT = 1.0 / WEIGHT_UNIT


class Measured(NamedTuple):
    """Incomes of a block in one year of one scenario as whole numbers, (B,)."""

    income: Reals  # yuan per head, disposable
    bin: Integers
    fen: Integers  # (4, B) by source
    money: Integers  # fen of all sources
    cell: Integers


def new_measured(block: int) -> Measured:
    """Return room for a block."""
    return Measured(
        np.empty(block),
        np.empty(block, np.int64),
        np.empty((4, block), np.int64),
        np.empty(block, np.int64),
        np.empty(block, np.int64),
    )


@inlined
def to_fen(yuan: float) -> np.int64:
    """Whole fen, halves to even; exact for amounts below 10^13 yuan a household."""
    shifted = yuan * _PER_FEN + _ROUND
    return np.float64(shifted).view(np.int64) - np.float64(_ROUND).view(np.int64)


@stage
def count_weights(rows: Rows, household_units: Integers, person_units: Integers) -> None:
    """Weights of households and of their persons, in WEIGHT_UNIT."""
    n = rows.weight.shape[0]
    for i in range(n):
        household_units[i] = np.int64(rows.weight[i] * _PER_WEIGHT)
    for i in range(n):
        person_units[i] = np.int64(rows.weight[i] * rows.persons[i] * _PER_WEIGHT)


@stage
def flag_bins(lines: Reals, fineness: int, line_bin: Integers, flags: Flags) -> None:
    """Find the bins that the lines divide, by year, and mark them."""
    flags[:, :] = False
    for t in range(lines.shape[0]):
        for z in range(lines.shape[1]):
            line_bin[t, z] = bin_of(lines[t, z], fineness)
            flags[t, line_bin[t, z]] = True


@stage
def measure(rows: Rows, incomes: Incomes, fineness: int, measured: Measured) -> None:
    """Turn incomes into bins and whole fen; disposable income per head must stand in `measured`."""
    n = rows.weight.shape[0]
    for i in range(n):
        measured.bin[i] = bin_of(measured.income[i], fineness)
    _count(rows.weight, incomes.wage, measured.fen[0], n)
    _count(rows.weight, incomes.operating, measured.fen[1], n)
    _count(rows.weight, incomes.owned, measured.fen[2], n)
    _count(rows.weight, incomes.transfer, measured.fen[3], n)
    fen = measured.fen
    for i in range(n):
        measured.money[i] = (fen[0, i] + fen[1, i]) + (fen[2, i] + fen[3, i])


@stage
def _count(weight: Reals, yuan: Reals, fen: Integers, n: int) -> None:
    for i in range(n):
        fen[i] = to_fen(weight[i] * yuan[i])


@stage
def add_incomes(
    household_units: Integers,
    person_units: Integers,
    measured: Measured,
    lines: Reals,
    line_bin: Integers,
    flags: Flags,
    histogram: Integers,
    below: Integers,
    totals: Integers,
) -> None:
    """Add a block to the sums of one year of one scenario."""
    n = household_units.shape[0]
    cell, bins, fen, money, income = measured.cell, measured.bin, measured.fen, measured.money, measured.income
    for i in range(n):
        histogram[cell[i], bins[i], 0] += person_units[i]
        histogram[cell[i], bins[i], 1] += money[i]
    for i in range(n):
        if flags[bins[i]]:
            for z in range(lines.shape[0]):
                if (income[i] < lines[z]) & (bins[i] == line_bin[z]):
                    below[cell[i], z, 0] += person_units[i]
                    below[cell[i], z, 1] += money[i]
    last = cell[0]
    households = persons = wage = operating = owned = transfer = np.int64(0)
    for i in range(n):
        if cell[i] != last:  # neighbours are mostly of one cell
            _flush(totals[last], households, persons, wage, operating, owned, transfer)
            households = persons = wage = operating = owned = transfer = np.int64(0)
            last = cell[i]
        households += household_units[i]
        persons += person_units[i]
        wage += fen[0, i]
        operating += fen[1, i]
        owned += fen[2, i]
        transfer += fen[3, i]
    _flush(totals[last], households, persons, wage, operating, owned, transfer)


@inlined
def _flush(
    totals: Integers, households: int, persons: int, wage: int, operating: int, owned: int, transfer: int
) -> None:
    totals[0] += households
    totals[1] += persons
    totals[2] += wage
    totals[3] += operating
    totals[4] += owned
    totals[5] += transfer


@stage
def add_changes(person_units: Integers, before: Measured, after: Measured, changes: Integers) -> None:
    """Add those who gain and those who lose against the baseline, by their cell in the baseline."""
    for i in range(person_units.shape[0]):
        if before.income[i] == after.income[i]:
            continue
        c = before.cell[i]
        more = after.money[i] - before.money[i]
        if after.income[i] > before.income[i]:
            changes[c, 0] += person_units[i]
            changes[c, 2] += more
        else:
            changes[c, 1] += person_units[i]
            changes[c, 3] -= more


@stage
def add_joint(
    person_units: Integers, origin: Reals, destination: Reals, origin_bin: Integers, bins: Integers, joint: Integers
) -> None:
    """Add persons by bin of origin and bin of destination; `origin_bin` and `bins` (B,) are work space."""
    n = person_units.shape[0]
    for i in range(n):
        origin_bin[i] = bin_of(origin[i], JOINT_FINENESS)
    for i in range(n):
        bins[i] = bin_of(destination[i], JOINT_FINENESS)
    for i in range(n):
        joint[origin_bin[i], bins[i]] += person_units[i]
