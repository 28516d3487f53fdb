"""The command line: parse, call, print, exit code. The only place that prints.

Data goes to stdout, messages to stderr. Exit codes: 0 done, 1 defect, 2 usage, 3 scenario or data
invalid, 4 folder busy or not writable, 5 disk or memory, 130 interrupted.
"""

from __future__ import annotations

import json
import sys
import traceback
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from incomesim import __version__
from incomesim.errors import IncomesimError, InvalidInput

if TYPE_CHECKING:
    from incomesim.bench import ScenarioCost, Speed
    from incomesim.estimate import Estimate
    from incomesim.result import Result
    from incomesim.scenario import Scenario
    from incomesim.simulation import Progress

__all__ = ["commands", "main"]

_INTERRUPTED = 130
_STAGES = {
    "population": "building households",
    "compile": "compiling",  # in the first run only
    "households": "simulating",
    "measures": "measuring",
}
_COMPILING = "first run of this version: compiling the kernel, about 40 s, once"

_scenario_file = click.argument("scenario", type=click.Path(path_type=Path))
_settings = click.option(
    "--set", "settings", metavar="KEY=VALUE", multiple=True,
    help="Change a value of the scenario, e.g. population.households=20000 or policy[0].take_up=0.5.",
)  # fmt: skip
_microdata = click.option(
    "--microdata", type=click.Path(path_type=Path), default=None,
    help="Parquet file of households to take instead of synthetic ones; README.md lists its columns.",
)  # fmt: skip
_as_json = click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")


def main() -> None:
    """Run the command line and leave with its exit code."""
    with warnings.catch_warnings():
        warnings.showwarning = _show_warning
        sys.exit(_run_command())


def _show_warning(message: Warning | str, *_place: object, **_more: object) -> None:
    click.echo(f"warning: {message}", err=True)


def _run_command() -> int:
    try:
        commands.main(prog_name="incomesim", standalone_mode=False)
    except click.exceptions.Exit as leave:
        return leave.exit_code
    except click.ClickException as problem:
        problem.show()
        return problem.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted; nothing was written that is not complete", err=True)
        return _INTERRUPTED
    except InvalidInput as invalid:
        count = len(invalid.problems)
        click.echo(f"{invalid}\n{count} problem{'s' if count > 1 else ''} found", err=True)
        return invalid.exit_code
    except IncomesimError as problem:
        click.echo(f"error: {problem}", err=True)
        return problem.exit_code
    except MemoryError:
        click.echo("error: out of memory; take fewer years, regions or groups, or smaller row groups", err=True)
        return 5
    except BrokenPipeError:
        return 1
    except Exception:
        traceback.print_exc()
        click.echo("this is a defect in incomesim; please report it with the lines above", err=True)
        return 1
    return 0


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="incomesim")
def commands() -> None:
    """Simulate the incomes of every household of a place, with and without a package of policies."""


@commands.command()
@_scenario_file
@_settings
@_microdata
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), default=None,
    help="Folder for the results; results/NAME-OF-SCENARIO when left out.",
)  # fmt: skip
@click.option("--quiet", "-q", is_flag=True, help="No progress and no key figures.")
@_as_json
def run(
    scenario: Path, settings: tuple[str, ...], microdata: Path | None, out: Path | None, quiet: bool, as_json: bool
) -> None:
    """Run SCENARIO and write tables, figures and report.html."""
    from incomesim.estimate import estimate, refuse_without_memory
    from incomesim.scenario import load_scenario

    loaded = load_scenario(scenario, settings)
    cost = estimate(loaded, _row_groups(microdata))
    refuse_without_memory(cost)
    folder = out or Path("results") / scenario.stem
    if not quiet:
        click.echo(f"{loaded.title}: {_cost_line(cost)}", err=True)
    result = _simulate_and_save(loaded, microdata, folder, quiet)
    if as_json:
        click.echo(json.dumps(_key_figures(result), ensure_ascii=False, indent=1))
    elif not quiet:
        _print_fit(result)
        _print_key_figures(result)
    if not quiet:
        click.echo(f"report: {folder / 'report.html'}", err=True)


@commands.command()
@_scenario_file
@_settings
@_microdata
@_as_json
def check(scenario: Path, settings: tuple[str, ...], microdata: Path | None, as_json: bool) -> None:
    """Validate SCENARIO, and all rows of a file of households, and say what a run will cost in time and memory."""
    from dataclasses import asdict

    from incomesim.estimate import estimate, memory_limit
    from incomesim.scenario import load_scenario

    loaded = load_scenario(scenario, settings)
    if microdata is not None:
        from incomesim.population import read_microdata

        read_microdata(microdata, loaded.population, loaded.seed)
    cost = estimate(loaded, _row_groups(microdata))
    if as_json:
        click.echo(json.dumps(asdict(cost)))
        return
    for file in (scenario, microdata):
        if file is not None:
            click.echo(f"{file}: valid")
    click.echo(loaded.title)
    click.echo(_cost_line(cost))
    click.echo(
        f"{cost.cells} cells, {cost.levers} levers; of {memory_limit() / 2**30:.1f} GiB of memory "
        f"{cost.memory_bytes / memory_limit():.0%}"
    )


@commands.command()
@click.argument("scenario", type=click.Path(path_type=Path), required=False)
@_settings
@click.option(
    "--households", type=click.IntRange(min=100), default=200_000, show_default=True,
    help="Households of the common task, and at most so many of the SCENARIO.",
)  # fmt: skip
@click.option("--rounds", type=click.IntRange(min=1), default=3, show_default=True, help="Medians over so many.")
@_as_json
def bench(scenario: Path | None, settings: tuple[str, ...], households: int, rounds: int, as_json: bool) -> None:
    """Measure this machine: the kernel beside plain NumPy, and what SCENARIO will cost.

    The common task is 40 years of two work states, permanent and transitory income, and a weighted Gini
    every year. Takes about 5 seconds.
    """
    from dataclasses import asdict

    from incomesim.engine import YEARLY_STEP, compiled_before

    if settings and scenario is None:
        raise click.UsageError("--set changes a SCENARIO, and there is none")
    if not compiled_before("common_task.advance_common_task"):
        click.echo("first run of this version: compiling the common task, a few seconds, once", err=True)
    from incomesim.bench import measure_cost, measure_speed

    cost = None
    if scenario is not None:
        if not compiled_before(YEARLY_STEP):
            click.echo(_COMPILING, err=True)
        cost = measure_cost(scenario, settings, households, rounds)
    speed = measure_speed(households, rounds)
    if as_json:
        click.echo(json.dumps({**asdict(speed), "scenario": cost and asdict(cost)}, indent=1))
        return
    _print_speed(speed)
    if cost is not None:
        _print_cost(cost)


@commands.command()
def schema() -> None:
    """Print the JSON Schema of scenario files, for editors that complete and check YAML."""
    from incomesim.scenario import Scenario

    click.echo(json.dumps(Scenario.model_json_schema(), ensure_ascii=False, indent=1))


def _row_groups(microdata: Path | None) -> tuple[int, ...] | None:
    """Sizes of the row groups of a file of households, without looking at them."""
    if microdata is None:
        return None
    from incomesim.population import row_group_sizes

    return row_group_sizes(microdata)


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


def _cost_line(cost: Estimate) -> str:
    sample = "all" if cost.households == cost.real_households else f"for {cost.real_households:,} real ones"
    sample = "of the file" if cost.from_file else sample
    return (
        f"{cost.households:,} households ({sample}), {cost.years} years, baseline and policy: "
        f"about {cost.seconds:.0f} s and {cost.memory_bytes / 2**30:.1f} GiB"
    )


def _simulate_and_save(scenario: Scenario, microdata: Path | None, folder: Path, quiet: bool) -> Result:
    from incomesim.engine import YEARLY_STEP, compiled_before

    if not quiet and not compiled_before(YEARLY_STEP):
        click.echo(_COMPILING, err=True)
    from incomesim.simulation import simulate

    with _progress(quiet) as tell:
        result = simulate(scenario, microdata=microdata, progress=tell)
    if not quiet:
        click.echo(f"writing tables, figures and report to {folder}", err=True)
    result.save(folder)
    return result


@contextmanager
def _progress(quiet: bool) -> Iterator[Progress]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    with Progress(
        TextColumn("{task.description:<20}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
        console=console, disable=quiet or not console.is_terminal,
    ) as bars:  # fmt: skip
        tasks = {
            stage: bars.add_task(words, total=None, start=False, visible=stage != "compile")
            for stage, words in _STAGES.items()
        }

        def tell(stage: str, done: int, total: int) -> None:
            bars.start_task(tasks[stage])
            bars.update(tasks[stage], completed=done, total=total, visible=True)

        yield tell


def _key_figures(result: Result) -> list[dict[str, object]]:
    """First and last year of what one looks at first; `bound` is how far the difference can be off."""
    measures = (
        "mean", "gini", "urban_rural_ratio", "region_max_min", "s80_s20", "middle_nbs",
        *(name for name in result.summary["measure"].unique() if name.startswith("fgt0_")),
    )  # fmt: skip
    rows = result.summary.query("by == 'all'").set_index(["measure", "year", "scenario"])
    table, bound = rows["value"], rows["bound"]
    first, last = int(result.summary["year"].min()), int(result.summary["year"].max())
    return [
        {
            "measure": name,
            f"baseline {first}": table[name, first, "baseline"],
            f"baseline {last}": table[name, last, "baseline"],
            f"policy {last}": table[name, last, "policy"],
            "difference": table[name, last, "difference"],
            "bound": bound[name, last, "difference"],
        }
        for name in measures
    ]


def _print_fit(result: Result) -> None:
    """The population of the first year beside the published tables it was built on."""
    from rich.box import SIMPLE
    from rich.console import Console
    from rich.table import Table

    table = Table(title=f"{result.households}: published and reached", box=SIMPLE)
    for column in ("item", "area", "target", "reached", "difference"):
        table.add_column(column, justify="left" if column in ("item", "area") else "right")
    for row in result.fit.to_dict("records"):
        digits = 4 if row["target"] < 10 else 0
        numbers = (f"{row[side]:,.{digits}f}" for side in ("target", "reached"))
        table.add_row(row["item"], row["area"], *numbers, f"{row['relative_difference']:+.3%}")
    Console().print(table)


def _print_key_figures(result: Result) -> None:
    from rich.box import SIMPLE
    from rich.console import Console
    from rich.table import Table

    figures = _key_figures(result)
    caption = f"{result.households}, assumed effects: not an observation"
    table = Table(title=result.title, caption=caption, box=SIMPLE)
    for column in figures[0]:
        table.add_column(
            "±" if column == "bound" else column,
            justify="left" if column == "measure" else "right",
            no_wrap=column in ("measure", "difference", "bound"),
        )
    for row in figures:
        digits = 0 if row["measure"] == "mean" else 4
        numbers = (f"{row[column]:,.{digits}f}" for column in figures[0] if column not in ("measure", "bound"))
        table.add_row(str(row["measure"]), *numbers, f"{row['bound']:.0e}" if row["bound"] else "exact")
    Console().print(table)
