"""The persons of a run in one year and scenario: incomes, weights and where they live."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from incomesim.fields import RESIDENCES
from incomesim.kernel.tables import MONEY_UNIT, WEIGHT_UNIT, Output, Totals
from incomesim.plan import Plan

__all__ = ["Dimension", "People", "dimensions", "money_by_cell", "people", "persons_by_cell"]

Reals = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Dimension:
    """A way to divide people into subgroups: their names, and the subgroup of each cell (C,)."""

    by: str
    names: tuple[str, ...]
    of_cell: NDArray[np.int64]


def dimensions(plan: Plan) -> tuple[Dimension, ...]:
    """Return the three ways: region, residence, group."""
    ground = plan.ground
    region, residence, group, _ = np.indices(ground.shape).reshape(4, -1)
    return (
        Dimension("region", ground.regions, region),
        Dimension("residence", RESIDENCES, residence),
        Dimension("group", ground.groups, group),
    )


@dataclass(frozen=True, eq=False)
class People:
    """Income per head (N,), persons each household stands for (N,), and its cell (N,)."""

    income: Reals
    weight: Reals
    cell: NDArray[np.int32]


def people(plan: Plan, output: Output, scenario: int, year: int) -> People:
    """Return the people of scenario and year number `year`, weighted by persons of that year."""
    weight = plan.rows.weight * plan.rows.persons * plan.residents[year]
    return People(output.income[scenario, year], weight, output.cell[scenario, year])


def persons_by_cell(plan: Plan, output: Output) -> Reals:
    """Return persons by scenario, year and cell (S, T, C)."""
    persons: Reals = output.totals[..., Totals.PERSONS] * WEIGHT_UNIT * plan.residents[None, :, None]
    return persons


def money_by_cell(plan: Plan, output: Output) -> Reals:
    """Return disposable income by scenario, year and cell (S, T, C), yuan a year."""
    money: Reals = output.totals[..., Totals.WAGE :].sum(axis=-1) * MONEY_UNIT * plan.residents[None, :, None]
    return money
