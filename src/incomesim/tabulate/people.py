"""The persons of a run by year, scenario and subgroup, from the sums that the kernel kept."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from incomesim import measures
from incomesim.errors import InvalidInput, Problem
from incomesim.fields import RESIDENCES
from incomesim.kernel.bins import NOTHING, bin_edges
from incomesim.kernel.shapes import SIDE_FINENESS
from incomesim.kernel.tables import MONEY_UNIT, WEIGHT_UNIT, Sums, Totals
from incomesim.plan import Plan

__all__ = [
    "Dimension",
    "Subgroup",
    "below_lines",
    "dimensions",
    "divide_bins",
    "money_by_cell",
    "people",
    "persons_by_cell",
]

Reals = NDArray[np.float64]
Integers = NDArray[np.int64]
Subgroup = tuple[str, str]  # by, name

_BEYOND = (
    "found incomes, or losses, of more than about 130 million yuan per head and year, expected less; look at "
    "growth, at levers and at the incomes of a file"
)


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

    Everybody, town and country are known by finer bins than others. Raises InvalidInput where incomes lie
    beyond the bins.
    """
    shape, tables = plan.ground.shape, plan.tables
    bins = sums.histogram[scenario, year].reshape(*shape, -1, 2)
    sides = sums.sides[scenario, year]
    if sides[:, [0, -1], 0].any():
        raise InvalidInput([Problem("scenario", 0, 0, f"year {plan.ground.years[year]}", _BEYOND)])
    below = sums.below[scenario, year].reshape(*shape, -1, 2)
    lines, scale = tables.lines[year], float(plan.residents[year])
    found: dict[Subgroup, measures.Binned] = {}

    def add(where: Subgroup, coarse: Integers, inside: Integers, fine: Integers | None) -> None:
        if coarse[:, 0].any():
            counts, fineness = (coarse, tables.fineness) if fine is None else (fine, SIDE_FINENESS)
            under = below_lines(coarse, inside, lines, tables.fineness)
            found[where] = divide_bins(counts, under, lines, fineness, scale)

    add(("all", "all"), bins.sum(axis=(0, 1, 2, 3)), below.sum(axis=(0, 1, 2, 3)), sides.sum(axis=0))
    for axis, way in enumerate(dimensions(plan)):
        others = tuple(other for other in range(len(shape)) if other != axis)
        parts = zip(way.names, bins.sum(axis=others), below.sum(axis=others), strict=True)
        for code, (name, coarse, inside) in enumerate(parts):
            add((way.by, name), coarse, inside, sides[code] if way.by == "residence" else None)
    return found


def below_lines(counts: Integers, inside: Integers, lines: Reals, fineness: int) -> Integers:
    """Return the sums (Z, 2) of all below each line, from bins (H, 2) and those below it in its own bin (Z, 2)."""
    _, high = bin_edges(fineness)
    before = np.vstack([np.zeros((1, 2), np.int64), np.cumsum(counts, axis=0)])
    return np.asarray(before[np.searchsorted(high, lines)] + inside)


def divide_bins(counts: Integers, below: Integers, lines: Reals, fineness: int, scale: float) -> measures.Binned:
    """Return bins (H, 2) divided at the lines, below which there are (Z, 2); equal lines divide once."""
    low, high = bin_edges(fineness)
    low, high, sums = low.copy(), high.copy(), counts.copy()
    before = np.cumsum(counts, axis=0) - counts
    parts = [(low, high, sums)]
    divides = (lines > NOTHING) & (lines <= high[-1])
    of_line = np.searchsorted(high, lines)
    for b in np.unique(of_line[divides]):
        inside = np.flatnonzero(divides & (of_line == b))
        cuts, under = lines[inside], below[inside] - before[b]
        ends = np.append(np.nextafter(cuts[1:], -np.inf), high[b])
        parts.append((cuts, ends, np.diff(np.vstack([under, counts[b]]), axis=0)))
        high[b], sums[b] = np.nextafter(cuts[0], -np.inf), under[0]
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
