"""bench: the speed of this machine."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from incomesim.cli.options import as_json_option, settings_option
from incomesim.cli.progress import COMPILING

if TYPE_CHECKING:
    from incomesim.bench import ScenarioCost, Speed

__all__ = ["bench"]


@click.command()
@click.argument("scenario", type=click.Path(path_type=Path), required=False)
@settings_option
@click.option(
    "--households", type=click.IntRange(min=100), default=200_000, show_default=True,
    help="Households of the common task, and at most so many of the SCENARIO.",
)  # fmt: skip
@click.option("--rounds", type=click.IntRange(min=1), default=3, show_default=True, help="Medians over so many.")
@as_json_option
def bench(scenario: Path | None, settings: tuple[str, ...], households: int, rounds: int, as_json: bool) -> None:
    """Measure this machine: the kernel beside plain NumPy, and what SCENARIO will cost.

    The common task is 40 years of two work states, permanent and transitory income, and a weighted Gini
    every year. Takes about 5 seconds.
    """
    from dataclasses import asdict

    from incomesim.engine import YEARLY_STEP, compiled_before

    if settings and scenario is None:
        raise click.UsageError("--set changes a SCENARIO, and there is none")
    if not compiled_before("incomesim.kernel.common_task.advance_common_task"):
        click.echo("first run of this version: compiling the common task, a few seconds, once", err=True)
    from incomesim.bench import measure_cost, measure_speed

    cost = None
    if scenario is not None:
        if not compiled_before(YEARLY_STEP):
            click.echo(COMPILING, err=True)
        cost = measure_cost(scenario, settings, households, rounds)
    speed = measure_speed(households, rounds)
    if as_json:
        click.echo(json.dumps({**asdict(speed), "scenario": cost and asdict(cost)}, indent=1))
        return
    _print_speed(speed)
    if cost is not None:
        _print_cost(cost)


def _print_speed(speed: Speed) -> None:
    click.echo(
        f"common task, {speed.households:,} households, {speed.years} years, weighted Gini every year\n"
        f"  incomesim, one thread  {speed.kernel / 1e6:7.1f} M household-years in a processor second\n"
        f"  plain NumPy            {speed.numpy / 1e6:7.1f} M: incomesim is {speed.ratio:.1f} times as fast "
        f"(median of {speed.rounds})\n"
        f"  incomesim, threads: {speed.threads:<3}{speed.all_threads / 1e6:7.1f} M household-years in a second"
    )


def _print_cost(cost: ScenarioCost) -> None:
    click.echo(
        f"scenario, baseline and policy, {cost.threads} threads: "
        f"{cost.household_years_per_second / 1e6:.1f} M household-years in a second\n"
        f"  all {cost.households:,} households and {cost.years} years: about {cost.seconds:.1f} s "
        f"(from {cost.sample:,}), and a few more for the population, the measures and the report"
    )
