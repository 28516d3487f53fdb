"""Properties that are kept: worked out once, and at the same time for different objects."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from incomesim.measures.kept import kept

BOTH_AT_WORK = Barrier(2, timeout=30.0)  # seconds


class _Group:
    """Counts how often it works."""

    def __init__(self) -> None:
        self.times = 0

    @kept
    def found(self) -> int:
        """What is found."""
        BOTH_AT_WORK.wait()
        self.times += 1
        return 7


def test_two_objects_are_worked_out_at_the_same_time() -> None:
    """A lock for the class, as in `functools.cached_property` of Python 3.11, would keep one waiting for ever."""
    groups = [_Group(), _Group()]
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(lambda group: group.found, groups)) == [7, 7]
    assert [group.found for group in groups] == [7, 7], "the barrier would break if one worked again"
    assert [group.times for group in groups] == [1, 1]


def test_the_class_shows_what_its_property_is() -> None:
    assert _Group.found.__doc__ == "What is found."
