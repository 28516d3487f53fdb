"""population: what the households of the first year look like."""

from __future__ import annotations

import json
from pathlib import Path

import click

from incomesim.cli.fit import print_fit
from incomesim.cli.options import as_json_option, scenario_file, settings_option

__all__ = ["population"]


@click.command()
@scenario_file
@settings_option
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), default=None,
    help="Folder for the page, figures and tables; results/NAME-OF-SCENARIO-population when left out.",
)  # fmt: skip
@as_json_option
def population(scenario: Path, settings: tuple[str, ...], out: Path | None, as_json: bool) -> None:
    """Show the households SCENARIO begins with: ages, margins, Lorenz curves, regions, fit to published tables."""
    from incomesim.report.portrait import write_portrait
    from incomesim.scenario import load_scenario
    from incomesim.simulation import show_population
    from incomesim.tabulate import show_contradictions, show_fit

    loaded = load_scenario(scenario, settings)
    portrait = show_population(loaded)
    folder = out or Path("results") / f"{scenario.stem}-population"
    write_portrait(portrait, folder)
    fit, contradictions = show_fit(portrait.fit), show_contradictions(portrait.contradictions)
    if as_json:
        tables = {"fit": fit.to_dict("records"), "contradictions": contradictions.to_dict("records")}
        click.echo(json.dumps(tables, ensure_ascii=False, indent=1))
        return
    print_fit(fit, contradictions, portrait.households, everything=True)
    click.echo(f"page: {folder / 'population.html'}", err=True)
