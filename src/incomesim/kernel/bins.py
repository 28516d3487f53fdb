"""Bins of income per head: the leading bits of the number itself, so that no logarithm is taken.

A power of two of bins, `2**fineness`, divides each octave [2^k, 2^(k+1)) of incomes from 8 yuan up to 2^27
(134 million) yuan per head and year, and an eighth of that many each octave of negative incomes from
-8 down. Between lie three bins: (-8, 0), nothing, and (0, 8), where nothing is less than half a fen
either way. Edges are numbers that floats hold exactly, so an income is in the same bin on every machine.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from incomesim.kernel.compile import inlined

__all__ = ["NOTHING", "bin_edges", "bin_of", "count_bins", "zero_bin"]

_LOWEST_EXPONENT, _OCTAVES = 3, 24
_LOWEST = 2.0**_LOWEST_EXPONENT
_COARSER = 3  # negative incomes: powers of two fewer bins in an octave
_MANTISSA = 52
_BITS_OF_LOWEST = np.int64((1023 + _LOWEST_EXPONENT) << _MANTISSA)

NOTHING = 0.005
"""Yuan per head: an income nearer to 0 than this is counted as 0."""


def count_bins(fineness: int) -> int:
    """Return how many bins there are."""
    return (_OCTAVES << fineness) + (_OCTAVES << (fineness - _COARSER)) + 3


def zero_bin(fineness: int) -> int:
    """Return the bin of those who have nothing; above it lies (0, 8), below it (-8, 0)."""
    return (_OCTAVES << (fineness - _COARSER)) + 1


@inlined
def bin_of(income: float, fineness: int) -> np.int64:
    """Return the bin of an income per head; what lies beyond the outermost bins is counted in them."""
    zero = np.int64((_OCTAVES << (fineness - _COARSER)) + 1)
    size = abs(income)
    bits = np.float64(size).view(np.int64) - _BITS_OF_LOWEST
    up = bits >> np.int64(_MANTISSA - fineness)
    down = bits >> np.int64(_MANTISSA - fineness + _COARSER)
    up = min(up, np.int64((_OCTAVES << fineness) - 1))
    down = min(down, np.int64((_OCTAVES << (fineness - _COARSER)) - 1))
    small = np.int64(0) if size < NOTHING else np.int64(1)
    above = zero + (up + np.int64(2) if size >= _LOWEST else small)
    below = zero - (down + np.int64(2) if size >= _LOWEST else small)
    return above if income >= 0.0 else below


def bin_edges(fineness: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the lowest and the highest float in each bin (H,), rising. Those of the zero bin count as 0."""
    up = _octave_edges(2**fineness)
    down = -_octave_edges(2 ** (fineness - _COARSER))[::-1]
    low = np.concatenate([np.nextafter(down[:-1], 0.0), [np.nextafter(-_LOWEST, 0.0), 0.0, NOTHING], up[:-1]])
    high = np.concatenate([down[1:], [-NOTHING, 0.0, np.nextafter(_LOWEST, 0.0)], np.nextafter(up[1:], 0.0)])
    return low, high


def _octave_edges(number: int) -> NDArray[np.float64]:
    octaves = 2.0 ** np.arange(_LOWEST_EXPONENT, _LOWEST_EXPONENT + _OCTAVES)
    edges = (octaves[:, None] * (1.0 + np.arange(number) / number)).ravel()
    return np.append(edges, 2.0 ** (_LOWEST_EXPONENT + _OCTAVES))
