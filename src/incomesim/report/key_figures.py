"""The few numbers one looks at first."""

from __future__ import annotations

from dataclasses import dataclass

from incomesim.report.definitions import Definition, define
from incomesim.report.quantities import write_difference, write_value
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

    `verdict` is better, worse or nothing, by the direction the plan wants.
    """

    definition: Definition
    first: str
    baseline: str
    policy: str
    difference: str
    verdict: str


def key_figures(result: Result, lookup: SummaryLookup) -> tuple[KeyFigure, ...]:
    """Return the main measures of everybody that the summary has."""
    wanted = (*_BEFORE_LINES, *(f"fgt0_{line}" for line in lookup.lines), *_AFTER_LINES)
    return tuple(_figure(define(name, result.labels), lookup) for name in wanted if name in lookup.measures)


def _figure(definition: Definition, lookup: SummaryLookup) -> KeyFigure:
    name, unit = definition.measure, definition.unit
    difference = lookup.value(name, "difference", lookup.last)
    return KeyFigure(
        definition=definition,
        first=write_value(lookup.value(name, "baseline", lookup.first), unit),
        baseline=write_value(lookup.value(name, "baseline", lookup.last), unit),
        policy=write_value(lookup.value(name, "policy", lookup.last), unit),
        difference=write_difference(difference, unit),
        verdict=_verdict(definition, difference),
    )


def _verdict(definition: Definition, difference: float) -> str:
    if definition.direction == "neither" or not abs(difference) > _SMALLEST:
        return ""
    return "better" if (difference < 0.0) == (definition.direction == "lower") else "worse"
