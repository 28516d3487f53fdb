"""Which incomes a measure takes: refused with the reason, never dropped or replaced."""

from __future__ import annotations

from incomesim.measures.ranked import Ranked, UndefinedMeasure

__all__ = ["above", "need_no_losses", "need_positive_incomes"]


def need_positive_incomes(people: Ranked, measure: str) -> None:
    """Raise UndefinedMeasure unless all incomes are above 0."""
    if people.lowest <= 0.0:
        raise UndefinedMeasure(f"{measure} needs incomes above 0; the lowest is {people.lowest:g}")


def need_no_losses(people: Ranked, measure: str) -> None:
    """Raise UndefinedMeasure where an income is negative."""
    if people.lowest < 0.0:
        raise UndefinedMeasure(f"{measure} has no meaning for negative incomes; the lowest is {people.lowest:g}")


def above(limit: float, parameter: str, value: float) -> None:
    """Raise UndefinedMeasure unless the value of a parameter is above its limit."""
    if not limit < value < float("inf"):
        raise UndefinedMeasure(f"found {parameter} {value:g}, expected a finite number above {limit:g}")
