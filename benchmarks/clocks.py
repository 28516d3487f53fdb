"""Taking the time of things side by side."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence

Job = Callable[[], object]


def seconds(job: Job, clock: Callable[[], float] = time.process_time) -> float:
    """Seconds of one call, of the processor unless told otherwise."""
    start = clock()
    job()
    return clock() - start


def interleave(
    jobs: Sequence[Job], rounds: int, clock: Callable[[], float] = time.process_time
) -> list[tuple[float, ...]]:
    """Seconds of each job, round by round, so that what else the machine does falls on all alike."""
    return [tuple(seconds(job, clock) for job in jobs) for _ in range(rounds)]


def median(values: Sequence[float]) -> float:
    return statistics.median(values)


def ratio(pairs: Sequence[tuple[float, ...]], of: int, to: int) -> float:
    """Median of the paired ratios."""
    return statistics.median(pair[of] / pair[to] for pair in pairs)
