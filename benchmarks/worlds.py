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
    """The plan of Panzhihua with so many households, years, cells (16, or a multiple of 240) and levers."""
    data = copy.deepcopy(compose_file(FILE).document.data)
    data["population"]["households"] = households
    data["years"] = f"2020..{2019 + years}"
    _extend_paths(data, 2019 + years)
    if cells == 16:
        _shrink_cells(data["population"])
    else:
        _split_groups(data["population"], cells // 240)
    data["policy"] = _choose_levers(data["policy"], levers if cells != 16 and years > 1 else 0, 2019 + years)
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


def _shrink_cells(population: dict) -> None:
    """One county, two groups, four bands: 1 x 2 x 2 x 4."""
    population["regions"] = {"miyi": population["regions"]["miyi"]}
    groups = population["groups"]
    other = groups["other"]
    farmers = groups["professional_farmers"]
    for side in ("urban", "rural"):
        other["share"][side] = 1.0 - farmers["share"][side]
    population["groups"] = {"professional_farmers": farmers, "other": other}
    for group in population["groups"].values():
        group.pop("concentration", None)
    population["ages"] |= {
        "starts": [35, 50, 60], "urban": [0.2, 0.3, 0.25, 0.25], "rural": [0.09, 0.31, 0.3, 0.3],
        "income": [1.02, 1.04, 1.04, 0.9], "transfers": [0.35, 0.6, 0.6, 2.6], "size": [0.95, 1.08, 1.08, 0.85],
        "wages": [1.15, 1.0, 1.0, 0.45],
    }  # fmt: skip


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
    """The first of the twenty shipped levers, in all years but the first, their budgets without end."""
    levers = [{**copy.deepcopy(lever), "years": f"2021..{last}", "phase_in": 1} for lever in policy[:number]]
    for lever in levers:
        lever.pop("budget", None)
    return levers
