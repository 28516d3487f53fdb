"""Tables and figures on mobility as a folder of files."""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike

import pandas as pd
from matplotlib.axes import Axes

from incomesim.mobility import MobilityFit
from incomesim.report.charts.chart import Drawing, Picture, draw_picture, render_picture
from incomesim.report.charts.mobility_fit import MOBILITY_FIT, PUBLISHED_MOBILITY, read_fit, read_published
from incomesim.report.folder import write_files
from incomesim.report.plots import figure_maker
from incomesim.report.spreadsheet import write_csv
from incomesim.scenario.model import Mobility

__all__ = ["draw_fit", "write_comparison", "write_fit"]


def draw_fit(fit: MobilityFit, about: str) -> list[Axes]:
    """Return the panels, one for each group, of a figure of observed and fitted correlations; `about` names the panel.

    In IPython and in notebooks the figure belongs to pyplot, as those of a result do.
    """
    return draw_picture(MOBILITY_FIT, read_fit(fit), _source(about), figure_maker())


def write_comparison(comparison: pd.DataFrame, mobility: Mobility, about: str, folder: str | PathLike[str]) -> None:
    """Write mobility_published.csv, and its figure with its data; `about` is the title of the scenario."""

    def make() -> Mapping[str, bytes]:
        picture = read_published(comparison, mobility)
        source = f"Studies as named in the table; the process is that of the scenario. incomesim: {about}"
        return {
            "mobility_published.csv": write_csv(comparison),
            **_figure(PUBLISHED_MOBILITY, picture, source, about),
        }

    write_files(make, folder)


def write_fit(fit: MobilityFit, section: str | None, about: str, folder: str | PathLike[str]) -> None:
    """Write mobility_parameters.csv, mobility_moments.csv, and the figure with its data; `about` names the panel.

    `section` is the text for a scenario file, written to mobility.yaml.
    """

    def make() -> Mapping[str, bytes]:
        return {
            "mobility_parameters.csv": write_csv(fit.parameters),
            "mobility_moments.csv": write_csv(fit.moments),
            **({} if section is None else {"mobility.yaml": section.encode("utf-8")}),
            **_figure(MOBILITY_FIT, read_fit(fit), _source(about), about),
        }

    write_files(make, folder)


def _source(about: str) -> str:
    return f"Estimated from {about}. incomesim"


def _figure(drawing: Drawing, picture: Picture, source: str, about: str) -> Mapping[str, bytes]:
    figure = render_picture(drawing, picture, source, about)
    name = f"figures/{drawing.name}"
    return {f"{name}.svg": figure.svg, f"{name}.png": figure.png, f"{name}.csv": write_csv(picture.data)}
