"""The totals nearest to the wanted ones that weights within limits can reach, by linear programming."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from incomesim.kernel.raking import Traits

__all__ = ["Nearest", "find_nearest"]

Reals = NDArray[np.float64]

_FREE = 20_000  # kinds of rows in the first linear programme
_MORE = 5_000  # and in each further one
_ROUNDS = 10
_PRECISION = 1e-9


@dataclass(frozen=True, eq=False)
class Nearest:
    """Totals (K,) that can be reached, their relative difference from the wanted ones, and the price of each.

    Totals with a price stand against those that are missed (Farkas' lemma): no weights within the limits raise the
    sum of price times total. `proven` tells whether all rows were looked at.
    """

    total: Reals
    difference: Reals
    price: Reals
    proven: bool


def find_nearest(
    weight: Reals, traits: Traits, wanted: Reals, limits: tuple[float, float], direction: Reals
) -> Nearest:
    """Return the reachable totals with the least sum of relative differences from those wanted (K,).

    Limits are those of new weights over the old ones; `direction` (K,) is a guess at the prices. Rows that count for
    the same are one. Of many kinds of rows, the weights of some only are free at first, the others at the limit that
    their price speaks for; those for which it speaks otherwise in the end become free (sifting; Bixby et al. 1992,
    Operations Research 40(5)).
    """
    scale = _scale(weight, traits, wanted)
    table, unit = _group(weight, traits, scale)
    goal, lower, upper = wanted / scale, limits[0] * unit, limits[1] * unit
    gain = table @ (direction * scale)
    at = np.where((gain > 0.0) & np.isfinite(upper), upper, lower)
    free = np.argsort(-gain if np.isinf(limits[1]) else np.abs(gain), kind="stable")[:_FREE]
    for _ in range(_ROUNDS):
        fixed = at.copy()
        fixed[free] = 0.0
        at[free], price = _solve(table[free], goal - table.T @ fixed, lower[free], upper[free])
        gain = table @ price
        against = np.where(at >= upper, -gain, gain)
        against[free] = 0.0
        found = np.flatnonzero(against > _PRECISION)
        if not len(found):
            break
        free = np.concatenate([free, found[np.argsort(-against[found], kind="stable")[:_MORE]]])
    reached = table.T @ at
    return Nearest(reached * scale, reached - goal, price, not len(found))


def _scale(weight: Reals, traits: Traits, wanted: Reals) -> Reals:
    """What differences are relative to: the wanted totals, or the old ones where they are larger (losses as gains)."""
    amount = np.repeat(weight, np.diff(traits.start)) * np.abs(traits.value)
    return np.maximum(np.abs(wanted), np.bincount(traits.trait, amount, len(wanted)))


def _group(weight: Reals, traits: Traits, scale: Reals) -> tuple[Any, Reals]:
    """Kinds of rows as a sparse table (G, K), largest entry 1, and how much of it their old weights are (G,).

    Rows are the same where two random sums of their traits are.
    """
    from scipy.sparse import csr_array, diags_array

    table = csr_array((traits.value / scale[traits.trait], traits.trait, traits.start), (len(weight), len(scale)))
    mark = table @ np.random.default_rng(0).normal(size=(len(scale), 2))
    _, first, kind = np.unique(mark[:, 0] + 1j * mark[:, 1], return_index=True, return_inverse=True)
    kinds = table[first]
    largest = np.maximum(abs(kinds).max(axis=1).toarray().ravel(), np.finfo(float).tiny)
    return (diags_array(1.0 / largest) @ kinds).tocsr(), np.bincount(kind, weight) * largest


def _solve(table: Any, goal: Reals, lower: Reals, upper: Reals) -> tuple[Reals, Reals]:
    """Amounts of the kinds of rows by which the sum of differences from the goal is least, and prices of the totals."""
    from scipy.optimize import linprog
    from scipy.sparse import eye_array, hstack

    kinds, number = table.shape
    result = linprog(
        np.concatenate([np.zeros(kinds), np.ones(2 * number)]),
        A_eq=hstack([table.T, eye_array(number), -eye_array(number)]).tocsc(),
        b_eq=goal,
        bounds=np.column_stack([np.append(lower, np.zeros(2 * number)), np.append(upper, np.full(2 * number, np.inf))]),
        method="highs",
        options={"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10},
    )
    if result.x is None:
        raise ArithmeticError(f"the linear programme of reachable totals was not solved: {result.message}")
    return result.x[:kinds], result.eqlin.marginals
