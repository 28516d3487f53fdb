"""Arguments that several commands take."""

from __future__ import annotations

from pathlib import Path

import click

__all__ = ["as_json_option", "scenario_file", "settings_option"]

scenario_file = click.argument("scenario", type=click.Path(path_type=Path))
settings_option = click.option(
    "--set", "settings", metavar="KEY=VALUE", multiple=True,
    help="Change a value of the scenario, e.g. population.households=20000, policy[0].take_up=0.5 or "
    "policy[name of a lever].take_up=0.5.",
)  # fmt: skip
as_json_option = click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
