"""How fast the kernel is on this machine: the common task beside NumPy in the same process."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from functools import partial

from incomesim.bench.rival import run_numpy
from incomesim.bench.task import YEARS, make_weights, run_kernel
from incomesim.bench.turns import median_ratio, processor_seconds, take_turns, wall_seconds
from incomesim.engine import available_threads

__all__ = ["Speed", "measure_speed"]


@dataclass(frozen=True)
class Speed:
    """Household-years in a second, each with the weighted Gini of every year; medians over the rounds."""

    households: int
    years: int
    rounds: int
    kernel: float  # in a processor second
    numpy: float  # in a processor second
    ratio: float  # how many times as fast as NumPy
    threads: int
    all_threads: float  # in a second of waiting, as many households on each thread


def measure_speed(households: int, rounds: int, threads: int | None = None) -> Speed:
    """Return the figures of this machine, after the kernel is compiled; `threads` are all by default."""
    workers = available_threads() if threads is None else threads
    weight = make_weights(households)
    together = partial(run_kernel, make_weights(households * workers), threads=workers)
    run_kernel(weight[:1], years=1)
    own, other = take_turns((partial(run_kernel, weight), partial(run_numpy, weight, YEARS)), processor_seconds, rounds)
    (all_together,) = take_turns((together,), wall_seconds, rounds)
    done = households * YEARS
    return Speed(
        households=households,
        years=YEARS,
        rounds=rounds,
        kernel=done / statistics.median(own),
        numpy=done / statistics.median(other),
        ratio=median_ratio(other, own),
        threads=workers,
        all_threads=done * workers / statistics.median(all_together),
    )
