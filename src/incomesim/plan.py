"""Scenario + population -> arrays the kernel takes. No defaults, options or names are left in them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from incomesim.fields import RESIDENCES, SOURCES
from incomesim.kernel.places import OLDEST
from incomesim.kernel.shapes import choose_fineness, choose_stratum_fineness
from incomesim.kernel.tables import Accelerations, Floors, Gains, Grants, Moves, Tables, Taxes
from incomesim.lines import lines_by_year, stack_lines
from incomesim.paths import price_index, source_levels
from incomesim.policy import Ground, Mechanisms, Move
from incomesim.population import MakeUp, Population, RowSource
from incomesim.population_path import PopulationPath, population_path
from incomesim.published import PlaceFacts
from incomesim.scenario.model import Process, Scenario

__all__ = ["SCENARIOS", "Plan", "make_plan"]

Reals = NDArray[np.float64]

SCENARIOS = ("baseline", "policy")
"""The same households and draws, without and with the package of policies."""

Compiled = tuple[tuple[int, Mechanisms], ...]
"""Number of each lever in the scenario and what it compiles to, in the order in which levers act: by name."""

_BASELINE = -1
_FIRST_LEVER_ADDRESS = 2**16


@dataclass(frozen=True, eq=False)
class Plan:
    """Everything a run computes from: households that `source` gives range by range, and the kernel's tables.

    `ground` names the cells; `totals` are those of the population by year, which households meet by weights after
    they are counted, `make_up` what they are by stratum in the first year.
    """

    ground: Ground
    source: RowSource
    tables: Tables
    totals: PopulationPath
    make_up: MakeUp


def make_plan(scenario: Scenario, population: Population, facts: PlaceFacts | None) -> Plan:
    """Return the arrays of a run: both scenarios, all years; `facts` are those of the scenario's place, if any."""
    cells = population.cells
    ground = Ground(
        years=scenario.years,
        regions=cells.regions,
        groups=cells.groups,
        band_starts=cells.band_starts,
        price_level=price_index(scenario, scenario.years[0]),
    )
    levers = sorted(range(len(scenario.policy)), key=lambda lever: scenario.policy[lever].name)
    totals = population_path(scenario, facts, population.make_up)
    mechanisms = tuple((lever, scenario.policy[lever].compile(ground)) for lever in levers)
    tables = Tables(
        seed=np.uint64(scenario.seed),
        replicate=0,
        first_year=scenario.years[0],
        bands=len(cells.band_starts) + 1,
        band_starts=np.array(cells.band_starts, np.int64),
        mobility=np.array([_mobility(getattr(scenario.mobility, residence)) for residence in RESIDENCES]),
        first_node=cells.first_node,
        nodes_per_unit=cells.nodes_per_unit,
        quantiles=cells.quantiles,
        composition=cells.composition,
        transfer_level=cells.transfer_level,
        growth=_growth(scenario, facts, ground),
        renewal=_renewal(scenario),
        young=np.array([scenario.renewal.youngest, scenario.renewal.oldest], np.int64),
        inheritance=scenario.renewal.inheritance,
        poverty_line=_first_poverty_line(scenario, ground),
        lines=stack_lines(lines_by_year(scenario)),
        fineness=choose_fineness(len(SCENARIOS), len(ground.years), ground.cells),
        stratum_fineness=choose_stratum_fineness(len(SCENARIOS), len(ground.years), ground.strata),
        stratum=ground.stratum,
        purpose=np.array([lever_address(lever.name) for lever in scenario.policy], np.uint64),
        active=np.array([[False] * len(mechanisms), [True] * len(mechanisms)], np.bool_).reshape(len(SCENARIOS), -1),
        moves=_moves(scenario.urbanisation.assimilation, totals.moving, ground, mechanisms),
        accelerations=_accelerations(ground, mechanisms),
        gains=_gains(ground, mechanisms),
        grants=_grants(ground, mechanisms),
        taxes=_taxes(ground, mechanisms),
        floors=_floors(ground, mechanisms),
    )
    return Plan(ground, population.source, tables, totals, population.make_up)


def lever_address(name: str) -> int:
    """Return the purpose word of a lever's own draws, which depends on nothing but its name."""
    digest = hashlib.blake2b(name.encode(), digest_size=8).digest()
    return _FIRST_LEVER_ADDRESS + int.from_bytes(digest, "little") % (2**32 - _FIRST_LEVER_ADDRESS)


def _mobility(process: Process) -> list[float]:
    persistent = 1.0 - process.fixed - process.transitory
    return [process.persistence, process.fixed**0.5, persistent**0.5, process.transitory**0.5]


def _growth(scenario: Scenario, facts: PlaceFacts | None, ground: Ground) -> Reals:
    """Levels of the sources of each cell's residence; (T, C, 4)."""
    residence = np.indices(ground.shape)[1].ravel()
    growth: Reals = np.ascontiguousarray(source_levels(scenario, facts)[:, residence])
    return growth


def _renewal(scenario: Scenario) -> Reals:
    """Yearly chance of dissolving by age of the head."""
    by_age = np.zeros(OLDEST + 1)
    for hazard in scenario.renewal.hazards:
        by_age[hazard.age :] = hazard.rate
    return by_age


def _first_poverty_line(scenario: Scenario, ground: Ground) -> Reals:
    line = scenario.poverty_lines[0]
    return np.repeat((line.value * price_index(scenario, line.year))[:, None], ground.cells, axis=1)


def _moves(assimilation: int, moving: Reals, ground: Ground, mechanisms: Compiled) -> Moves:
    """Moves of the baseline, of the share `moving` (T,), come first: policy adds movers and changes none."""
    urban, rural = RESIDENCES
    in_country = np.indices(ground.shape)[1].ravel() == RESIDENCES.index(rural)
    urbanising = Move(moving[:, None] * in_country, ground.replace_residence(urban), assimilation)
    table = [(_BASELINE, urbanising), *((lever, entry) for lever, made in mechanisms for entry in made.moves)]
    return Moves(
        probability=_stack([entry.probability for _, entry in table], ground),
        destination=np.array([entry.destination for _, entry in table]),
        assimilation=np.array([entry.assimilation for _, entry in table], np.int64),
        lever=np.array([lever for lever, _ in table], np.int64),
        reaches=_reaches([entry.probability > 0.0 for _, entry in table], ground),
    )


def _accelerations(ground: Ground, mechanisms: Compiled) -> Accelerations:
    table = [(lever, entry) for lever, made in mechanisms for entry in made.accelerations]
    return Accelerations(
        source=np.array([entry.source for _, entry in table], np.int64),
        factor=_stack([entry.factor for _, entry in table], ground),
        coverage=np.array([entry.coverage for _, entry in table], np.float64),
        lever=np.array([lever for lever, _ in table], np.int64),
        reaches=_reaches([entry.factor != 1.0 for _, entry in table], ground),
    )


def _gains(ground: Ground, mechanisms: Compiled) -> Gains:
    table = [(lever, entry) for lever, made in mechanisms for entry in made.gains]
    years = len(ground.years)
    return Gains(
        rate=_stack([entry.rate for _, entry in table], ground),
        ceiling=np.array([entry.ceiling for _, entry in table], np.float64).reshape(-1, years),
        premium=np.array([entry.premium for _, entry in table], np.float64),
        keep=np.array([entry.keep for _, entry in table], np.float64),
        lever=np.array([lever for lever, _ in table], np.int64),
        reaches=_reaches([entry.rate > 0.0 for _, entry in table], ground),
    )


def _grants(ground: Ground, mechanisms: Compiled) -> Grants:
    table = [(lever, entry) for lever, made in mechanisms for entry in made.grants]
    years = len(ground.years)
    return Grants(
        source=np.array([entry.source for _, entry in table], np.int64),
        per=np.array([entry.per for _, entry in table], np.int64),
        amount=_stack([entry.amount for _, entry in table], ground),
        ceiling=np.array([entry.ceiling for _, entry in table], np.float64).reshape(-1, years),
        take_up=np.array([entry.take_up for _, entry in table], np.float64).reshape(-1, years),
        inclusion=np.array([entry.inclusion for _, entry in table], np.float64).reshape(-1, years),
        earned=np.array([entry.earned for _, entry in table], np.bool_),
        lever=np.array([lever for lever, _ in table], np.int64),
        reaches=_reaches([entry.amount > 0.0 for _, entry in table], ground),
    )


def _taxes(ground: Ground, mechanisms: Compiled) -> Taxes:
    """Taxes with fewer steps than others get steps of 0."""
    table = [(lever, entry) for lever, made in mechanisms for entry in made.taxes]
    most = max((entry.threshold.shape[1] for _, entry in table), default=0)
    filled = [[_widen(values, most) for values in (entry.threshold, entry.step)] for _, entry in table]
    steps = np.array(filled, np.float64).reshape(len(table), 2, len(ground.years), most)
    return Taxes(
        source=np.array([entry.source for _, entry in table], np.int64),
        part=np.array([entry.part for _, entry in table], np.float64).reshape(-1, len(SOURCES)),
        per=np.array([entry.per for _, entry in table], np.int64),
        force=_stack([entry.force for _, entry in table], ground),
        threshold=np.ascontiguousarray(steps[:, 0]),
        step=np.ascontiguousarray(steps[:, 1]),
        lever=np.array([lever for lever, _ in table], np.int64),
        reaches=_reaches([entry.force > 0.0 for _, entry in table], ground),
    )


def _widen(steps: Reals, most: int) -> Reals:
    return np.pad(steps, ((0, 0), (0, most - steps.shape[1])))


def _floors(ground: Ground, mechanisms: Compiled) -> Floors:
    table = [(lever, entry) for lever, made in mechanisms for entry in made.floors]
    return Floors(
        line=_stack([entry.line for _, entry in table], ground),
        withdrawal=np.array([entry.withdrawal for _, entry in table], np.float64),
        take_up=np.array([entry.take_up for _, entry in table], np.float64),
        lever=np.array([lever for lever, _ in table], np.int64),
        reaches=_reaches([entry.line > 0.0 for _, entry in table], ground),
    )


def _stack(tables: list[Reals], ground: Ground) -> Reals:
    """Tables (T, C) one behind the other, also when there are none."""
    return np.array(tables, np.float64).reshape(-1, len(ground.years), ground.cells)


def _reaches(cells: list[NDArray[np.bool_]], ground: Ground) -> NDArray[np.bool_]:
    """Places (T, places) at which something happens in any age band, from cells (T, C)."""
    bands = len(ground.band_starts) + 1
    shape = (-1, len(ground.years), ground.cells // bands, bands)
    return np.asarray(np.array(cells, np.bool_).reshape(shape).any(axis=-1), np.bool_)
