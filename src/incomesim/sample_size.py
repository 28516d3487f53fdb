"""How many households the guards look at, so that many levers and years do not take longer than the run itself."""

from __future__ import annotations

__all__ = ["choose_sample"]

_MOST, _LEAST = 16_384, 2_048
_HOUSEHOLD_YEARS = 2**23  # of all scenarios together


def choose_sample(levers: int, years: int) -> int:
    """Return the most households of a sample that is run with all levers and with all but one at a time."""
    return min(max(_HOUSEHOLD_YEARS // ((1 + levers) * years), _LEAST), _MOST)
