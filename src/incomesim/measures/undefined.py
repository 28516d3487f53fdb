"""The error of a measure that has no meaning for the data."""

from __future__ import annotations

__all__ = ["UndefinedMeasure"]


class UndefinedMeasure(ValueError):
    """The measure has no meaning for these incomes; the message says why."""
