"""Incomes by source before this year's levers: latent rank -> quantile table -> market income -> sources."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from incomesim.kernel.arithmetic import exp
from incomesim.kernel.compile import stage
from incomesim.kernel.latents import Latents
from incomesim.kernel.places import History
from incomesim.kernel.tables import Integers, Reals, Rows

__all__ = ["Incomes", "copy_incomes", "earn", "find_cells", "new_incomes", "per_head", "sum_log_gains"]


class Incomes(NamedTuple):
    """Incomes of the households of a block in one year of one scenario, yuan of the household; (B,)."""

    cell: Integers
    log_gain: Reals
    low: Reals  # work space
    high: Reals  # work space
    wage: Reals
    operating: Reals
    owned: Reals  # from property
    transfer: Reals
    before: Reals  # yuan per head before this year's levers


def new_incomes(block: int) -> Incomes:
    """Return room for the incomes of a block."""
    return Incomes(
        np.empty(block, np.int64),
        np.empty(block),
        np.empty(block),
        np.empty(block),
        np.empty(block),
        np.empty(block),
        np.empty(block),
        np.empty(block),
        np.empty(block),
    )


@stage
def copy_incomes(source: Incomes, incomes: Incomes, n: int) -> None:
    """Take over cells and incomes of another scenario."""
    for i in range(n):
        incomes.cell[i] = source.cell[i]
    _copy(source.wage, incomes.wage, n)
    _copy(source.operating, incomes.operating, n)
    _copy(source.owned, incomes.owned, n)
    _copy(source.transfer, incomes.transfer, n)
    _copy(source.before, incomes.before, n)


@stage
def _copy(source: Reals, values: Reals, n: int) -> None:
    for i in range(n):
        values[i] = source[i]


@stage
def find_cells(place: Integers, bands: int, band: Integers, cell: Integers, n: int) -> None:
    """Number the cell of each household."""
    for i in range(n):
        cell[i] = place[i] * bands + band[i]


@stage
def sum_log_gains(keep: Reals, history: History, log_gain: Reals, n: int) -> None:
    """What is left of earlier gains, and of the way to the new cell."""
    if history.travelling[0]:
        for i in range(n):
            log_gain[i] = history.gap_step[i] * history.gap_left[i]
    else:
        for i in range(n):
            log_gain[i] = 0.0
    for b in range(keep.shape[0]):
        if history.held[b]:
            stock = history.stock[b]
            for i in range(n):
                stock[i] *= keep[b]
            for i in range(n):
                log_gain[i] += stock[i]


@stage
def earn(
    rows: Rows,
    quantiles: Reals,
    composition: Reals,
    transfer_level: Reals,
    growth: Reals,
    latents: Latents,
    incomes: Incomes,
) -> None:
    """Incomes of the household by source, yuan a year. Reads of tables stand in loops of their own."""
    n = rows.age.shape[0]
    cell, node, fraction = incomes.cell, latents.node, latents.fraction
    low, high, log_gain = incomes.low, incomes.high, incomes.log_gain
    wage, operating, owned, transfer = incomes.wage, incomes.operating, incomes.owned, incomes.transfer
    persons, residual = rows.persons, rows.residual
    for i in range(n):
        of_cell = quantiles[cell[i]]
        low[i] = of_cell[node[i]]
        high[i] = of_cell[node[i] + 1]
    for i in range(n):
        low[i] = persons[i] * exp(low[i] + fraction[i] * (high[i] - low[i]) + (residual[i] + log_gain[i]))
    for i in range(n):
        of_cell = composition[cell[i]]
        wage[i] = of_cell[0]
        operating[i] = of_cell[1]
        owned[i] = of_cell[2]
    _multiply(wage, rows.wage_tilt, n)
    _multiply(operating, rows.operating_tilt, n)
    _multiply(owned, rows.property_tilt, n)
    for i in range(n):
        low[i] = low[i] / (wage[i] + operating[i] + owned[i])
    for i in range(n):
        of_cell = growth[cell[i]]
        wage[i] *= of_cell[0]
        operating[i] *= of_cell[1]
        owned[i] *= of_cell[2]
        transfer[i] = transfer_level[cell[i]] * of_cell[3]
    _multiply(wage, low, n)
    _multiply(operating, low, n)
    _multiply(owned, low, n)
    _multiply(transfer, rows.transfer_tilt, n)
    _multiply(transfer, persons, n)


@stage
def _multiply(values: Reals, factor: Reals, n: int) -> None:
    for i in range(n):
        values[i] *= factor[i]


@stage
def per_head(incomes: Incomes, persons: Reals, income: Reals) -> None:
    """Disposable income per head."""
    wage, operating, owned, transfer = incomes.wage, incomes.operating, incomes.owned, incomes.transfer
    for i in range(persons.shape[0]):
        income[i] = (wage[i] + operating[i] + owned[i] + transfer[i]) / persons[i]
