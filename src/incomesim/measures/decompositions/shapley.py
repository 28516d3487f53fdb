"""Shares of a whole by Shapley: what each adds on average over all orders of coming in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from itertools import product
from math import comb

import numpy as np
from numpy.typing import ArrayLike, NDArray

from incomesim.measures.columns import NamedColumns, named_columns
from incomesim.measures.domain import one_of
from incomesim.measures.ranked import Incomes, Ranked, UndefinedMeasure, rank, weighted_sum

__all__ = ["Absent", "ShapleyShares", "shapley", "shapley_by_source"]

Reals = NDArray[np.float64]

MOST = 16  # players: 65,536 coalitions


class Absent(Enum):
    """What everybody has of a source of income that is taken away."""

    EQUALISED = "the mean of the source"
    ZERO = "nothing"


@dataclass(frozen=True, eq=False)
class ShapleyShares:
    """The parts (sources,) add up to `total` - `without`: the measure with all sources, and with none."""

    sources: tuple[str, ...]
    part_of: Reals
    total: float
    without: float


def shapley(value: Callable[[tuple[bool, ...]], float], players: int) -> Reals:
    """Return the Shapley values (players,) of a game; they add up to the value of all less that of none.

    `value` takes who is in and is called once for each of the 2 ** players coalitions. Raises UndefinedMeasure for
    more than 16 players. Source: Shapley (1953), Contributions to the Theory of Games II.
    """
    if not 1 <= players <= MOST:
        raise UndefinedMeasure(f"found {players} players, expected 1 to {MOST}: every coalition is counted")
    values = {present: value(present) for present in product((False, True), repeat=players)}
    parts = np.zeros(players)
    for present, worth in values.items():
        size = sum(present)
        for player, there in enumerate(present):
            if there:
                without = values[*present[:player], False, *present[player + 1 :]]
                parts[player] += (worth - without) / (players * comb(players - 1, size - 1))
    return parts


def shapley_by_source(
    measure: Callable[[Incomes], float], sources: NamedColumns, weight: ArrayLike | None = None, *, absent: Absent
) -> ShapleyShares:
    """Return what each source of income adds to a measure of all income, by Shapley over all sets of sources.

    `measure` takes ranked incomes alone: `gini`, or with its parameters fixed `partial(fgt, line=1_000, order=1)`.
    `absent` says what everybody has of an absent source. Where nobody has anything and the measure has no meaning for
    that, as a Gini of nothing, it counts 0: all are equal. Raises UndefinedMeasure for more than 16 sources, and
    where the measure has no meaning for some set of sources. Sources: Shorrocks (2013), Journal of Economic
    Inequality 11(1); Chantreuil & Trannoy (2013), Journal of Economic Inequality 11(1), with both kinds of absence.
    """
    one_of(Absent, "absent", absent)
    names, rows, weights = named_columns(sources, weight)
    means = [weighted_sum(row, weights) / weights.sum() for row in rows]
    instead = means if absent is Absent.EQUALISED else [0.0] * len(names)

    def value(present: tuple[bool, ...]) -> float:
        income = np.zeros(rows.shape[1])
        for there, row, other in zip(present, rows, instead, strict=True):
            income += row if there else other
        people = rank(income, weights)
        return measure(people) if income.any() else _of_nothing(measure, people)

    parts = shapley(value, len(names))
    whole, none = value((True,) * len(names)), value((False,) * len(names))
    return ShapleyShares(names, parts, whole, none)


def _of_nothing(measure: Callable[[Incomes], float], nothing: Ranked) -> float:
    try:
        return measure(nothing)
    except UndefinedMeasure:
        return 0.0
