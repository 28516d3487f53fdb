"""A folder with what a population looks like: a page, figures with their data, tables."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from os import PathLike

import jinja2
from markupsafe import Markup

from incomesim.population import Portrait
from incomesim.report import tables
from incomesim.report.charts import Rendered, render_chart
from incomesim.report.charts.population import POPULATION_CHARTS
from incomesim.report.folder import write_files
from incomesim.report.inline_svg import inline_svg
from incomesim.report.spreadsheet import write_csv
from incomesim.tabulate import show_contradictions, show_fit

__all__ = ["write_portrait"]


def write_portrait(portrait: Portrait, folder: str | PathLike[str]) -> None:
    """Write population.html, figures and tables of a population, as `write_files` does."""
    write_files(lambda: _contents(portrait), folder)


def _contents(portrait: Portrait) -> dict[str, bytes]:
    figures = [render_chart(portrait, chart) for chart in POPULATION_CHARTS]
    files = {
        "fit.csv": write_csv(show_fit(portrait.fit)),
        "contradictions.csv": write_csv(show_contradictions(portrait.contradictions)),
        "margins.csv": write_csv(portrait.margins),
    }
    for figure in figures:
        name = f"figures/{figure.chart.name}"
        files |= {f"{name}.svg": figure.svg, f"{name}.png": figure.png, f"{name}.csv": write_csv(figure.picture.data)}
    files["population.html"] = _page(portrait, figures).encode()
    return files


def _page(portrait: Portrait, figures: Sequence[Rendered]) -> str:
    return _template().render(
        portrait=portrait,
        figures=figures,
        drawings={
            figure.chart.name: inline_svg(figure.svg, figure.chart.name, figure.picture.finding) for figure in figures
        },
        fit=tables.show_fit(
            show_fit(portrait.fit), portrait.labels, "Reached", f"Published figures: {portrait.households}"
        ),
        contradictions=tables.show_contradictions(show_contradictions(portrait.contradictions)),
        style=Markup(_environment().loader.get_source(_environment(), "report.css")[0]),  # type: ignore[union-attr]
    )


@functools.cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader("incomesim.report"), autoescape=True, undefined=jinja2.StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip


def _template() -> jinja2.Template:
    return _environment().get_template("population.html")
