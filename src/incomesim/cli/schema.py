"""schema: what editors need to complete and check scenario files."""

from __future__ import annotations

import json

import click

__all__ = ["schema"]


@click.command()
def schema() -> None:
    """Print the JSON Schema of scenario files, for editors that complete and check YAML."""
    from incomesim.scenario import Scenario
    from incomesim.scenario.compose import add_include

    click.echo(json.dumps(add_include(Scenario.model_json_schema()), ensure_ascii=False, indent=1))
