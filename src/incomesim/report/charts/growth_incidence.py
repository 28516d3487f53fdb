"""Growth incidence: who gains how much, from the poorest to the richest."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from incomesim.report.charts.chart import Chart, Picture
from incomesim.report.charts.line_ends import LineEnd, write_line_ends
from incomesim.report.fonts import Fonts
from incomesim.report.style import FAINT, INK, SERIES
from incomesim.result import Result

__all__ = ["GROWTH_INCIDENCE", "mean_between"]

_COLUMNS = ["panel", "series", "percentile", "relative_difference"]


def _read(result: Result) -> Picture:
    table = result.curves
    table = table[(table["curve"] == "growth_incidence") & table["by"].isin(["all", "residence"])]
    if table.empty:
        return Picture("Growth incidence", pd.DataFrame(columns=_COLUMNS))
    last = int(table["year"].max())
    first = int(result.summary["year"].min())
    table = table[table["year"] == last].sort_values("p", kind="stable")
    parts = [
        _part(table[table["scenario"] == "policy"], f"Policy against baseline, {last}"),
        _part(table[table["scenario"] == "baseline"], f"Baseline, {last} against {first}"),
    ]
    data = pd.concat([part for part in parts if not part.empty], ignore_index=True)
    return Picture(_finding(table, last), data, panel_height=3.4)


def _part(table: pd.DataFrame, panel: str) -> pd.DataFrame:
    ordered = table.sort_values("by", kind="stable")
    return pd.DataFrame(
        {
            "panel": panel,
            "series": ordered["subgroup"].to_numpy(),
            "percentile": ordered["p"].to_numpy(dtype=float),
            "relative_difference": ordered["value"].to_numpy(dtype=float),
        }
    )


def _finding(table: pd.DataFrame, last: int) -> str:
    policy = table[(table["scenario"] == "policy") & (table["by"] == "all")]
    poor, rich = mean_between(policy, 0.0, 0.1), mean_between(policy, 0.9, 1.0)
    return f"Incomes in {last}, policy against baseline: poorest tenth {_percent(poor)}, richest tenth {_percent(rich)}"


def mean_between(curve: pd.DataFrame, low: float, high: float) -> float:
    """Return the plain mean of a curve's values with low < p <= high (relative difference)."""
    return float(curve.loc[(curve["p"] > low) & (curve["p"] <= high), "value"].mean())


def _percent(value: float) -> str:
    return f"{100.0 * value:+.1f}\u00a0%".replace("-", "−") if value == value else "–"


def _draw(ax: Axes, rows: pd.DataFrame, fonts: Fonts, leftmost: bool) -> None:
    ends = []
    for place, (series, line) in enumerate(rows.groupby("series", sort=False)):
        colour = SERIES[place % len(SERIES)]
        x, y = line["percentile"].to_numpy(), line["relative_difference"].to_numpy()
        ax.plot(x, y, color=colour, linewidth=1.9 if place == 0 else 1.2)
        name = fonts.legible(str(series).replace("_", " "))
        ends.append(LineEnd(float(x[-1]), float(y[-1]), name, colour, fonts.look(name)))
    ax.axhline(0.0, color=INK, linewidth=0.8, zorder=1.5)
    ax.set_xlim(0.0, 1.16)
    ax.set_xticks([0.0, 0.2, 0.4, 0.6, 0.8, 1.0])
    ax.spines["bottom"].set_bounds(0.0, 1.0)
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{100.0 * value:.0f}"))
    ax.yaxis.set_major_formatter(
        FuncFormatter(lambda value, _: f"{100.0 * value:+g}".replace("-", "−") if value else "0")
    )
    ax.set_xlabel("percentile of persons, from poor to rich")
    ax.set_ylabel("difference of income per head, %")
    ax.grid(axis="y", color=FAINT)
    write_line_ends(ax, ends)


GROWTH_INCIDENCE = Chart(
    name="growth_incidence",
    english="Growth incidence",
    chinese="增长发生曲线",
    note="Incomes at the same percentile are compared, not the same households. A curve that falls to the right means "
    "that the poor gain most in relative terms. The lowest percentiles start from very little, so their relative gains "
    "are large and uncertain. Tenths: plain mean over their percentiles.",
    read=_read,
    draw=_draw,
    columns=2,
    panel_width=4.2,
)
