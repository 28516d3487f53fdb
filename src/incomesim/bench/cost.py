"""What simulating a scenario will cost on this machine, from running a sample of its own households."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from incomesim.baseline import plan_run
from incomesim.bench.turns import take_turns, wall_seconds
from incomesim.engine import available_threads, compute
from incomesim.estimate import estimate
from incomesim.scenario import load_scenario
from incomesim.simulation import find_origin

__all__ = ["ScenarioCost", "measure_cost"]


@dataclass(frozen=True)
class ScenarioCost:
    """A sample's speed, and what follows for all households; a household has a year in each scenario."""

    sample: int
    households: int
    years: int
    threads: int
    household_years_per_second: float
    seconds: float  # of waiting for all households; fitting the population, measuring and the report come on top


def measure_cost(file: Path, settings: Sequence[str], sample: int, rounds: int) -> ScenarioCost:
    """Return the cost of the scenario in a file; of households of the user's all are the sample.

    Raises InvalidInput as `load_scenario` and `simulate` do.
    """
    scenario = load_scenario(file, settings)
    cost = estimate(scenario)
    households = cost.households
    taken = households if cost.from_file else min(sample, households)
    if taken < households:
        scenario = load_scenario(file, [*settings, f"population.households={taken}"])
    origin = find_origin(scenario)
    threads = available_threads()
    plan = plan_run(scenario, origin.population, origin.facts, threads=threads)
    job = partial(compute, plan.source, plan.tables, threads=threads)
    job()  # compiles
    (times,) = take_turns((job,), wall_seconds, rounds)
    years = len(plan.ground.years)
    years_of_one = years * len(plan.scenarios)
    speed = taken * years_of_one / statistics.median(times)
    return ScenarioCost(taken, households, years, threads, speed, households * years_of_one / speed)
