"""Which incomes and parameters a measure takes: refused with the reason, never dropped or replaced."""

from __future__ import annotations

from enum import Enum

import numpy as np

from incomesim.measures.ranked import Ranked, UndefinedMeasure

__all__ = ["above", "at_least", "need_no_losses", "need_positive_incomes", "one_line", "one_of", "rising"]


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


def at_least(least: int, parameter: str, value: int) -> None:
    """Raise UndefinedMeasure unless the value of a parameter is a whole number from `least` up."""
    if not isinstance(value, int | np.integer) or value < least:
        raise UndefinedMeasure(f"found {parameter} {value}, expected a whole number from {least} up")


def rising(lower: float, upper: float) -> None:
    """Raise UndefinedMeasure unless the lower of two limits is no higher than the upper one."""
    if not lower <= upper:
        raise UndefinedMeasure(f"found lower {lower:g} and upper {upper:g}, expected lower <= upper")


def one_line(line: float) -> None:
    """Raise TypeError for a column of lines."""
    if np.ndim(line):
        raise TypeError(
            f"found {np.size(line)} lines, expected one number; where lines differ divide incomes by them: line=1"
        )


def one_of(options: type[Enum], parameter: str, value: object) -> None:
    """Raise TypeError unless the value of a parameter is one of the options; text never is."""
    if value not in tuple(options):
        known = ", ".join(f"{options.__name__}.{option.name}" for option in options)
        raise TypeError(f"found {parameter} {value!r}, expected one of {known}")
