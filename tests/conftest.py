"""Shared by all tests: the shipped scenario as a small sample, and one plan and result of it."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SCENARIO = ROOT / "scenarios" / "panzhihua-2025.yaml"

collect_ignore = ["verification"]  # slow: python -m pytest tests/verification


@pytest.fixture(scope="session")
def scenario():
    from incomesim import load_scenario

    return load_scenario(SCENARIO, ["population.households=12000"])


@pytest.fixture(scope="session")
def facts(scenario):
    from incomesim.published import read_facts

    return read_facts(scenario.population.place, scenario.years[0])


@pytest.fixture(scope="session")
def built(scenario, facts):
    from incomesim.simulation import build_population

    return build_population(scenario, facts)


@pytest.fixture(scope="session")
def population(built):
    return built[0]


@pytest.fixture(scope="session")
def sample(built):
    """The households of the population as columns: those its weights were calibrated on, here all of them."""
    return built[1]


@pytest.fixture(scope="session")
def plan(scenario, population, facts):
    from incomesim.plan import make_plan

    return make_plan(scenario, population, facts)


@pytest.fixture(scope="session")
def output(plan):
    """The run with the income of every household, in the order of their cells."""
    from tests.reference.small_world import run

    return run(plan.source.rows(0, plan.source.number), plan.tables)


@pytest.fixture(scope="session")
def result(scenario):
    from incomesim import simulate

    return simulate(scenario)
