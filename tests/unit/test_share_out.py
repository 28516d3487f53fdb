"""Work shared out to threads: results in order, and the same error whatever the threads."""

from __future__ import annotations

import time

import pytest

from incomesim.compiled import threads
from incomesim.compiled.threads import share_out


@pytest.fixture(autouse=True, params=[1, 2, 7])
def _several(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "available_threads", lambda: request.param)


def test_results_are_in_the_order_of_the_items() -> None:
    def slow_at_first(item: int) -> int:
        time.sleep(0.002 if item < 3 else 0.0)
        return item * item

    assert share_out(slow_at_first, range(50)) == [item * item for item in range(50)]
    assert share_out(slow_at_first, iter(())) == []


def test_the_first_item_that_fails_is_told_and_no_other_is_begun() -> None:
    begun = []

    def fail(item: int) -> int:
        begun.append(item)
        time.sleep(0.02 if item == 3 else 0.0)  # later ones fail sooner
        if item >= 3:
            raise ValueError(f"item {item}")
        return item

    with pytest.raises(ValueError, match="item 3"):
        share_out(fail, range(10_000))
    assert len(begun) < 20
