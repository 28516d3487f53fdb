"""run: simulate and write a folder of tables, figures and a report."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

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
    """First and last year of what one looks at first, where it has a meaning; `bound` is that of the difference."""
    measures = (
        "mean", "gini", "urban_rural_ratio", "region_max_min", "s80_s20", "middle_nbs",
        *(name for name in result.summary["measure"].unique() if name.startswith("fgt0_")),
    )  # fmt: skip
    rows = result.summary.query("by == 'all'").set_index(["measure", "year", "scenario"])
    table, bound = rows["value"], rows["bound"]
    first, last = int(result.summary["year"].min()), int(result.summary["year"].max())
    shown = [(first, "baseline"), (last, "baseline"), (last, "policy"), (last, "difference")]
    return [
        {
            "measure": name,
            f"baseline {first}": table[name, first, "baseline"],
            f"baseline {last}": table[name, last, "baseline"],
            f"policy {last}": table[name, last, "policy"],
            "difference": table[name, last, "difference"],
            "bound": bound[name, last, "difference"],
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
    caption = f"{result.households}, assumed effects: not an observation"
    table = Table(title=result.title, caption=caption, box=SIMPLE)
    columns = [name for name in figures[0] if not name.startswith("extended")]
    for column in columns:
        table.add_column(
            "±" if column == "bound" else column,
            justify="left" if column == "measure" else "right",
            no_wrap=column in ("measure", "difference", "bound"),
        )
    for row in figures:
        digits = 0 if row["measure"] == "mean" else 4
        numbers = (f"{row[column]:,.{digits}f}" for column in columns if column not in ("measure", "bound"))
        table.add_row(str(row["measure"]), *numbers, f"{row['bound']:.0e}" if row["bound"] else "exact")
    Console().print(table)
    if len(columns) < len(figures[0]):
        Console().print(_extended_line(figures))


def _extended_line(figures: list[dict[str, object]]) -> str:
    """The gaps of income with services in kind, to which lines of disposable income do not apply."""
    *_, extended = figures[0]
    parts = (
        f"{row['measure']} {row[extended]:,.{0 if row['measure'] == 'mean' else 4}f}"
        for row in figures
        if not str(row["measure"]).startswith(("fgt0_", "middle_"))
    )
    return f"with services in kind, {extended}: {', '.join(parts)}"
