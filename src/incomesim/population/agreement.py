"""Totals that follow from other totals: whether they agree with them.

Residents by region and residents by residence add up to the same. Where traits depend on each other, in every row,
weights that meet some totals have the others given, whatever the weights.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from incomesim.errors import Unreachable
from incomesim.population.known_total import KnownTotal, enumerate_briefly, percent

__all__ = ["find_independent"]

Reals = NDArray[np.float64]
Integers = NDArray[np.int64]

_DEPENDENT = 1e-10  # what a trait has beyond the others, of its own square; sums of a million rows round at 1e-13
_APART = 1e-8  # relative
_NEGLIGIBLE = 1e-6  # of the largest part in a relation


def find_independent(moments: Reals, totals: Sequence[KnownTotal]) -> Integers:
    """Return the numbers of totals none of which follows from the others, as many as there are.

    `moments` (K, K) are the weighted sums of products of the traits. By Cholesky factors with pivots (Higham 2002,
    Accuracy and Stability of Numerical Algorithms, section 10.3). Raises Unreachable with every relation between
    totals that does not hold.
    """
    from scipy.linalg import solve_triangular
    from scipy.linalg.lapack import dpstrf

    size = np.sqrt(np.diag(moments))
    factor, pivot, rank, _ = dpstrf(moments / np.outer(size, size), tol=_DEPENDENT)
    order = pivot - 1
    independent, dependent = order[:rank], order[rank:]
    parts = solve_triangular(factor[:rank, :rank], factor[:rank, rank:])  # (rank, K - rank)
    relation = np.zeros((len(dependent), len(totals)))
    relation[np.arange(len(dependent)), dependent] = 1.0
    relation[:, independent] = -(parts * size[dependent] / size[independent, None]).T
    reasons = [words for row in relation if (words := _say_contradiction(row, size, totals))]
    if reasons:
        raise Unreachable(*reasons)
    return np.sort(independent)


def _say_contradiction(relation: Reals, size: Reals, totals: Sequence[KnownTotal]) -> str:
    """Words for a relation (K,) of traits, which is 0 in every row, where it is not 0 of the totals; else nothing."""
    part = np.abs(relation) * size
    relation = np.where(part > _NEGLIGIBLE * part.max(), relation, 0.0)
    values = np.array([total.value for total in totals])
    left, right = (np.maximum(sign * relation, 0.0) for sign in (1.0, -1.0))
    found, other = float(left @ values), float(right @ values)
    gap, scale = abs(found - other), float(np.abs(relation) @ np.abs(values))
    if gap <= _APART * scale:
        return ""
    unit = totals[int(np.argmax(left))]
    if not right.any():
        return f"{_name(left, totals)} adds up to 0 in every row, but the totals come to {unit.show(found)}"
    apart = percent(gap / max(abs(found), abs(other)))
    return (
        f"{_name(left, totals)} is the same as {_name(right, totals)} in every row, but the totals come to "
        f"{unit.show(found)} and {unit.show(other)}: {apart} apart"
    )


def _name(side: Reals, totals: Sequence[KnownTotal]) -> str:
    """A sum of traits (K,), margins as a whole where all their categories are in it."""
    margins: dict[str, list[int]] = {}
    for number, total in enumerate(totals):
        margins.setdefault(total.margin, []).append(number)
    return enumerate_briefly(_terms(side, margins, totals), " + ")


def _terms(side: Reals, margins: Mapping[str, Sequence[int]], totals: Sequence[KnownTotal]) -> Iterator[str]:
    for margin, numbers in margins.items():
        parts = side[numbers]
        if parts.all() and np.ptp(parts) < _NEGLIGIBLE * parts[0]:
            yield _times(parts[0]) + margin
        else:
            yield from (f"{_times(side[k])}{totals[k]}" for k in numbers if side[k])


def _times(factor: float) -> str:
    return "" if abs(factor - 1.0) < _NEGLIGIBLE else f"{factor:.6g} x "
