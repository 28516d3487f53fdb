"""Which fonts a figure is drawn with, and what they can draw."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import Any

from matplotlib import font_manager

__all__ = ["LATIN", "MISSING_FONT", "Fonts", "find_fonts"]

LATIN = "DejaVu Sans"
_CHINESE = (
    "Noto Sans CJK SC", "Source Han Sans SC", "Noto Sans SC", "Source Han Sans CN", "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei", "Microsoft YaHei", "PingFang SC", "Hiragino Sans GB", "Heiti SC", "SimHei",
    "Noto Sans CJK JP", "Noto Sans CJK TC", "Droid Sans Fallback", "Arial Unicode MS",
)  # fmt: skip
MISSING_FONT = (
    "No Chinese font was found where the figures were drawn, so they are in English only; "
    "install one (such as Noto Sans CJK SC) and run again for both languages."
)
"""What the report says where figures could not be drawn with Chinese."""


@dataclass(frozen=True)
class Fonts:
    """Font families in the order they are tried, and the characters that all of them together have."""

    families: tuple[str, ...]
    characters: frozenset[int]
    latin: frozenset[int]
    has_bold_chinese: bool

    @property
    def chinese(self) -> bool:
        """Whether Chinese can be drawn."""
        return len(self.families) > 1

    def both(self, english: str, chinese: str) -> str:
        """Return both texts where Chinese can be drawn, else the English one."""
        joined = f"{english}  {chinese}" if self.chinese and chinese else english
        return self.legible(joined)

    def look(self, text: str, bold: bool = False) -> dict[str, Any]:
        """Return the text properties with which a text can be drawn: its fonts where Latin ones do not suffice.

        Bold is left out where a character has no bold shape.
        """
        if all(ord(sign) in self.latin for sign in text if sign != "\n"):
            return {"fontweight": "bold", "fontfamily": [LATIN]} if bold else {}
        weight = {"fontweight": "bold"} if bold and self.has_bold_chinese else {}
        return {"fontfamily": list(self.families), **weight}

    def legible(self, text: str) -> str:
        """Return the text without characters that no font has (a box would stand there), on one line.

        Dollar signs are kept from starting a formula.
        """
        kept = "".join(sign for sign in _SPACES.sub(" ", text) if ord(sign) in self.characters)
        return kept.strip().replace("$", r"\$")


_CONTROLS = frozenset((*range(32), *range(127, 160)))
_SPACES = re.compile(r"[ \t\r\n\f\v]+")


@functools.cache
def find_fonts() -> Fonts:
    """Return the fonts of this machine, looked up once in matplotlib's list."""
    installed = {entry.name for entry in font_manager.fontManager.ttflist}
    chinese = next((family for family in _CHINESE if family in installed), None)
    families = (LATIN,) if chinese is None else (LATIN, chinese)
    latin, *others = map(_characters, families)
    return Fonts(families, latin.union(*others), latin, has_bold_chinese=_is_bold(chinese))


def _is_bold(family: str | None) -> bool:
    weights = {entry.weight for entry in font_manager.fontManager.ttflist if entry.name == family}
    return bool(weights & {700, "bold"})


def _characters(family: str) -> frozenset[int]:
    path = font_manager.findfont(font_manager.FontProperties(family=[family]), fallback_to_default=False)
    return frozenset(font_manager.get_font(path).get_charmap()) - _CONTROLS
