"""A folder with a hindcast: its tables, its figure, and what it was told."""

from __future__ import annotations

import json
from os import PathLike

from incomesim.forecasts import Hindcast
from incomesim.provenance import describe_inputs
from incomesim.report.charts import render_chart
from incomesim.report.charts.hindcast import HINDCAST
from incomesim.report.folder import MANIFEST, write_files
from incomesim.report.spreadsheet import write_csv
from incomesim.tabulate import show_fit

__all__ = ["write_hindcast"]


def write_hindcast(hindcast: Hindcast, folder: str | PathLike[str]) -> None:
    """Write forecasts.csv, errors.csv, fit.csv, the figure and manifest.json, as `write_files` does."""
    write_files(lambda: _contents(hindcast), folder)


def _contents(hindcast: Hindcast) -> dict[str, bytes]:
    figure = render_chart(hindcast, HINDCAST)
    about = {
        "place": hindcast.place,
        "years": f"{hindcast.years[0]}..{hindcast.years[-1]}",
        "households": hindcast.households,
        "built_from": f"tables of {hindcast.years[0]} and figures published before",
        "told_of_later_years": list(hindcast.drivers),
        "verdict": hindcast.verdict,
        **describe_inputs(hindcast.scenario),
    }
    return {
        "forecasts.csv": write_csv(hindcast.table),
        "errors.csv": write_csv(hindcast.errors),
        "fit.csv": write_csv(show_fit(hindcast.fit)),
        "figures/hindcast.svg": figure.svg,
        "figures/hindcast.png": figure.png,
        "figures/hindcast.csv": write_csv(figure.picture.data),
        MANIFEST: (json.dumps(about, ensure_ascii=False, indent=2) + "\n").encode(),
    }
