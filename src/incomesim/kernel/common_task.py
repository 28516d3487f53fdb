"""The common task: a small model that every microsimulation package can state, for comparing speed.

Two work states; log income of those in work is a permanent part, an AR(1) that starts in its stationary
distribution, and a transitory part; those out of work have a fixed income. Everybody starts in work.
Draws have addresses, so the luck of a household is the same in any company, block, thread or machine.

All years of a block of households are finished while it is in the cache, and incomes go into whole-number
sums by bin, from which the weighted Gini of each year follows within proven bounds. An income of 1 in the
task's own words is 10,000 yuan here. tests/reference/test_common_task.py says the same in plain NumPy,
benchmarks/common_task.c in C.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from incomesim.compiled.arithmetic import exp
from incomesim.compiled.compile import entry, stage
from incomesim.kernel.accumulate import to_fen
from incomesim.kernel.bins import bin_of
from incomesim.kernel.philox import address, draw_words, fill_normals, fill_uniforms
from incomesim.kernel.shapes import count_bins
from incomesim.kernel.tables import WEIGHT_UNIT, Integers, Purpose, Reals, Words

__all__ = ["BLOCK", "FINENESS", "CommonWork", "advance_common_task", "empty_histogram", "new_common_work"]

LOSES_WORK, FINDS_WORK = 0.05, 0.3
PERSISTENCE, INNOVATION, TRANSITORY = 0.95, 0.1, 0.2
STATIONARY = INNOVATION / (1.0 - PERSISTENCE * PERSISTENCE) ** 0.5
YUAN = 10_000.0
WITHOUT_WORK = 0.3 * YUAN

BLOCK = 256
FINENESS = 7
"""2**FINENESS bins of income in an octave, as in bins.py."""

_START, _YEAR = np.uint64(Purpose.START), np.uint64(Purpose.YEAR)
_PER_WEIGHT = 1.0 / WEIGHT_UNIT


class CommonWork(NamedTuple):
    """Work space of one thread for the block of households at hand, (B,) where nothing else is said."""

    ids: Words
    words: Words  # (4, B)
    innovation: Reals
    transitory: Reals
    luck: Reals  # uniform that decides about work
    permanent: Reals
    in_work: Reals  # 1 or 0
    income: Reals  # yuan a year
    bin: Words  # no sign, so that no index is checked for one
    weight: Integers  # in WEIGHT_UNIT
    money: Integers  # weight times income, fen


def new_common_work(block: int = BLOCK) -> CommonWork:
    """Return room for a block."""
    return CommonWork(
        ids=np.empty(block, np.uint64),
        words=np.empty((4, block), np.uint64),
        innovation=np.empty(block),
        transitory=np.empty(block),
        luck=np.empty(block),
        permanent=np.empty(block),
        in_work=np.empty(block),
        income=np.empty(block),
        bin=np.empty(block, np.uint64),
        weight=np.empty(block, np.int64),
        money=np.empty(block, np.int64),
    )


def empty_histogram(years: int) -> Integers:
    """Return (T, H, 2): weight in WEIGHT_UNIT, and money in fen, of those in each bin of income."""
    return np.zeros((years, count_bins(FINENESS), 2), np.int64)


@entry
def advance_common_task(first_id: int, weight: Reals, seed: np.uint64, work: CommonWork, histogram: Integers) -> None:
    """Add households first_id, first_id + 1, ... to the histogram of every year.

    `weight` (n,) holds multiples of WEIGHT_UNIT. The sums do not depend on how households are divided into
    calls or blocks.
    """
    block = work.ids.shape[0]
    for start in range(0, weight.shape[0], block):
        n = min(block, weight.shape[0] - start)
        _start(np.uint64(first_id + start), weight[start : start + n], seed, work, n)
        for t in range(histogram.shape[0]):
            draw_words(seed, work.ids, address(0, t + 1), _YEAR, work.words, n)
            fill_normals(work.words, 0, work.innovation, work.transitory, n)
            fill_uniforms(work.words, 2, work.luck, n)
            _change_work(work.luck, work.in_work, n)
            _earn(work, n)
            _measure(weight[start : start + n], work, n)
            _add(work, histogram[t], n)


@stage
def _start(first_id: np.uint64, weight: Reals, seed: np.uint64, work: CommonWork, n: int) -> None:
    """Everybody in work, the permanent part from its stationary distribution."""
    for i in range(n):
        work.ids[i] = first_id + np.uint64(i)
    for i in range(n):
        work.weight[i] = np.int64(weight[i] * _PER_WEIGHT)
    draw_words(seed, work.ids, address(0, 0), _START, work.words, n)
    fill_normals(work.words, 0, work.permanent, work.transitory, n)
    for i in range(n):
        work.permanent[i] *= STATIONARY
        work.in_work[i] = 1.0


@stage
def _change_work(luck: Reals, in_work: Reals, n: int) -> None:
    for i in range(n):
        keeps = 1.0 if luck[i] >= LOSES_WORK else 0.0
        finds = 1.0 if luck[i] < FINDS_WORK else 0.0
        in_work[i] = keeps if in_work[i] > 0.0 else finds


@stage
def _earn(work: CommonWork, n: int) -> None:
    permanent, innovation, transitory = work.permanent, work.innovation, work.transitory
    in_work, income = work.in_work, work.income
    for i in range(n):
        permanent[i] = PERSISTENCE * permanent[i] + INNOVATION * innovation[i]
    for i in range(n):
        earned = YUAN * exp(permanent[i] + TRANSITORY * transitory[i])
        income[i] = earned if in_work[i] > 0.0 else WITHOUT_WORK


@stage
def _measure(weight: Reals, work: CommonWork, n: int) -> None:
    income, bins, money = work.income, work.bin, work.money
    for i in range(n):
        bins[i] = np.uint64(bin_of(income[i], FINENESS))
    for i in range(n):
        money[i] = to_fen(weight[i] * income[i])


@stage
def _add(work: CommonWork, histogram: Integers, n: int) -> None:
    bins, weight, money = work.bin, work.weight, work.money
    for i in range(n):
        histogram[bins[i], 0] += weight[i]
        histogram[bins[i], 1] += money[i]
