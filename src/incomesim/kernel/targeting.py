"""Whom levers are for, and how far their budgets go: what the kernel is told.

Letters in the shapes: E entries of a mechanism, B budgets; T years, C cells, as in tables.py.
"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["CLASSES", "EVERYBODY", "NOW", "PLACES_IN_CLASS", "Budgets", "Gate", "Order"]

Reals = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

NOW = -1
"""In place of the year in which income is measured: this year's, before its levers."""

CLASSES, PLACES_IN_CLASS = 2**9, 2**10
EVERYBODY = CLASSES * PLACES_IN_CLASS
"""A queue has so many places, in classes; a limit that nobody reaches."""


class Gate(NamedTuple):
    """Whom the entries of a mechanism serve, each of a lever."""

    lever: Integers  # (E,)
    rate: Reals  # (E, T, C) share served of those in the target
    error: Reals  # (E, T) share served of those who live in its cells, but are not in the target
    ceiling: Reals  # (E, T) yuan per head; richer ones are not in the target
    measured: Integers  # (E, T) number of the year whose income counts for ceiling and queue, or NOW
    elderly: Flags  # (E,) only households with a person of 65 and over
    children: Flags  # (E,) only households with a child below 15
    selective: Flags  # (E,) whether any of the last three leaves somebody out
    drawn: Flags  # (E, T) whether it is left to chance who is served
    yearly: Flags  # (E,) whether draws are new every year; else the same households come first for ever
    budget: Integers  # (E,) row of Budgets, or -1
    reaches: Flags  # (E, T, places) whether it can do anything there


class Order(IntEnum):
    """In which order a budget serves those who come into question."""

    POOREST = 0
    LOTS = 1  # by list where cells have different positions, else at random


class Budgets(NamedTuple):
    """Queues: each household has a place in it, and is served where that lies below the limit of the year."""

    order: Integers  # (B,) an Order
    position: Integers  # (B, C) of each cell in the list
    positions: Integers  # (B,) how many there are
    limit: Integers  # (B, T)
