"""Income in kind: what services add to disposable income, and to its gaps."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from incomesim.report.definitions import Unit, define
from incomesim.report.quantities import Written, write_known, write_known_difference
from incomesim.report.summary_lookup import SummaryLookup, display_name
from incomesim.report.tables import Cell, Table
from incomesim.result import Result

__all__ = ["tabulate_extended", "tabulate_extended_groups"]

Known = tuple[float, float]  # value and bound
Place = tuple[str, str]  # by, subgroup

_SCENARIOS = ("baseline", "policy", "extended")
_BOTTOM = 0.4
_BOTTOM_SHARE = "bottom_40"
_MEASURES = ("mean", "gini", _BOTTOM_SHARE, "urban_rural_ratio", "region_max_min", "s80_s20")
_HEADINGS = {"region": "Regions", "residence": "Town and country", "group": "Groups"}


def tabulate_extended(result: Result, lookup: SummaryLookup) -> Table:
    """Return measures of everybody in the last year: without and with the package, and with services as income."""
    bottom = _bottom_shares(result, lookup)
    rows = tuple(
        (
            _name(measure, result.labels),
            *(_level(_read(lookup, bottom, measure, scenario), measure) for scenario in _SCENARIOS),
            _change(lookup, bottom, measure, "policy"),
            _change(lookup, bottom, measure, "baseline"),
        )
        for measure in _MEASURES
        if math.isfinite(_read(lookup, bottom, measure, "extended")[0])
    )
    headers = (
        "Everybody", "Disposable, baseline", "Disposable, policy", "Extended", "Services add",
        "Extended against the baseline",
    )  # fmt: skip
    return Table(f"Disposable and extended income, {lookup.last}", headers, frozenset(range(1, 6)), rows)


def tabulate_extended_groups(result: Result, lookup: SummaryLookup) -> Table:
    """Return what services add in every subgroup in the last year."""
    bottom = _bottom_shares(result, lookup)
    names = [_name(measure, result.labels) for measure in _MEASURES]
    headers = ("Subgroup", *(f"{name.text}, services add" for name in names))
    rows: list[tuple[Cell, ...]] = []
    for by, heading in _HEADINGS.items():
        rows.append((Cell(heading, tone="heading"), *(Cell("") for _ in headers[1:])))
        rows += [
            (
                Cell(display_name(name), result.labels.get(name, "")),
                *(_change(lookup, bottom, measure, "policy", (by, name)) for measure in _MEASURES),
            )
            for name in lookup.subgroups.get(by, ())
        ]
    caption = f"Extended income less disposable income with the policy, {lookup.last}"
    return Table(caption, headers, frozenset(range(1, len(headers))), tuple(rows))


def _bottom_shares(result: Result, lookup: SummaryLookup) -> Mapping[tuple[str, Place], Known]:
    """What the poorest 40 % have of income, by scenario and subgroup: a point of the Lorenz curves."""
    curves = result.curves
    here = (curves["curve"] == "lorenz") & (curves["year"] == lookup.last) & np.isclose(curves["p"], _BOTTOM)
    return {
        (str(row["scenario"]), (str(row["by"]), str(row["subgroup"]))): (float(row["value"]), float(row["bound"]))
        for row in curves[here].to_dict("records")
    }


def _read(
    lookup: SummaryLookup, bottom: Mapping[tuple[str, Place], Known], measure: str, scenario: str,
    place: Place = ("all", "all"),
) -> Known:  # fmt: skip
    if measure == _BOTTOM_SHARE:
        return bottom.get((scenario, place), (math.nan, math.nan))
    where = measure, scenario, lookup.last, *place
    return lookup.value(*where), lookup.bound(*where)


def _level(known: Known, measure: str) -> Cell:
    return _cell(write_known(*known, _unit(measure)))


def _change(
    lookup: SummaryLookup, bottom: Mapping[tuple[str, Place], Known], measure: str, against: str,
    place: Place = ("all", "all"),
) -> Cell:  # fmt: skip
    before, after = (_read(lookup, bottom, measure, scenario, place) for scenario in (against, "extended"))
    return _cell(write_known_difference(after[0] - before[0], after[1] + before[1], _unit(measure)))


def _cell(number: Written) -> Cell:
    return Cell(number.text, bound=number.bound)


def _unit(measure: str) -> Unit:
    return "share" if measure == _BOTTOM_SHARE else define(measure, {}).unit


def _name(measure: str, labels: Mapping[str, str]) -> Cell:
    if measure == _BOTTOM_SHARE:
        return Cell("Share of the poorest 40 % in income", "最低40%人口的收入份额", tone="head")
    definition = define(measure, labels)
    unit = ", yuan" if definition.unit == "yuan per head" else ""
    return Cell(f"{definition.english}{unit}", definition.chinese, tone="head")
