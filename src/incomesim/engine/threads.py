"""Threads of our own over a kernel that releases the interpreter lock.

A range of households is a pure function of its rows and the tables; the sums it returns are whole
numbers. So the result has the same bits for any number of threads and any size of ranges.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from queue import SimpleQueue

from incomesim.compiled.threads import available_threads
from incomesim.kernel.step import advance
from incomesim.kernel.tables import Rows, Sums, Tables, Trace, empty_sums, empty_trace, no_rows
from incomesim.kernel.work import Work, new_work
from incomesim.population import RowSource

__all__ = ["BLOCK", "YEARLY_STEP", "Progress", "available_threads", "compile_kernel", "compute", "trace"]

Progress = Callable[[int, int], None]
"""Called with (households done, households in all)."""

YEARLY_STEP = "incomesim.kernel.step.advance"
"""Name of the kept machine code of the yearly step."""

BLOCK = 512
_LARGEST_RANGE, _SMALLEST_RANGE = 131_072, 4_096
_RANGES_FOR_EACH_THREAD = 4


def compute(
    source: RowSource,
    tables: Tables,
    *,
    threads: int,
    block: int = BLOCK,
    largest: int | None = None,
    progress: Progress | None = None,
) -> Sums:
    """Return the sums over all households, years and scenarios.

    Ranges have at most `largest` households. Each thread keeps sums of its own, added at the end.
    """
    ranges = source.ranges(_range_size(source.number, threads) if largest is None else largest)
    threads = min(threads, len(ranges))
    sums = [empty_sums(tables) for _ in range(threads)]
    free: SimpleQueue[tuple[Work, Sums]] = SimpleQueue()
    for own in sums:
        free.put((new_work(tables, block), own))
    nobody = empty_trace(tables, 0)

    def run(start: int, stop: int) -> int:
        rows = source.rows(start, stop)
        work, own = free.get()
        try:
            advance(rows, tables, work, own, nobody)
        finally:
            free.put((work, own))
        return stop - start

    done = 0
    with ThreadPoolExecutor(threads) as pool:
        try:
            for future in as_completed([pool.submit(run, *limits) for limits in ranges]):
                done += future.result()
                if progress is not None:
                    progress(done, source.number)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    for more in sums[1:]:
        sums[0].add(more)
    return sums[0].complete()


def compile_kernel(tables: Tables) -> None:
    """Compile the yearly step, or load what an earlier process has kept, without computing anything."""
    advance(no_rows(), tables, new_work(tables, 1), empty_sums(tables), empty_trace(tables, 0))


def _range_size(total: int, threads: int) -> int:
    """Large ranges bring more households of a cell together; several for each thread keep all of them busy."""
    return min(max(total // (threads * _RANGES_FOR_EACH_THREAD), _SMALLEST_RANGE), _LARGEST_RANGE)


def trace(rows: Rows, tables: Tables, *, block: int = BLOCK) -> tuple[Sums, Trace]:
    """Return the sums, and the income and cell of every household in every year and scenario."""
    sums, result = empty_sums(tables), empty_trace(tables, rows.age.shape[0])
    advance(rows, tables, new_work(tables, block), sums, result)
    return sums.complete(), result
