"""Households by region, group, age band and size, town and country."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from incomesim.population import Portrait
from incomesim.report.charts.chart import Chart, Picture
from incomesim.report.charts.named_rows import clipped
from incomesim.report.fonts import Fonts
from incomesim.report.style import RESIDENCE_COLOURS
from incomesim.report.summary_lookup import display_name

__all__ = ["MARGINS"]

_WAYS = {"region": "Regions", "group": "Groups", "age": "Age of the head", "size": "Persons in the household"}
_NAMED = ("region", "group")


def _read(portrait: Portrait) -> Picture:
    margins = portrait.margins
    shares = margins["households"] / margins.groupby("by")["households"].transform("sum")
    names = [
        f"{display_name(str(name))}  {portrait.labels.get(str(name), '')}".strip()
        if by in ("region", "group")
        else name
        for by, name in zip(margins["by"], margins["name"], strict=True)
    ]
    data = pd.DataFrame(
        {"panel": margins["by"].map(_WAYS), "series": margins["residence"], "name": names,
         "households": margins["households"], "share": shares}
    )  # fmt: skip
    town = margins[(margins["by"] == "age")].groupby("residence")["households"].sum()
    rows = max(data[data["panel"] == panel]["name"].nunique() for panel in _WAYS.values())
    finding = f"{town.get('urban', 0.0) / town.sum():.1%} of {town.sum():,.0f} households live in town"
    return Picture(finding, data, panel_height=0.9 + 0.2 * rows)


def _full_name(name: str, label: str) -> str:
    """The name and what it is called in the place, once where they are the same."""
    shown = display_name(name)
    return shown if label.lower() == shown.lower() else f"{shown}  {label}".strip()


def _draw(ax: Axes, rows: pd.DataFrame, fonts: Fonts, leftmost: bool) -> None:
    names = rows["name"].drop_duplicates().tolist()
    left = dict.fromkeys(names, 0.0)
    for series, colour in RESIDENCE_COLOURS.items():
        part = rows[rows["series"] == series]
        values = part["share"].to_numpy() * 100.0
        heights = [-names.index(name) for name in part["name"]]
        ax.barh(heights, values, left=[left[name] for name in part["name"]], color=colour, height=0.75)
        for name, value in zip(part["name"], values, strict=True):
            left[name] += value
    ax.set_yticks([-place for place in range(len(names))], [clipped(fonts.legible(name)) for name in names])
    for label in ax.get_yticklabels():
        label.set(**fonts.look(label.get_text()))
    ax.tick_params(axis="y", length=0)
    ax.xaxis.set_major_locator(MaxNLocator(4))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    ax.set_xlabel("% of households")
    for place, (series, colour) in enumerate(RESIDENCE_COLOURS.items()):
        ax.annotate(
            series, (1.0, 1.0), xytext=(-32.0 * (1 - place), 5.0), xycoords="axes fraction",
            textcoords="offset points", color=colour, ha="right", fontsize=8.0,
        )  # fmt: skip


MARGINS = Chart(
    name="margins",
    english="Margins",
    chinese="边际分布",
    note="Each panel shows all households once.",
    read=_read,
    draw=_draw,
    columns=2,
    panel_width=4.2,
)
