"""check: validate a scenario and say what a run will cost."""

from __future__ import annotations

import json
from pathlib import Path

import click

from incomesim.cli.cost import cost_line
from incomesim.cli.options import as_json_option, scenario_file, settings_option

__all__ = ["check"]


@click.command()
@scenario_file
@settings_option
@as_json_option
def check(scenario: Path, settings: tuple[str, ...], as_json: bool) -> None:
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
    if as_json:
        click.echo(json.dumps(asdict(cost)))
        return
    for file in valid:
        click.echo(f"{file}: valid")
    click.echo(loaded.title)
    click.echo(cost_line(cost))
    click.echo(
        f"{cost.cells} cells, {cost.levers} levers; of {memory_limit() / 2**30:.1f} GiB of memory "
        f"{cost.memory_bytes / memory_limit():.0%}"
    )
