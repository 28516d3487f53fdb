"""Threads over ranges: failures end a run, and no thread is started that has nothing to do."""

import threading
from dataclasses import dataclass

import numpy as np
import pytest

from incomesim.engine import compute
from incomesim.kernel.tables import Rows
from tests.reference.small_world import make_rows, make_tables


@dataclass
class Few:
    """So many households in ranges of ten."""

    number: int
    fails: bool = False

    def ranges(self, largest):
        return [(start, min(start + 10, self.number)) for start in range(0, self.number, 10)]

    def rows(self, start, stop) -> Rows:
        if self.fails:
            raise OSError("the file has changed")
        return make_rows(stop - start, first_id=start)


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_a_range_that_fails_ends_the_run(threads):
    """Every range fails: nobody waits for a work space that never comes back."""
    failures = []

    def attempt():
        try:
            compute(Few(200, fails=True), make_tables(), threads=threads)
        except OSError as reason:
            failures.append(str(reason))

    runner = threading.Thread(target=attempt, daemon=True)
    runner.start()
    runner.join(60)
    assert failures == ["the file has changed"]


def test_no_more_threads_than_ranges(monkeypatch):
    made = []
    original = compute.__globals__["empty_sums"]
    monkeypatch.setitem(compute.__globals__, "empty_sums", lambda tables: made.append(1) or original(tables))
    sums = compute(Few(15), make_tables(), threads=8)
    assert len(made) == 2
    assert sums.totals[0, 0, 0, 0] == 15 * 2**20


def test_progress_counts_households():
    told = []
    compute(Few(25), make_tables(), threads=2, progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (25, 25)
    assert np.all(np.diff([done for done, _ in told]) > 0)
