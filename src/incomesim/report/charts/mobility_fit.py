"""Correlations of ranks by years apart: observed in a panel, or asked for by published facts, and of a process."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from incomesim.mobility import MobilityFit, correlation_at
from incomesim.report.charts.chart import Drawing, Picture
from incomesim.report.charts.line_ends import LineEnd, write_line_ends
from incomesim.report.fonts import Fonts
from incomesim.report.style import FAINT, INK, POLICY
from incomesim.scenario.model import Mobility

__all__ = ["MOBILITY_FIT", "PUBLISHED_MOBILITY", "read_fit", "read_published"]

_COLUMNS = ["panel", "series", "years_apart", "correlation", "low", "high", "label"]
_TWO_SIDED = 1.96
_ROOM_FOR_NAMES = 0.8  # of the years, to the right of the last point
_POINTS, _LINE = "points", "process"


def read_fit(fit: MobilityFit) -> Picture:
    """Return the observed moments with intervals of 95 %, and the fitted process, one panel for each group."""
    rows: list[tuple[object, ...]] = []
    for part in fit.groups:
        for moment in part.moments.to_dict("records"):
            observed, margin = moment["observed"], _TWO_SIDED * moment["standard_error"]
            rows.append((part.group, _POINTS, moment["lag"], observed, observed - margin, observed + margin, ""))
        lags = range(1, int(part.moments["lag"].max()) + 1)
        rows += [(part.group, _LINE, lag, correlation_at(part.process, lag), np.nan, np.nan, "") for lag in lags]
    finding = "; ".join(
        f"{part.group}: persistence {part.process.persistence:.2f}, fixed {part.process.fixed:.2f}, "
        f"transitory {part.process.transitory:.2f}"
        for part in fit.groups
    )
    return Picture(f"Ranks of households by years apart. {finding}", pd.DataFrame(rows, columns=_COLUMNS))


def read_published(comparison: pd.DataFrame, mobility: Mobility) -> Picture:
    """Return the correlation each published fact asks for, and the processes of the scenario, by residence."""
    rows: list[tuple[object, ...]] = []
    for residence in ("urban", "rural"):
        facts = comparison[comparison["residence"] == residence].dropna(subset=["correlation_implied"])
        for fact in facts.to_dict("records"):
            label = f"{fact['published']:g} {fact['fact'].partition(',')[0]}, {fact['period']}"
            ends = fact["correlation_low"], fact["correlation_high"]
            rows.append((residence, _POINTS, fact["years"], fact["correlation_implied"], *ends, label))
        process = getattr(mobility, residence)
        rows += [(residence, _LINE, lag, correlation_at(process, lag), np.nan, np.nan, "") for lag in range(1, 12)]
    worst = comparison.iloc[int(comparison["difference"].abs().to_numpy().argmax())]
    finding = (
        f"Published shares and the scenario differ by up to {100 * abs(worst['difference']):.1f} points "
        f"({worst['fact']}, {worst['residence']} {worst['period']})"
    )
    return Picture(finding, pd.DataFrame(rows, columns=_COLUMNS), panel_height=3.4)


def _draw(ax: Axes, rows: pd.DataFrame, fonts: Fonts, leftmost: bool) -> None:
    line, points = rows[rows["series"] == _LINE], rows[rows["series"] == _POINTS]
    ax.plot(line["years_apart"].to_numpy(), line["correlation"].to_numpy(), color=POLICY, linewidth=1.6)
    middle = points["correlation"].to_numpy()
    reach = np.abs(points[["low", "high"]].to_numpy().T - middle)
    ax.errorbar(points["years_apart"].to_numpy(), middle, yerr=reach, fmt="o", color=INK, markersize=3.5, linewidth=1.0)
    ax.set_ylim(min(0.0, float(np.nanmin(rows["low"].to_numpy()))), 1.0)
    named = points[points["label"] != ""].to_dict("records")
    last = float(rows["years_apart"].max())
    ax.set_xlim(0.5, last + (_ROOM_FOR_NAMES * last if named else 0.5))
    write_line_ends(
        ax,
        [LineEnd(point["years_apart"], point["correlation"], fonts.legible(point["label"]), INK) for point in named],
    )
    ax.set_xticks(range(1, int(last) + 1, max(1, int(last) // 5)))
    ax.set_xlabel("years apart")
    if leftmost:
        ax.set_ylabel("correlation of ranks")
    ax.grid(axis="y", color=FAINT)


MOBILITY_FIT = Drawing(
    name="mobility_fit",
    english="Mobility: observed and fitted",
    chinese="收入流动性：观测与拟合",
    note="Points: autocovariances of normal ranks with intervals of 95 %. Line: the fitted process.",
    draw=_draw,
    columns=2,
    panel_width=4.2,
)

PUBLISHED_MOBILITY = Drawing(
    name="mobility_published",
    english="Mobility: published and of the scenario",
    chinese="收入流动性：公布与情景",
    note="Points: the correlation that each published share asks for, as it is rounded. Line: the scenario's process.",
    draw=_draw,
    columns=2,
    panel_width=4.6,
)
