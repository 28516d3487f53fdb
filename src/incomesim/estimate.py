"""What a run will cost, before it starts: households, time and memory."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from incomesim.errors import OutOfResources
from incomesim.kernel.shapes import count_bytes
from incomesim.published import read_facts
from incomesim.scenario import Scenario

__all__ = ["Estimate", "estimate", "memory_limit", "refuse_without_memory"]

_MEMORY_SHARE = 0.8


@dataclass(frozen=True)
class Estimate:
    """Simulated households, households in reality, and what computing them takes on two processors."""

    households: int
    real_households: int
    years: int
    cells: int
    levers: int
    seconds: float
    memory_bytes: int
    from_file: bool


def estimate(scenario: Scenario, row_groups: Sequence[int] | None) -> Estimate:
    """Return the cost of a scenario, from measurements on a two-processor machine (benchmarks/run.py, scaling.py).

    `row_groups` are the sizes of those of a file of households, None where households are synthetic. Without the
    first compilation, which takes about 40 seconds once for each user and version.
    """
    wanted, facts = scenario.population, read_facts(scenario.population.place)
    persons = sum(facts.residents[region.label].value for region in wanted.regions.values())
    real = round(persons / facts.household_size.value)
    made = real if wanted.households == "all" else wanted.households
    households = made if row_groups is None else sum(row_groups)
    years = len(scenario.years)
    cells = len(wanted.regions) * 2 * len(wanted.groups) * (len(wanted.ages.starts) + 1)
    held = min(households, _CALIBRATED) if row_groups is None else 0
    read = 0 if row_groups is None else households
    return Estimate(
        households=households,
        real_households=real,
        years=years,
        cells=cells,
        levers=len(scenario.policy),
        seconds=_BASE_SECONDS
        + held * _SECONDS_PER_CALIBRATED
        + read * _SECONDS_PER_ROW_READ
        + households * (_SECONDS_PER_HOUSEHOLD + years * _SECONDS_PER_HOUSEHOLD_YEAR),
        memory_bytes=_BASE_BYTES
        + held * _BYTES_PER_CALIBRATED
        + _threads() * (count_bytes(_SCENARIOS, years, cells) + max(row_groups or [0]) * _BYTES_PER_ROW),
        from_file=row_groups is not None,
    )


_BASE_SECONDS = 7.0  # imports, fitting the population, measures, figures and report
_SECONDS_PER_CALIBRATED = 3e-6
_SECONDS_PER_ROW_READ = 1.7e-6
_SECONDS_PER_HOUSEHOLD = 0.03e-6
_SECONDS_PER_HOUSEHOLD_YEAR = 0.05e-6
_CALIBRATED = 2**19  # households at most that weights are fitted on
_BASE_BYTES = 260_000_000
_BYTES_PER_CALIBRATED = 80
_BYTES_PER_ROW = 1_000  # of a row group, held once by each thread
_SCENARIOS = 2


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
        smaller = "write the file with smaller row groups, for instance of 65,536 rows"
        raise OutOfResources(
            f"{cost.years} years of {cost.cells} cells need about {cost.memory_bytes / 2**30:.1f} GiB, more than "
            f"{_MEMORY_SHARE:.0%} of the {limit / 2**30:.1f} GiB there are; "
            f"{smaller if cost.from_file else fewer}"
        )
