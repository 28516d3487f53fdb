"""Scenario + population -> arrays the kernel takes. No defaults, options or names are left in them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from incomesim.fields import RESIDENCES, SOURCES
from incomesim.gates import Entries, Gates, find_places, looks_back, open_budgets
from incomesim.kernel.places import OLDEST
from incomesim.kernel.shapes import choose_fineness, choose_stratum_fineness
from incomesim.kernel.tables import Accelerations, Drift, Floors, Gains, Grants, Moves, Tables, Taxes, WageFloors
from incomesim.lines import lines_by_year, stack_lines
from incomesim.paths import price_index, source_levels
from incomesim.policy import (
    Acceleration,
    BaselineIncomes,
    Floor,
    Gain,
    Grant,
    Ground,
    Mechanisms,
    Move,
    Tax,
    WageFloor,
)
from incomesim.population import MakeUp, Population, RowSource
from incomesim.population_path import PopulationPath, population_path
from incomesim.published import PlaceFacts
from incomesim.scenario.model import Process, Scenario

__all__ = ["SCENARIOS", "Plan", "make_plan"]

Reals = NDArray[np.float64]

SCENARIOS = ("baseline", "policy", "extended")
"""The same households and draws: without and with the package, and with what it gives in kind, if any, as income."""

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

    @property
    def scenarios(self) -> tuple[str, ...]:
        """The names of the scenarios of the run."""
        return SCENARIOS[: len(self.tables.active)]


def make_plan(
    scenario: Scenario, population: Population, facts: PlaceFacts | None, baseline: BaselineIncomes | None = None
) -> Plan:
    """Return the arrays of a run: all scenarios and years; `facts` are those of the scenario's place, if any.

    `baseline` is what `find_baseline` returns; a lever that needs it raises ValueError where it is None.
    """
    cells = population.cells
    ground = Ground(
        years=scenario.years,
        regions=cells.regions,
        groups=cells.groups,
        band_starts=cells.band_starts,
        price_level=price_index(scenario, scenario.years[0]),
        baseline=baseline,
    )
    levers = sorted(range(len(scenario.policy)), key=lambda lever: scenario.policy[lever].name)
    totals = population_path(scenario, facts, population.make_up)
    made = [(lever, scenario.policy[lever].compile(ground)) for lever in levers]
    gates, active = Gates(scenario.policy, ground), _active(made)
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
        fineness=choose_fineness(len(active), len(ground.years), ground.cells),
        stratum_fineness=choose_stratum_fineness(len(active), len(ground.years), ground.strata),
        stratum=ground.stratum,
        purpose=np.array([lever_address(lever.name) for lever in scenario.policy], np.uint64),
        active=active,
        looks_back=looks_back(scenario.policy),
        drift=_drift(scenario.urbanisation.assimilation, totals.moving, ground),
        moves=_moves([(lever, entry) for lever, each in made for entry in each.moves], gates),
        accelerations=_accelerations([(lever, entry) for lever, each in made for entry in each.accelerations], gates),
        wage_floors=_wage_floors([(lever, entry) for lever, each in made for entry in each.wage_floors], gates),
        gains=_gains([(lever, entry) for lever, each in made for entry in each.gains], gates),
        grants=_grants([(lever, entry) for lever, each in made for entry in each.grants], gates),
        taxes=_taxes([(lever, entry) for lever, each in made for entry in each.taxes], gates),
        floors=_floors([(lever, entry) for lever, each in made for entry in each.floors], gates),
        services=_grants([(lever, entry) for lever, each in made for entry in each.services], gates),
        budgets=open_budgets(scenario.policy, ground),
    )
    return Plan(ground, population.source, tables, totals, population.make_up)


def _active(made: list[tuple[int, Mechanisms]]) -> NDArray[np.bool_]:
    """Which levers are at work in each scenario (S, L): none, all but those in kind, and all where there are such."""
    in_kind = np.zeros(len(made), np.bool_)
    for lever, mechanisms in made:
        in_kind[lever] = bool(mechanisms.services)
    active = np.array([np.zeros_like(in_kind), ~in_kind, np.ones_like(in_kind)])
    return active if in_kind.any() else active[:-1]


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


def _drift(assimilation: int, moving: Reals, ground: Ground) -> Drift:
    """Moves to town of the share `moving` (T,) of rural households."""
    urban, rural = RESIDENCES
    in_country = np.indices(ground.shape)[1].ravel() == RESIDENCES.index(rural)
    probability = moving[:, None] * in_country
    return Drift(probability, ground.replace_residence(urban), assimilation, find_places(probability > 0.0, ground))


def _moves(table: Entries[Move], gates: Gates) -> Moves:
    return Moves(
        gate=gates.open(table, yearly=True),
        destination=np.array([entry.destination for _, entry in table], np.int64).reshape(-1, gates.ground.cells),
        assimilation=np.array([entry.assimilation for _, entry in table], np.int64),
    )


def _accelerations(table: Entries[Acceleration], gates: Gates) -> Accelerations:
    return Accelerations(
        gate=gates.open(table, yearly=False),
        source=np.array([entry.source for _, entry in table], np.int64),
        factor=_stack([entry.factor for _, entry in table], gates.ground),
    )


def _wage_floors(table: Entries[WageFloor], gates: Gates) -> WageFloors:
    return WageFloors(
        gate=gates.open(table, yearly=False),
        minimum=_stack([entry.minimum for _, entry in table], gates.ground),
        earners=np.array([entry.earners for _, entry in table], np.float64),
        part_time=np.array([entry.part_time for _, entry in table], np.float64),
    )


def _gains(table: Entries[Gain], gates: Gates) -> Gains:
    return Gains(
        gate=gates.open(table, yearly=True),
        premium=np.array([entry.premium for _, entry in table], np.float64),
        keep=np.array([entry.keep for _, entry in table], np.float64),
    )


def _grants(table: Entries[Grant], gates: Gates) -> Grants:
    return Grants(
        gate=gates.open(table, yearly=False),
        source=np.array([entry.source for _, entry in table], np.int64),
        per=np.array([entry.per for _, entry in table], np.int64),
        amount=_stack([entry.amount for _, entry in table], gates.ground),
        earned=np.array([entry.earned for _, entry in table], np.bool_),
    )


def _taxes(table: Entries[Tax], gates: Gates) -> Taxes:
    """Taxes with fewer steps than others get steps of 0."""
    years = len(gates.ground.years)
    most = max((entry.threshold.shape[1] for _, entry in table), default=0)
    filled = [
        [
            _widen(np.broadcast_to(values, entry.step.shape), most)
            for values in (entry.threshold, entry.step, entry.beyond)
        ]
        for _, entry in table
    ]
    steps = np.array(filled, np.float64).reshape(len(table), 3, years, most)
    efforts = [_widen(np.broadcast_to(entry.effort, (*entry.step.shape, 2)), most) for _, entry in table]
    effort = np.array(efforts, np.float64).reshape(len(table), years, most, 2)
    return Taxes(
        gate=gates.open(table, yearly=False),
        source=np.array([entry.source for _, entry in table], np.int64),
        part=np.array([entry.part for _, entry in table], np.float64).reshape(-1, len(SOURCES)),
        per=np.array([entry.per for _, entry in table], np.int64),
        force=_stack([entry.force for _, entry in table], gates.ground),
        threshold=np.ascontiguousarray(steps[:, 0]),
        step=np.ascontiguousarray(steps[:, 1]),
        responds=np.asarray(effort.any(axis=(1, 2, 3))),
        effort=effort,
        beyond=np.ascontiguousarray(steps[:, 2]),
    )


def _widen(steps: Reals, most: int) -> Reals:
    """Steps (T, brackets, ...) with as many brackets as others have."""
    return np.pad(steps, ((0, 0), (0, most - steps.shape[1]), *(steps.ndim - 2) * ((0, 0),)))


def _floors(table: Entries[Floor], gates: Gates) -> Floors:
    years = len(gates.ground.years)
    return Floors(
        gate=gates.open(table, yearly=False),
        line=_stack([entry.line for _, entry in table], gates.ground),
        withdrawal=np.array([entry.withdrawal for _, entry in table], np.float64),
        mistaken=np.array(
            [
                np.broadcast_to(entry.mistaken, years) * (gates.levers[lever].inclusion_error > 0.0)
                for lever, entry in table
            ],
            np.float64,
        ).reshape(-1, years),
        effort=np.array([entry.effort for _, entry in table], np.float64),
        beyond=np.array([entry.beyond for _, entry in table], np.bool_),
    )


def _stack(tables: list[Reals], ground: Ground) -> Reals:
    """Tables (T, C) one behind the other, also when there are none."""
    return np.array(tables, np.float64).reshape(-1, len(ground.years), ground.cells)
