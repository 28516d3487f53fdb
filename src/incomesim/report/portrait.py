"""A folder with what a population looks like: a page, figures with their data, tables."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike

from incomesim.population import Portrait
from incomesim.report import tables
from incomesim.report.charts import Rendered, render_chart
from incomesim.report.charts.population import POPULATION_CHARTS
from incomesim.report.folder import write_files
from incomesim.report.inline_svg import inline_svg
from incomesim.report.spreadsheet import write_csv
from incomesim.report.templating import find_template, read_style
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
    return find_template("population.html").render(
        portrait=portrait,
        figures=figures,
        drawings={
            figure.chart.name: inline_svg(figure.svg, figure.chart.name, figure.picture.finding) for figure in figures
        },
        fit=tables.show_fit(
            show_fit(portrait.fit), portrait.labels, "Reached", f"Published figures: {portrait.households}"
        ),
        contradictions=tables.show_contradictions(show_contradictions(portrait.contradictions)),
        style=read_style(),
    )
