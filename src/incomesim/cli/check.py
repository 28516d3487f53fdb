"""check: validate a scenario and say what a run will cost."""

from __future__ import annotations

import json
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING

import click

from incomesim.cli.cost import cost_line
from incomesim.cli.options import as_json_option, scenario_file, settings_option
from incomesim.cli.progress import COMPILING

if TYPE_CHECKING:
    import pandas as pd

    from incomesim.scenario import Scenario

__all__ = ["check"]


@click.command()
@scenario_file
@settings_option
@click.option(
    "--preview", "with_preview", is_flag=True, help="Also say whom each lever is likely to reach at what cost."
)
@as_json_option
def check(scenario: Path, settings: tuple[str, ...], with_preview: bool, as_json: bool) -> None:
    """Validate SCENARIO, and all rows of its file of households, and say what a run will cost in time and memory."""
    from dataclasses import asdict

    from incomesim.estimate import estimate, memory_limit
    from incomesim.scenario import SurveyPopulation, load_scenario

    loaded = load_scenario(scenario, settings)
    valid: list[Path] = [scenario]
    if isinstance(loaded.population, SurveyPopulation):
        from incomesim.population import read_microdata

        read_microdata(loaded.population, loaded.seed)
        valid.append(loaded.population.microdata.path)
    cost = estimate(loaded)
    levers = _preview(loaded) if with_preview else None
    if as_json:
        known = None if levers is None else levers.astype(object).where(levers.notna(), None)  # JSON has no NaN
        shown = {} if known is None else {"preview": known.to_dict("records")}
        click.echo(json.dumps({**asdict(cost), **shown}, ensure_ascii=False))
        return
    for file in valid:
        click.echo(f"{file}: valid")
    click.echo(loaded.title)
    click.echo(cost_line(cost))
    click.echo(
        f"{cost.cells} cells, {cost.levers} levers; of {memory_limit() / 2**30:.1f} GiB of memory "
        f"{cost.memory_bytes / memory_limit():.0%}"
    )
    if levers is not None:
        _print_preview(levers)


def _preview(scenario: Scenario) -> pd.DataFrame:
    from incomesim.engine import YEARLY_STEP, compiled_before

    if not compiled_before(YEARLY_STEP):
        click.echo(COMPILING, err=True)
    from incomesim.preview import preview

    return preview(scenario)


def _print_preview(levers: pd.DataFrame) -> None:
    from rich.box import SIMPLE
    from rich.console import Console
    from rich.table import Table

    caption = (
        "expected, each lever alone, in its first full year: households it acts on, those reached, million yuan; "
        "a sample of households, weights of the first year"
    )
    table = Table(title="Levers", caption=caption, box=SIMPLE)
    for column in ("lever", "year", "acts on", "reached", "share", "paid", "budget"):
        table.add_column(column, justify="left" if column == "lever" else "right")
    for row in levers.to_dict("records"):
        numbers = (
            f"{row['households']:,.0f}", f"{row['reached']:,.0f}", f"{row['share']:.1%}",
            f"{row['paid_yuan'] / 1e6:,.1f}",
        )  # fmt: skip
        budget = "-" if isnan(row["budget_yuan"]) else f"{row['budget_yuan'] / 1e6:,.1f}"
        known = ("not known" if number.startswith("nan") else number for number in numbers)
        table.add_row(row["lever"], str(row["year"]), *known, budget)
    Console().print(table)
