"""Timing of jobs in turns, so that whatever else the machine does falls on all of them alike."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence

__all__ = ["Job", "median_ratio", "processor_seconds", "take_turns", "wall_seconds"]

Job = Callable[[], object]
Clock = Callable[[Job], float]

_SHORTEST = 1e-9  # seconds: a coarse clock shows 0 for a short job


def processor_seconds(job: Job) -> float:
    """Return the seconds that all threads of this process spend on the job."""
    return _elapsed(job, time.process_time)


def wall_seconds(job: Job) -> float:
    """Return the seconds that somebody waits for the job."""
    return _elapsed(job, time.perf_counter)


def _elapsed(job: Job, now: Callable[[], float]) -> float:
    start = now()
    job()
    return max(now() - start, _SHORTEST)


def take_turns(jobs: Sequence[Job], clock: Clock, rounds: int) -> list[list[float]]:
    """Return the seconds of each job in each round, shape (jobs, rounds); every round does all of them once."""
    seconds = [[clock(job) for job in jobs] for _ in range(rounds)]
    return [list(column) for column in zip(*seconds, strict=True)]


def median_ratio(numerator: Sequence[float], denominator: Sequence[float]) -> float:
    """Return the median of the ratios of figures of the same round."""
    return statistics.median(a / b for a, b in zip(numerator, denominator, strict=True))
