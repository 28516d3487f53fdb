"""Household-level income-distribution microsimulation.

    from incomesim import load_scenario, simulate

    result = simulate(load_scenario("scenarios/panzhihua-2025.yaml"))
    result.summary                      # tidy pandas table
    result.plot.growth_incidence()      # matplotlib axes
    result.save("results")              # tables, figures, report.html

Numba, pandas and matplotlib load when they are first needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from incomesim.errors import IdleLever, IncomesimError, InvalidInput, LeverWarning, Problem, Unreachable
    from incomesim.mobility import MobilityFit, estimate_mobility
    from incomesim.population import Design, Survey, read_survey
    from incomesim.population.calibration import Calibrated, calibrate
    from incomesim.population.margin import Margin
    from incomesim.reference import reference_panel, reference_population, reference_truth
    from incomesim.result import Result
    from incomesim.scenario import Scenario, load_scenario, read_scenario
    from incomesim.simulation import simulate

__version__ = "0.1.0"

__all__ = [
    "Calibrated",
    "Design",
    "IdleLever",
    "IncomesimError",
    "InvalidInput",
    "LeverWarning",
    "Margin",
    "MobilityFit",
    "Problem",
    "Result",
    "Scenario",
    "Survey",
    "Unreachable",
    "calibrate",
    "estimate_mobility",
    "load_scenario",
    "read_scenario",
    "read_survey",
    "reference_panel",
    "reference_population",
    "reference_truth",
    "simulate",
]

_HOMES = {
    "Calibrated": "incomesim.population.calibration",
    "Design": "incomesim.population",
    "IdleLever": "incomesim.errors",
    "IncomesimError": "incomesim.errors",
    "InvalidInput": "incomesim.errors",
    "LeverWarning": "incomesim.errors",
    "Margin": "incomesim.population.margin",
    "MobilityFit": "incomesim.mobility",
    "Problem": "incomesim.errors",
    "Result": "incomesim.result",
    "Scenario": "incomesim.scenario",
    "Survey": "incomesim.population",
    "Unreachable": "incomesim.errors",
    "calibrate": "incomesim.population.calibration",
    "estimate_mobility": "incomesim.mobility",
    "load_scenario": "incomesim.scenario",
    "read_scenario": "incomesim.scenario",
    "read_survey": "incomesim.population",
    "reference_panel": "incomesim.reference",
    "reference_population": "incomesim.reference",
    "reference_truth": "incomesim.reference",
    "simulate": "incomesim.simulation",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'incomesim' has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
