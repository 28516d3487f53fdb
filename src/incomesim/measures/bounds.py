"""How far a measure of binned incomes can be from that of the incomes themselves: proven, not estimated.

Every distribution with the bins' weights and means lies, in the order of Lorenz, between the one with equal
incomes in each bin and the one with incomes at the ends of the bins only (Gastwirth 1972, Review of
Economics and Statistics 54(3)); and, in the order of incomes themselves, between everybody at the lower
and everybody at the upper end. What respects one of these orders lies between its values there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from incomesim.measures.poverty import fgt
from incomesim.measures.ranked import Binned, Ranked

__all__ = ["Bounded", "below_line", "by_dispersion", "by_income", "exactly"]

_ROUNDING = 1e-12  # relative: sums of a few thousand floats


@dataclass(frozen=True)
class Bounded:
    """A number, and the lowest and highest it can be."""

    value: float
    low: float
    high: float

    @property
    def bound(self) -> float:
        """The largest possible distance from the true number."""
        return max(self.high - self.value, self.value - self.low)

    def __sub__(self, other: Bounded) -> Bounded:
        return Bounded(self.value - other.value, self.low - other.high, self.high - other.low)

    def __truediv__(self, other: Bounded) -> Bounded:
        """Return the ratio of two numbers that are not negative; unbounded where the divisor may be 0."""
        high = self.high / other.low if other.low > 0.0 else float("inf")
        return Bounded(self.value / other.value, self.low / other.high, high)

    def __mul__(self, factor: float) -> Bounded:
        """Return the number times a positive constant."""
        return Bounded(self.value * factor, self.low * factor, self.high * factor)


def exactly(value: float) -> Bounded:
    """Return a number that is known."""
    return Bounded(value, value, value)


def by_dispersion(measure: Callable[[Ranked], float], people: Ranked | Binned) -> Bounded:
    """Bound a measure that only rises, or only falls, when income goes from poorer to richer.

    Gini, entropy, Atkinson, shares of the poorest or richest, poverty gaps: whatever respects transfers.
    """
    if isinstance(people, Ranked):
        return exactly(measure(people))
    return _hull(measure(people.estimate), measure(people.equal), measure(people.spread))


def by_income(measure: Callable[[Ranked], float], people: Ranked | Binned) -> Bounded:
    """Bound a measure that only rises, or only falls, when anybody has more: quantiles, shares below a line."""
    if isinstance(people, Ranked):
        return exactly(measure(people))
    return _hull(measure(people.estimate), measure(people.lowest), measure(people.highest))


def _hull(value: float, one: float, other: float) -> Bounded:
    slack = _ROUNDING * max(abs(one), abs(other))
    return Bounded(value, min(value, one, other) - slack, max(value, one, other) + slack)


def below_line(people: Ranked | Binned, line: Bounded, order: int) -> Bounded:
    """Bound the poverty measure of Foster, Greer & Thorbecke where the line itself is known within bounds."""
    if isinstance(people, Ranked):
        return Bounded(*(fgt(people, z, order) for z in (line.value, line.low, line.high)))
    best, worst = (people.highest, people.lowest) if order == 0 else (people.equal, people.spread)
    return Bounded(fgt(people, line.value, order), fgt(best, line.low, order), fgt(worst, line.high, order))
