"""One pass each over a large array, on all processors, with the same bits on any number of them."""

from __future__ import annotations

from collections.abc import Callable
from math import fsum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from incomesim.compiled.threads import share_out
from incomesim.measures.loops.counts import Amount, Low, count, count_low
from incomesim.measures.loops.moments import Term, add_moments
from incomesim.measures.loops.powers import add_powers
from incomesim.measures.loops.ranks import Along, add_along, fill_below
from incomesim.measures.loops.rows import BLOCK, LANES, STRIP, Rows, gather
from incomesim.measures.loops.shortfalls import Short, add_shortfalls
from incomesim.measures.ranked import LowRows

__all__ = [
    "PIECE",
    "Counts",
    "Moments",
    "Shortfall",
    "Steps",
    "cumulate",
    "gathered",
    "low_rows",
    "mean_power_excess",
    "moments",
    "rows_of",
    "shortfall",
    "steps",
    "take_counts",
]

Reals = NDArray[np.float64]
Places = NDArray[np.uint32]

PIECE = 64 * BLOCK  # rows that a thread takes at a time
_NO_ORDER = np.empty(0, np.uint32)


class Counts(NamedTuple):
    """Sums and extremes of rows with a weight."""

    weight: float
    money: float
    lowest: float
    highest: float
    lowest_weight: float
    counted: NDArray[np.int64]  # rows, by block

    @property
    def mean(self) -> float:
        """The mean, which rounding must not carry beyond the extremes: equal incomes are at no distance from it."""
        return min(max(self.money / self.weight, self.lowest), self.highest)


class Moments(NamedTuple):
    """Means over people of functions of r = income / mean; all but the first two where no income is below 0."""

    square: float  # of r - 1
    absolute: float  # of r - 1
    log: float  # r - 1 - log r, the mean log deviation; of incomes above 0
    theil: float  # r log r - (r - 1)
    log_square: float  # (log r)^2, of incomes above 0


class Shortfall(NamedTuple):
    """Means over people of (line - income) / line to the powers of 0, 1 and 2, for those below the line."""

    share: float
    gap: float
    square: float


class Steps(NamedTuple):
    """What stands below each block of rows in order, and the sum that the Gini is made of."""

    weight: Reals  # (blocks + 1,)
    money: Reals
    apart: float  # sum of weight * (income - mean) * (people below less people above)


def rows_of(income: Reals, weight: Reals, order: Places = _NO_ORDER) -> Rows:
    """Return rows as the loops take them: read only, so that they are compiled once."""
    rows = Rows(income.view(), weight.view(), order.view())
    for values in rows:
        values.flags.writeable = False
    return rows


def take_counts(rows: Rows) -> Counts:
    """Return the counts of rows."""
    sums = _walk(rows, len(Amount), len(Amount), lambda *where: count(rows, *where))
    return Counts(
        fsum(sums[:, Amount.WEIGHT]),
        fsum(sums[:, Amount.MONEY]),
        float(sums[:, Amount.LOWEST].min(initial=np.inf)),
        float(sums[:, Amount.HIGHEST].max(initial=-np.inf)),
        float(sums[:, Amount.LOWEST_WEIGHT].min(initial=np.inf)),
        sums[:, Amount.COUNTED].astype(np.int64),
    )


def low_rows(rows: Rows) -> LowRows:
    """Return how many have a negative income, and how many none."""
    total = _walk(rows, len(Low), 0, lambda *where: count_low(rows, *where))
    number = [int(fsum(total[:, column])) for column in (Low.NEGATIVE, Low.ZERO)]
    return LowRows(*number, *(fsum(total[:, column]) for column in (Low.NEGATIVE_WEIGHT, Low.ZERO_WEIGHT)))


def moments(rows: Rows, counts: Counts) -> Moments:
    """Return the moments of rows with a mean above 0; `counts` are theirs."""
    mean = counts.mean
    sums = _walk(rows, len(Term), len(Term), lambda *where: add_moments(rows, mean, *where))
    totals = [fsum(sums[:, term]) for term in Term]
    if counts.lowest <= 0.0:
        totals[Term.THEIL] += low_rows(rows).zero_weight  # r log r - (r - 1) is 1 at 0
    return Moments(*(total / counts.weight for total in totals))


def mean_power_excess(rows: Rows, counts: Counts, power: float) -> float:
    """Return the mean over people of r^power - 1 - power (r - 1), r = income / mean."""
    mean = counts.mean
    sums = _walk(rows, 1, 1, lambda *where: add_powers(rows, mean, power, *where))
    return fsum(sums[:, 0]) / counts.weight


def shortfall(rows: Rows, counts: Counts, line: float) -> Shortfall:
    """Return how far people fall short of a line; only the share of people has a meaning for 0 and infinity."""
    sums = _walk(rows, len(Short), len(Short), lambda *where: add_shortfalls(rows, line, *where))
    return Shortfall(*(fsum(sums[:, column]) / counts.weight for column in Short))


def steps(rows: Rows, counts: Counts) -> Steps:
    """Return the sums along rows in order."""
    sums = _walk(rows, len(Along), 0, lambda *where: add_along(rows, counts.mean, *where))
    below = [np.append(0.0, np.cumsum(sums[:, column])) for column in (Along.WEIGHT, Along.MONEY)]
    inside = sums[:, Along.APART] + (2.0 * below[0][:-1] - counts.weight) * sums[:, Along.ABOVE]
    return Steps(below[0], below[1], fsum(inside))


def gathered(rows: Rows) -> tuple[Reals, Reals]:
    """Return incomes and weights of the rows, side by side."""
    number = _number(rows)
    income, weight = np.empty(number), np.empty(number)

    def fill(start: int) -> None:
        gather(rows, start, income[start : start + PIECE], weight[start : start + PIECE])

    share_out(fill, range(0, number, PIECE))
    return income, weight


def cumulate(rows: Rows, before: Steps) -> tuple[Reals, Reals]:
    """Return the sums of weight and of weight times income up to each row in order."""
    number = _number(rows)
    weight, money = np.empty(number), np.empty(number)

    def fill(start: int) -> None:
        stop, block = min(start + PIECE, number), start // BLOCK
        known = np.array([before.weight[block], before.money[block]])
        fill_below(rows, start, stop, np.empty(2 * STRIP), known, weight[start:stop], money[start:stop])

    share_out(fill, range(0, number, PIECE))
    return weight, money


def _number(rows: Rows) -> int:
    return len(rows.order) or len(rows.income)


def _walk(rows: Rows, columns: int, lanes: int, fill: Callable[[int, int, Reals, Reals], None]) -> Reals:
    """Sums (blocks, columns) that `fill(start, stop, room, sums)` makes of each piece."""
    number = _number(rows)
    sums = np.empty((-(-number // BLOCK), columns))

    def run(start: int) -> None:
        fill(start, min(start + PIECE, number), np.empty(2 * STRIP + lanes * LANES), sums)

    share_out(run, range(0, number, PIECE))
    return sums
