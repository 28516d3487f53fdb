"""Regions as tiles, about where they lie, coloured by mean income per head."""

from __future__ import annotations

import pandas as pd
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from matplotlib.patches import Rectangle

from incomesim.population import Portrait
from incomesim.report.charts.chart import Chart, Picture
from incomesim.report.fonts import Fonts
from incomesim.report.style import INK
from incomesim.report.summary_lookup import display_name

__all__ = ["TILES"]


def _read(portrait: Portrait) -> Picture:
    tiles = portrait.tiles
    ordered = tiles.sort_values("income_per_head")
    data = tiles.assign(panel="Mean income per head, yuan a year", series="region")
    if len(ordered) > 1:
        low, high = ordered.iloc[0], ordered.iloc[-1]
        finding = (
            f"Mean income per head from {low['income_per_head']:,.0f} ({display_name(low['region'])}) to "
            f"{high['income_per_head']:,.0f} yuan ({display_name(high['region'])})"
        )
    else:
        finding = "Mean income per head"
    return Picture(finding, data, panel_height=0.6 + 0.85 * (int(tiles["row"].max()) + 1))


def _draw(ax: Axes, rows: pd.DataFrame, fonts: Fonts, leftmost: bool) -> None:
    colour = colormaps["viridis"]
    low, high = float(rows["income_per_head"].min()), float(rows["income_per_head"].max())
    scale = Normalize(low, high if high > low else low + 1.0)
    for tile in rows.to_dict("records"):
        x, y, value = float(tile["column"]), -float(tile["row"]), float(tile["income_per_head"])
        ax.add_patch(Rectangle((x - 0.47, y - 0.47), 0.94, 0.94, color=colour(scale(value)), linewidth=0))
        ink = "white" if scale(value) < 0.6 else INK
        label = fonts.legible(str(tile["label"])) or display_name(str(tile["region"]))
        ax.text(x, y + 0.14, label, ha="center", va="center", color=ink, fontsize=8.0, **fonts.look(label))
        ax.text(x, y - 0.2, f"{value:,.0f}", ha="center", va="center", color=ink, fontsize=7.5)
    ax.set_xlim(float(rows["column"].min()) - 0.6, float(rows["column"].max()) + 0.6)
    ax.set_ylim(-float(rows["row"].max()) - 0.6, -float(rows["row"].min()) + 0.6)
    ax.set_aspect("equal")
    ax.set_axis_off()


TILES = Chart(
    name="tiles",
    english="Regions",
    chinese="各地区",
    note="A map of tiles, all of one size: each region stands about where it lies if the tables of the place say so, "
    "else one behind the other.",
    read=_read,
    draw=_draw,
    columns=1,
    panel_width=7.5,
)
