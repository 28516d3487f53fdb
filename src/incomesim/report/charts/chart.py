"""What every figure is: its data, its finding in a sentence, and how one panel of it is drawn."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from incomesim.report.fonts import Fonts, find_fonts
from incomesim.report.style import INK, MUTED, house_style

__all__ = [
    "Chart", "Drawing", "Picture", "Rendered", "Subject", "draw_chart", "draw_on", "draw_picture", "render_chart",
    "render_picture",
]  # fmt: skip

_DOTS_PER_INCH = 160
_TITLE_CHARACTERS_PER_INCH = 11.5


class Subject(Protocol):
    """What figures are drawn of: the result of a run, a population, a hindcast."""

    @property
    def title(self) -> str:
        """Its name."""

    @property
    def caption(self) -> str:
        """What it is, and what it is not: the line below every figure."""


T = TypeVar("T", bound=Subject)


@dataclass(frozen=True)
class Picture:
    """What one subject has to show: `data` has the columns panel and series, and the numbers as drawn.

    `finding` says what is seen, with its numbers, and is the title. `panel_height` is in inches.
    """

    finding: str
    data: pd.DataFrame
    panel_height: float = 2.6


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """How one kind of figure looks. `draw` gets the rows of one panel and whether it is the leftmost of its row."""

    name: str
    english: str
    chinese: str
    note: str
    draw: Callable[[Axes, pd.DataFrame, Fonts, bool], None]
    columns: int = 3
    panel_width: float = 3.0


@dataclass(frozen=True, kw_only=True)
class Chart(Drawing, Generic[T]):
    """A figure of one kind of subject: what it reads from it."""

    read: Callable[[T], Picture]


@dataclass(frozen=True)
class Rendered:
    """A figure as files, and the numbers behind it."""

    chart: Drawing
    picture: Picture
    svg: bytes
    png: bytes


def draw_chart(subject: T, chart: Chart[T], make_figure: Callable[..., Figure] = Figure) -> tuple[Picture, list[Axes]]:
    """Return a figure's content and its panels on a new figure; `make_figure` makes the empty one."""
    picture = chart.read(subject)
    return picture, draw_picture(chart, picture, subject.caption, make_figure)


def draw_picture(
    drawing: Drawing, picture: Picture, source: str, make_figure: Callable[..., Figure] = Figure
) -> list[Axes]:
    """Return the panels of a new figure; `source` is the line below them."""
    fonts = find_fonts()
    with house_style():
        axes = _empty_panels(drawing, picture, fonts, source, make_figure)
        _fill(drawing, picture, axes, fonts)
    return axes


def draw_on(subject: T, chart: Chart[T], axes: Sequence[Axes]) -> list[Axes]:
    """Draw the first panels of a chart on the axes of somebody else's figure, one panel on each."""
    picture = chart.read(subject)
    panels = len(_panels(picture))
    if not 1 <= len(axes) <= panels:
        raise ValueError(f"{chart.name}: found {len(axes)} axes, expected 1 to {panels}, one for each panel")
    _fill(chart, picture, axes, find_fonts())
    return list(axes)


def render_chart(subject: T, chart: Chart[T]) -> Rendered:
    """Return a figure of a subject as SVG and PNG, the same bytes for the same subject, fonts and matplotlib."""
    return render_picture(chart, chart.read(subject), subject.caption, subject.title)


def render_picture(drawing: Drawing, picture: Picture, source: str, about: str) -> Rendered:
    """Return a figure as SVG and PNG; `source` is the line below it, `about` stands in the title of the SVG.

    The canvases print directly: `savefig` would draw everything twice more.
    """
    with house_style():
        axes = draw_picture(drawing, picture, source)
        figure = axes[0].get_figure(root=True)
        assert figure is not None
        figure.set_dpi(_DOTS_PER_INCH)
        raster = FigureCanvasAgg(figure)
        _lay_out(figure)
        png = io.BytesIO()
        raster.print_png(png, metadata={"Software": None})
        svg = io.BytesIO()
        title = f"{drawing.english}: {''.join(sign for sign in about if sign.isprintable())}"
        vector = FigureCanvasSVG(figure)
        vector.print_svg(svg, metadata={"Date": None, "Creator": None, "Title": title})
    return Rendered(drawing, picture, svg.getvalue(), png.getvalue())


def _lay_out(figure: Figure) -> None:
    """Give every panel its place once, for all formats."""
    engine = figure.get_layout_engine()
    if engine is not None:
        engine.execute(figure)
    figure.set_layout_engine("none")


def _panels(picture: Picture) -> list[str]:
    return picture.data["panel"].drop_duplicates().tolist() or [""]


def _empty_panels(
    chart: Drawing, picture: Picture, fonts: Fonts, source: str, make_figure: Callable[..., Figure]
) -> list[Axes]:
    """Return the axes of a new figure with title and source line."""
    count = len(_panels(picture))
    columns = min(chart.columns, count)
    rows = -(-count // columns)
    width = max(chart.panel_width * columns, 6.0)
    title = _wrapped(fonts.legible(picture.finding), width)
    height = picture.panel_height * rows + 0.55 + 0.2 * title.count("\n")
    figure = make_figure(
        figsize=(width, height), layout=ConstrainedLayoutEngine(w_pad=0.08, h_pad=0.08, wspace=0.02, hspace=0.04)
    )
    where: dict[str, Any] = {"x": 0.08 / width, "ha": "left"}
    figure.suptitle(title, fontsize=10.5, color=INK, **fonts.look(title, bold=True), **where)
    line = _wrapped(fonts.legible(source), width * 1.45)
    figure.supxlabel(line, fontsize=7.0, color=MUTED, **fonts.look(line), **where)
    return [figure.add_subplot(rows, columns, place + 1) for place in range(count)]


def _fill(chart: Drawing, picture: Picture, axes: Sequence[Axes], fonts: Fonts) -> None:
    if picture.data.empty:
        _say_nothing(axes[0])
        return
    for place, (panel, ax) in enumerate(zip(_panels(picture), axes, strict=False)):
        rows = picture.data[picture.data["panel"] == panel]
        title = _wrapped(fonts.legible(panel), chart.panel_width * 1.1)
        ax.set_title(title, **fonts.look(title))
        chart.draw(ax, rows, fonts, place % chart.columns == 0)


def _say_nothing(ax: Axes) -> None:
    ax.set_axis_off()
    ax.text(0.5, 0.5, "Nothing to show in this run.", ha="center", va="center", color=MUTED, transform=ax.transAxes)


def _wrapped(text: str, width: float) -> str:
    """Return the text on as few lines as fit into `width` inches, all of them about as long."""
    widest = max(20, int(width * _TITLE_CHARACTERS_PER_INCH))
    lines = textwrap.wrap(text, widest)
    while widest > 20 and len(textwrap.wrap(text, widest - 1)) == len(lines):
        widest -= 1
    return textwrap.fill(text, widest)
