"""What calibration has met, and what it has done to the weights, as tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from incomesim.kernel.raking import Traits
from incomesim.population.known_total import KnownTotal

__all__ = ["THIN", "tabulate_cells", "tabulate_totals", "tabulate_weights"]

Reals = NDArray[np.float64]

THIN = 50.0
"""Effective rows; fewer are flagged. A convention: statistical offices flag estimates on some dozens of rows."""

_QUANTILES = {"min": 0.0, **{f"p{p}": p / 100.0 for p in (1, 5, 25, 50, 75, 95, 99)}, "max": 1.0}
_NEAR = 1e-3


def tabulate_totals(traits: Traits, totals: Sequence[KnownTotal], old: Reals, new: Reals) -> pd.DataFrame:
    """Return each total as it was wanted, and as the old and the new weights (N,) have it."""
    target = np.array([total.value for total in totals])
    table = _labels(totals)
    table["unit"] = [total.unit for total in totals]
    table["target"] = target
    for side, weight in (("before", old), ("after", new)):
        table[side] = np.bincount(traits.trait, _of_entries(weight, traits) * traits.value, len(totals))
    relative_to = np.where(target != 0.0, np.abs(target), np.nan)
    for side in ("before", "after"):
        table[f"relative_{side}"] = (table[side] - target) / relative_to
    return table


def tabulate_weights(old: Reals, new: Reals, bounds: tuple[float, float] | None) -> pd.DataFrame:
    """Return how old and new weights (N,) and their ratios are distributed, one row for each statistic."""
    rows = [*_describe("before", old), *_describe("after", new)]
    ratio = new / old
    rows += _quantiles("ratio", ratio)
    if bounds is not None:
        near = _NEAR * (bounds[1] - bounds[0])
        rows.append(("ratio", "at_lower_bound", float(np.mean(ratio < bounds[0] + near))))
        rows.append(("ratio", "at_upper_bound", float(np.mean(ratio > bounds[1] - near))))
    return pd.DataFrame(rows, columns=["of", "statistic", "value"])


def tabulate_cells(traits: Traits, totals: Sequence[KnownTotal], old: Reals, new: Reals) -> pd.DataFrame:
    """Return the rows behind each total, and the ratios of their weights, the thinnest first."""
    weight = _of_entries(new, traits)
    ratio = weight / _of_entries(old, traits)
    least, largest = np.full(len(totals), np.inf), np.full(len(totals), -np.inf)
    np.minimum.at(least, traits.trait, ratio)
    np.maximum.at(largest, traits.trait, ratio)
    table = _labels(totals)
    table["rows"] = np.bincount(traits.trait, minlength=len(totals))
    sums = np.bincount(traits.trait, weight, len(totals))
    table["effective_sample_size"] = sums**2 / np.bincount(traits.trait, weight**2, len(totals))
    table["smallest_ratio"], table["largest_ratio"] = least, largest
    table["thin"] = table["effective_sample_size"] < THIN
    return table.sort_values("effective_sample_size", kind="stable", ignore_index=True)


def _labels(totals: Sequence[KnownTotal]) -> pd.DataFrame:
    return pd.DataFrame({"name": [t.margin for t in totals], "category": [t.category for t in totals]})


def _of_entries(weight: Reals, traits: Traits) -> Reals:
    return np.repeat(weight, np.diff(traits.start))


def _describe(of: str, weight: Reals) -> Iterator[tuple[str, str, float]]:
    yield from _quantiles(of, weight)
    effective = float(weight.sum() ** 2 / (weight @ weight))
    yield of, "effective_sample_size", effective
    yield of, "design_effect", len(weight) / effective
    yield of, "below_zero", float(np.mean(weight < 0.0))


def _quantiles(of: str, values: Reals) -> Iterator[tuple[str, str, float]]:
    for name, value in zip(_QUANTILES, np.quantile(values, list(_QUANTILES.values())), strict=True):
        yield of, name, float(value)
