"""How large the sums of a run are. Imports nothing, so that memory can be told before anything is loaded."""

from __future__ import annotations

__all__ = [
    "COARSER",
    "JOINT_FINENESS",
    "OCTAVES",
    "SIDE_FINENESS",
    "choose_fineness",
    "count_bins",
    "count_bytes",
]

OCTAVES = 24
COARSER = 3  # losses: powers of two fewer bins in an octave

SIDE_FINENESS = 9
"""Bins of the histograms of town and country: 512 in an octave."""

JOINT_FINENESS = 5
"""Bins of the joint tables: 32 in an octave."""

_FINEST, _COARSEST = 6, 3
_WANTED_BYTES = 2**28
_PAIR_BYTES, _NUMBER_BYTES = 16, 8
_SIDES = 2


def count_bins(fineness: int) -> int:
    """Return how many bins there are with 2**fineness of them in an octave; see bins.py."""
    return (OCTAVES << fineness) + (OCTAVES << (fineness - COARSER)) + 3


def choose_fineness(scenarios: int, years: int, cells: int) -> int:
    """Return that of the histograms by cell: the finest, up to 64 bins to an octave, that takes 256 MiB, at least 8."""
    rows = scenarios * years * cells
    fitting = [f for f in range(_COARSEST, _FINEST + 1) if rows * count_bins(f) * _PAIR_BYTES <= _WANTED_BYTES]
    return max(fitting, default=_COARSEST)


def count_bytes(scenarios: int, years: int, cells: int) -> int:
    """Return the size of nearly all that a thread adds up in: histograms by cell and by side, joint tables."""
    by_cell = cells * count_bins(choose_fineness(scenarios, years, cells))
    by_side = _SIDES * count_bins(SIDE_FINENESS)
    joint = 2 * count_bins(JOINT_FINENESS) ** 2
    return scenarios * (years * (by_cell + by_side) * _PAIR_BYTES + joint * _NUMBER_BYTES)
