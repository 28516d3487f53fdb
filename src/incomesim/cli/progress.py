"""Progress on stderr, where it is a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from incomesim.simulation import Progress

__all__ = ["COMPILING", "show_progress"]

_STAGES = {
    "population": "building households",
    "compile": "compiling",  # in the first run only
    "baseline": "finding incomes of the baseline",  # only where a lever follows them
    "households": "simulating",
    "budgets": "keeping to budgets",  # where one does not last for all
    "measures": "measuring",
    "errors": "finding standard errors",
}
_SELDOM = ("compile", "baseline", "budgets")
COMPILING = "first run of this version: compiling the kernel, about a minute, once"


@contextmanager
def show_progress(quiet: bool) -> Iterator[Progress]:
    """Give a callable that moves the bars of the stages; shows none when quiet or not in a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    with Progress(
        TextColumn("{task.description:<23}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
        console=console, disable=quiet or not console.is_terminal,
    ) as bars:  # fmt: skip
        tasks = {
            stage: bars.add_task(words, total=None, start=False, visible=stage not in _SELDOM)
            for stage, words in _STAGES.items()
        }

        def tell(stage: str, done: int, total: int) -> None:
            bars.start_task(tasks[stage])
            bars.update(tasks[stage], completed=done, total=total, visible=True)

        yield tell
