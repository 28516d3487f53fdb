"""What a scenario file may say, and reading it."""

from __future__ import annotations

from incomesim.scenario.assumptions import Assumption, list_assumptions
from incomesim.scenario.lay_out import lay_out
from incomesim.scenario.load import load_scenario, read_scenario
from incomesim.scenario.model import PlacePopulation, Scenario, SurveyPopulation

__all__ = [
    "Assumption",
    "PlacePopulation",
    "Scenario",
    "SurveyPopulation",
    "lay_out",
    "list_assumptions",
    "load_scenario",
    "read_scenario",
]
