"""Whom the package reaches: change of mean income and of poverty by residence, region and group."""

from __future__ import annotations

import math

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from incomesim.report.charts.chart import Chart, Picture
from incomesim.report.charts.named_rows import name_rows, rows_height
from incomesim.report.fonts import Fonts
from incomesim.report.style import DIFFERENCE, INK, POLICY
from incomesim.report.summary_lookup import SummaryLookup, display_name, look_up_summary
from incomesim.result import Result

__all__ = ["GROUPS", "relative_gain"]

_HEADINGS = {"residence": "Town and country", "region": "Regions", "group": "Groups"}
_INCOME = "Mean income per head, change in %"
_COLUMNS = ["panel", "series", "heading", "subgroup", "name", "value"]


def relative_gain(lookup: SummaryLookup, by: str, subgroup: str) -> float:
    """Return the effect on mean income in the last year, relative to the baseline."""
    baseline = lookup.value("mean", "baseline", lookup.last, by, subgroup)
    difference = lookup.value("mean", "difference", lookup.last, by, subgroup)
    return difference / baseline if baseline else math.nan


def _read(result: Result) -> Picture:
    lookup = look_up_summary(result)
    line = lookup.lines[0] if lookup.lines else None
    poverty = f"Below {line}, change in pp".replace("_", " ") if line else ""
    rows = []
    for by, heading in _HEADINGS.items():
        for subgroup in lookup.subgroups.get(by, ()):
            name = f"{display_name(subgroup)}  {result.labels.get(subgroup, '')}".strip()
            rows.append((_INCOME, "income", heading, subgroup, name, 100.0 * relative_gain(lookup, by, subgroup)))
            if line:
                change = lookup.value(f"fgt0_{line}", "difference", lookup.last, by, subgroup)
                rows.append((poverty, "poverty", heading, subgroup, name, 100.0 * change))
    data = pd.DataFrame(rows, columns=_COLUMNS).dropna().sort_values("panel", kind="stable", ascending=False)
    height = rows_height(list(data[data["panel"] == _INCOME][["heading", "name"]].itertuples(index=False, name=None)))
    return Picture(_finding(data, lookup.last), data, panel_height=height)


def _finding(data: pd.DataFrame, last: int) -> str:
    gains = data[(data["panel"] == _INCOME) & (data["heading"] == _HEADINGS["group"])]
    if gains.empty:
        return f"Effect of the package by group in {last}"
    ordered = gains.sort_values("value", kind="stable")
    least, most = (_words(str(ordered["subgroup"].iloc[at]), float(ordered["value"].iloc[at])) for at in (0, -1))
    return f"Mean income in {last}, policy against baseline: most for {most}, least for {least}"


def _words(subgroup: str, change: float) -> str:
    return f"{subgroup.replace('_', ' ')} ({change:+.1f}\u00a0%)".replace("-", "−")


def _draw(ax: Axes, rows: pd.DataFrame, fonts: Fonts, leftmost: bool) -> None:
    colour = POLICY if rows["series"].iloc[0] == "income" else DIFFERENCE
    keys = list(rows[["heading", "name"]].itertuples(index=False, name=None))
    places = name_rows(ax, keys, fonts, {}, leftmost)
    heights = [places[key] for key in keys]
    values = rows["value"].to_numpy(dtype=float)
    ax.hlines(heights, 0.0, values, color=colour, linewidth=1.6)
    ax.plot(values, heights, linestyle="none", marker="o", markersize=4.5, color=colour)
    for value, height in zip(values, heights, strict=True):
        ax.annotate(
            f"{value:+.2f}".replace("-", "−"), (value, height), xytext=(6 if value >= 0 else -6, 0),
            textcoords="offset points", in_layout=False, va="center", fontsize=7.5,
            ha="left" if value >= 0 else "right",
        )  # fmt: skip
    low, high = min(0.0, float(values.min())), max(0.0, float(values.max()))
    room = 0.22 * (high - low) or 1.0
    ax.set_xlim(low - (room if low < 0 else 0.04 * room), high + (room if high > 0 else 0.04 * room))
    ax.axvline(0.0, color=INK, linewidth=0.8)
    ax.xaxis.set_major_locator(MaxNLocator(5))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:+.3g}".replace("-", "−") if value else "0"))


GROUPS = Chart(
    name="groups",
    english="Whom the package reaches",
    chinese="政策惠及的人群",
    note="Policy against baseline in the last year, same households and same luck. Households that the package moves "
    "to another group or to town change the make-up of both. pp: percentage points.",
    read=_read,
    draw=_draw,
    columns=2,
    panel_width=4.4,
)
