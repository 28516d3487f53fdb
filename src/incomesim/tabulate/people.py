"""The persons of a run by year, scenario and subgroup, from the sums that the kernel kept."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from incomesim import measures
from incomesim.ageing import Aged, add_equal, weigh
from incomesim.errors import InvalidInput, Problem
from incomesim.fields import RESIDENCES
from incomesim.kernel.bins import NOTHING, bin_edges
from incomesim.kernel.tables import MONEY_UNIT, WEIGHT_UNIT, Totals
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


def people(plan: Plan, aged: Aged, scenario: int, year: int) -> dict[Subgroup, measures.Binned]:
    """Return incomes per head, weighted by persons, of every subgroup that has anybody in it.

    Everybody, town and country are known by finer bins than others. Raises InvalidInput where incomes lie
    beyond the bins.
    """
    shape, tables, lines = plan.ground.shape, plan.tables, plan.tables.lines[year]
    fine = aged.sums.strata[scenario, year]
    if fine[:, [0, -1], 0].any():
        raise InvalidInput([Problem("scenario", 0, 0, f"year {plan.ground.years[year]}", _BEYOND)])
    bins = _by_way(aged.sums.histogram[scenario, year], shape)
    below = _by_way(aged.sums.below[scenario, year], shape)
    finer = {"all": fine[None], "residence": fine.reshape(shape[1], shape[3], *fine.shape[1:])}
    found: dict[Subgroup, measures.Binned] = {}
    for by, names in (("all", ("all",)), *((way.by, way.names) for way in dimensions(plan))):
        for code, name in enumerate(names):
            coarse, inside = bins[by][code], below[by][code]
            if not coarse[..., 0].any():
                continue
            factor = aged.factor[year] if by != "residence" else aged.factor[year].reshape(shape[1], -1)[code]
            counts, fineness = (finer[by][code], tables.stratum_fineness) if by in finer else (coarse, tables.fineness)
            coarse, inside, counts = (add_equal(part, factor) for part in (coarse, inside, counts))
            under = below_lines(coarse, inside, lines, tables.fineness)
            found[by, name] = divide_bins(counts, under, lines, fineness, np.unique(factor))
    return found


def _by_way(counts: Integers, shape: tuple[int, int, int, int]) -> dict[str, Integers]:
    """Turn counts by cell (C, ...) into counts by subgroup and stratum in it, (names, strata, ...), for each way."""
    regions, _, groups, _ = shape
    cells = counts.reshape(*shape, *counts.shape[1:])
    rest = counts.shape[1:]
    everybody = cells.sum(axis=(0, 2))
    return {
        "all": everybody.reshape(1, -1, *rest),
        "region": cells.sum(axis=2).reshape(regions, -1, *rest),
        "residence": everybody,
        "group": np.moveaxis(cells.sum(axis=0), 1, 0).reshape(groups, -1, *rest),
    }


def below_lines(counts: Integers, inside: Integers, lines: Reals, fineness: int) -> Integers:
    """Return sums (G, Z, 2) of all below each line, from bins (G, H, 2) and those below it in its own bin (G, Z, 2)."""
    _, high = bin_edges(fineness)
    before = np.concatenate([np.zeros((len(counts), 1, 2), np.int64), np.cumsum(counts, axis=1)], axis=1)
    return np.asarray(before[:, np.searchsorted(high, lines)] + inside)


def divide_bins(counts: Integers, below: Integers, lines: Reals, fineness: int, factor: Reals) -> measures.Binned:
    """Return bins divided at the lines, below which there are (G, Z, 2); equal lines divide once.

    Counts (G, H, 2) are divided as whole numbers, and then added with the factors (G,).
    """
    low, high = bin_edges(fineness)
    low, high, sums = low.copy(), high.copy(), counts.copy()
    before = np.cumsum(counts, axis=1) - counts
    parts = [(low, high, sums)]
    divides = (lines > NOTHING) & (lines <= high[-1])
    of_line = np.searchsorted(high, lines)
    for b in np.unique(of_line[divides]):
        inside = np.flatnonzero(divides & (of_line == b))
        cuts, under = lines[inside], below[:, inside] - before[:, [b]]
        ends = np.append(np.nextafter(cuts[1:], -np.inf), high[b])
        parts.append((cuts, ends, np.diff(np.concatenate([under, counts[:, [b]]], axis=1), axis=1)))
        high[b], sums[:, b] = np.nextafter(cuts[0], -np.inf), under[:, 0]
    starts, ends = (np.concatenate([part[k] for part in parts]) for k in (0, 1))
    divided = np.concatenate([part[2] for part in parts], axis=1)
    order = np.argsort(starts, kind="stable")
    order = order[divided[:, order, 0].any(axis=0)]
    weight, money = (weigh(divided[:, order, k], factor, unit) for k, unit in ((0, WEIGHT_UNIT), (1, MONEY_UNIT)))
    return measures.binned(starts[order], ends[order], weight, money)


def persons_by_cell(plan: Plan, aged: Aged) -> Reals:
    """Return persons by scenario, year and cell (S, T, C)."""
    persons: Reals = aged.sums.totals[..., Totals.PERSONS] * WEIGHT_UNIT * aged.factor[:, plan.ground.stratum]
    return persons


def money_by_cell(plan: Plan, aged: Aged) -> Reals:
    """Return disposable income by scenario, year and cell (S, T, C), yuan a year."""
    money: Reals = aged.sums.totals[..., Totals.WAGE :].sum(axis=-1) * MONEY_UNIT
    return np.asarray(money * aged.factor[:, plan.ground.stratum])
