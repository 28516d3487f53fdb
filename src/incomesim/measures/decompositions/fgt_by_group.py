"""Poverty of all as the sum of that of groups."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from incomesim.measures.poverty import fgt
from incomesim.measures.ranked import Incomes, UndefinedMeasure
from incomesim.measures.subgroups import Label, subgroups

__all__ = ["FgtByGroup", "decompose_fgt"]

Reals = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class FgtByGroup:
    """By group (groups,): `labels`, shares of `people`, and the group's own poverty `fgt_of`."""

    labels: tuple[Label, ...]
    people: Reals
    fgt_of: Reals

    @property
    def part_of(self) -> Reals:
        """What each group adds to the whole (groups,): its share of people times its poverty."""
        return self.people * self.fgt_of

    @property
    def total(self) -> float:
        """The poverty of all."""
        return float(self.part_of.sum())

    @property
    def share_of(self) -> Reals:
        """The share of the whole that each group adds (groups,). Raises UndefinedMeasure where nobody is poor."""
        if self.total == 0.0:
            raise UndefinedMeasure("nobody is poor, so no group has a share in poverty")
        return self.part_of / self.total


def decompose_fgt(
    income: Incomes, group: ArrayLike, weight: ArrayLike | None = None, *, line: float, order: int
) -> FgtByGroup:
    """Return the poverty measure `fgt` by group; what the groups add is the whole, without residual.

    `group` (n,) holds labels of any kind. Raises UndefinedMeasure as `fgt` does. Source: Foster, Greer & Thorbecke
    (1984), Econometrica 52(3).
    """
    people = subgroups(income, group, weight)
    poverty = np.array([fgt(part, line=line, order=order) for part in people.parts])
    return FgtByGroup(people.labels, people.people, poverty)
