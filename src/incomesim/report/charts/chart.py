"""What every figure is: its data, its finding in a sentence, and how one panel of it is drawn."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from incomesim.report.fonts import Fonts, find_fonts
from incomesim.report.style import INK, MUTED, house_style
from incomesim.result import Result

__all__ = ["Chart", "Picture", "Rendered", "draw_chart", "draw_on", "render_chart"]

DISCLAIMER = "Synthetic population, assumed effects; not an observation."
_DOTS_PER_INCH = 160
_TITLE_CHARACTERS_PER_INCH = 11.5


@dataclass(frozen=True)
class Picture:
    """What one result has to show: `data` has the columns panel and series, and the numbers as drawn.

    `finding` says what is seen, with its numbers, and is the title. `panel_height` is in inches.
    """

    finding: str
    data: pd.DataFrame
    panel_height: float = 2.6


@dataclass(frozen=True)
class Chart:
    """One kind of figure. `draw` gets the rows of one panel and whether it is the leftmost of its row."""

    name: str
    english: str
    chinese: str
    note: str
    read: Callable[[Result], Picture]
    draw: Callable[[Axes, pd.DataFrame, Fonts, bool], None]
    columns: int = 3
    panel_width: float = 3.0


@dataclass(frozen=True)
class Rendered:
    """A figure as files, and the numbers behind it."""

    chart: Chart
    picture: Picture
    svg: bytes
    png: bytes


def draw_chart(
    result: Result, chart: Chart, make_figure: Callable[..., Figure] = Figure
) -> tuple[Picture, list[Axes]]:
    """Return a figure's content and its panels on a new figure; `make_figure` makes the empty one."""
    picture = chart.read(result)
    fonts = find_fonts()
    with house_style():
        axes = _empty_panels(chart, picture, fonts, result.title, make_figure)
        _fill(chart, picture, axes, fonts)
    return picture, axes


def draw_on(result: Result, chart: Chart, axes: Sequence[Axes]) -> list[Axes]:
    """Draw the first panels of a chart on the axes of somebody else's figure, one panel on each."""
    picture = chart.read(result)
    panels = len(_panels(picture))
    if not 1 <= len(axes) <= panels:
        raise ValueError(f"{chart.name}: found {len(axes)} axes, expected 1 to {panels}, one for each panel")
    _fill(chart, picture, axes, find_fonts())
    return list(axes)


def render_chart(result: Result, chart: Chart) -> Rendered:
    """Return a figure as SVG and PNG, the same bytes for the same result, fonts and matplotlib."""
    with house_style():
        picture, axes = draw_chart(result, chart)
        figure = axes[0].get_figure(root=True)
        assert figure is not None
        FigureCanvasAgg(figure)
        figure.draw_without_rendering()
        figure.set_layout_engine("none")
        svg = _save(figure, "svg", {"Date": None, "Creator": None, "Title": f"{chart.english}: {result.title}"})
        png = _save(figure, "png", {"Software": None})
    return Rendered(chart, picture, svg, png)


def _save(figure: Figure, file_format: str, metadata: dict[str, str | None]) -> bytes:
    target = io.BytesIO()
    figure.savefig(target, format=file_format, dpi=_DOTS_PER_INCH, metadata=metadata)
    return target.getvalue()


def _panels(picture: Picture) -> list[str]:
    return picture.data["panel"].drop_duplicates().tolist() or [""]


def _empty_panels(
    chart: Chart, picture: Picture, fonts: Fonts, source: str, make_figure: Callable[..., Figure]
) -> list[Axes]:
    """Return the axes of a new figure with title and source line."""
    count = len(_panels(picture))
    columns = min(chart.columns, count)
    rows = -(-count // columns)
    width = max(chart.panel_width * columns, 6.0)
    title = _wrapped(fonts.legible(picture.finding), width)
    height = picture.panel_height * rows + 0.55 + 0.2 * title.count("\n")
    figure = make_figure(figsize=(width, height), layout="constrained")
    figure.get_layout_engine().set(w_pad=0.08, h_pad=0.08, wspace=0.02, hspace=0.04)
    where: dict[str, Any] = {"x": 0.08 / width, "ha": "left"}
    figure.suptitle(title, fontsize=10.5, fontweight="bold", color=INK, **where)
    line = fonts.legible(f"{DISCLAIMER} incomesim: {source}")
    figure.supxlabel(_wrapped(line, width * 1.45), fontsize=7.0, color=MUTED, **where)
    return [figure.add_subplot(rows, columns, place + 1) for place in range(count)]


def _fill(chart: Chart, picture: Picture, axes: Sequence[Axes], fonts: Fonts) -> None:
    if picture.data.empty:
        _say_nothing(axes[0])
        return
    for place, (panel, ax) in enumerate(zip(_panels(picture), axes, strict=False)):
        rows = picture.data[picture.data["panel"] == panel]
        ax.set_title(_wrapped(fonts.legible(panel), chart.panel_width * 1.1))
        chart.draw(ax, rows, fonts, place % chart.columns == 0)


def _say_nothing(ax: Axes) -> None:
    ax.set_axis_off()
    ax.text(0.5, 0.5, "Nothing to show in this run.", ha="center", va="center", color=MUTED, transform=ax.transAxes)


def _wrapped(text: str, width: float) -> str:
    return textwrap.fill(text, max(20, int(width * _TITLE_CHARACTERS_PER_INCH)))
