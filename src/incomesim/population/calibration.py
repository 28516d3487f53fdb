"""calibrate(weight, margins) -> Calibrated: weights that meet known totals, and what that has done to them."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from incomesim.errors import Unreachable, nearest_name
from incomesim.kernel.raking import EXPONENTIAL, LINEAR, LOGIT, Distance
from incomesim.population.calibration_report import tabulate_cells, tabulate_totals, tabulate_weights
from incomesim.population.margin import Finding, Margin, read_margins, read_weight, refuse
from incomesim.population.weights import fit_weights

__all__ = ["METHODS", "Calibrated", "calibrate"]

METHODS = {"raking": EXPONENTIAL, "linear": LINEAR, "logit": LOGIT}
"""Distances between old and new weights, cases 2, 1 and 6 of Deville & Sarndal (1992)."""


@dataclass(frozen=True, eq=False, repr=False)
class Calibrated:
    """New weights (N,), and the report of their calibration.

    `totals`: what was asked for, and what the old and the new weights come to; relative differences are missing where
    the target is 0. `weights`: how old weights, new ones and their ratio are distributed over rows; the effective
    sample size (sum of weights squared over sum of squares; Kish 1965) and the design effect, rows over that; shares
    of rows below 0 and within a thousandth of a bound. `cells`: for each total the rows that count for it, their
    effective sample size and the ratios of their weights, the thinnest first; `thin` where fewer than 50 effective
    rows stand behind it.
    """

    method: str
    bounds: tuple[float, float] | None
    weight: NDArray[np.float64]
    totals: pd.DataFrame
    weights: pd.DataFrame
    cells: pd.DataFrame

    def __repr__(self) -> str:
        facts = self.weights.set_index(["of", "statistic"])["value"]
        return (
            f"<Calibrated by {self.method}: {len(self.weight):,} rows to {len(self.totals)} totals, effective sample "
            f"size {facts['before', 'effective_sample_size']:,.0f} -> {facts['after', 'effective_sample_size']:,.0f}, "
            f"ratios {facts['ratio', 'min']:.3g} to {facts['ratio', 'max']:.3g}, "
            f"{int(self.cells['thin'].sum())} thin cells>"
        )


def calibrate(
    weight: ArrayLike,
    margins: Sequence[Margin],
    *,
    method: str = "raking",
    bounds: tuple[float, float] | None = None,
) -> Calibrated:
    """Return the weights nearest to `weight` (N,), all above 0, that meet the totals of all margins.

    Methods are distances between old and new weights (Deville & Sarndal 1992, JASA 87(418)): "raking", whose weights
    are above 0; "linear", the chi-square distance of the regression estimator, whose weights may be below 0, which
    gives a UserWarning; "logit", whose ratios of new to old weights are between the two `bounds`, one below 1 and one
    above. Raises InvalidInput with everything that is wrong with the input, and Unreachable, an InvalidInput too,
    with the totals that contradict each other or that no weights of this kind meet.
    """
    old, findings = read_weight(weight)
    traits, totals, more = read_margins(margins, len(old))
    refuse([*findings, *more, *_check_method(method, bounds)])
    lower, upper = bounds or (0.0, np.inf)
    try:
        new = fit_weights(old, traits, totals, Distance(METHODS[method], float(lower), float(upper))).weight
    except Unreachable as reason:
        raise Unreachable(*(problem.message for problem in reason.problems), file="calibrate", path="margins") from None
    below = int(np.count_nonzero(new < 0.0))
    if below:
        warnings.warn(
            f'{below:,} of {len(new):,} weights are below 0; method="raking" and "logit" keep them above',
            UserWarning,
            stacklevel=2,
        )
    return Calibrated(
        method=method,
        bounds=bounds,
        weight=new,
        totals=tabulate_totals(traits, totals, old, new),
        weights=tabulate_weights(old, new, bounds),
        cells=tabulate_cells(traits, totals, old, new),
    )


def _check_method(method: str, bounds: tuple[float, float] | None) -> Iterator[Finding]:
    if method not in METHODS:
        yield "method", f'found "{method}", expected one of {", ".join(METHODS)}{nearest_name(str(method), METHODS)}'
    if method == "logit" and bounds is None:
        yield "bounds", "missing; logit needs the least and the largest ratio of new to old weights, such as (0.5, 2)"
    if method in ("raking", "linear") and bounds is not None:
        yield "bounds", f'found {bounds}, expected none with method="{method}"; method="logit" has bounds'
    if bounds is not None and not (len(bounds) == 2 and 0.0 <= bounds[0] < 1.0 < bounds[1] < np.inf):
        yield "bounds", f"found {bounds}, expected a number from 0 to below 1 and a finite one above 1"
