"""The persons of a run by year, scenario and subgroup, from the sums that the kernel kept."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from incomesim import measures
from incomesim.fields import RESIDENCES
from incomesim.kernel.bins import NOTHING, bin_edges
from incomesim.kernel.tables import MONEY_UNIT, WEIGHT_UNIT, Sums, Totals
from incomesim.plan import Plan

__all__ = ["Dimension", "Subgroup", "dimensions", "money_by_cell", "people", "persons_by_cell"]

Reals = NDArray[np.float64]
Integers = NDArray[np.int64]
Subgroup = tuple[str, str]  # by, name


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


def people(plan: Plan, sums: Sums, scenario: int, year: int) -> dict[Subgroup, measures.Binned]:
    """Return incomes per head, weighted by persons, of every subgroup that has anybody in it.

    Raises ArithmeticError where incomes lie beyond the bins.
    """
    shape = plan.ground.shape
    bins = sums.histogram[scenario, year].reshape(*shape, -1, 2)
    below = sums.below[scenario, year].reshape(*shape, -1, 2)
    if bins[..., [0, -1], 0].any():
        raise ArithmeticError("there are incomes of more than 134 million yuan per head and year, or such losses")
    by_region = bins.sum(axis=(1, 2, 3)), below.sum(axis=(1, 2, 3))
    found = {("all", "all"): (by_region[0].sum(axis=0), by_region[1].sum(axis=0))}
    for way, parts in zip(
        dimensions(plan),
        (by_region, *((bins.sum(axis=others), below.sum(axis=others)) for others in ((0, 2, 3), (0, 1, 3)))),
        strict=True,
    ):
        for code, name in enumerate(way.names):
            if parts[0][code, :, 0].any():
                found[way.by, name] = parts[0][code], parts[1][code]
    lines, scale = plan.tables.lines[year], float(plan.residents[year])
    return {
        where: _divide(counts, under, lines, plan.tables.fineness, scale) for where, (counts, under) in found.items()
    }


def _divide(counts: Integers, below: Integers, lines: Reals, fineness: int, scale: float) -> measures.Binned:
    """Bins (H, 2) divided at the lines, where those below them (Z, 2) are counted; equal lines divide once."""
    low, high = bin_edges(fineness)
    low, high, sums = low.copy(), high.copy(), counts.copy()
    parts = [(low, high, sums)]
    divides = (lines > NOTHING) & (lines <= high[-1])
    of_line = np.searchsorted(high, lines)
    for b in np.unique(of_line[divides]):
        inside = np.flatnonzero(divides & (of_line == b))
        cuts = lines[inside]
        ends = np.append(np.nextafter(cuts[1:], -np.inf), high[b])
        parts.append((cuts, ends, np.diff(np.vstack([below[inside], counts[b]]), axis=0)))
        high[b], sums[b] = np.nextafter(cuts[0], -np.inf), below[inside[0]]
    starts, ends, sums = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    order = np.argsort(starts, kind="stable")
    order = order[sums[order, 0] > 0]
    weight, money = sums[order, 0] * (WEIGHT_UNIT * scale), sums[order, 1] * (MONEY_UNIT * scale)
    return measures.binned(starts[order], ends[order], weight, money)


def persons_by_cell(plan: Plan, sums: Sums) -> Reals:
    """Return persons by scenario, year and cell (S, T, C)."""
    persons: Reals = sums.totals[..., Totals.PERSONS] * WEIGHT_UNIT * plan.residents[None, :, None]
    return persons


def money_by_cell(plan: Plan, sums: Sums) -> Reals:
    """Return disposable income by scenario, year and cell (S, T, C), yuan a year."""
    money: Reals = sums.totals[..., Totals.WAGE :].sum(axis=-1) * MONEY_UNIT * plan.residents[None, :, None]
    return money
