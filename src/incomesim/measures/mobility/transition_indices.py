"""How mobile people are, from a transition matrix: rows are groups of origin, columns groups of destination."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from incomesim.measures.ranked import UndefinedMeasure

__all__ = [
    "bartholomew",
    "determinant_mobility",
    "eigenvalue_mobility",
    "immobility_ratio",
    "prais_shorrocks",
    "shorrocks_determinant",
]

Reals = NDArray[np.float64]

_ROUNDED = 1e-4  # rows of published matrices add up to 1 but for this


def prais_shorrocks(matrix: ArrayLike) -> float:
    """Return (m - trace) / (m - 1) of a transition matrix (m, m): 0 where all stay, 1 for perfect mobility.

    Perfect mobility: all rows are equal, so the origin tells nothing; more where people tend to leave. At most
    m / (m - 1). Raises UndefinedMeasure unless rows are shares that add up to 1. Sources: Prais (1955), Journal of
    the Royal Statistical Society A 118(1); Shorrocks (1978), Econometrica 46(5).
    """
    shares = _transitions(matrix)
    return float((len(shares) - np.trace(shares)) / (len(shares) - 1))


def determinant_mobility(matrix: ArrayLike) -> float:
    """Return 1 - |determinant| of a transition matrix (m, m): 0 where all stay, 1 for perfect mobility.

    Raises UndefinedMeasure unless rows are shares that add up to 1. Source: Shorrocks (1978), Econometrica 46(5);
    `markov_mobility(measure="D")` of giddy.
    """
    return float(1.0 - abs(np.linalg.det(_transitions(matrix))))


def shorrocks_determinant(matrix: ArrayLike) -> float:
    """Return 1 - |determinant| ** (1 / (m - 1)) of a transition matrix (m, m): comparable between numbers of groups.

    0 where all stay, 1 for perfect mobility. Raises UndefinedMeasure unless rows are shares that add up to 1. Source:
    Shorrocks (1978), Econometrica 46(5).
    """
    shares = _transitions(matrix)
    return float(1.0 - abs(np.linalg.det(shares)) ** (1.0 / (len(shares) - 1)))


def eigenvalue_mobility(matrix: ArrayLike) -> float:
    """Return 1 - |second largest eigenvalue| of a transition matrix (m, m): 0 where all stay, 1 for perfect mobility.

    The eigenvalue is how fast the origin is forgotten. Raises UndefinedMeasure unless rows are shares that add up
    to 1. Sources: Theil (1972), Statistical Decomposition Analysis; Sommers & Conlisk (1979), Journal of
    Mathematical Sociology 6(2).
    """
    return float(1.0 - np.sort(np.abs(np.linalg.eigvals(_transitions(matrix))))[-2])


def bartholomew(matrix: ArrayLike, origin: ArrayLike | None = None) -> float:
    """Return Bartholomew's index of a transition matrix (m, m): the mean number of groups that people cross.

    Between 0 and m - 1. `origin` (m,) are the shares of people by group of origin, equal ones where left out. Raises
    UndefinedMeasure unless rows are shares that add up to 1. Source: Bartholomew (1967), Stochastic Models for Social
    Processes. (`B2` of giddy is this over m - 1.)
    """
    shares = _transitions(matrix)
    m = len(shares)
    start = np.full(m, 1.0 / m) if origin is None else np.asarray(origin, np.float64)
    if start.shape != (m,) or not (start >= 0.0).all() or not abs(start.sum() - 1.0) < _ROUNDED:
        raise UndefinedMeasure(f"shares of origin must be {m} numbers, not negative, that add up to 1")
    crossed = np.abs(np.arange(m)[:, None] - np.arange(m)[None, :])
    return float((start[:, None] * shares * crossed).sum())


def immobility_ratio(matrix: ArrayLike) -> float:
    """Return the mean share of people who stay in their group, trace / m of a transition matrix (m, m).

    1 where all stay, 1 / m for perfect mobility. Raises UndefinedMeasure unless rows are shares that add up to 1.
    """
    shares = _transitions(matrix)
    return float(np.trace(shares) / len(shares))


def _transitions(matrix: ArrayLike) -> Reals:
    shares = np.asarray(matrix, np.float64)
    if shares.ndim != 2 or shares.shape[0] != shares.shape[1] or len(shares) < 2:
        raise UndefinedMeasure(f"a transition matrix has shape (m, m) with m of at least 2; found {shares.shape}")
    if not (shares >= 0.0).all() or not (np.abs(shares.sum(axis=1) - 1.0) < _ROUNDED).all():
        raise UndefinedMeasure("rows of a transition matrix are shares, not negative, that add up to 1")
    return shares
