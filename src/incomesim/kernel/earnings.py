"""Incomes by source before this year's levers: latent rank -> quantile table -> market income -> sources."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from incomesim.compiled.arithmetic import exp
from incomesim.compiled.compile import at, spelled_out, stage
from incomesim.kernel.tables import Integers, Reals

__all__ = [
    "Earners", "Incomes", "earn", "fill_levels", "find_cells", "new_earners", "new_incomes", "per_head", "pick",
    "source_of",
]  # fmt: skip


class Earners(NamedTuple):
    """What the income of a household in a year depends on, (B,)."""

    persons: Reals
    market_tilt: Reals  # (3, B), or (3, 0) where everybody has the composition of the cell
    transfer_tilt: Reals
    cell: Integers
    node: Integers
    fraction: Reals
    log_gain: Reals  # residual, lasting gains, what is left of the way to a new cell


class Incomes(NamedTuple):
    """Incomes of households in a year, yuan of the household; (B,)."""

    wage: Reals
    operating: Reals
    owned: Reals  # from property
    transfer: Reals


def new_earners(block: int) -> Earners:
    """Return room for a block."""
    return Earners(
        np.empty(block),
        np.empty((3, block)),
        np.empty(block),
        np.empty(block, np.int64),
        np.empty(block, np.int64),
        np.empty(block),
        np.empty(block),
    )


def new_incomes(block: int) -> Incomes:
    """Return room for the incomes of a block."""
    return Incomes(np.empty(block), np.empty(block), np.empty(block), np.empty(block))


@spelled_out
def source_of(incomes: Incomes, number: int) -> Reals:
    """Return the incomes of a source by its number: 0 wage, 1 operating, 2 property, 3 transfer."""
    source = incomes.wage
    if number == 1:
        source = incomes.operating
    elif number == 2:
        source = incomes.owned
    elif number == 3:
        source = incomes.transfer
    return source


@stage
def fill_levels(composition: Reals, transfer_level: Reals, growth: Reals, level: Reals) -> None:
    """Fill level (T, C, 4): yuan of each source for a yuan of market income, and transfers per head."""
    for t in range(growth.shape[0]):
        for c in range(growth.shape[1]):
            for k in range(3):
                level[t, c, k] = composition[c, k] * growth[t, c, k]
            level[t, c, 3] = transfer_level[c] * growth[t, c, 3]


@stage
def find_cells(place: Integers, bands: int, band: Integers, cell: Integers, n: int) -> None:
    """Number the cell of each household."""
    for i in range(n):
        cell[i] = place[i] * bands + band[i]


@stage
def pick(earners: Earners, index: Integers, number: int, picked: Earners) -> None:
    """Bring the chosen ones together; cell and log_gain are left to the caller."""
    for j in range(number):
        i = at(index[j])
        picked.persons[j] = earners.persons[i]
        picked.transfer_tilt[j] = earners.transfer_tilt[i]
        picked.node[j] = earners.node[i]
        picked.fraction[j] = earners.fraction[i]
    if earners.market_tilt.shape[1]:
        for k in range(earners.market_tilt.shape[0]):
            for j in range(number):
                picked.market_tilt[k, j] = earners.market_tilt[k, index[j]]


@stage
def earn(
    earners: Earners, quantiles: Reals, composition: Reals, level: Reals, low: Reals, high: Reals, incomes: Incomes,
    n: int,
) -> None:  # fmt: skip
    """Incomes by source; `level` (C, 4) is that of the year, `low` and `high` (B,) are work space.

    Reads of tables stand in loops of their own: the others become vector code.
    """
    cell, node, fraction, log_gain = earners.cell, earners.node, earners.fraction, earners.log_gain
    wage, operating, owned, transfer = incomes.wage, incomes.operating, incomes.owned, incomes.transfer
    persons = earners.persons
    for i in range(n):
        of_cell = quantiles[at(cell[i])]
        low[i] = of_cell[at(node[i])]
        high[i] = of_cell[at(node[i] + 1)]
    for i in range(n):
        low[i] = persons[i] * exp(low[i] + fraction[i] * (high[i] - low[i]) + log_gain[i])
    if earners.market_tilt.shape[1]:
        _own_composition(earners.market_tilt, composition, cell, low, high, n)
    for i in range(n):
        of_cell = level[at(cell[i])]
        wage[i] = of_cell[0]
        operating[i] = of_cell[1]
        owned[i] = of_cell[2]
        transfer[i] = of_cell[3]
    _multiply(wage, low, n)
    _multiply(operating, low, n)
    _multiply(owned, low, n)
    _multiply(transfer, earners.transfer_tilt, n)
    _multiply(transfer, persons, n)
    if earners.market_tilt.shape[1]:
        _multiply(wage, earners.market_tilt[0], n)
        _multiply(operating, earners.market_tilt[1], n)
        _multiply(owned, earners.market_tilt[2], n)


@stage
def _own_composition(tilt: Reals, composition: Reals, cell: Integers, market: Reals, total: Reals, n: int) -> None:
    """Divide market income by the sum of the household's own shares, so that they add up to 1."""
    for i in range(n):
        of_cell = composition[at(cell[i])]
        total[i] = of_cell[0] * tilt[0, i] + of_cell[1] * tilt[1, i] + of_cell[2] * tilt[2, i]
    for i in range(n):
        market[i] /= total[i]


@stage
def _multiply(values: Reals, factor: Reals, n: int) -> None:
    for i in range(n):
        values[i] *= factor[i]


@stage
def per_head(incomes: Incomes, persons: Reals, income: Reals, n: int) -> None:
    """Disposable income per head."""
    wage, operating, owned, transfer = incomes.wage, incomes.operating, incomes.owned, incomes.transfer
    for i in range(n):
        income[i] = (wage[i] + operating[i] + owned[i] + transfer[i]) / persons[i]
