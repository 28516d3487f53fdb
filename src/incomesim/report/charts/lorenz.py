"""Lorenz curves, and, because they lie so close together, the differences between them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from incomesim.report.charts.chart import Chart, Picture
from incomesim.report.fonts import Fonts
from incomesim.report.quantities import write_value
from incomesim.report.style import BASELINE, FAINT, INK, MUTED, POLICY
from incomesim.result import Result

__all__ = ["LORENZ"]

_CURVES = "Lorenz curves"
_DIFFERENCES = "Differences between the curves"
_COLUMNS = ["panel", "series", "share_of_persons", "share_of_income"]
_LOOKS: Mapping[str, Mapping[str, Any]] = {
    "equality": {"color": MUTED, "linewidth": 0.9, "linestyle": (0, (1, 2))},
    "first": {"color": "#b5651d", "linewidth": 1.2, "linestyle": (0, (1, 1))},
    "baseline": {"color": BASELINE, "linewidth": 1.4, "linestyle": (0, (4, 2))},
    "policy": {"color": POLICY, "linewidth": 1.8, "linestyle": "-"},
    "years": {"color": BASELINE, "linewidth": 1.4, "linestyle": (0, (4, 2))},
    "effect": {"color": POLICY, "linewidth": 1.8, "linestyle": "-"},
}


def _read(result: Result) -> Picture:
    table = result.curves
    table = table[(table["curve"] == "lorenz") & (table["by"] == "all")]
    if table.empty:
        return Picture("Lorenz curves", pd.DataFrame(columns=[*_COLUMNS, "look"]))
    first, last = int(table["year"].min()), int(table["year"].max())
    curves = {
        "baseline": _curve(table, "baseline", last),
        "policy": _curve(table, "policy", last),
    }
    if first < last:
        curves["first"] = _curve(table, "baseline", first)
    rows = pd.concat(_rows(curves, first, last), ignore_index=True)
    half = {name: write_value(_at(curve, 0.5), "share") for name, curve in curves.items()}
    finding = (
        f"In {last} the poorer half of persons has {half['policy']} of income with the package, "
        f"{half['baseline']} without"
    )
    return Picture(finding, rows, panel_height=3.6)


def _rows(curves: dict[str, pd.Series[float]], first: int, last: int) -> list[pd.DataFrame]:
    equal = pd.Series([0.0, 1.0], index=pd.Index([0.0, 1.0]))
    rows = [_part(_CURVES, "equality", equal, "equality")]
    if "first" in curves:
        rows.append(_part(_CURVES, f"baseline {first}", curves["first"], "first"))
    rows.append(_part(_CURVES, f"baseline {last}", curves["baseline"], "baseline"))
    rows.append(_part(_CURVES, f"policy {last}", curves["policy"], "policy"))
    if "first" in curves:
        change = (curves["baseline"] - curves["first"]).dropna()
        rows.append(_part(_DIFFERENCES, f"baseline: {last} minus {first}", change, "years"))
    effect = (curves["policy"] - curves["baseline"]).dropna()
    rows.append(_part(_DIFFERENCES, f"{last}: policy minus baseline", effect, "effect"))
    return rows


def _curve(table: pd.DataFrame, scenario: str, year: int) -> pd.Series[float]:
    rows = table[(table["scenario"] == scenario) & (table["year"] == year)].sort_values("p")
    return pd.Series(rows["value"].to_numpy(dtype=float), index=pd.Index(rows["p"].to_numpy(dtype=float)))


def _part(panel: str, series: str, curve: pd.Series[float], look: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "panel": panel,
            "series": series,
            "share_of_persons": curve.index.to_numpy(dtype=float),
            "share_of_income": curve.to_numpy(dtype=float),
            "look": look,
        }
    )


def _at(curve: pd.Series[float], p: float) -> float:
    points = curve.index.to_numpy(dtype=float)
    return float(curve.iloc[int(abs(points - p).argmin())]) if len(points) else float("nan")


def _draw(ax: Axes, rows: pd.DataFrame, fonts: Fonts, leftmost: bool) -> None:
    for series, line in rows.groupby("series", sort=False):
        look = _LOOKS[str(line["look"].iloc[0])]
        ax.plot(line["share_of_persons"].to_numpy(), line["share_of_income"].to_numpy(), label=str(series), **look)
    curves = rows["panel"].iloc[0] == _CURVES
    ax.set_xlim(0.0, 1.0)
    ax.set_xlabel("poorest … % of persons")
    ax.set_ylabel("hold … % of income" if curves else "percentage points of income")
    percent = FuncFormatter(lambda value, _: f"{100.0 * value:.3g}".replace("-", "−"))
    ax.xaxis.set_major_formatter(percent)
    ax.yaxis.set_major_formatter(percent)
    ax.yaxis.set_major_locator(MaxNLocator(5))
    ax.grid(color=FAINT)
    if curves:
        ax.set_ylim(0.0, 1.0)
    else:
        ax.axhline(0.0, color=INK, linewidth=0.8, zorder=1.5)
        low, high = ax.get_ylim()
        ax.set_ylim(low, high + 0.25 * (high - low))
    ax.legend(loc="upper left", handlelength=2.6)


LORENZ = Chart(
    name="lorenz",
    english="Lorenz curves",
    chinese="洛伦兹曲线",
    note="Left: the farther a curve hangs below the line of equality, the more unequal. Right: what the curves "
    "differ by; above zero the poorest hold more than in the comparison.",
    read=_read,
    draw=_draw,
    columns=2,
    panel_width=4.2,
)
