"""How large the sums of a run are. Imports nothing, so that memory can be told before anything is loaded."""

from __future__ import annotations

__all__ = [
    "COARSER",
    "JOINT_FINENESS",
    "OCTAVES",
    "choose_fineness",
    "choose_stratum_fineness",
    "count_bins",
    "count_bytes",
]

OCTAVES = 24
COARSER = 3  # losses: powers of two fewer bins in an octave

JOINT_FINENESS = 5
"""Bins of the joint tables: 32 in an octave."""

_COARSEST, _FINEST = 3, 6
_FINEST_OF_STRATA = 9
_WANTED_BYTES = 2**28
_PAIR_BYTES, _NUMBER_BYTES = 16, 8
_LEDGER_ENTRIES = 10
_PLACES = 2**9 + 2**10  # of a queue, see targeting.py


def count_bins(fineness: int) -> int:
    """Return how many bins there are with 2**fineness of them in an octave; see bins.py."""
    return (OCTAVES << fineness) + (OCTAVES << (fineness - COARSER)) + 3


def choose_fineness(scenarios: int, years: int, cells: int) -> int:
    """Return that of the histograms by cell: the finest, up to 64 bins to an octave, that takes 256 MiB, at least 8."""
    return _finest(scenarios * years * cells, _FINEST)


def choose_stratum_fineness(scenarios: int, years: int, strata: int) -> int:
    """Return that of the histograms by stratum: the same, up to 512 bins to an octave."""
    return _finest(scenarios * years * strata, _FINEST_OF_STRATA)


def _finest(histograms: int, limit: int) -> int:
    wanted = range(_COARSEST, limit + 1)
    return max((f for f in wanted if histograms * count_bins(f) * _PAIR_BYTES <= _WANTED_BYTES), default=_COARSEST)


def count_bytes(scenarios: int, years: int, cells: int, strata: int, levers: int, budgets: int) -> int:
    """Return the size of nearly all a thread adds up in: histograms, joint tables, ledger, queues of budgets."""
    by_cell = cells * count_bins(choose_fineness(scenarios, years, cells))
    by_stratum = strata * count_bins(choose_stratum_fineness(scenarios, years, strata))
    joint = 2 * count_bins(JOINT_FINENESS) ** 2
    ledger = levers * years * cells * _LEDGER_ENTRIES
    queues = budgets * strata * _PLACES
    return scenarios * (years * (by_cell + by_stratum + queues) * _PAIR_BYTES + (joint + ledger) * _NUMBER_BYTES)
