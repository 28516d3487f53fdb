"""The share of persons with a middle income, by three definitions."""

from __future__ import annotations

from incomesim.report.charts.by_year import draw_by_year, read_by_year
from incomesim.report.charts.chart import Chart, Picture
from incomesim.report.quantities import write_difference
from incomesim.report.summary_lookup import look_up_summary
from incomesim.result import Result

__all__ = ["MIDDLE"]

_MEASURES = {"middle_nbs": "NBS", "middle_zhejiang": "Zhejiang", "middle_oecd": "OECD"}


def _read(result: Result) -> Picture:
    lookup = look_up_summary(result)
    changes = ", ".join(
        f"{write_difference(lookup.value(measure, 'difference', lookup.last), 'share')}\u00a0({words})"
        for measure, words in _MEASURES.items()
    )
    finding = f"Middle-income share in {lookup.last}, policy against baseline: {changes}"
    return Picture(finding, read_by_year(lookup, _MEASURES, result.labels))


MIDDLE = Chart(
    name="middle",
    english="Middle-income share",
    chinese="中等收入群体占比",
    note="Three definitions that answer three questions: a fixed range of income (NBS), a higher one "
    "(Zhejiang), and a range around the median that moves with it (OECD). pp: percentage points. "
    "Axes do not begin at zero.",
    read=_read,
    draw=draw_by_year,
)
