"""Tables and rows small enough to know what must come out."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from incomesim.engine import trace
from incomesim.kernel.philox import random_normals
from incomesim.kernel.tables import (
    WEIGHT_UNIT,
    Accelerations,
    Drift,
    Floors,
    Gains,
    Grants,
    Moves,
    Purpose,
    Rows,
    Tables,
    Taxes,
    WageFloors,
)
from incomesim.kernel.targeting import NOW, Budgets, Gate

FIRST_NODE, NODES, PER_UNIT = -6.0, 193, 16.0
X = FIRST_NODE + np.arange(NODES) / PER_UNIT


def make_gate(
    lever,
    acts,
    rate=1.0,
    *,
    error=0.0,
    ceiling=np.inf,
    measured=NOW,
    elderly=False,
    children=False,
    yearly=False,
    budget=-1,
    bands=1,
):
    """Whom entries serve: `lever` (E,), `acts` (E, T, C) where they do anything, the rest spreads to its shape."""
    lever, acts = np.asarray(lever, np.int64), np.asarray(acts) != 0
    number, years, _ = acts.shape

    def spread(values, shape, kind=float):
        return np.broadcast_to(np.asarray(values, kind), shape).copy()

    rate, error = spread(rate, acts.shape), spread(error, (number, years))
    elderly, children = spread(elderly, number, bool), spread(children, number, bool)
    ceiling = spread(ceiling, (number, years))
    return Gate(
        lever,
        rate,
        error,
        ceiling,
        spread(measured, (number, years), np.int64),
        elderly,
        children,
        elderly | children | (ceiling < np.inf).any(axis=1),
        (rate < 1.0).any(axis=2) | (error > 0.0),
        spread(yearly, number, bool),
        spread(budget, number, np.int64),
        reaches(acts, bands),
    )


def make_taxes(gate, source, part, per, force, threshold, step, effort=None, beyond=None):
    """Taxes; without `effort` (X, T, R, 2) nobody responds."""
    effort = np.zeros((*step.shape, 2)) if effort is None else effort
    beyond = np.zeros(step.shape) if beyond is None else beyond
    responds = effort.any(axis=(1, 2, 3))
    return Taxes(gate, source, part, per, force, threshold, step, responds, effort, beyond)


def make_floors(gate, line, withdrawal, mistaken, effort=0.0, beyond=False):
    """Floors; with an `effort` of 0 nobody responds."""
    spread = (np.broadcast_to(np.asarray(values), withdrawal.shape).copy() for values in (effort, beyond))
    return Floors(gate, line, withdrawal, mistaken, *spread)


def no_gate(years, cells):
    return make_gate([], np.empty((0, years, cells)))


def reaches(table, bands=1):
    """Places at which a table (mechanisms, T, C) does anything."""
    table = np.asarray(table) != 0
    return table.reshape(*table.shape[:2], table.shape[2] // bands, bands).any(axis=-1)


def make_tables(
    *,
    years=5,
    quantiles=None,
    mobility=((0.9, 0.1, 0.85, 0.05),),
    growth=None,
    levers=0,
    active=None,
    drift=None,
    moves=None,
    accelerations=None,
    wage_floors=None,
    gains=None,
    grants=None,
    taxes=None,
    floors=None,
    services=None,
    budgets=None,
    looks_back=False,
    transfer_level=None,
    seed=7,
    renewal=None,
    lines=None,
    stratum=None,
):
    """One age band; by default one cell with log market income x, no transfers, no growth, no lever."""
    quantiles = X[None, :].copy() if quantiles is None else np.asarray(quantiles, float)
    cells = len(quantiles)
    none, nothing, nobody = np.empty(0, np.int64), np.empty(0), no_gate(years, cells)
    nowhere = np.empty((0, years, cells))
    no_grants = Grants(nobody, none, none, nowhere, np.empty(0, bool))
    rho_and_shares = np.array(mobility)
    return Tables(
        seed=np.uint64(seed),
        replicate=0,
        first_year=2020,
        bands=1,
        band_starts=none,
        mobility=np.column_stack([rho_and_shares[:, 0], np.sqrt(rho_and_shares[:, 1:])]),
        first_node=FIRST_NODE,
        nodes_per_unit=PER_UNIT,
        quantiles=quantiles,
        composition=np.tile([0.5, 0.3, 0.2], (cells, 1)),
        transfer_level=np.zeros(cells) if transfer_level is None else np.asarray(transfer_level, float),
        growth=np.ones((years, cells, 4)) if growth is None else growth,
        renewal=np.zeros(121) if renewal is None else renewal,
        young=np.array([25, 30]),
        inheritance=0.5,
        poverty_line=np.full((years, cells), 0.5),
        lines=np.empty((years, 0)) if lines is None else np.asarray(lines, float),
        fineness=6,
        stratum_fineness=9,
        stratum=np.zeros(cells, np.int64) if stratum is None else np.asarray(stratum, np.int64),
        purpose=np.arange(2**16, 2**16 + levers).astype(np.uint64),
        active=np.array([[False] * levers, [True] * levers], bool).reshape(2, levers) if active is None else active,
        looks_back=looks_back,
        drift=drift or Drift(np.zeros((years, cells)), np.zeros(cells, np.int64), 1, np.zeros((years, cells), bool)),
        moves=moves or Moves(nobody, np.empty((0, cells), np.int64), none),
        accelerations=accelerations or Accelerations(nobody, none, nowhere),
        wage_floors=wage_floors or WageFloors(nobody, nowhere, nothing, nothing),
        gains=gains or Gains(nobody, nothing, nothing),
        grants=grants or no_grants,
        taxes=taxes or make_taxes(nobody, none, np.empty((0, 4)), none, nowhere, *(2 * [np.empty((0, years, 0))])),
        floors=floors or make_floors(nobody, nowhere, nothing, np.empty((0, years))),
        services=services or no_grants,
        budgets=budgets or Budgets(none, np.empty((0, cells), np.int64), none, np.empty((0, years), np.int64)),
    )


def make_rows(households, *, seed=7, place=0, persons=1.0, transfer=0.0, weight=1.0, first_id=0):
    ids = np.arange(first_id, first_id + households, dtype=np.uint64)
    normal = np.empty((4, households))
    random_normals(np.uint64(seed), ids, 0, 0, int(Purpose.RANK), normal)
    ones = np.ones(households)
    return Rows(
        household_id=ids,
        weight=np.round(ones * weight / WEIGHT_UNIT) * WEIGHT_UNIT,
        persons=ones * persons,
        elderly=np.zeros(households, np.int64),
        children=np.zeros(households, np.int64),
        age=np.full(households, 40),
        place=np.broadcast_to(np.asarray(place, np.int64), households).copy(),
        process=np.zeros(households, np.int64),
        rank=normal[0].copy(),
        shift=np.zeros(households),
        residual=np.zeros(households),
        market_tilt=np.empty((3, 0)),
        transfer_tilt=ones * transfer,
    )


def run(rows, tables, block=256):
    """Rows, sums, and the income and cell of every household, one behind the other; the ledger of all cells."""
    sums, traced = trace(rows, tables, block=block)
    return SimpleNamespace(
        rows=rows,
        sums=sums,
        income=traced.income,
        cell=traced.cell,
        totals=sums.totals,
        ledger=sums.ledger.sum(axis=3),
    )
