"""Lorenz curves of town, country and everybody, with the published points."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from incomesim.population import Portrait
from incomesim.report.charts.chart import Chart, Picture
from incomesim.report.fonts import Fonts
from incomesim.report.style import DIFFERENCE, FAINT, MUTED, POLICY

__all__ = ["CURVES"]

_TITLES = {"urban": "Town", "rural": "Country", "all": "Everybody"}


def _read(portrait: Portrait) -> Picture:
    data = portrait.lorenz.assign(panel=portrait.lorenz["area"].map(_TITLES))
    found = data[data["series"] == "households"].groupby("panel", sort=False)["gini"].first()
    known = data[data["series"] == "published"].groupby("panel", sort=False)["gini"].first().dropna().to_dict()
    finding = "Gini: " + ", ".join(
        f"{str(panel).lower()} {value:.3f}" + (f" (published {known[panel]:.3f})" if panel in known else "")
        for panel, value in found.items()
    )
    return Picture(finding, data[["panel", "series", "of", "persons", "income", "gini"]], panel_height=3.0)


def _draw(ax: Axes, rows: pd.DataFrame, fonts: Fonts, leftmost: bool) -> None:
    curve, points = (rows[rows["series"] == series] for series in ("households", "published"))
    ax.plot([0.0, 1.0], [0.0, 1.0], color=FAINT, linewidth=1.0)
    ax.plot(curve["persons"], curve["income"], color=POLICY, linewidth=1.8)
    ax.plot(points["persons"], points["income"], linestyle="none", marker="o", markersize=4.0, color=DIFFERENCE)
    ax.set_xlim(0.0, 1.0)
    ax.set_ylim(0.0, 1.0)
    ax.set_aspect("equal")
    ax.set_xticks([0.0, 0.5, 1.0])
    ax.set_yticks([0.0, 0.5, 1.0])
    ax.set_xlabel("share of persons")
    if leftmost:
        ax.set_ylabel("share of income")
        ax.text(0.05, 0.92, "households of the population", color=POLICY, fontsize=8.0)
        if len(points):
            ax.text(0.05, 0.85, f"published, {points['of'].iloc[0]}", color=DIFFERENCE, fontsize=8.0)
    if curve.empty:
        ax.text(0.5, 0.5, "nobody", ha="center", color=MUTED)


CURVES = Chart(
    name="curves",
    english="Lorenz curves",
    chinese="洛伦兹曲线",
    note="Points are published, where there are some. Those of equal groups of households stand where the persons of "
    "this population put them, since how many persons such a group has is not published.",
    read=_read,
    draw=_draw,
    columns=3,
    panel_width=3.0,
)
