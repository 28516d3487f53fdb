"""Rows with names under headings, for figures with horizontal bars or dots."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes

from incomesim.report.fonts import Fonts
from incomesim.report.style import FAINT, INK

__all__ = ["clipped", "name_rows", "row_places", "rows_height"]

_CHARACTERS = 38
_INCHES_PER_ROW = 0.27


def row_places(rows: Sequence[tuple[str, str]]) -> tuple[dict[tuple[str, str], float], dict[str, float]]:
    """Return the height of each row (heading, name) and of each heading, from top down, one apart."""
    names: dict[tuple[str, str], float] = {}
    headings: dict[str, float] = {}
    height = 0.0
    for heading, name in rows:
        if heading not in headings:
            headings[heading] = height - (0.35 if headings else 0.0)
            height = headings[heading] - 0.9
        names[heading, name] = height
        height -= 1.0
    return names, headings


def rows_height(rows: Sequence[tuple[str, str]]) -> float:
    """Return the inches a panel with these rows needs."""
    return 0.85 + _INCHES_PER_ROW * (len(rows) + 1.3 * len({heading for heading, _ in rows}))


def name_rows(
    ax: Axes, rows: Sequence[tuple[str, str]], fonts: Fonts, colours: Mapping[str, str], labelled: bool
) -> dict[tuple[str, str], float]:
    """Prepare an axes for these rows and return their heights; headings are bold, in their own colours."""
    names, headings = row_places(rows)
    ticks = sorted(
        [*((y, heading, True) for heading, y in headings.items()), *((y, row[1], False) for row, y in names.items())]
    )
    ax.set_yticks([y for y, _, _ in ticks], [clipped(fonts.legible(text)) if labelled else "" for _, text, _ in ticks])
    for label, (_, heading, bold) in zip(ax.get_yticklabels(), ticks, strict=True):
        label.set(**fonts.look(label.get_text(), bold))
        if bold:
            label.set_color(colours.get(heading, INK))
    ax.set_ylim(min(names.values()) - 0.7, max(headings.values()) + 0.6)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.grid(axis="x", color=FAINT)
    return names


def clipped(text: str) -> str:
    """Return a name short enough to stand beside a bar."""
    return textwrap.shorten(text, _CHARACTERS, placeholder=" …") if " " in text else text[:_CHARACTERS]
