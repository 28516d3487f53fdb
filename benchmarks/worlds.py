"""The shipped scenario made larger and smaller along one axis at a time."""

from __future__ import annotations

import copy
from pathlib import Path

import yaml

from incomesim import Scenario, load_scenario, read_scenario
from incomesim.plan import Plan, make_plan
from incomesim.published import read_facts
from incomesim.scenario.compose import compose_file
from incomesim.simulation import build_population

ROOT = Path(__file__).parent.parent
FILE = ROOT / "scenarios" / "panzhihua-2025.yaml"
PUBLISHED = 2023


def shipped(households: int) -> Plan:
    """The plan of the shipped scenario with so many households."""
    return _plan(load_scenario(FILE, [f"population.households={households}"]))


def vary(households: int, years: int = 6, cells: int = 240, levers: int = 7) -> Plan:
    """The plan of Panzhihua with so many households, years, cells (a multiple of 240) and levers."""
    data = copy.deepcopy(compose_file(FILE).document.data)
    data["population"]["households"] = households
    data["years"] = f"2020..{2019 + years}"
    _extend_paths(data, 2019 + years)
    _split_groups(data["population"], cells // 240)
    data["policy"] = _choose_levers(data["policy"], levers if years > 1 else 0, 2019 + years)
    return _plan(read_scenario(yaml.safe_dump(data, allow_unicode=True, sort_keys=False)))


def _plan(scenario: Scenario) -> Plan:
    facts = read_facts(scenario.population.place, scenario.years[0])
    population = build_population(scenario, facts)[0]
    return make_plan(scenario, population, facts)


def _extend_paths(data: dict, last: int) -> None:
    reason = "made up for a benchmark"
    later = range(PUBLISHED + 1, last + 1)
    data["growth"] = [{"year": year, "urban": 0.03, "rural": 0.04, "reason": reason} for year in later]
    data["prices"] = [{"year": year, "inflation": 0.01, "reason": reason} for year in range(2019, max(last, 2020) + 1)]


def _split_groups(population: dict, parts: int) -> None:
    """Each group in so many equal parts."""
    population["groups"] = {
        name if part == 0 else f"{name}_{part}": {
            **copy.deepcopy(group),
            "share": {side: share / parts for side, share in group["share"].items()},
        }
        for name, group in population["groups"].items()
        for part in range(parts)
    }


def _choose_levers(policy: list[dict], number: int, last: int) -> list[dict]:
    """The first of the shipped levers but services in kind, in all years but the first, their budgets without end."""
    paid = [lever for lever in policy if lever["lever"] != "public_services"]  # those are a third scenario
    levers = [{**copy.deepcopy(lever), "years": f"2021..{last}", "phase_in": 1} for lever in paid[:number]]
    for lever in levers:
        lever.pop("budget", None)
    return levers
