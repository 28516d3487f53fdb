"""hindcast: predict what has been published since, and compare."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from incomesim.cli.options import as_json_option

if TYPE_CHECKING:
    from incomesim.forecasts import Hindcast

__all__ = ["hindcast"]


@click.command()
@click.argument("place")
@click.option("--from", "first", type=click.IntRange(1950, 2150), required=True, help="Year of the population.")
@click.option("--to", "last", type=click.IntRange(1950, 2150), required=True, help="Last year to predict.")
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), default=None,
    help="Folder for tables and figures; results/hindcast-PLACE when left out.",
)  # fmt: skip
@as_json_option
def hindcast(place: str, first: int, last: int, out: Path | None, as_json: bool) -> None:
    """Build PLACE from the tables of the first year, drive it with published growth, compare with later tables.

    PLACE is one that comes with the package, or a folder of tables; a folder whose place.csv says `extends,china`
    adds later years to those of China.
    """
    from incomesim.errors import InvalidInput, Problem
    from incomesim.experiment import hindcast as compute_hindcast
    from incomesim.fields import is_folder
    from incomesim.published import place_names, read_place
    from incomesim.report.hindcast import write_hindcast
    from incomesim.scenario import load_scenario

    if last <= first:
        raise click.UsageError(f"--to is {last}, expected a year after --from, {first}")
    tables = read_place(place)
    if tables.hindcast is None:
        message = "found no hindcast.yaml, a scenario file with what a hindcast of the place assumes"
        raise InvalidInput([Problem(place, 0, 0, "", message)])
    named = place if place in place_names() or is_folder(place) else f"./{place}"
    scenario = load_scenario(tables.hindcast, [f"years={first}..{last}", f"population.place={named}"])
    if not as_json:
        click.echo(f"{scenario.title}: {first} to {last}, a few seconds", err=True)
    found = compute_hindcast(scenario)
    folder = out or Path("results") / f"hindcast-{Path(place).name}"
    write_hindcast(found, folder)
    if as_json:
        click.echo(json.dumps({"verdict": found.verdict, "errors": found.errors.to_dict("records")}, indent=1))
        return
    _print_errors(found)
    click.echo(found.verdict)
    click.echo(f"tables and figure: {folder}", err=True)


def _print_errors(found: Hindcast) -> None:
    from rich.box import SIMPLE
    from rich.console import Console
    from rich.table import Table

    from incomesim.forecasts import FORECASTS

    years = f"{found.years[1]}-{found.years[-1]}"
    table = Table(title=f"Mean absolute error, {years}, relative to what was published", box=SIMPLE)
    table.add_column("measure")
    table.add_column("area")
    for name in ("figures", *FORECASTS):
        table.add_column(name.replace("_", " "), justify="right")
    for row in found.errors.to_dict("records"):
        errors = (f"{row[name]:.2%}" for name in FORECASTS)
        table.add_row(row["measure"].replace("_", " "), row["area"], str(row["figures"]), *errors)
    Console().print(table)
    click.echo("Built from the tables of the first year. Told of later years:")
    for driver in found.drivers:
        click.echo(f"  {driver}")
