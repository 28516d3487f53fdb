"""Names of lines at their ends, instead of a legend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from matplotlib.axes import Axes

__all__ = ["LineEnd", "spread", "write_line_ends"]

_FONT_SIZE = 7.5
_POINTS_PER_INCH = 72.0
_HEIGHT_WITHOUT_TITLE = 0.75


@dataclass(frozen=True)
class LineEnd:
    """Where a line ends, and what is to be written there."""

    x: float
    y: float
    text: str
    colour: str
    look: dict[str, Any] = field(default_factory=dict)


def write_line_ends(ax: Axes, ends: Sequence[LineEnd]) -> None:
    """Write each name to the right of its line, far enough apart to be read."""
    if not ends:
        return
    low, high = ax.get_ylim()
    figure = ax.get_figure(root=True)
    rows = ax.get_subplotspec()
    share = 1.0 / rows.get_gridspec().nrows if rows is not None else 1.0
    inches = (figure.get_figheight() if figure is not None else 3.0) * share * _HEIGHT_WITHOUT_TITLE
    points_per_unit = inches * _POINTS_PER_INCH / (high - low)
    heights = [end.y * points_per_unit for end in ends]
    for end, height, place in zip(ends, heights, spread(heights, _FONT_SIZE * 1.35), strict=True):
        ax.annotate(
            end.text, (end.x, end.y), xytext=(5.0, place - height), textcoords="offset points",
            color=end.colour, fontsize=_FONT_SIZE, va="center", ha="left", annotation_clip=False, in_layout=False,
            **end.look,
        )  # fmt: skip


def spread(places: Sequence[float], gap: float) -> list[float]:
    """Return places near the given ones, in the same order, no two nearer than `gap`."""
    order = sorted(range(len(places)), key=lambda index: places[index])
    groups: list[list[int]] = []
    for index in order:
        groups.append([index])
        while len(groups) > 1 and _bottom(groups[-1], places, gap) < _top(groups[-2], places, gap) + gap:
            groups[-2:] = [groups[-2] + groups[-1]]
    found = list(places)
    for group in groups:
        for step, index in enumerate(group):
            found[index] = _bottom(group, places, gap) + step * gap
    return found


def _bottom(group: Sequence[int], places: Sequence[float], gap: float) -> float:
    middle = sum(places[index] for index in group) / len(group)
    return middle - gap * (len(group) - 1) / 2.0


def _top(group: Sequence[int], places: Sequence[float], gap: float) -> float:
    return _bottom(group, places, gap) + gap * (len(group) - 1)
