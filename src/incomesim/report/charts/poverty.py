"""Shares of persons below each line: the lines of the scenario, and those relative to the median."""

from __future__ import annotations

from collections.abc import Mapping

from incomesim.report.charts.by_year import draw_by_year, read_by_year
from incomesim.report.charts.chart import Chart, Picture
from incomesim.report.definitions import define
from incomesim.report.quantities import write_value
from incomesim.report.summary_lookup import SummaryLookup, look_up_summary
from incomesim.result import Result

__all__ = ["POVERTY"]


def _read(result: Result) -> Picture:
    lookup = look_up_summary(result)
    measures = [f"fgt0_{line}" for line in (*lookup.lines, *lookup.relative_lines)]
    if not measures:
        return Picture("No poverty lines", read_by_year(lookup, (), {}))
    return Picture(_finding(lookup, measures[0], result.labels), read_by_year(lookup, measures, result.labels))


def _finding(lookup: SummaryLookup, measure: str, labels: Mapping[str, str]) -> str:
    where = define(measure, labels).english
    baseline, policy = (
        write_value(lookup.value(measure, scenario, lookup.last), "share") for scenario in ("baseline", "policy")
    )
    return f"{where} in {lookup.last}: {policy} of persons with the package, {baseline} without"


POVERTY = Chart(
    name="poverty",
    english="Persons below each line",
    chinese="各贫困线以下人口占比",
    note="Fixed lines move with prices; lines relative to the median move with the median of the same year and "
    "scenario. Axes do not begin at zero.",
    read=_read,
    draw=draw_by_year,
)
