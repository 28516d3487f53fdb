"""What a summary measures: one list, for the values and for their standard errors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from incomesim import measures
from incomesim.lines import Lines
from incomesim.tabulate.gap_slopes import max_min_slopes, ratio_slopes, theil_slopes, variation_slopes

__all__ = ["GAPS", "MEAN", "RATIO_OF_MEDIANS", "Gap", "OfMedian", "Wanted", "standard_table"]

Reals = NDArray[np.float64]

_RELATIVE_LINES = (0.4, 0.5, 0.6)


@dataclass(frozen=True)
class OfMedian:
    """So much of the median of everybody in the same year and scenario."""

    share: float


@dataclass(frozen=True)
class Wanted:
    """A measure of everybody and of every subgroup, with its parameters."""

    name: str
    unit: str
    measure: Callable[..., float]
    parameters: Mapping[str, float | OfMedian]


@dataclass(frozen=True)
class Gap:
    """A measure of the means and the persons (R,) of the subgroups of one way (`by`) to divide people.

    `slopes` are its derivatives by the means and by the persons, (R,) each. It has a meaning for two subgroups and
    more with means above 0.
    """

    name: str
    unit: str
    by: str
    measure: Callable[[Reals, Reals], float]
    slopes: Callable[[Reals, Reals], tuple[Reals, Reals]]


GAPS = (
    Gap("urban_rural_ratio", "ratio", "residence", lambda means, _: float(means[0] / means[1]), ratio_slopes),
    Gap("region_max_min", "ratio", "region", lambda means, _: measures.max_min_ratio(means), max_min_slopes),
    Gap("region_variation", "index", "region", measures.weighted_variation, variation_slopes),
    Gap("region_theil_between", "index", "region", measures.theil_between, theil_slopes),
)

MEAN = Wanted("mean", "yuan per head", measures.mean, {})

RATIO_OF_MEDIANS = ("urban_rural_ratio_median", "ratio")


def standard_table(lines: Lines) -> tuple[Wanted, ...]:
    """Return what is measured of everybody and of every subgroup in a year with these lines."""
    middles: Mapping[str, tuple[float | OfMedian, float | OfMedian]] = {
        "middle_nbs": lines.middle_nbs,
        "middle_zhejiang": lines.middle_zhejiang,
        "middle_oecd": (OfMedian(0.75), OfMedian(2.0)),
    }
    poverty: dict[str, float | OfMedian] = {
        **lines.poverty,
        **{f"median_{100.0 * share:.0f}": OfMedian(share) for share in _RELATIVE_LINES},
    }
    return (
        Wanted("median", "yuan per head", measures.median, {}),
        Wanted("gini", "index", measures.gini, {}),
        Wanted("theil", "index", measures.theil, {}),
        Wanted("mld", "index", measures.mld, {}),
        Wanted("hoover", "index", measures.hoover, {}),
        Wanted("wolfson", "index", measures.wolfson, {}),
        Wanted("palma", "ratio", measures.palma, {}),
        Wanted("p90_p10", "ratio", measures.quantile_ratio, {"upper": 0.9, "lower": 0.1}),
        Wanted("s80_s20", "ratio", measures.share_ratio, {"top": 0.2, "bottom": 0.2}),
        *(
            Wanted(name, "share", measures.share_between, {"lower": lower, "upper": upper})
            for name, (lower, upper) in middles.items()
        ),
        *(
            Wanted(f"fgt{order}_{name}", "index" if order else "share", measures.fgt, {"line": line, "order": order})
            for name, line in poverty.items()
            for order in (0, 1, 2)
        ),
        *(
            Wanted(f"{measure.__name__}_{name}", "index", measure, {"line": line})
            for name, line in lines.poverty.items()
            for measure in (measures.sst, measures.watts)
        ),
    )
