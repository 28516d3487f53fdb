"""What a scenario file may say, and reading it."""

from __future__ import annotations

from incomesim.scenario.assumptions import Assumption, list_assumptions
from incomesim.scenario.load import load_scenario, read_scenario
from incomesim.scenario.model import PlacePopulation, Scenario, SurveyPopulation

__all__ = [
    "Assumption",
    "PlacePopulation",
    "Scenario",
    "SurveyPopulation",
    "list_assumptions",
    "load_scenario",
    "read_scenario",
]
