"""How figures look: colours that colour-blind readers can tell apart, and settings for the same bytes every time."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from matplotlib import style

from incomesim.report.fonts import LATIN

__all__ = [
    "BASELINE", "DIFFERENCE", "FAINT", "FAMILY_COLOURS", "FAMILY_NAMES", "INK", "MUTED", "POLICY", "RESIDENCE_COLOURS",
    "SERIES", "house_style",
]  # fmt: skip

INK = "#1f2328"
MUTED = "#667080"
FAINT = "#e3e6ea"
BASELINE = "#667080"
POLICY = "#0072b2"
DIFFERENCE = "#d55e00"
SERIES = (INK, "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00")
FAMILY_COLOURS: Mapping[str, str] = {
    "floor": "#d55e00", "lift": "#009e73", "expand": "#0072b2", "finance": "#aa5f8c",
}  # fmt: skip
"""After Okabe and Ito (2008)."""
RESIDENCE_COLOURS: Mapping[str, str] = {"urban": SERIES[1], "rural": SERIES[3]}
FAMILY_NAMES: Mapping[str, tuple[str, str]] = {
    "floor": ("Raise the floor", "消底"),
    "lift": ("Lift the low", "提低"),
    "expand": ("Expand the middle", "扩中"),
    "finance": ("Finance", "筹资"),
}

_SETTINGS: Mapping[str, object] = {
    "font.family": [LATIN],
    "font.size": 9.0,
    "axes.titlesize": 9.5,
    "axes.titlelocation": "left",
    "axes.titlepad": 8.0,
    "axes.titlecolor": INK,
    "axes.labelsize": 8.5,
    "axes.labelcolor": MUTED,
    "axes.edgecolor": MUTED,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.formatter.useoffset": False,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.labelsize": 8.0,
    "ytick.labelsize": 8.0,
    "grid.color": FAINT,
    "grid.linewidth": 0.8,
    "text.color": INK,
    "text.hinting": "none",
    "legend.frameon": False,
    "legend.fontsize": 8.0,
    "hatch.linewidth": 0.6,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "svg.fonttype": "none",
    "svg.hashsalt": "incomesim",
}

_SETTINGS_LOCK = threading.RLock()
"""Matplotlib keeps its settings in one place for all threads; whoever changes them holds this."""


@contextmanager
def house_style() -> Iterator[None]:
    """Set matplotlib's settings to ours, whatever they were, and put them back in the end."""
    with (
        _SETTINGS_LOCK,
        style.context(["default", dict(_SETTINGS)]),
    ):
        yield
