"""How many households are looked at beside the run, so that it does not take longer than the run itself."""

from __future__ import annotations

__all__ = ["ERRORS", "choose_sample"]

ERRORS = 2**14
"""Households, drawn one by one, that standard errors are found from at most."""

_MOST, _LEAST = 16_384, 2_048
_HOUSEHOLD_YEARS = 2**23  # of all scenarios together


def choose_sample(levers: int, years: int) -> int:
    """Return the most households that the guards run with all levers and with all but one at a time."""
    return min(max(_HOUSEHOLD_YEARS // ((1 + levers) * years), _LEAST), _MOST)
