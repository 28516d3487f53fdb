"""The templates of the pages, and what goes into them as it is."""

from __future__ import annotations

import functools

import jinja2
from markupsafe import Markup

__all__ = ["find_template", "read_style"]


@functools.cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader("incomesim.report"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def find_template(name: str) -> jinja2.Template:
    """Return a template of the package; every text it is given is escaped."""
    return _environment().get_template(name)


@functools.cache
def read_style() -> Markup:
    """Return the style sheet of all pages."""
    loader = jinja2.PackageLoader("incomesim.report")
    return Markup(loader.get_source(_environment(), "report.css")[0])
