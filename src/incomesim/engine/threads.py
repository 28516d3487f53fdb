"""Threads of our own over a kernel that releases the interpreter lock.

A range of households is a pure function of its rows and the tables; the sums it returns are whole
numbers. So the result has the same bits for any number of threads and any size of ranges.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed

from incomesim.kernel.step import advance
from incomesim.kernel.tables import Output, Rows, Tables, empty_output

__all__ = ["BLOCK", "Progress", "available_threads", "compute"]

Progress = Callable[[int, int], None]
"""Called with (households done, households in all)."""

BLOCK = 256
_BLOCKS_IN_RANGE = 64


def available_threads() -> int:
    """Return the number of processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def compute(
    rows: Rows, tables: Tables, *, threads: int, block: int = BLOCK, progress: Progress | None = None
) -> Output:
    """Return incomes, cells and sums of all households, years and scenarios."""
    total = rows.age.shape[0]
    step = block * _BLOCKS_IN_RANGE
    output = empty_output(tables, total)

    def run(start: int) -> tuple[Output, int]:
        stop = min(start + step, total)
        part = output.part(start, stop)
        advance(rows.part(start, stop), tables, block, part)
        return part, stop - start

    done = 0
    with ThreadPoolExecutor(threads) as pool:
        try:
            for future in as_completed([pool.submit(run, start) for start in range(0, total, step)]):
                part, households = future.result()
                output.totals[...] += part.totals
                output.ledger[...] += part.ledger
                done += households
                if progress is not None:
                    progress(done, total)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    return output
