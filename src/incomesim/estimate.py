"""What a run will cost, before it starts: households, time and memory."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from incomesim.errors import OutOfResources
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
    """Return the cost of a scenario, from measurements on a two-processor machine (benchmarks/run.py).

    `row_groups` are the sizes of those of a file of households, None where households are synthetic. Without the
    first compilation, which takes about 20 seconds once for each user and version.
    """
    wanted, facts = scenario.population, read_facts(scenario.population.place)
    persons = sum(facts.residents[region.label].value for region in wanted.regions.values())
    real = round(persons / facts.household_size.value)
    made = real if wanted.households == "all" else wanted.households
    households = made if row_groups is None else sum(row_groups)
    years = len(scenario.years)
    return Estimate(
        households=households,
        real_households=real,
        years=years,
        cells=len(wanted.regions) * 2 * len(wanted.groups) * (len(wanted.ages.starts) + 1),
        levers=len(scenario.policy),
        seconds=_BASE_SECONDS + households * (_SECONDS_PER_HOUSEHOLD + years * _SECONDS_PER_HOUSEHOLD_YEAR),
        memory_bytes=_BASE_BYTES
        + (
            households * (_BYTES_PER_HOUSEHOLD + years * _BYTES_PER_HOUSEHOLD_YEAR)
            if row_groups is None
            else (os.cpu_count() or 1) * max(row_groups) * _BYTES_PER_ROW
        ),
        from_file=row_groups is not None,
    )


_BASE_SECONDS = 4.3
_SECONDS_PER_HOUSEHOLD = 2.6e-6
_SECONDS_PER_HOUSEHOLD_YEAR = 0.8e-6
_BASE_BYTES = 370_000_000
_BYTES_PER_HOUSEHOLD = 1_100
_BYTES_PER_HOUSEHOLD_YEAR = 24
_BYTES_PER_ROW = 1_000  # of a row group, held once by each thread


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
        fitting = int(cost.households * _MEMORY_SHARE * limit / cost.memory_bytes)
        fewer = f"try --set population.households={fitting // 1000 * 1000}"
        smaller = "write the file with smaller row groups, for instance of 65,536 rows"
        raise OutOfResources(
            f"{cost.households:,} households need about {cost.memory_bytes / 2**30:.1f} GiB, more than "
            f"{_MEMORY_SHARE:.0%} of the {limit / 2**30:.1f} GiB there are; "
            f"{smaller if cost.from_file else fewer}"
        )
