"""Published figures beside what the households come to, in the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["print_fit"]

_MET = 5e-4
"""Relative difference up to which a figure counts as met."""


def print_fit(fit: pd.DataFrame, contradictions: pd.DataFrame, households: str, *, everything: bool) -> None:
    """Print figures and what was reached, all of them or those that are not met, and what contradicts what."""
    from rich.box import SIMPLE
    from rich.console import Console
    from rich.table import Table

    if fit.empty:
        click.echo(f"{households}: there are no published figures to set beside them")
        return
    missed = fit[fit["relative_difference"].abs() > _MET]
    shown = fit if everything else missed[missed["role"] != "proportion"]
    click.echo(
        f"{households}: {len(fit) - len(missed)} of {len(fit)} published figures are met to within {_MET:.2%}"
        f"{'' if everything or missed.empty else '; the others:'}"
    )
    if not shown.empty:
        table = Table(box=SIMPLE)
        for column in ("item", "area", "published", "reached", "difference", "met by"):
            table.add_column(column, justify="left" if column in ("item", "area", "met by") else "right")
        for row in shown.to_dict("records"):
            digits = 4 if row["target"] < 10 else 0
            numbers = (f"{row[side]:,.{digits}f}" for side in ("target", "reached"))
            table.add_row(row["item"], row["area"], *numbers, f"{row['relative_difference']:+.3%}", row["role"])
        Console().print(table)
    for row in contradictions.to_dict("records"):
        digits = 4 if row["published"] < 10 else 0
        click.echo(
            f"contradiction of {row['relative_difference']:+.1%}: {row['what']} ({row['published']:,.{digits}f} is "
            f"published, {row['implied']:,.{digits}f} follows); the households follow {row['followed']}"
        )
