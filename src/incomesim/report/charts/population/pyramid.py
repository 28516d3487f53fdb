"""Heads of households by age, town to the left and country to the right, and residents by broad age."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from incomesim.population import Portrait
from incomesim.report.charts.chart import Chart, Picture
from incomesim.report.fonts import Fonts
from incomesim.report.style import INK, RESIDENCE_COLOURS

__all__ = ["PYRAMID"]

_HEADS, _RESIDENTS = "Heads of households by age", "Residents by age"


def _read(portrait: Portrait) -> Picture:
    heads = portrait.pyramid.assign(
        panel=_HEADS, age=[f"{age}-{age + 4}" for age in portrait.pyramid["age"]], order=portrait.pyramid["age"]
    ).rename(columns={"households": "number"})
    residents = portrait.ages.assign(panel=_RESIDENTS, order=portrait.ages.groupby("residence").cumcount())
    residents = residents.rename(columns={"persons": "number"})
    data = pd.concat([heads, residents], ignore_index=True).rename(columns={"residence": "series"})
    total = portrait.ages.groupby("age")["persons"].sum()
    shares = total / total.sum()
    finding = (
        f"{shares['65 and over']:.1%} of residents are 65 and over, {shares['below 15']:.1%} below 15"
        if total.sum() > 0
        else "Nobody"
    )
    return Picture(finding, data[["panel", "series", "age", "order", "number"]], panel_height=3.2)


def _draw(ax: Axes, rows: pd.DataFrame, fonts: Fonts, leftmost: bool) -> None:
    ages = rows.drop_duplicates("order").sort_values("order")
    places = {order: place for place, order in enumerate(ages["order"])}
    for series, sign in (("urban", -1.0), ("rural", 1.0)):
        part = rows[rows["series"] == series]
        heights = [places[order] for order in part["order"]]
        ax.barh(heights, sign * part["number"].to_numpy(), height=0.85, color=RESIDENCE_COLOURS[series])
    ax.set_yticks(list(places.values()), ages["age"].tolist())
    ax.axvline(0.0, color=INK, linewidth=0.8)
    widest = float(rows["number"].max()) * 1.08
    ax.set_xlim(-widest, widest)
    ax.xaxis.set_major_locator(MaxNLocator(5, symmetric=True))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: _short(abs(value))))
    top = ax.get_ylim()[1]
    for x, name, colour in ((-0.98, "urban", RESIDENCE_COLOURS["urban"]), (0.98, "rural", RESIDENCE_COLOURS["rural"])):
        ax.text(x * widest, top, name, ha="left" if x < 0 else "right", va="top", color=colour, fontsize=8.5)
    ax.set_xlabel("households" if rows["panel"].iloc[0] == _HEADS else "persons")


def _short(value: float) -> str:
    for size, unit in ((1e6, "M"), (1e3, "k")):
        if value >= size:
            return f"{value / size:g}{unit}"
    return f"{value:g}"


PYRAMID = Chart(
    name="pyramid",
    english="Ages",
    chinese="年龄构成",
    note="Ages of heads in steps of five years; residents by three ages.",
    read=_read,
    draw=_draw,
    columns=2,
    panel_width=4.2,
)
