"""Shared by all tests: the shipped scenario as a small sample, and one plan and result of it."""

from __future__ import annotations

import copy
import functools
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SCENARIO = ROOT / "scenarios" / "panzhihua-2025.yaml"
SMALL = (
    "population.households=12000",
    "policy[small start-ups].budget=null",
    "policy[wardens and carers].budget=null",
)
"""So that one pass over the households is all of a run; budgets have tests of their own (test_budgets.py)."""


@functools.cache
def composed():
    """The shipped scenario, all its files together."""
    from incomesim.scenario.compose import compose_file

    return compose_file(SCENARIO)


def shipped_data():
    """The plain data of the shipped scenario, a copy of one's own."""
    return copy.deepcopy(composed().document.data)


def one_file_text():
    """The shipped scenario as the text of one file: its place, and the policy of each of its samples."""
    place, *samples = composed().files[:-1]
    title = SCENARIO.read_text("utf-8").partition("\ntitle: ")[2].partition("\n")[0]
    before, _, after = Path(place).read_text("utf-8").partition("\ntitle: ")
    policy = [Path(sample).read_text("utf-8").partition("\npolicy:\n")[2] for sample in samples]
    return f"{before}\ntitle: {title}\n{after.partition(chr(10))[2]}\npolicy:\n{''.join(policy)}"


def without_services(shipped):
    """The scenario with what is paid in cash or earned alone."""
    cash = [lever for lever in shipped.policy if lever.lever != "public_services"]
    return shipped.model_copy(update={"policy": cash})


collect_ignore = ["verification"]  # slow: python -m pytest tests/verification


def pytest_configure(config):
    """Compile the yearly step once, before workers start: each would compile it for itself."""
    if getattr(config.option, "numprocesses", None) and not hasattr(config, "workerinput"):
        from incomesim.engine import compile_kernel
        from tests.reference.small_world import make_tables

        compile_kernel(make_tables())


@pytest.fixture(scope="session")
def scenario():
    """Without services in kind, so that there are two scenarios; test_services.py and test_in_kind.py have three."""
    from incomesim import load_scenario

    return without_services(load_scenario(SCENARIO, SMALL))


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
