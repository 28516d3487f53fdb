"""simulate(scenario) -> Result: the whole program on one screen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

from threadpoolctl import threadpool_limits

from incomesim import tabulate
from incomesim.baseline import plan_run
from incomesim.budgets import compute_within_budgets
from incomesim.engine import YEARLY_STEP, available_threads, compile_kernel, compiled_before, compute
from incomesim.guards import warn_of_levers
from incomesim.kernel.tables import Sums
from incomesim.plan import Plan, make_plan
from incomesim.population import (
    Blueprint,
    Contradiction,
    FitRow,
    Holdings,
    Households,
    Population,
    Portrait,
    Reweighted,
    columns_of,
    compare_file_with_facts,
    compare_with_facts,
    draw_households,
    draw_portrait,
    find_contradictions,
    list_file_assumptions,
    read_microdata,
    read_survey,
    synthesise,
)
from incomesim.provenance import FileRecord, Stopwatch, record_file, write_manifest
from incomesim.published import PlaceFacts, read_facts
from incomesim.result import Result
from incomesim.sampled import keep_sample
from incomesim.scenario import Assumption, PlacePopulation, Scenario, SurveyPopulation

__all__ = ["Origin", "Progress", "build_population", "find_origin", "show_population", "simulate"]

Progress = Callable[[str, int, int], None]
"""Called with the name of a stage, what is done of it, and how much there is in all.

Stages are population, compile (in the first run of a version only), baseline (a pass of its own, only where a lever
follows incomes of the baseline), households, budgets (further passes over all households, until every budget keeps),
measures and errors (of a sample of households).
"""


@dataclass(frozen=True, eq=False)
class Origin:
    """A population, and what is said of it: beside published figures, in the assumptions, in the manifest.

    `sample` are the synthetic households on which weights were calibrated.
    """

    population: Population
    sample: Households | None
    facts: PlaceFacts | None
    fit: tuple[FitRow, ...]
    contradictions: tuple[Contradiction, ...]
    reweighted: Reweighted | None
    assumed: tuple[Assumption, ...]
    files: Mapping[str, FileRecord]


def simulate(
    scenario: Scenario,
    *,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Result:
    """Return the incomes of a place year by year, with and without the policies of the scenario.

    `threads` is the number of processors to use, all by default; the result has the same bits for any number.
    Raises InvalidInput where the scenario's assumptions contradict the published tables or each other, and with
    everything that is wrong with its file of households. A lever that reaches nobody, or whose effect others take
    back, in a sample of households, is a `LeverWarning`.
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
        origin = find_origin(scenario)
        bare = make_plan(scenario.model_copy(update={"policy": []}), origin.population, origin.facts)
        tell("population", 1, 1)
    with watch.time("compile"):
        first = not compiled_before(YEARLY_STEP)
        if first:
            tell("compile", 0, 1)
        compile_kernel(bare.tables)
        if first:
            tell("compile", 1, 1)
    with watch.time("baseline"):
        plan = plan_run(scenario, origin.population, origin.facts, threads=workers, progress=partial(tell, "baseline"))
    with watch.time("guards"):
        warn_of_levers(scenario, plan)
    with watch.time("households"):

        def run(plan: Plan, number: int) -> Sums:
            stage = "households" if number == 1 else "budgets"
            return compute(plan.source, plan.tables, threads=workers, progress=partial(tell, stage))

        plan, aged = compute_within_budgets(plan, scenario.policy, run)
    with watch.time("measures"):
        measured = tabulate.measure_all(scenario, plan, aged, workers, partial(tell, "measures"))
        ledger = tabulate.keep_ledger(scenario, plan, aged)
    with watch.time("errors"), threadpool_limits(limits=1, user_api="blas"):  # its sums depend on how many
        sampled = keep_sample(scenario, plan, aged)
        errors = tabulate.find_errors(scenario, plan, sampled, workers, partial(tell, "errors"))
        summary = tabulate.add_errors(tabulate.summarise(plan, measured), errors)

    return Result(
        title=scenario.title,
        summary=summary,
        ledger=ledger,
        ledger_by_region_and_group=tabulate.divide_ledger(scenario, plan, aged),
        ledger_totals=tabulate.total_ledger(ledger),
        balance=tabulate.balance_budget(ledger, summary),
        cost_effectiveness=tabulate.weigh_effects(ledger, summary),
        curves=tabulate.draw_curves(plan, measured),
        transitions=tabulate.trace_transitions(plan, aged.sums),
        fit=tabulate.show_fit(origin.fit),
        contradictions=tabulate.show_contradictions(origin.contradictions),
        calibration=tabulate.show_calibration(origin.reweighted),
        path=tabulate.show_path(scenario, plan, aged, origin.facts),
        ageing=tabulate.show_ageing(plan, aged),
        assumptions=tabulate.list_assumed(scenario, origin.assumed),
        levers=tabulate.describe_levers(scenario),
        labels=tabulate.label_names(scenario),
        manifest=write_manifest(scenario, plan.source.number, origin.files, workers, watch),
    )


def find_origin(scenario: Scenario) -> Origin:
    """Return the households of a scenario, built or read. Raises InvalidInput as `simulate` does."""
    wanted = scenario.population
    if isinstance(wanted, PlacePopulation):
        facts = read_facts(wanted.place, scenario.years[0])
        population, sample, blueprint = build_population(scenario, facts)
        fit = compare_with_facts(sample, blueprint, wanted, facts)
        return Origin(population, sample, facts, fit, find_contradictions(wanted, facts, fit), None, (), {})
    published = None if wanted.place is None else read_facts(wanted.place, scenario.years[0])
    population, holdings = read_microdata(wanted, scenario.seed)
    return Origin(
        population,
        None,
        published,
        () if published is None else compare_file_with_facts(holdings, wanted, published),
        (),
        holdings.reweighted,
        list_file_assumptions(wanted, holdings),
        _record_files(wanted, holdings),
    )


def _record_files(wanted: SurveyPopulation, holdings: Holdings) -> dict[str, FileRecord]:
    """The files of the user that a population comes from."""
    files = {"microdata": record_file(wanted.microdata, holdings.rows)}
    if wanted.calibration is not None and wanted.calibration.table is not None and holdings.reweighted is not None:
        files["calibration_table"] = record_file(wanted.calibration.table, holdings.reweighted.from_table)
    return files


def build_population(scenario: Scenario, facts: PlaceFacts) -> tuple[Population, Households, Blueprint]:
    """Return a synthetic population, the first of its households as columns, on which it was calibrated, and its plan.

    Raises Unreachable where the scenario's assumptions contradict the published tables or each other.
    """
    wanted = scenario.population
    if not isinstance(wanted, PlacePopulation):
        raise TypeError(f"found {type(wanted).__name__}, expected a population that is built from published tables")
    blueprint = synthesise(wanted, facts)
    number = round(float(blueprint.households.sum())) if wanted.households == "all" else wanted.households
    return (*draw_households(blueprint, wanted, facts, scenario.seed, number), blueprint)


def show_population(scenario: Scenario) -> Portrait:
    """Return what the households of the first year look like. Raises InvalidInput as `simulate` does."""
    origin, wanted = find_origin(scenario), scenario.population
    if isinstance(wanted, SurveyPopulation):
        households = columns_of(read_survey(scenario), wanted)
        if origin.reweighted is not None:
            households = replace(households, weight=origin.reweighted.by_row)
        what = f"{len(households):,} households of {wanted.microdata}"
    else:
        assert origin.sample is not None
        households = origin.sample
        what = f"Synthetic population: {len(households):,} households, built from published tables; none was observed"
    labels, cells = tabulate.label_names(scenario), origin.population.cells
    return draw_portrait(
        scenario.title, what, households, cells, origin.facts, origin.fit, origin.contradictions, labels
    )


def _ignore(_stage: str, _done: int, _total: int) -> None:
    """Tell nobody."""
