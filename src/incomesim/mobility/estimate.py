"""estimate_mobility(panel) -> MobilityFit: the mobility process of a user's panel of households."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from incomesim.errors import InvalidInput, Problem
from incomesim.mobility.minimum_distance import PARAMETERS, Fitted, FitTest, fit_process, implied
from incomesim.mobility.moments import Moments, autocovariances
from incomesim.mobility.panel import Panel, read_panel
from incomesim.scenario.model import Process

__all__ = ["MobilityFit", "ProcessFit", "estimate_mobility"]

FEWEST_YEARS, FEWEST_LAGS = 4, 3
"""Three parameters need three lags, which need four years."""

FEWEST_HOUSEHOLDS = 30
"""Households that a moment needs to be used; an assumption: with fewer its standard error means little."""

FEWEST_IN_POOL = 10
"""Households that are ranked together at least; an assumption: among fewer a normal rank means little."""


@dataclass(frozen=True, eq=False)
class ProcessFit:
    """The process of one group of households.

    `moments` has one row for each lag: pairs (of years of a household), households, observed autocovariance of normal
    ranks, standard_error, fitted, and used (whether enough households have it). `boundary` names the parameters at
    the end of their range; standard errors of the others then take these as given, and there is no `test`.
    """

    group: str
    years: tuple[int, ...]
    households: int
    rows: int
    fitted: Fitted
    moments: pd.DataFrame

    @property
    def process(self) -> Process:
        """The process as a scenario takes it."""
        persistence, fixed, _, transitory = map(float, self.fitted.value)
        return Process(persistence=persistence, fixed=fixed, transitory=transitory)

    @property
    def boundary(self) -> tuple[str, ...]:
        """Names of the parameters at the end of their range."""
        return self.fitted.boundary

    @property
    def test(self) -> FitTest | None:
        """Whether the moments differ from the process by more than chance."""
        return self.fitted.test

    @property
    def parameters(self) -> pd.DataFrame:
        """One row for each parameter: estimate and standard_error, missing for one at the end of its range."""
        return pd.DataFrame(
            {
                "parameter": PARAMETERS,
                "estimate": self.fitted.value,
                "standard_error": self.fitted.errors,
                "at_boundary": [name in self.boundary for name in PARAMETERS],
            }
        )


@dataclass(frozen=True, eq=False)
class MobilityFit:
    """The fits of all groups: those of the column `by`, or everybody where it is None."""

    by: str | None
    groups: tuple[ProcessFit, ...]

    @property
    def parameters(self) -> pd.DataFrame:
        """Estimates of all groups, one row for each parameter."""
        return _stack((fit.group, fit.parameters) for fit in self.groups)

    @property
    def moments(self) -> pd.DataFrame:
        """Moments of all groups, one row for each lag."""
        return _stack((fit.group, fit.moments) for fit in self.groups)


def _stack(parts: Iterator[tuple[str, pd.DataFrame]]) -> pd.DataFrame:
    tables = [table.assign(group=group)[["group", *table.columns]] for group, table in parts]
    return pd.concat(tables, ignore_index=True)


def estimate_mobility(panel: pd.DataFrame | str | os.PathLike[str], *, by: str | None = None) -> MobilityFit:
    """Return the mobility process of a panel, one for each value of the column `by`, such as residence.

    `panel` is a frame, or a CSV or Parquet file, with a row for each household and year and the columns household,
    year, income_per_head and, where there are some, weight (of all years on one scale) and cell. Households are
    ranked within their year, and within their cell where the panel has one, as the model ranks them; without it what
    lasts of the differences between cells counts as fixed. Years may be missing for a household, if that has nothing
    to do with its rank. Raises InvalidInput with everything that is wrong, and where the panel is too short.
    """
    panels = read_panel(panel, by)
    name = "panel" if isinstance(panel, pd.DataFrame) else str(panel)
    problems = [Problem(name, 0, 0, part.group, message) for part in panels for message in _check_pools(part)]
    if problems:
        raise InvalidInput(problems)
    moments = [autocovariances(part) for part in panels]
    problems = [
        Problem(name, 0, 0, part.group, message)
        for part, found in zip(panels, moments, strict=True)
        for message in _check_length(part, found)
    ]
    if problems:
        raise InvalidInput(problems)
    return MobilityFit(by, tuple(_fit(part, found) for part, found in zip(panels, moments, strict=True)))


def _check_pools(panel: Panel) -> Iterator[str]:
    """Yield what is wrong with those who are ranked together: the households of a year, or of its cells."""
    sizes = np.bincount(panel.pool)
    low, high = np.full(len(sizes), np.inf), np.full(len(sizes), -np.inf)
    np.minimum.at(low, panel.pool, panel.income)
    np.maximum.at(high, panel.pool, panel.income)
    year = np.empty(len(sizes), np.int64)
    year[panel.pool] = panel.year
    few = np.flatnonzero(sizes < FEWEST_IN_POOL)
    if len(few):
        found = f"found {sizes[few[0]]} households to rank together in {year[few[0]]}{_more(few)}"
        yield f"{found}, expected at least {FEWEST_IN_POOL} in each year, and in each cell of a year"
    same = np.flatnonzero((low == high) & (sizes >= FEWEST_IN_POOL))
    if len(same):
        yield f"found one income only in {year[same[0]]}{_more(same)}, expected different ones that can be ranked"


def _more(pools: NDArray[np.int64]) -> str:
    return f", and {len(pools) - 1} times more" if len(pools) > 1 else ""


def _check_length(panel: Panel, moments: Moments) -> Iterator[str]:
    years = len(np.unique(panel.year))
    lags = int(np.count_nonzero(moments.households >= FEWEST_HOUSEHOLDS))
    if years < FEWEST_YEARS or lags < FEWEST_LAGS:
        yield (
            f"found {years} years and {lags} lags with {FEWEST_HOUSEHOLDS} households or more, expected at least "
            f"{FEWEST_YEARS} years and {FEWEST_LAGS} lags: fewer do not tell the fixed, the persistent and the "
            "transitory part from each other"
        )


def _fit(panel: Panel, moments: Moments) -> ProcessFit:
    used = moments.households >= FEWEST_HOUSEHOLDS
    covariance = moments.covariance
    fitted = fit_process(moments.lag[used], moments.value[used], covariance[np.ix_(used, used)], moments.weight[used])
    table = pd.DataFrame(
        {
            "lag": moments.lag,
            "pairs": moments.pairs,
            "households": moments.households,
            "observed": moments.value,
            "standard_error": np.sqrt(np.diag(covariance)),
            "fitted": implied(fitted.value, moments.lag),
            "used": used,
        }
    )
    years = tuple(map(int, np.unique(panel.year)))
    return ProcessFit(panel.group, years, len(moments.influence), len(panel.income), fitted, table)
