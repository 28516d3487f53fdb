"""The few numbers one looks at first."""

from __future__ import annotations

from dataclasses import dataclass

from incomesim.report.definitions import Definition, define
from incomesim.report.quantities import DASH, Written
from incomesim.report.summary_lookup import SummaryLookup
from incomesim.result import Result

__all__ = ["KeyFigure", "key_figures"]

_BEFORE_LINES = (
    "mean", "median", "gini", "urban_rural_ratio", "region_max_min", "s80_s20",
)  # fmt: skip
_AFTER_LINES = ("fgt0_median_50", "middle_nbs", "middle_zhejiang", "middle_oecd")
_SMALLEST = 1e-12


@dataclass(frozen=True)
class KeyFigure:
    """One measure as texts: first year, last year with both scenarios, and what they differ by.

    `extended` is the last year of income with services in kind; a dash where there are none, and for measures that
    depend on lines, which are made for disposable income.

    `verdict` is better, worse or nothing, by the direction the plan wants; nothing too where the sign of the
    difference is not known: it is within its bound, or its limits of 95 % lie on either side of 0.
    """

    definition: Definition
    first: Written
    baseline: Written
    policy: Written
    difference: Written
    verdict: str
    extended: Written


def key_figures(result: Result, lookup: SummaryLookup) -> tuple[KeyFigure, ...]:
    """Return the main measures of everybody that the summary has."""
    wanted = (*_BEFORE_LINES, *(f"fgt0_{line}" for line in lookup.lines), *_AFTER_LINES)
    return tuple(_figure(define(name, result.labels), lookup) for name in wanted if name in lookup.measures)


def _figure(definition: Definition, lookup: SummaryLookup) -> KeyFigure:
    name = definition.measure
    last = (name, "difference", lookup.last)
    return KeyFigure(
        definition=definition,
        first=lookup.written(name, "baseline", lookup.first),
        baseline=lookup.written(name, "baseline", lookup.last),
        policy=lookup.written(name, "policy", lookup.last),
        difference=lookup.written(*last),
        verdict=_verdict(definition, lookup.value(*last)) if lookup.is_signed(*last) else "",
        extended=lookup.written(name, "extended", lookup.last) if name in _BEFORE_LINES else Written(DASH, ""),
    )


def _verdict(definition: Definition, difference: float) -> str:
    if definition.direction == "neither" or not abs(difference) > _SMALLEST:
        return ""
    return "better" if (difference < 0.0) == (definition.direction == "lower") else "worse"
