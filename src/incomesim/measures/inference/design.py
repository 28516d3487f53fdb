"""How the rows of a sample were drawn: strata, clusters, and how large a part of all clusters they are."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from incomesim.measures.domain import one_of
from incomesim.measures.kept import kept
from incomesim.measures.reading import same_rows

__all__ = [
    "SIMPLE",
    "BadDesign",
    "Design",
    "Layout",
    "Part",
    "SingleCluster",
    "degrees_of_freedom",
    "put_beside",
    "variance_of_total",
]

Reals = NDArray[np.float64]
Codes = NDArray[np.int64]
Places = NDArray[Any]  # whole numbers of any size


class BadDesign(ValueError):
    """The design does not fit the rows, or tells nothing of the variance; the message says why."""


class SingleCluster(Enum):
    """What a stratum with one cluster, which shows no variation of its own, adds to the variance."""

    FAIL = "fail"  # an error: unite it with a stratum that is like it
    CERTAINTY = "certainty"  # nothing: it was not drawn but taken
    GRAND_MEAN = "grand mean"  # its distance from the mean of all clusters: rather too much


@dataclass(frozen=True, eq=False)
class Design:
    """The design of a sample, by row; without arrays a simple one, where every row was drawn for itself.

    `strata` and `clusters` (n,) are labels of any kind. Clusters (of the first stage: counties, villages, or
    the household where rows are persons) are told apart within their stratum only. `fpc` (n,) is the share
    of all clusters of the stratum that were drawn; without it clusters count as drawn with replacement, which for
    small shares is the same and otherwise on the safe side. Whatever was drawn within clusters needs not be
    said: their totals vary enough ("ultimate clusters", Hansen, Hurwitz & Madow 1953).
    """

    strata: ArrayLike | None = None
    clusters: ArrayLike | None = None
    fpc: ArrayLike | None = None
    single: SingleCluster = SingleCluster.FAIL

    def __post_init__(self) -> None:
        one_of(SingleCluster, "single", self.single)
        same_rows(strata=self.strata, clusters=self.clusters, fpc=self.fpc)

    def check_rows(self, rows: int) -> None:
        """Raise BadDesign where the design is not of so many rows."""
        if self.layout is not None and len(self.layout.cluster) != rows:
            raise BadDesign(f"the design has {len(self.layout.cluster)} rows, the incomes have {rows}")

    @kept
    def layout(self) -> Layout | None:
        """Strata and clusters as numbers; None for a simple design. Raises BadDesign where they do not fit."""
        given = [np.asarray(values) for values in (self.strata, self.clusters, self.fpc) if values is not None]
        if not given:
            return None
        shapes = {values.shape for values in given}
        if len(shapes) > 1 or given[0].ndim != 1:
            raise BadDesign(f"strata, clusters and fpc have shapes {shapes}, expected one entry for each row")
        rows = len(given[0])
        stratum = _codes("strata", self.strata, rows)
        within = np.arange(rows) if self.clusters is None else _codes("clusters", self.clusters, rows)
        cluster, first = _numbered(stratum * (within.max(initial=0) + 1) + within)
        return Layout(cluster, stratum[first], self._drawn(stratum))

    def _drawn(self, stratum: Codes) -> Reals:
        number = int(stratum.max(initial=-1)) + 1
        drawn = np.zeros(number)
        if self.fpc is not None:
            given = np.asarray(self.fpc, np.float64)
            drawn[stratum] = given
            if not (drawn[stratum] == given).all() or not ((drawn > 0.0) & (drawn <= 1.0)).all():
                raise BadDesign(
                    "fpc must be one share for all rows of a stratum, above 0 and up to 1: the clusters drawn "
                    f"over all clusters there; found {given.min():g} to {given.max():g}"
                )
        return drawn


def put_beside(design: Design, **columns: object) -> None:
    """Raise UndefinedMeasure where columns and the design are of pandas tables with different indexes.

    Raises TypeError where the design is none.
    """
    if not isinstance(design, Design):
        raise TypeError(f"found the design {type(design).__name__}, expected Design(strata=..., clusters=...)")
    same_rows(**columns, strata=design.strata, clusters=design.clusters, fpc=design.fpc)


@dataclass(frozen=True, eq=False)
class Layout:
    """The cluster (n,) of each row, the stratum of each cluster, the share drawn in each stratum, as numbers from 0."""

    cluster: Codes
    stratum: Codes
    drawn: Reals

    @kept
    def clusters_in(self) -> Codes:
        """Number of clusters in each stratum."""
        return np.bincount(self.stratum, minlength=len(self.drawn))


class Part(NamedTuple):
    """Some rows (k,), of so many in all."""

    rows: Places
    size: int


SIMPLE = Design()


def variance_of_total(values: Reals, design: Design = SIMPLE, part: Part | None = None) -> float:
    """Return the variance of the sum of values (k,) that belong to rows, weight times influence for a measure.

    Without `part` to all of them, in their order. Within each stratum n / (n - 1) times the sum of squared
    deviations of the totals of its n clusters, less the share drawn. Raises BadDesign where the design has other
    rows, or a stratum shows no variation.
    """
    size, layout = (len(values) if part is None else part.size), design.layout
    if layout is None:
        if size < 2:
            raise BadDesign(f"found {size} row, expected two or more: one shows no variation")
        centre = values.sum() / size
        squares = ((values - centre) ** 2).sum() + (size - len(values)) * centre * centre
        return float(squares) * size / (size - 1)
    design.check_rows(size)
    cluster, stratum = _numbered_clusters(layout, part)
    totals: Reals = np.bincount(cluster, values, minlength=len(stratum)).astype(np.float64)
    return _between_clusters(totals, stratum, layout, design.single)


def degrees_of_freedom(rows: Places, design: Design = SIMPLE) -> int:
    """Return the number of clusters less that of strata, of those that rows (k,) with a weight above 0 are in."""
    layout = design.layout
    if layout is None:
        return len(rows) - 1
    cluster, stratum = _numbered_clusters(layout, Part(rows, len(layout.cluster)))
    there = stratum[np.bincount(cluster, minlength=len(stratum)) > 0]
    return len(there) - int(np.count_nonzero(np.bincount(there)))


def _between_clusters(totals: Reals, stratum: Codes, layout: Layout, treatment: SingleCluster) -> float:
    """The variance from the totals of some clusters; those of all others are 0."""
    number, strata = layout.clusters_in, len(layout.drawn)
    centre: Reals = np.bincount(stratum, totals, minlength=strata) / number
    single = (number == 1) & (layout.drawn < 1.0)
    if single.any():
        centre = _centre_singles(treatment, centre, single, float(totals.sum()) / len(layout.stratum))
    squares = np.bincount(stratum, (totals - centre[stratum]) ** 2, minlength=strata)
    others = (number - np.bincount(stratum, minlength=strata)) * centre * centre
    factor = (1.0 - layout.drawn) * number / np.maximum(number - 1, 1)
    return float((factor * (squares + others)).sum())


def _centre_singles(treatment: SingleCluster, centre: Reals, single: NDArray[np.bool_], grand_mean: float) -> Reals:
    if treatment is SingleCluster.FAIL:
        raise BadDesign(
            f"{np.count_nonzero(single)} of {len(single)} strata have one cluster and show no variation; unite them "
            "with others like them, or say what they add: Design(..., single=SingleCluster.CERTAINTY or GRAND_MEAN)"
        )
    return np.where(single, grand_mean, centre) if treatment is SingleCluster.GRAND_MEAN else centre


def _numbered_clusters(layout: Layout, part: Part | None) -> tuple[Codes, Codes]:
    """The cluster of each row of a part as a number, and the stratum of each cluster: of those there where few are."""
    cluster = layout.cluster if part is None else layout.cluster[part.rows]
    if 4 * len(cluster) >= len(layout.stratum):
        return cluster, layout.stratum
    codes, there = pd.factorize(cluster)
    return codes, layout.stratum[there]


def _codes(what: str, labels: ArrayLike | None, rows: int) -> Codes:
    if labels is None:
        return np.zeros(rows, np.int64)
    codes = pd.factorize(np.asarray(labels))[0]
    if len(codes) and codes.min() < 0:
        raise BadDesign(f"{np.count_nonzero(codes < 0)} rows have no label in {what}")
    return codes.astype(np.int64)


def _numbered(keys: Codes) -> tuple[Codes, Codes]:
    """Return keys as numbers from 0 in the order in which they come, and the row where each comes first."""
    codes, levels = pd.factorize(keys)
    first = np.zeros(len(levels), np.int64)
    first[codes[::-1]] = np.arange(len(keys))[::-1]
    return codes.astype(np.int64), first
