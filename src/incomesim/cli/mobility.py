"""mobility: published facts beside a scenario's processes, or the processes of a panel."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from incomesim.cli.options import as_json_option, scenario_file, settings_option

if TYPE_CHECKING:
    import pandas as pd

    from incomesim.mobility import FitTest, MobilityFit
    from incomesim.scenario import Scenario

__all__ = ["mobility"]


_WIDTH = 100  # so that a row stays on one line where the output is no terminal


@click.command()
@scenario_file
@settings_option
@click.option(
    "--panel", type=click.Path(path_type=Path), default=None,
    help="CSV or Parquet file with household, year, income_per_head and, where known, weight and cell: estimate.",
)  # fmt: skip
@click.option("--by", default=None, help="Column of the panel to have one fit for each value of, such as residence.")
@click.option(
    "--poor", type=click.FloatRange(0.0, 1.0, min_open=True, max_open=True), default=0.10, show_default=True,
    help="Share of rural people below the line of the published exit rate; an assumption.",
)  # fmt: skip
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), default=None, help="Folder for tables and figures."
)
@as_json_option
def mobility(
    scenario: Path,
    settings: tuple[str, ...],
    panel: Path | None,
    by: str | None,
    poor: float,
    out: Path | None,
    as_json: bool,
) -> None:
    """Hold the mobility of SCENARIO against published facts, or estimate it from a panel of households."""
    from incomesim.scenario import load_scenario

    if by is not None and panel is None:
        raise click.UsageError("--by needs --panel")
    loaded = load_scenario(scenario, settings)
    if panel is None:
        _compare(loaded, poor, out, as_json)
    else:
        _estimate(loaded, panel, by, out, as_json)


def _compare(scenario: Scenario, poor: float, out: Path | None, as_json: bool) -> None:
    from incomesim.mobility import compare_with_published, list_contradictions

    table, contradictions = compare_with_published(scenario.mobility, poor=poor), list_contradictions(poor)
    if out is not None:
        from incomesim.report.mobility import write_comparison

        write_comparison(table, scenario.mobility, scenario.title, out)
    if as_json:
        click.echo(_to_json({"poor": poor, "facts": table, "contradictions": contradictions}))
        return
    shown = table[["fact", "published", "implied", "difference"]].assign(asks_for=table["correlation_implied"])
    shown.insert(0, "households", table["residence"] + " " + table["period"])
    caption = f"asks for: the correlation a fact asks for by itself; {poor:.0%} of rural people are taken to be poor"
    _print(scenario.title, shown, caption)
    for sentence in contradictions:
        click.echo(f"\n{sentence}")
    _say_where(out)


def _estimate(scenario: Scenario, panel: Path, by: str | None, out: Path | None, as_json: bool) -> None:
    from incomesim.mobility import estimate_mobility, write_mobility_section

    fit = estimate_mobility(panel, by=by)
    groups = {part.group for part in fit.groups}
    section = write_mobility_section(fit, panel.name) if by is None or groups == {"urban", "rural"} else None
    if out is not None:
        from incomesim.report.mobility import write_fit

        write_fit(fit, section, panel.name, out)
    if as_json:
        tests = {part.group: part.test and vars(part.test) for part in fit.groups}
        said = {"parameters": fit.parameters, "moments": fit.moments, "tests": tests, "section": section}
        click.echo(_to_json(said))
        return
    _print(f"{panel.name}: parameters", _with_scenario(fit, scenario), "standard errors are clustered by household")
    _print(f"{panel.name}: autocovariances of normal ranks", fit.moments, "")
    for part in fit.groups:
        click.echo(_verdict(part.group, part.boundary, part.test))
    click.echo(
        f"\n{section}" if section else "\nno section for a scenario: it has one process for urban, one for rural"
    )
    _say_where(out)


def _with_scenario(fit: MobilityFit, scenario: Scenario) -> pd.DataFrame:
    """The estimates beside what the scenario has, where a group is a residence."""
    import pandas as pd

    table = fit.parameters
    known = [
        getattr(getattr(scenario.mobility, group, None), name, float("nan"))
        for group, name in zip(table["group"], table["parameter"], strict=True)
    ]
    return table.assign(scenario=pd.Series(known, dtype=float))


def _verdict(group: str, boundary: tuple[str, ...], test: FitTest | None) -> str:
    if boundary:
        return f"{group}: at the end of the range: {', '.join(boundary)}; there is no test of the fit then"
    if test is None:
        return f"{group}: no degree of freedom is left to test the fit"
    return f"{group}: test of the fit: chi-square {test.statistic:.2f} ({test.freedom}), p = {test.p_value:.3f}"


def _print(title: str, frame: pd.DataFrame, caption: str) -> None:
    from rich.box import SIMPLE
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title, caption=caption, box=SIMPLE)
    for column in frame.columns:
        numeric = frame[column].dtype.kind in "fi"
        table.add_column(column.replace("_", " "), justify="right" if numeric else "left")
    for row in frame.itertuples(index=False):
        table.add_row(*map(_write, row))
    Console(width=max(Console().width, _WIDTH)).print(table)


def _write(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.4f}" if value == value else ""
    return "" if value is None else str(value)


def _to_json(said: dict[str, object]) -> str:
    import pandas as pd

    plain = {
        key: json.loads(value.to_json(orient="records", force_ascii=False))
        if isinstance(value, pd.DataFrame)
        else value
        for key, value in said.items()
    }
    return json.dumps(plain, ensure_ascii=False, indent=1, allow_nan=False)


def _say_where(out: Path | None) -> None:
    if out is not None:
        click.echo(f"tables and figures: {out}", err=True)
