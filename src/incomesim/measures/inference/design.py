"""How the rows of a sample were drawn: strata, clusters, and how large a part of all clusters they are."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

__all__ = ["SIMPLE", "BadDesign", "Design", "Layout", "SingleCluster", "degrees_of_freedom", "variance_of_total"]

Reals = NDArray[np.float64]
Codes = NDArray[np.int64]


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

    @cached_property
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


@dataclass(frozen=True, eq=False)
class Layout:
    """The cluster (n,) of each row, the stratum of each cluster, the share drawn in each stratum, as numbers from 0."""

    cluster: Codes
    stratum: Codes
    drawn: Reals

    @cached_property
    def clusters_in(self) -> Codes:
        """Number of clusters in each stratum."""
        return np.bincount(self.stratum, minlength=len(self.drawn))


SIMPLE = Design()


def variance_of_total(values: Reals, design: Design = SIMPLE) -> float:
    """Return the variance of the sum of values (n,) that belong to the rows, weight times influence for a measure.

    Within each stratum n / (n - 1) times the sum of squared deviations of the totals of its n clusters,
    less the share drawn. Raises BadDesign where the design has other rows, or a stratum shows no variation.
    """
    layout = design.layout
    if layout is None:
        if len(values) < 2:
            raise BadDesign(f"found {len(values)} row, expected two or more: one shows no variation")
        return _of_units(values, len(values))
    if layout.cluster.shape != values.shape:
        raise BadDesign(f"the design has {len(layout.cluster)} rows, the incomes have {len(values)}")
    totals: Reals = np.bincount(layout.cluster, values, minlength=len(layout.stratum)).astype(np.float64)
    number = layout.clusters_in
    centre: Reals = np.bincount(layout.stratum, totals) / number
    single = (number == 1) & (layout.drawn < 1.0)
    if single.any():
        centre = _centre_singles(design.single, centre, single, totals)
    squares = np.bincount(layout.stratum, (totals - centre[layout.stratum]) ** 2)
    factor = (1.0 - layout.drawn) * number / np.maximum(number - 1, 1)
    return float((factor * squares).sum())


def degrees_of_freedom(weight: Reals, design: Design = SIMPLE) -> int:
    """Return the number of clusters less that of strata, of those with a row of weight above 0."""
    counted, layout = weight > 0.0, design.layout
    if layout is None:
        return int(np.count_nonzero(counted)) - 1
    clusters = np.bincount(layout.cluster, counted, minlength=len(layout.stratum)) > 0.0
    return int(np.count_nonzero(clusters)) - len(np.unique(layout.stratum[clusters]))


def _of_units(values: Reals, number: int) -> float:
    return float(((values - values.mean()) ** 2).sum()) * number / (number - 1)


def _centre_singles(treatment: SingleCluster, centre: Reals, single: NDArray[np.bool_], totals: Reals) -> Reals:
    if treatment is SingleCluster.FAIL:
        raise BadDesign(
            f"{np.count_nonzero(single)} of {len(single)} strata have one cluster and show no variation; unite them "
            "with others like them, or say what they add: Design(..., single=SingleCluster.CERTAINTY or GRAND_MEAN)"
        )
    return np.where(single, totals.mean(), centre) if treatment is SingleCluster.GRAND_MEAN else centre


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
