"""Threads of our own over compiled loops, which release the interpreter lock."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from threading import Thread
from typing import TypeVar

__all__ = ["available_threads", "share_out"]

Item = TypeVar("Item")
Found = TypeVar("Found")


def available_threads() -> int:
    """Return the number of processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def share_out(work: Callable[[Item], Found], items: Iterable[Item]) -> list[Found]:
    """Return what the work makes of each item, in their order, on all processors this process may use.

    Every thread, this one too, takes the next item when it is done with one: a `Future` for each would cost as much
    as a short pass. Where the work fails no further item is taken, and the error of the first item that failed is
    raised, whatever the threads.
    """
    todo = list(items)
    threads = min(available_threads(), len(todo))
    if threads < 2:
        return [work(item) for item in todo]
    found: dict[int, Found] = {}
    failed: dict[int, BaseException] = {}
    left = iter(range(len(todo)))

    def run() -> None:
        for i in left:
            try:
                found[i] = work(todo[i])
            except BaseException as error:  # raised below, in the thread that called
                failed[i] = error
            if failed:
                return

    others = [Thread(target=run) for _ in range(threads - 1)]
    for thread in others:
        thread.start()
    try:
        run()
        for thread in others:
            thread.join()
    except BaseException as error:  # somebody interrupts the waiting
        failed[-1] = error
        raise
    if failed:
        raise failed[min(failed)]
    return [found[i] for i in range(len(todo))]
