"""What a run will cost, before it starts: households, time and memory."""

from __future__ import annotations

import os
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from incomesim.errors import OutOfResources
from incomesim.kernel.shapes import count_bytes
from incomesim.published import count_households, read_facts
from incomesim.sample_size import ERRORS, choose_sample
from incomesim.scenario import PlacePopulation, Scenario, SurveyPopulation, lay_out

__all__ = ["Estimate", "estimate", "memory_limit", "refuse_without_memory"]

_MEMORY_SHARE = 0.8


@dataclass(frozen=True)
class Estimate:
    """Simulated households, households of the place, and what computing them takes on two processors.

    Rows of a file stand for as many households as they stand for: `real_households` is None there. `in_kind` tells
    whether levers give services in kind, for which there is a third scenario, `extended`.
    """

    households: int
    real_households: int | None
    years: int
    cells: int
    levers: int
    in_kind: bool
    seconds: float
    memory_bytes: int

    @property
    def from_file(self) -> bool:
        """Whether the households come from a file."""
        return self.real_households is None


def estimate(scenario: Scenario) -> Estimate:
    """Return the cost of a scenario, from measurements on a two-processor machine (benchmarks/run.py, scaling.py).

    Of a Parquet file of households only the description is read, other files as a whole. Without the first
    compilation, which takes about a minute once for each user and version. Raises InvalidInput where the file
    cannot be used.
    """
    wanted = scenario.population
    parts: tuple[int, ...] = ()
    held_bytes = 0.0
    real = None
    if isinstance(wanted, SurveyPopulation):
        from incomesim.population import open_survey

        file = open_survey(wanted).file
        parts = tuple(stop - start for start, stop in pairwise(file.starts))
        households = sum(parts)
        held_bytes = _READING * file.held_bytes
        if wanted.calibration is not None:
            held_bytes += households * _BYTES_PER_REWEIGHTED
    else:
        facts = read_facts(wanted.place, scenario.years[0])
        real = count_households(facts, (region.label for region in wanted.regions.values()))
        households = real if wanted.households == "all" else wanted.households
    ground = lay_out(scenario)
    in_kind = any(lever.compile(ground).services for lever in scenario.policy)
    scenarios, years, cells, levers = _SCENARIOS + in_kind, len(ground.years), ground.cells, len(scenario.policy)
    counted = count_bytes(scenarios, years, cells, ground.strata, levers, _count_budgets(scenario))
    held = min(households, _CALIBRATED) if real is not None else 0
    read = sum(parts)
    subgroups = 1 + sum(ground.shape[:3])
    passes = _count_passes(_count_budgets(scenario)) + (_BASELINE_PASS if scenario.needs_baseline else 0.0)
    guarded = min(households, choose_sample(levers, years)) * (1 + levers) * years if levers else 0
    sampled = households if _keeps_clusters(wanted) else min(households, ERRORS)
    return Estimate(
        households=households,
        real_households=real,
        years=years,
        cells=cells,
        levers=levers,
        in_kind=in_kind,
        seconds=_BASE_SECONDS
        + held * _SECONDS_PER_CALIBRATED
        + read * _SECONDS_PER_ROW_READ
        + bool(levers) * _SECONDS_WITH_LEVERS
        + in_kind * _SECONDS_EXTENDED
        + scenarios * years * subgroups * _SECONDS_PER_SUBGROUP_YEAR
        + guarded * _SECONDS_PER_GUARDED_YEAR
        + sampled * scenarios * years * subgroups * _SECONDS_PER_ERROR
        + passes
        * households
        * (_SECONDS_PER_HOUSEHOLD + years * (_SECONDS_PER_HOUSEHOLD_YEAR + in_kind * _SECONDS_PER_EXTENDED_YEAR)),
        memory_bytes=_BASE_BYTES
        + held * _BYTES_PER_CALIBRATED
        + int(held_bytes)
        + max(
            _threads() * (counted + max(parts, default=0) * _BYTES_PER_ROW),
            int(_GUARDS * counted) * bool(levers),
            counted + sampled * (_threads() * _BYTES_PER_ERROR + scenarios * years * _BYTES_PER_SAMPLED_YEAR),
        ),
    )


_BASE_SECONDS = 6.5  # imports, fitting the population, curves, figures and report
_SECONDS_PER_CALIBRATED = 3e-6
_SECONDS_PER_ROW_READ = 1.7e-6
_SECONDS_PER_HOUSEHOLD = 0.03e-6
_SECONDS_PER_HOUSEHOLD_YEAR = 0.05e-6
_SECONDS_WITH_LEVERS = 3.0  # the ledger, its tables and figures
_SECONDS_EXTENDED = 3.0  # measures and report
_SECONDS_PER_EXTENDED_YEAR = 0.03e-6
_SECONDS_PER_SUBGROUP_YEAR = 6e-3  # measures, in each scenario
_SECONDS_PER_GUARDED_YEAR = 0.5e-6  # of a household in the sample, for each lever; 0.4 (20 levers) to 0.65 (100)
_SECONDS_PER_ERROR = 0.8e-6  # of a household of the sample, in each scenario, year and subgroup; on two threads
_BYTES_PER_ERROR = 8_000  # of a household of the sample, in each thread
_BYTES_PER_SAMPLED_YEAR = 20
_BASELINE_PASS = 0.7  # of a run: the pass that finds incomes of the baseline beforehand
_CALIBRATED = 2**19  # households at most that weights are fitted on
_GUARDS = 1.5  # of the sums of a thread: those of three scenarios, where levers are many
_BASE_BYTES = 310_000_000
_BYTES_PER_CALIBRATED = 80
_BYTES_PER_ROW = 1_000  # of a part of the file, held once by each thread
# Peaks of resident memory (VmHWM) less what was resident before, 13 columns, a million rows and two:
_READING = 4.5  # times what a file that is read as a whole keeps: Stata 4.4, SPSS 3.7, CSV 3.0
_BYTES_PER_REWEIGHTED = 650  # a row; 350 with one margin of totals, 440 with four, 640 with eight
_SCENARIOS = 2  # and one more where there are services in kind


def _keeps_clusters(wanted: PlacePopulation | SurveyPopulation) -> bool:
    """Whether standard errors are found from all households, because they were drawn in clusters."""
    design = wanted.design if isinstance(wanted, SurveyPopulation) else None
    return design is not None and design.cluster is not None


def _count_passes(budgets: int) -> float:
    """Passes over all households; measured are 3 for one budget that is spent, 4 for two, 5 for four."""
    return 1.0 if budgets == 0 else 3.0 + 0.7 * (budgets - 1)


def _count_budgets(scenario: Scenario) -> int:
    return sum(lever.budget is not None for lever in scenario.policy)


def _threads() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def memory_limit() -> int:
    """Return how many bytes this process may use: the machine's memory or the control group's limit."""
    limit = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    for file in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        try:
            text = Path(file).read_text().strip()
        except OSError:
            continue
        if text.isdigit():
            limit = min(limit, int(text))
    return limit


def refuse_without_memory(cost: Estimate) -> None:
    """Raise OutOfResources where a run would take more than 80 % of the memory there is."""
    limit = memory_limit()
    if cost.memory_bytes > _MEMORY_SHARE * limit:
        fewer = "memory grows with years, cells and processors: take fewer years, regions or groups"
        smaller = (
            "write the file as Parquet with small row groups, for instance of 65,536 rows; `calibration` holds all rows"
        )
        raise OutOfResources(
            f"{cost.years} years of {cost.cells} cells need about {cost.memory_bytes / 2**30:.1f} GiB, more than "
            f"{_MEMORY_SHARE:.0%} of the {limit / 2**30:.1f} GiB there are; "
            f"{smaller if cost.from_file else fewer}"
        )
