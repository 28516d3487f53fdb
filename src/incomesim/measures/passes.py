"""One pass each over a large array, on all processors, with the same bits on any number of them."""

from __future__ import annotations

from collections.abc import Callable
from math import log, log1p
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from incomesim.compiled.threads import share_out
from incomesim.measures.loops.distances import add_distances
from incomesim.measures.loops.low import Low, count_low
from incomesim.measures.loops.moments import ROOM, Amount, Extreme, add_moments
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
    "mean_distance",
    "mean_power_excess",
    "moments",
    "rows_of",
    "shortfall",
    "steps",
    "take_counts",
]

Reals = NDArray[np.float64]
Places = NDArray[np.uint32]

PIECE = 128 * BLOCK  # rows that a thread takes at a time
_SOME = 256  # rows that are looked at to find a usual income
_SMALL = 0.01  # numbers nearer to 0 than this go into a series
_FAR = 100.0  # relative distance of a centre from the mean, over the variance: further, rounding would be seen
_NEARLY_EQUAL = 1e-2  # variance relative to the centre: below, d - log(1 + d) would lose digits in the first pass
_NO_ORDER = np.empty(0, np.uint32)


class Counts(NamedTuple):
    """Sums and extremes of rows with a weight."""

    weight: float
    money: float
    lowest: float
    highest: float
    lowest_weight: float
    counted: NDArray[np.int64]  # rows, by block
    around: Moments  # of income over a centre

    @property
    def mean(self) -> float:
        """The mean, which rounding must not carry beyond the extremes: equal incomes are at no distance from it."""
        return min(max(self.money / self.weight, self.lowest), self.highest)


class Moments(NamedTuple):
    """Means over people of functions of r = income / centre; all but the first where no income is below 0."""

    centre: float
    square: float  # of r - 1
    log: float  # r - 1 - log r, around the mean the mean log deviation; of incomes above 0
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
    centre = _usual_income(rows)
    sums = _moment_sums(rows, centre, with_care=False)
    weight, money, *_ = _add_up(sums[:, : len(Amount)])
    return Counts(
        weight,
        money,
        float(sums[:, Extreme.LOWEST].min(initial=np.inf)),
        float(sums[:, Extreme.HIGHEST].max(initial=-np.inf)),
        float(sums[:, Extreme.LOWEST_WEIGHT].min(initial=np.inf)),
        sums[:, Extreme.COUNTED].astype(np.int64),
        _around(centre, sums),
    )


def _moment_sums(rows: Rows, centre: float, with_care: bool) -> Reals:
    columns = len(Amount) + len(Extreme)
    return _walk(rows, columns, ROOM, lambda *where: add_moments(rows, centre, with_care, *where))


def _around(centre: float, sums: Reals) -> Moments:
    weight, _, *total = _add_up(sums[:, : len(Amount)])
    square, log, log_over, log_square = (value / weight if weight > 0.0 else np.nan for value in total)
    return Moments(centre, square, log, log_over - log, log_square)


def _add_up(sums: Reals) -> list[float]:
    """Sums of columns, halving the rows: next to no rounding, and the same bits on every machine."""
    while len(sums) > 1:
        half = (len(sums) + 1) // 2
        folded = sums[:half].copy()
        folded[: len(sums) - half] += sums[half:]
        sums = folded
    return [float(total) for total in sums[0]]


def _usual_income(rows: Rows) -> float:
    """An income that is not far from the mean: the median of some that are above 0."""
    some = np.linspace(0, _number(rows) - 1, _SOME).astype(np.int64)
    income = rows.income[rows.order[some] if len(rows.order) else some]
    usual = income[(income > 0.0) & (income < np.inf)]
    return float(np.median(usual)) if len(usual) else 1.0


def low_rows(rows: Rows) -> LowRows:
    """Return how many have a negative income, and how many none."""
    total = _add_up(_walk(rows, len(Low), 2 * STRIP, lambda *where: count_low(rows, *where)))
    return LowRows(int(total[Low.NEGATIVE]), int(total[Low.ZERO]), total[Low.NEGATIVE_WEIGHT], total[Low.ZERO_WEIGHT])


def moments(rows: Rows, counts: Counts) -> Moments:
    """Return the moments around the mean of rows with a mean above 0; `counts` are theirs.

    With m = mean / centre the mean of r - 1 - log r, for one, is that around the centre less m - 1 - log m: both are 0
    where incomes are equal. Digits would be lost where incomes are nearly equal, and from a centre that proves to be
    far from the mean for how far incomes are apart: then there is a second pass, with more care.
    """
    mean, around = counts.mean, counts.around
    if counts.lowest == counts.highest:
        return Moments(mean, 0.0, 0.0, 0.0, 0.0)
    above = (mean - around.centre) / around.centre
    variance = around.square - above * above
    if not 0.5 < mean / around.centre < 2.0 or variance < max(_NEARLY_EQUAL, abs(above) / _FAR):
        around, above = _around(mean, _moment_sums(rows, mean, with_care=True)), 0.0
    zeros = low_rows(rows).zero_weight / counts.weight if counts.lowest <= 0.0 else 0.0
    m = mean / around.centre
    log_m = log1p(above) if abs(above) < 0.5 else log(m)
    excess = _log_excess(above, log_m)
    log_mean = above - around.log  # of r around the centre
    return Moments(
        mean,
        max(around.square - above * above, 0.0) / (m * m),
        max(around.log - excess, 0.0),
        max(around.theil + zeros - (above * log_m - excess), 0.0) / m,
        max(around.log_square - log_m * (2.0 * log_mean - log_m), 0.0),
    )


def _log_excess(above: float, log_m: float) -> float:
    """Return m - 1 - log m with m - 1 = `above`, without loss of digits near 0."""
    if abs(above) > _SMALL:
        return above - log_m
    d = above
    return d * d * (1 / 2 - d * (1 / 3 - d * (1 / 4 - d * (1 / 5 - d * (1 / 6 - d * (1 / 7 - d / 8))))))


def mean_distance(rows: Rows, counts: Counts) -> float:
    """Return the mean over people of the distance of income from the mean, relative to the mean."""
    mean = counts.mean
    sums = _walk(rows, 1, 2 * STRIP + LANES, lambda *where: add_distances(rows, mean, *where))
    return _add_up(sums)[0] / counts.weight / mean


def mean_power_excess(rows: Rows, counts: Counts, power: float) -> float:
    """Return the mean over people of r^power - 1 - power (r - 1), r = income / mean."""
    mean = counts.mean
    sums = _walk(rows, 1, 2 * STRIP + LANES, lambda *where: add_powers(rows, mean, power, *where))
    return _add_up(sums)[0] / counts.weight


def shortfall(rows: Rows, counts: Counts, line: float) -> Shortfall:
    """Return how far people fall short of a line; only the share of people has a meaning for 0 and infinity."""
    sums = _walk(rows, len(Short), 2 * STRIP + len(Short) * LANES, lambda *where: add_shortfalls(rows, line, *where))
    return Shortfall(*(total / counts.weight for total in _add_up(sums)))


def steps(rows: Rows, counts: Counts) -> Steps:
    """Return the sums along rows in order."""
    sums = _walk(rows, len(Along), 2 * STRIP, lambda *where: add_along(rows, counts.mean, *where))
    below = [np.append(0.0, np.cumsum(sums[:, column])) for column in (Along.WEIGHT, Along.MONEY)]
    inside = sums[:, Along.APART] + (2.0 * below[0][:-1] - counts.weight) * sums[:, Along.ABOVE]
    return Steps(below[0], below[1], _add_up(inside[:, None])[0])


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


def _walk(rows: Rows, columns: int, room: int, fill: Callable[[int, int, Reals, Reals], None]) -> Reals:
    """Sums (blocks, columns) that `fill(start, stop, room, sums)` makes of each piece."""
    number = _number(rows)
    sums = np.empty((-(-number // BLOCK), columns))

    def run(start: int) -> None:
        fill(start, min(start + PIECE, number), np.empty(room), sums)

    share_out(run, range(0, number, PIECE))
    return sums
