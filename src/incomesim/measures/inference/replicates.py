"""Replicate weights: the samples that might have been drawn instead."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg import hadamard

from incomesim.measures.inference.design import SIMPLE, BadDesign, Design, Layout
from incomesim.measures.reading import numbers, same_rows

__all__ = [
    "Replicates",
    "balanced_replicates",
    "bootstrap_replicates",
    "given_replicates",
    "jackknife_replicates",
    "successive_difference_replicates",
]

Reals = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Replicates:
    """Replicates of a sample: in number k a row weighs `factors(k)[unit]` times what it does, `unit` (n,) its cluster.

    The variance of a measure is the sum over replicates of `coefficient` (number,) times its squared deviation.
    """

    unit: NDArray[np.int64]
    factors: Callable[[int], Reals]
    coefficient: Reals
    degrees_of_freedom: int

    @property
    def number(self) -> int:
        """Number of replicates."""
        return len(self.coefficient)

    def weight(self, k: int, weight: Reals) -> Reals:
        """Return the weights (n,) in replicate k of rows that weigh `weight` (n,)."""
        return weight * self.factors(k)[self.unit]


def jackknife_replicates(rows: int, design: Design = SIMPLE) -> Replicates:
    """Return replicates that leave out one cluster each: JK1 without strata, JKn with them.

    The others of its stratum weigh n / (n - 1) times as much; the coefficient is (n - 1) / n, less the share
    drawn. Not for quantiles, where it is wrong however large the sample (Miller 1974, Biometrika 61(1)). Raises
    BadDesign for a stratum with one cluster. Source: Rust & Rao (1996, Statistical Methods in Medical Research 5(3)).
    """
    layout = _layout(rows, design)
    number = layout.clusters_in[layout.stratum]

    def factors(k: int) -> Reals:
        kept = np.where(layout.stratum == layout.stratum[k], number / (number - 1.0), 1.0)
        kept[k] = 0.0
        return kept

    coefficient = (1.0 - layout.drawn[layout.stratum]) * (number - 1.0) / number
    return Replicates(layout.cluster, factors, coefficient, _freedom(layout))


def balanced_replicates(rows: int, design: Design, *, fay: float = 0.0) -> Replicates:
    """Return balanced half-samples (BRR) of a design with two clusters in every stratum.

    One cluster of each stratum weighs 2 - `fay` times as much, the other `fay`, by the signs of a Hadamard matrix;
    there are as many replicates as the first power of 2 above the number of strata, with coefficients
    1 / (number (1 - fay)^2). `fay` 0 is McCarthy's (1969) method; Fay's 0.3 or 0.5 loses nobody, which suits small
    parts of a population. Raises BadDesign for other designs. Source: Judkins (1990, Journal of Official
    Statistics 6(3)).
    """
    layout = _layout(rows, design)
    if (layout.clusters_in != 2).any() or layout.drawn.any():
        raise BadDesign(
            f"balanced half-samples need two clusters in every stratum and no fpc; found {layout.clusters_in.min()} to "
            f"{layout.clusters_in.max()} clusters; take jackknife_replicates or bootstrap_replicates"
        )
    if not 0.0 <= fay < 1.0:
        raise BadDesign(f"fay is {fay}, expected at least 0 and less than 1")
    signs = _signs(len(layout.clusters_in) + 1)
    first = np.zeros(len(layout.stratum), bool)
    first[np.unique(layout.stratum, return_index=True)[1]] = True

    def factors(k: int) -> Reals:
        return np.where((signs[k, layout.stratum + 1] > 0) == first, 2.0 - fay, fay)

    coefficient = np.full(len(signs), 1.0 / (len(signs) * (1.0 - fay) ** 2))
    return Replicates(layout.cluster, factors, coefficient, _freedom(layout))


def successive_difference_replicates(rows: int, design: Design = SIMPLE, *, number: int) -> Replicates:
    """Return replicates of successive differences (SDR) of a systematic sample, in the order of its rows.

    Of clusters that follow each other each has its own two signs a and b of a Hadamard matrix, the second of which is
    the first of the next, and weighs 1 + (a - b) / 2^1.5 times as much; coefficients are 4 / `number`, which must be
    a power of 2. Strata are what is near in the order, so the design may have none; the last counts as a neighbour
    of the first, so let the list end like it begins. Source: Fay & Train (1995, Proceedings of the Section on
    Government Statistics, American Statistical Association), for the American Community Survey. Raises BadDesign.
    """
    if number < 4 or number & (number - 1):
        raise BadDesign(f"number is {number}, expected a power of 2 from 4 up")
    layout = _layout(rows, design)
    if len(layout.drawn) > 1 or layout.drawn.any():
        raise BadDesign("successive differences take the order of rows for strata and fpc; leave these out")
    signs, clusters = _signs(number), len(layout.stratum)
    here = np.arange(clusters) % (number - 1) + 1
    following = np.append(here[1:], here[:1])

    def factors(k: int) -> Reals:
        factor: Reals = 1.0 + (signs[k, here] - signs[k, following]) / 2.0**1.5
        return factor

    return Replicates(layout.cluster, factors, np.full(number, 4.0 / number), min(clusters, number) - 1)


def bootstrap_replicates(rows: int, design: Design = SIMPLE, *, number: int, random: np.random.Generator) -> Replicates:
    """Return bootstrap replicates: in each stratum n - 1 of n clusters are drawn with replacement.

    A cluster weighs as often as it was drawn, times n / (n - 1); with a share f drawn its distance from 1 is
    sqrt(1 - f) times that. Coefficients are 1 / `number`; a few hundred are needed for a standard error. Raises
    BadDesign for a stratum with one cluster. Source: Rao & Wu (1988, Journal of the American Statistical
    Association 83(401)); Rao, Wu & Yue (1992, Survey Methodology 18(2)).
    """
    if number < 2:
        raise BadDesign(f"number is {number}, expected two replicates or more")
    layout = _layout(rows, design)
    size = layout.clusters_in
    by_stratum = np.argsort(layout.stratum, kind="stable")
    of_draw = np.repeat(np.arange(len(size)), size - 1)
    first, among = (np.cumsum(size) - size)[of_draw], size[of_draw]
    times = (size / (size - 1.0))[layout.stratum]
    reach = np.sqrt(1.0 - layout.drawn[layout.stratum])
    seeds = random.integers(2**63, size=number)

    def factors(k: int) -> Reals:
        picked = first + (np.random.default_rng(seeds[k]).random(len(first)) * among).astype(np.int64)
        drawn = np.bincount(by_stratum[picked], minlength=len(by_stratum))
        factor: Reals = 1.0 + reach * (times * drawn - 1.0)
        return factor

    return Replicates(layout.cluster, factors, np.full(number, 1.0 / number), _freedom(layout))


def given_replicates(
    weights: ArrayLike, weight: ArrayLike, *, coefficient: float | ArrayLike, degrees_of_freedom: int | None = None
) -> Replicates:
    """Return replicates whose `weights` (n, number) came with the data, beside the weight (n,) of the sample.

    The `coefficient`, one or one for each, is said by who made them: (R - 1) / R for JK1, (n - 1) / n of the stratum
    for JKn, 1 / R for BRR and most bootstraps, 1 / (R (1 - fay)^2) for Fay's, 4 / R for successive
    differences, with R replicates. Degrees of freedom are R - 1 unless said. Raises BadDesign.
    """
    same_rows(weights=weights, weight=weight)
    table, full = numbers("replicate weights", weights), numbers("weights", weight)
    if table.ndim != 2 or full.shape != table.shape[:1] or table.shape[1] < 2:
        raise BadDesign(f"replicate weights have shape {table.shape}, weights {full.shape}, expected (n, R) and (n,)")
    if not np.isfinite(table).all() or not np.isfinite(full).all() or full.min(initial=0.0) < 0.0:
        raise BadDesign("weights and replicate weights must be finite numbers, and weights not negative")
    if table[full == 0.0].any():
        raise BadDesign("a row of weight 0 has replicate weights that are not 0")
    number = table.shape[1]
    inverse = np.divide(1.0, full, out=np.zeros_like(full), where=full > 0.0)
    parts = np.broadcast_to(np.asarray(coefficient, np.float64), number)
    freedom = number - 1 if degrees_of_freedom is None else degrees_of_freedom
    return Replicates(np.arange(len(full)), lambda k: np.asarray(table[:, k] * inverse), parts, freedom)


def _layout(rows: int, design: Design) -> Layout:
    """Strata and clusters, of a simple design too, with two or more clusters in each stratum."""
    layout = design.layout
    if layout is None:
        layout = Layout(np.arange(rows), np.zeros(rows, np.int64), np.zeros(1))
    if len(layout.cluster) != rows:
        raise BadDesign(f"the design has {len(layout.cluster)} rows, found {rows} rows")
    if (layout.clusters_in < 2).any():
        raise BadDesign(
            f"{np.count_nonzero(layout.clusters_in < 2)} strata have one cluster, which cannot be replicated; "
            "unite them with others like them"
        )
    return layout


def _freedom(layout: Layout) -> int:
    return len(layout.stratum) - len(layout.drawn)


def _signs(columns: int) -> Reals:
    """A Hadamard matrix with as many columns or more; the first is all 1."""
    return np.asarray(hadamard(1 << max(columns - 1, 1).bit_length()), np.float64)
