"""A figure as part of a page: only what is drawn, with names that no other figure has."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

__all__ = ["inline_svg"]

_BEFORE = re.compile(r"\A.*?(?=<svg\b)", re.DOTALL)
_METADATA = re.compile(r"<metadata>.*?</metadata>|<style type=\"text/css\">.*?</style>", re.DOTALL)
_SIZE = re.compile(r'(<svg\b[^>]*?) width="[^"]*"([^>]*?)>')
_HEIGHT = re.compile(r'(<svg\b[^>]*?) height="[^"]*"')
_IDENTIFIER = re.compile(r'(\bid="|xlink:href="#|url\(#)')


def inline_svg(svg: bytes, name: str, description: str) -> Markup:
    """Return the SVG that matplotlib wrote, fit to stand in HTML beside others.

    Matplotlib escapes all texts it writes, so the SVG may be marked as safe.
    """
    text = _METADATA.sub("", _BEFORE.sub("", svg.decode("utf-8")))
    text = _HEIGHT.sub(r"\1", _SIZE.sub(r"\1\2>", text, count=1), count=1)
    text = _IDENTIFIER.sub(rf"\g<1>{name}-", text)
    opening = f'<svg role="img" aria-label="{escape(description)}"'
    return Markup(text.replace("<svg", opening, 1).strip())
