"""The three gaps over the years: income, town and country, regions."""

from __future__ import annotations

from incomesim.report.charts.by_year import draw_by_year, read_by_year
from incomesim.report.charts.chart import Chart, Picture
from incomesim.report.quantities import write_difference
from incomesim.report.summary_lookup import look_up_summary
from incomesim.result import Result

__all__ = ["GAPS"]

_MEASURES = {
    "gini": ("Gini", "index"),
    "urban_rural_ratio": ("urban-rural ratio", "ratio"),
    "region_max_min": ("regional ratio", "ratio"),
}


def _read(result: Result) -> Picture:
    lookup = look_up_summary(result)
    changes = ", ".join(
        f"{words}\u00a0{write_difference(lookup.value(measure, 'difference', lookup.last), unit)}"
        for measure, (words, unit) in _MEASURES.items()
    )
    finding = f"Three gaps in {lookup.last}, policy against baseline: {changes}"
    return Picture(finding, read_by_year(lookup, _MEASURES, result.labels))


GAPS = Chart(
    name="gaps",
    english="Three gaps",
    chinese="三大差距",
    note="The lower, the narrower the gap. Axes do not begin at zero.",
    read=_read,
    draw=draw_by_year,
)
