"""How far forecasts are from what was published, by year."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from incomesim.forecasts import FORECASTS, Hindcast
from incomesim.report.charts.chart import Chart, Picture
from incomesim.report.charts.line_ends import LineEnd, write_line_ends
from incomesim.report.fonts import Fonts
from incomesim.report.style import INK, SERIES

__all__ = ["HINDCAST"]

_NAMES: Mapping[str, str] = {
    "model": "model",
    "model_from_first_year": "from 1st year",
    "no_change_in_shape": "same shape",
    "scaled_by_mean": "scaled by mean",
}
_LOOKS: Mapping[str, Mapping[str, Any]] = {
    "model": {"color": SERIES[1], "linewidth": 1.8},
    "model_from_first_year": {"color": SERIES[3], "linewidth": 1.8},
    "no_change_in_shape": {"color": SERIES[2], "linewidth": 1.2, "linestyle": (0, (4, 2))},
    "scaled_by_mean": {"color": SERIES[4], "linewidth": 1.2, "linestyle": (0, (1, 1.5))},
}


def _read(hindcast: Hindcast) -> Picture:
    rows = []
    for row in hindcast.table.to_dict("records"):
        name = str(row["measure"]).replace("_", " ")
        part = f" {row['part']}" if row["part"] else ""
        for forecast in FORECASTS:
            error = 100.0 * (row[forecast] / row["published"] - 1.0)
            rows.append((f"{name}{part}, {row['area']}", forecast, row["year"], error))
    data = pd.DataFrame(rows, columns=["panel", "series", "year", "error_percent"])
    return Picture(hindcast.verdict, data, panel_height=1.9)


def _draw(ax: Axes, rows: pd.DataFrame, fonts: Fonts, leftmost: bool) -> None:
    ends = []
    for series, look in _LOOKS.items():
        line = rows[rows["series"] == series]
        ax.plot(line["year"].to_numpy(), line["error_percent"].to_numpy(), **look)
        last = line.iloc[-1]
        ends.append(LineEnd(float(last["year"]), float(last["error_percent"]), _NAMES[series], str(look["color"])))
    first, last_year = int(rows["year"].min()), int(rows["year"].max())
    length = max(last_year - first, 1)
    ax.set_xlim(first - 0.06 * length, last_year + 0.85 * length)
    ax.set_xticks([first, last_year])
    ax.spines["bottom"].set_bounds(first, last_year)
    ax.axhline(0.0, color=INK, linewidth=0.8)
    ax.yaxis.set_major_locator(MaxNLocator(4))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:+g}".replace("-", "−") if value else "0"))
    if leftmost:
        ax.set_ylabel("error, %")
    ax.grid(axis="y")
    low, high = ax.get_ylim()
    ax.set_ylim(min(low, -0.5), max(high, 0.5))
    write_line_ends(ax, ends)


HINDCAST = Chart(
    name="hindcast",
    english="Forecasts beside what was published",
    chinese="回测误差",
    note="Relative error by year. The first year is built from its own tables.",
    read=_read,
    draw=_draw,
    columns=4,
    panel_width=2.9,
)
