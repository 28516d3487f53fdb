"""Bins of income per head: the leading bits of the number itself, so that no logarithm is taken.

A power of two of bins, `2**fineness`, divides each octave [2^k, 2^(k+1)) of incomes from 8 yuan up to 2^27
(134 million) yuan per head and year, and an eighth of that many each octave of negative incomes from
-8 down. Between lie three bins: (-8, 0), nothing, and (0, 8), where nothing is less than half a fen
either way. Edges are numbers that floats hold exactly, so an income is in the same bin on every machine.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from incomesim.compiled.compile import inlined
from incomesim.kernel.shapes import COARSER, OCTAVES

__all__ = ["NOTHING", "bin_edges", "bin_of", "zero_bin"]

_LOWEST_EXPONENT = 3
_LOWEST = 2.0**_LOWEST_EXPONENT
_MANTISSA = 52
_BITS_OF_LOWEST = np.int64((1023 + _LOWEST_EXPONENT) << _MANTISSA)

NOTHING = 0.005
"""Yuan per head: an income nearer to 0 than this is counted as 0."""


def zero_bin(fineness: int) -> int:
    """Return the bin of those who have nothing; above it lies (0, 8), below it (-8, 0)."""
    return (OCTAVES << (fineness - COARSER)) + 1


@inlined
def bin_of(income: float, fineness: int) -> np.int64:
    """Return the bin of an income per head; what lies beyond the outermost ones is in these, NaN in the first."""
    zero = np.int64((OCTAVES << (fineness - COARSER)) + 1)
    size = abs(income)
    bits = np.float64(size).view(np.int64) - _BITS_OF_LOWEST
    up = bits >> np.int64(_MANTISSA - fineness)
    down = bits >> np.int64(_MANTISSA - fineness + COARSER)
    up = min(up, np.int64((OCTAVES << fineness) - 1))
    down = min(down, np.int64((OCTAVES << (fineness - COARSER)) - 1))
    small = np.int64(0) if size < NOTHING else np.int64(1)
    above = zero + (small if size < _LOWEST else up + np.int64(2))
    below = zero - (small if size < _LOWEST else down + np.int64(2))
    return above if income >= 0.0 else below


def bin_edges(fineness: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the lowest and the highest float in each bin (H,), rising. Those of the zero bin count as 0."""
    up = _octave_edges(2**fineness)
    down = -_octave_edges(2 ** (fineness - COARSER))[::-1]
    low = np.concatenate([np.nextafter(down[:-1], 0.0), [np.nextafter(-_LOWEST, 0.0), 0.0, NOTHING], up[:-1]])
    high = np.concatenate([down[1:], [-NOTHING, 0.0, np.nextafter(_LOWEST, 0.0)], np.nextafter(up[1:], 0.0)])
    return low, high


def _octave_edges(number: int) -> NDArray[np.float64]:
    octaves = 2.0 ** np.arange(_LOWEST_EXPONENT, _LOWEST_EXPONENT + OCTAVES)
    edges = (octaves[:, None] * (1.0 + np.arange(number) / number)).ravel()
    return np.append(edges, 2.0 ** (_LOWEST_EXPONENT + OCTAVES))
