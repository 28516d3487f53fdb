"""simulate(scenario) -> Result: the whole program on one screen."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from incomesim import tabulate
from incomesim.engine import YEARLY_STEP, available_threads, compile_kernel, compiled_before, compute
from incomesim.plan import make_plan
from incomesim.population import (
    FitRow,
    Households,
    Population,
    compare_file_with_facts,
    compare_with_facts,
    draw_households,
    list_file_assumptions,
    read_microdata,
    real_households,
    synthesise,
)
from incomesim.provenance import FileRecord, Stopwatch, record_file, write_manifest
from incomesim.published import PlaceFacts, read_facts
from incomesim.result import Result
from incomesim.scenario import Assumption, Scenario

__all__ = ["Progress", "build_population", "simulate"]

Progress = Callable[[str, int, int], None]
"""Called with the name of a stage, what is done of it, and how much there is in all.

Stages are population, compile (in the first run of a version only), households and measures.
"""


@dataclass(frozen=True, eq=False)
class _Origin:
    """A population, and what is said of it: beside published figures, in the assumptions, in the manifest."""

    population: Population
    fit: tuple[FitRow, ...]
    assumed: tuple[Assumption, ...]
    file: FileRecord | None


def simulate(
    scenario: Scenario,
    *,
    microdata: str | os.PathLike[str] | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Result:
    """Return the incomes of a place year by year, with and without the policies of the scenario.

    `microdata` is a Parquet file of households, read by row group; without it they are synthetic. `threads` is the
    number of processors to use, all by default; the result has the same bits for any number. Raises
    InvalidInput where the scenario's assumptions contradict the published tables or each other, and with
    everything that is wrong with the file.
    """
    if not isinstance(scenario, Scenario):
        raise TypeError(f"found {type(scenario).__name__}, expected a Scenario, as load_scenario(file) returns")
    tell = progress or _ignore
    workers = available_threads() if threads is None else threads
    if workers < 1:
        raise ValueError(f"found {threads} threads, expected at least 1")
    watch = Stopwatch()

    with watch.time("population"):
        tell("population", 0, 1)
        facts = read_facts(scenario.population.place)
        origin = _synthetic(scenario, facts) if microdata is None else _observed(scenario, facts, microdata)
        plan = make_plan(scenario, origin.population, facts)
        tell("population", 1, 1)
    with watch.time("compile"):
        first = not compiled_before(YEARLY_STEP)
        if first:
            tell("compile", 0, 1)
        compile_kernel(plan.tables)
        if first:
            tell("compile", 1, 1)
    with watch.time("households"):
        sums = compute(plan.source, plan.tables, threads=workers, progress=partial(tell, "households"))
    with watch.time("measures"):
        measured = tabulate.measure_all(scenario, plan, sums, workers, partial(tell, "measures"))
        summary = tabulate.summarise(plan, measured)

    return Result(
        title=scenario.title,
        summary=summary,
        ledger=tabulate.keep_ledger(scenario, plan, sums),
        curves=tabulate.draw_curves(plan, measured),
        transitions=tabulate.trace_transitions(plan, sums),
        fit=tabulate.show_fit(origin.fit),
        path=tabulate.show_path(scenario, plan, sums, facts),
        assumptions=tabulate.list_assumed(scenario, origin.assumed),
        levers=tabulate.describe_levers(scenario),
        labels=tabulate.label_names(scenario),
        manifest=write_manifest(scenario, plan.source.number, origin.file, workers, watch),
    )


def _synthetic(scenario: Scenario, facts: PlaceFacts) -> _Origin:
    population, sample = build_population(scenario, facts)
    return _Origin(population, compare_with_facts(sample, scenario.population, facts), (), None)


def _observed(scenario: Scenario, facts: PlaceFacts, file: str | os.PathLike[str]) -> _Origin:
    population, holdings = read_microdata(file, scenario.population, scenario.seed)
    fit = compare_file_with_facts(holdings, scenario.population, facts)
    return _Origin(population, fit, list_file_assumptions(holdings), record_file(file, holdings.rows))


def build_population(scenario: Scenario, facts: PlaceFacts) -> tuple[Population, Households]:
    """Return a synthetic population, and the first of its households as columns, on which it was calibrated.

    Raises Unreachable where the scenario's assumptions contradict the published tables or each other.
    """
    wanted = scenario.population
    number = real_households(wanted, facts) if wanted.households == "all" else wanted.households
    return draw_households(synthesise(wanted, facts), wanted, facts, scenario.seed, number)


def _ignore(_stage: str, _done: int, _total: int) -> None:
    """Tell nobody."""
