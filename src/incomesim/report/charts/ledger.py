"""What each lever costs, and what households gain through it."""

from __future__ import annotations

import math

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from incomesim.report.charts.chart import Chart, Picture
from incomesim.report.charts.named_rows import name_rows, rows_height
from incomesim.report.fonts import Fonts
from incomesim.report.quantities import write_money
from incomesim.report.style import FAMILY_COLOURS, FAMILY_NAMES, MUTED
from incomesim.result import Result

__all__ = ["LEDGER"]

_COST = "Cost, million yuan"
_GAIN = "Market income gained, million yuan"
_SERIES = {
    "received_yuan": (_COST, "cash to households"),
    "in_kind_yuan": (_COST, "in kind"),
    "delivery_yuan": (_COST, "delivery"),
    "gained_yuan": (_GAIN, "gained"),
}
_PALE = 0.45
_COLUMNS = ["panel", "series", "lever", "family", "heading", "million_yuan"]


def _read(result: Result) -> Picture:
    table = result.ledger
    if table.empty:
        return Picture("No levers, no cost", pd.DataFrame(columns=_COLUMNS))
    amounts = [*_SERIES, "paid_yuan"]
    total = table.groupby(["lever", "family"], sort=False)[amounts].sum().reset_index()
    families = {family: place for place, family in enumerate(FAMILY_NAMES)}
    total["place"] = total["family"].map(families).fillna(len(families))
    total = total.sort_values(["place", "paid_yuan"], ascending=[True, False], kind="stable")
    rows = [
        (panel, series, lever["lever"], lever["family"], _heading(str(lever["family"])), lever[amount] / 1e6)
        for amount, (panel, series) in _SERIES.items()
        if amount != "in_kind_yuan" or total[amount].any()
        for lever in total.to_dict("records")
    ]
    data = pd.DataFrame(rows, columns=_COLUMNS)
    keys = list(total[["family", "lever"]].itertuples(index=False, name=None))
    return Picture(_finding(result, total), data, panel_height=rows_height(keys) + 0.1)


def _heading(family: str) -> str:
    english, chinese = FAMILY_NAMES.get(family, (family, ""))
    return f"{english}  {chinese}".strip()


def _finding(result: Result, total: pd.DataFrame) -> str:
    active = result.ledger[result.ledger["paid_yuan"] > 0.0]["year"]
    years = f"{active.min()}–{active.max()}" if len(active) else "all years"
    paid, received = float(total["paid_yuan"].sum()), float(total["received_yuan"].sum())
    share = f"; {100.0 * received / paid:.0f} % of it is cash to households" if paid else ""
    count = len(total)
    return f"{count} lever{'s' * (count != 1)} cost {write_money(paid)} million yuan in {years}{share}"


def _draw(ax: Axes, rows: pd.DataFrame, fonts: Fonts, leftmost: bool) -> None:
    levers = rows.drop_duplicates("lever")
    keys = list(levers[["heading", "lever"]].itertuples(index=False, name=None))
    colours = {_heading(family): colour for family, colour in FAMILY_COLOURS.items()}
    places = name_rows(ax, keys, fonts, colours, leftmost)
    heights = [places[key] for key in keys]
    fills = [FAMILY_COLOURS.get(str(family), MUTED) for family in levers["family"]]
    ends = [0.0] * len(keys)
    for series, part in rows.groupby("series", sort=False):
        values = part["million_yuan"].to_numpy(dtype=float)
        light = series == "delivery"
        ax.barh(
            heights, values, height=0.62, left=ends, color="white" if light else fills, edgecolor=fills,
            linewidth=0.8, hatch="////" if light else None, alpha=_PALE if series == "in kind" else None,
        )  # fmt: skip
        ends = [end + value for end, value in zip(ends, values, strict=True)]
    for end, height in zip(ends, heights, strict=True):
        ax.annotate(
            write_money(end * 1e6 if end else math.nan),
            (max(end, 0.0), height),
            xytext=(4, 0),
            textcoords="offset points",
            in_layout=False,
            va="center",
            fontsize=7.5,
        )
    ax.set_xlim(1.2 * min(*ends, 0.0), 1.2 * (max(ends) or 1.0))
    ax.xaxis.set_major_locator(MaxNLocator(5))
    if rows["panel"].iloc[0] == _COST:
        _explain(ax, in_kind="in kind" in set(rows["series"]))


def _explain(ax: Axes, *, in_kind: bool) -> None:
    handles = [
        Patch(facecolor=MUTED, edgecolor=MUTED, label="cash to households"),
        *([Patch(facecolor=MUTED, edgecolor=MUTED, alpha=_PALE, label="services in kind")] if in_kind else []),
        Patch(facecolor="white", edgecolor=MUTED, hatch="////", label="delivery"),
    ]
    ax.legend(handles=handles, loc="best")


LEDGER = Chart(
    name="ledger",
    english="What the levers cost and bring",
    chinese="政策资金台账",
    note="Sum over all years. Cost is cash that households receive and what it takes to deliver (hatched). Market "
    "income gained is what households earn more because of a lever, in the years simulated only; gains by changing "
    "group or moving to town are not put down to a lever.",
    read=_read,
    draw=_draw,
    columns=2,
    panel_width=4.4,
)
