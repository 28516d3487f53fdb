"""Panels with years across and one measure up, baseline and policy: gaps, middle and poverty use them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from incomesim.report.charts.line_ends import LineEnd, write_line_ends
from incomesim.report.definitions import define
from incomesim.report.fonts import Fonts
from incomesim.report.quantities import write_value
from incomesim.report.style import BASELINE, POLICY
from incomesim.report.summary_lookup import SummaryLookup

__all__ = ["draw_by_year", "read_by_year"]

_LOOKS: Mapping[str, Mapping[str, Any]] = {
    "baseline": {"color": BASELINE, "linestyle": (0, (4, 2)), "marker": "o", "markersize": 3.0, "linewidth": 1.4},
    "policy": {"color": POLICY, "linestyle": "-", "marker": "o", "markersize": 3.5, "linewidth": 1.8},
}
_UNITS: Mapping[str, str] = {
    "share": "% of persons", "index": "index", "ratio": "ratio", "yuan per head": "yuan per head",
}  # fmt: skip
_SMALLEST_RANGE = 0.04
_SMALLEST_SHARES = 0.01


def read_by_year(lookup: SummaryLookup, measures: Iterable[str], labels: Mapping[str, str]) -> pd.DataFrame:
    """Return the measures of everybody in every year, both scenarios; one panel for each measure."""
    rows = [
        (definition.english, series, measure, year, value, definition.unit)
        for measure, definition in ((name, define(name, labels)) for name in measures)
        for series in _LOOKS
        for year in lookup.years
        if (value := lookup.value(measure, series, year)) == value
    ]
    return pd.DataFrame(rows, columns=["panel", "series", "measure", "year", "value", "unit"])


def draw_by_year(ax: Axes, rows: pd.DataFrame, fonts: Fonts, leftmost: bool) -> None:
    """Draw one measure: baseline dashed, policy solid, each named at its end."""
    unit = str(rows["unit"].iloc[0])
    ends = []
    for series, look in _LOOKS.items():
        line = rows[rows["series"] == series]
        if line.empty:
            continue
        ax.plot(line["year"].to_numpy(), line["value"].to_numpy(), **look)
        last = line.iloc[-1]
        text = f"{series} {write_value(float(last['value']), unit)}"
        ends.append(LineEnd(float(last["year"]), float(last["value"]), text, str(look["color"])))
    _set_years(ax, rows["year"])
    _set_values(ax, rows["value"], unit)
    write_line_ends(ax, ends)


def _set_years(ax: Axes, years: pd.Series[int]) -> None:
    first, last = int(years.min()), int(years.max())
    length = max(last - first, 1)
    ax.set_xlim(first - 0.06 * length, last + 0.7 * length)
    step = max(2, -(-length // 3))
    ax.set_xticks([*range(first, last - step + 1, step), last])
    ax.spines["bottom"].set_bounds(first, last)


def _set_values(ax: Axes, values: pd.Series[float], unit: str) -> None:
    """Leave room, so that a change in the last digit does not look like a landslide."""
    low, high = float(values.min()), float(values.max())
    least = _SMALLEST_SHARES if unit == "share" else _SMALLEST_RANGE * max(abs(high), 1e-9)
    missing = max(0.0, least - (high - low)) / 2.0
    room = 0.12 * max(high - low, least)
    bottom = low - missing - room
    ax.set_ylim(max(bottom, 0.0) if low >= 0.0 else bottom, high + missing + room)
    ax.yaxis.set_major_locator(MaxNLocator(4))
    if unit == "share":
        ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{100.0 * value:g}"))
    ax.set_ylabel(_UNITS.get(unit, unit))
    ax.grid(axis="y")
