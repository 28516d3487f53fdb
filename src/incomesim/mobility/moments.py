"""How normal ranks go together over the years: autocovariances by lag, and how much each household bears on them."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from incomesim.mobility.panel import Panel
from incomesim.mobility.ranks import normal_ranks

__all__ = ["Moments", "autocovariances"]

Reals = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Moments:
    """Autocovariances of normal ranks at K lags, over all pairs of years that far apart.

    `pairs` counts pairs of years of a household, `households` those that have any, `weight` is the weight of all
    pairs. `influence` (households, K) adds up to 0 and gives the covariance of the moments.
    """

    lag: Integers
    pairs: Integers
    households: Integers
    weight: Reals
    value: Reals
    influence: Reals

    @property
    def covariance(self) -> Reals:
        """The covariance (K, K) of the moments, clustered by household."""
        clusters = len(self.influence)
        found: Reals = clusters / (clusters - 1.0) * self.influence.T @ self.influence
        return found


def autocovariances(panel: Panel) -> Moments:
    """Return the autocovariances of the panel at every lag at which it has pairs.

    A pair weighs the geometric mean of its two weights. The influence of a household is that of its own pairs, and
    that of its place in the ranks of all others: x y - r (x^2 + y^2) / 2 for a pair with ranks x and y where all are
    observed in all years (Klaassen & Wellner 1997, Bernoulli 3(1)). As there, the ranks are taken to be jointly normal.
    """
    table = _wide(panel)
    years = np.unique(panel.year)
    by_lag: dict[int, list[tuple[int, int]]] = {}
    for s, t in itertools.combinations(range(len(years)), 2):
        if (table.weight[:, s] * table.weight[:, t]).any():
            by_lag.setdefault(int(years[t] - years[s]), []).append((s, t))
    lags = sorted(by_lag)
    found = [_at_lag(table, by_lag[lag]) for lag in lags]
    pairs, households, weight, value, influence = zip(*found, strict=True) if found else ((),) * 5
    return Moments(
        np.array(lags, np.int64),
        np.array(pairs, np.int64),
        np.array(households, np.int64),
        np.array(weight),
        np.array(value),
        np.column_stack(influence) if found else np.empty((len(table.rank), 0)),
    )


@dataclass(frozen=True, eq=False)
class _Wide:
    """Households down, years across; where a household is not observed rank and weight are 0."""

    rank: Reals
    weight: Reals
    pool: Integers
    pool_weight: Reals  # by pool


def _wide(panel: Panel) -> _Wide:
    years, column = np.unique(panel.year, return_inverse=True)
    shape = (int(panel.household.max()) + 1, len(years))
    rank, weight, pool = np.zeros(shape), np.zeros(shape), np.zeros(shape, np.int64)
    pool_weight = np.bincount(panel.pool, panel.weight).astype(np.float64)
    place = (panel.household, column)
    rank[place] = normal_ranks(panel.income, panel.weight, panel.pool)
    weight[place] = panel.weight
    pool[place] = panel.pool
    return _Wide(rank, weight, pool, pool_weight)


def _at_lag(table: _Wide, pairs: list[tuple[int, int]]) -> tuple[int, int, float, float, Reals]:
    """Number of pairs, of households, weight of all, autocovariance and influence (households) at one lag."""
    number, products, weights = 0, np.zeros(len(table.rank)), np.zeros(len(table.rank))
    ends = np.zeros(len(table.pool_weight))  # weight of the pairs that begin or end in each pool
    for s, t in pairs:
        weight = np.sqrt(table.weight[:, s] * table.weight[:, t])
        number += int(np.count_nonzero(weight))
        products += weight * table.rank[:, s] * table.rank[:, t]
        weights += weight
        for year in (s, t):
            ends += np.bincount(table.pool[:, year], weight, len(ends))
    total = float(weights.sum())
    value = float(products.sum() / total)
    own = (products - value * weights) / total
    place = ((ends / table.pool_weight)[table.pool] * table.weight * (table.rank**2 - 1.0)).sum(axis=1)
    return number, int(np.count_nonzero(weights)), total, value, own - 0.5 * value / total * place
