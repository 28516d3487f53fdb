"""How fast this machine is, beside plain NumPy in the same process, and what a scenario will cost on it."""

from __future__ import annotations

from incomesim.bench.cost import ScenarioCost, measure_cost
from incomesim.bench.rival import run_numpy
from incomesim.bench.speed import Speed, measure_speed
from incomesim.bench.task import SEED, YEARS, gini_by_year, make_weights, run_kernel, sum_households
from incomesim.bench.turns import median_ratio, processor_seconds, take_turns, wall_seconds

__all__ = [
    "SEED",
    "YEARS",
    "ScenarioCost",
    "Speed",
    "gini_by_year",
    "make_weights",
    "measure_cost",
    "measure_speed",
    "median_ratio",
    "processor_seconds",
    "run_kernel",
    "run_numpy",
    "sum_households",
    "take_turns",
    "wall_seconds",
]
