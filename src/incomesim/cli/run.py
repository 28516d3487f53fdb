"""run: simulate and write a folder of tables, figures and a report."""

from __future__ import annotations

import json
from collections.abc import Mapping
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from incomesim.cli.cost import cost_line
from incomesim.cli.fit import print_fit
from incomesim.cli.options import as_json_option, scenario_file, settings_option
from incomesim.cli.progress import COMPILING, show_progress

if TYPE_CHECKING:
    from incomesim.result import Result
    from incomesim.scenario import Scenario

__all__ = ["run"]


@click.command()
@scenario_file
@settings_option
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), default=None,
    help="Folder for the results; results/NAME-OF-SCENARIO when left out.",
)  # fmt: skip
@click.option("--quiet", "-q", is_flag=True, help="No progress and no key figures.")
@as_json_option
def run(scenario: Path, settings: tuple[str, ...], out: Path | None, quiet: bool, as_json: bool) -> None:
    """Run SCENARIO and write tables, figures and report.html."""
    from incomesim.estimate import estimate, refuse_without_memory
    from incomesim.scenario import load_scenario

    loaded = load_scenario(scenario, settings)
    cost = estimate(loaded)
    refuse_without_memory(cost)
    folder = out or Path("results") / scenario.stem
    if not quiet:
        click.echo(f"{loaded.title}: {cost_line(cost)}", err=True)
    result = _simulate_and_save(loaded, folder, quiet)
    if as_json:
        click.echo(json.dumps(_key_figures(result), ensure_ascii=False, indent=1))
    elif not quiet:
        print_fit(result.fit, result.contradictions, result.households, everything=False)
        _print_key_figures(result)
    if not quiet:
        click.echo(f"report: {folder / 'report.html'}", err=True)


def _simulate_and_save(scenario: Scenario, folder: Path, quiet: bool) -> Result:
    from incomesim.engine import YEARLY_STEP, compiled_before

    if not quiet and not compiled_before(YEARLY_STEP):
        click.echo(COMPILING, err=True)
    from incomesim.simulation import simulate

    with show_progress(quiet) as tell:
        result = simulate(scenario, progress=tell)
    if not quiet:
        click.echo(f"writing tables, figures and report to {folder}", err=True)
    result.save(folder)
    return result


def _key_figures(result: Result) -> list[dict[str, object]]:
    """First and last year of what one looks at first, where it has a meaning; `bound` is that of the difference.

    `standard_errors` has an entry for each figure, None where there is none.
    """
    measures = (
        "mean", "gini", "urban_rural_ratio", "region_max_min", "s80_s20", "middle_nbs",
        *(name for name in result.summary["measure"].unique() if name.startswith("fgt0_")),
    )  # fmt: skip
    rows = result.summary.query("by == 'all'").set_index(["measure", "year", "scenario"])
    table, bound, error = rows["value"], rows["bound"], rows["standard_error"]
    first, last = int(result.summary["year"].min()), int(result.summary["year"].max())
    shown = [(first, "baseline"), (last, "baseline"), (last, "policy"), (last, "difference")]
    named = {
        ("difference" if scenario == "difference" else f"{scenario} {year}"): (year, scenario)
        for year, scenario in shown
    }
    return [
        {
            "measure": name,
            **{column: table[name, *where] for column, where in named.items()},
            "bound": bound[name, last, "difference"],
            "standard_errors": {
                column: None if isnan(error[name, *where]) else error[name, *where] for column, where in named.items()
            },
            **({f"extended {last}": table[name, last, "extended"]} if (name, last, "extended") in table.index else {}),
        }
        for name in measures
        if all((name, *where) in table.index for where in shown)
    ]


def _print_key_figures(result: Result) -> None:
    from rich.box import SIMPLE
    from rich.console import Console
    from rich.table import Table

    figures = _key_figures(result)
    caption = (
        f"{result.households}, assumed effects: not an observation. In brackets: standard errors, of the sample of "
        "households and their luck alone"
    )
    table = Table(title=result.title, caption=caption, box=SIMPLE)
    columns = [name for name in figures[0] if not name.startswith(("extended", "standard"))]
    for column in columns:
        table.add_column(
            "±" if column == "bound" else column,
            justify="left" if column == "measure" else "right",
            no_wrap=column in ("measure", "bound"),
            min_width=len(column) if column == "difference" else None,
        )
    for row in figures:
        numbers = (_with_error(row, column) for column in columns if column not in ("measure", "bound"))
        table.add_row(str(row["measure"]), *numbers, f"{row['bound']:.0e}" if row["bound"] else "exact")
    Console().print(table)
    if any(name.startswith("extended") for name in figures[0]):
        Console().print(_extended_line(figures))


def _with_error(row: Mapping[str, Any], column: str) -> str:
    """A figure with its standard error in brackets."""
    digits, error = 0 if row["measure"] == "mean" else 4, row["standard_errors"][column]
    number = f"{row[column]:,.{digits}f}"
    return number if error is None else f"{number} ({error:,.{digits + 1}f})"


def _extended_line(figures: list[dict[str, object]]) -> str:
    """The gaps of income with services in kind, to which lines of disposable income do not apply."""
    extended = next(name for name in figures[0] if name.startswith("extended"))
    parts = (
        f"{row['measure']} {row[extended]:,.{0 if row['measure'] == 'mean' else 4}f}"
        for row in figures
        if not str(row["measure"]).startswith(("fgt0_", "middle_"))
    )
    return f"with services in kind, {extended}: {', '.join(parts)}"
