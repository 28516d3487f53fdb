"""A number that is known within bounds."""

from __future__ import annotations

from dataclasses import dataclass

from incomesim.measures.ranked import UndefinedMeasure

__all__ = ["Bounded", "exactly"]


@dataclass(frozen=True)
class Bounded:
    """A number, and the lowest and highest it can be; low <= value <= high."""

    value: float
    low: float
    high: float

    @property
    def bound(self) -> float:
        """The largest possible distance from the true number, 0 where that is known."""
        return max(self.high - self.value, self.value - self.low)

    def __sub__(self, other: Bounded) -> Bounded:
        return Bounded(self.value - other.value, self.low - other.high, self.high - other.low)

    def __truediv__(self, other: Bounded) -> Bounded:
        """Return the ratio. Raises UndefinedMeasure where the divisor may be 0 or less."""
        if not other.low > 0.0:
            raise UndefinedMeasure(f"a ratio needs a divisor above 0; this one may be as low as {other.low:g}")
        ends = [end / divisor for end in (self.low, self.high) for divisor in (other.low, other.high)]
        return Bounded(self.value / other.value, min(ends), max(ends))

    def __mul__(self, factor: float) -> Bounded:
        """Return the number times a factor that is not negative."""
        return Bounded(self.value * factor, self.low * factor, self.high * factor)


def exactly(value: float) -> Bounded:
    """Return a number that is known."""
    return Bounded(value, value, value)
