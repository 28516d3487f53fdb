"""Targets, take-up and budgets of levers -> the tables by which the kernel lets households in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from incomesim.kernel.targeting import EVERYBODY, NOW, Budgets, Gate, Order
from incomesim.policy import Entry, Ground, Lever, Move, acts_on, lets_in, spread_rate

__all__ = ["Entries", "Gates", "capped", "find_places", "looks_back", "open_budgets"]

Kind = TypeVar("Kind", bound=Entry)

Entries = Sequence[tuple[int, Kind]]
"""Number of the lever in the scenario, and what it changes, in the order in which levers act: by name."""

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Gates:
    """The levers of a scenario on the ground of a run."""

    levers: Sequence[Lever]
    ground: Ground

    def open(self, table: Sequence[tuple[int, Entry]], *, yearly: bool) -> Gate:
        """Return whom the entries of a mechanism serve; draws are new every year where it is `yearly`."""
        ground, years = self.ground, len(self.ground.years)
        levers = [self.levers[number] for number, _ in table]
        rates = [spread_rate(entry, ground) for _, entry in table]
        act = [
            acts_on(entry, ground) & lets_in(entry, lever, ground)
            for (_, entry), lever in zip(table, levers, strict=True)
        ]
        chance = [
            ((rate < 1.0) & acts_on(entry, ground)).any(axis=1) | (lever.inclusion_error > 0.0)
            for rate, (_, entry), lever in zip(rates, table, levers, strict=True)
        ]
        measured = [lever.measured(ground) for lever in levers]
        for (_, entry), lever, year in zip(table, levers, measured, strict=True):
            if isinstance(entry, Move) and lever.goes_by_income and (year == NOW).any():
                raise ValueError(f"{lever.name} moves households by the income of a year that is not yet known")
        of_budget = {number: row for row, number in enumerate(capped(self.levers))}
        return Gate(
            lever=np.array([number for number, _ in table], np.int64),
            rate=_pile(rates, (years, ground.cells)),
            error=_pile([np.full(years, lever.inclusion_error) for lever in levers], (years,)),
            ceiling=_pile([lever.ceiling(ground) for lever in levers], (years,)),
            measured=np.array(measured, np.int64).reshape(-1, years),
            elderly=np.array(["elderly" in lever.target.with_members for lever in levers], np.bool_),
            children=np.array(["children" in lever.target.with_members for lever in levers], np.bool_),
            selective=np.array([lever.target.selects for lever in levers], np.bool_),
            drawn=np.array(chance, np.bool_).reshape(-1, years),
            yearly=np.full(len(table), yearly),
            budget=np.array([of_budget.get(number, -1) for number, _ in table], np.int64),
            reaches=np.array([find_places(flags, ground) for flags in act], np.bool_).reshape(
                -1, years, ground.cells // ground.shape[-1]
            ),
        )


def find_places(cells: Flags, ground: Ground) -> Flags:
    """Return at which places (T, places) something happens in any age band, from cells (T, C)."""
    return np.asarray(cells.reshape(len(cells), -1, ground.shape[-1]).any(axis=-1))


def capped(levers: Sequence[Lever]) -> list[int]:
    """Return the numbers of the levers that have a budget."""
    return [number for number, lever in enumerate(levers) if lever.budget is not None]


def looks_back(levers: Sequence[Lever]) -> bool:
    """Return whether any lever asks for the income of an earlier year."""
    return any(lever.target.measured != "this_year" for lever in levers)


def open_budgets(levers: Sequence[Lever], ground: Ground) -> Budgets:
    """Return the queues of the levers that have a budget; at first everybody is served."""
    queues = [_queue(levers[number], ground) for number in capped(levers)]
    return Budgets(
        order=np.array([order for order, _ in queues], np.int64),
        position=np.array([position for _, position in queues], np.int64).reshape(-1, ground.cells),
        positions=np.array([position.max() + 1 for _, position in queues], np.int64),
        limit=np.full((len(queues), len(ground.years)), EVERYBODY),
    )


def _queue(lever: Lever, ground: Ground) -> tuple[Order, NDArray[np.int64]]:
    """Order, and the position of each cell in the list (C,)."""
    assert lever.budget is not None
    order = lever.budget.order
    if order in ("poorest_first", "random"):
        return Order.POOREST if order == "poorest_first" else Order.LOTS, np.zeros(ground.cells, np.int64)
    region, _, group, _ = np.indices(ground.shape)
    position = np.full(ground.shape, len(order))
    for place, name in reversed(list(enumerate(order))):  # who is in two comes by the first
        of_region = region == (ground.regions.index(name) if name in ground.regions else -1)
        position[of_region | (group == (ground.groups.index(name) if name in ground.groups else -1))] = place
    return Order.LOTS, position.ravel()


def _pile(tables: list[NDArray[np.float64]], shape: tuple[int, ...]) -> NDArray[np.float64]:
    """Tables of this shape one behind the other, also when there are none."""
    return np.array(tables, np.float64).reshape(-1, *shape)
