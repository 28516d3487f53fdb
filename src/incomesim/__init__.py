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
    from incomesim.errors import IncomesimError, InvalidInput, Problem
    from incomesim.mobility import MobilityFit, estimate_mobility
    from incomesim.reference import reference_panel, reference_population, reference_truth
    from incomesim.result import Result
    from incomesim.scenario import Scenario, load_scenario, read_scenario
    from incomesim.simulation import simulate

__version__ = "0.1.0"

__all__ = [
    "IncomesimError",
    "InvalidInput",
    "MobilityFit",
    "Problem",
    "Result",
    "Scenario",
    "estimate_mobility",
    "load_scenario",
    "read_scenario",
    "reference_panel",
    "reference_population",
    "reference_truth",
    "simulate",
]

_HOMES = {
    "IncomesimError": "incomesim.errors",
    "InvalidInput": "incomesim.errors",
    "MobilityFit": "incomesim.mobility",
    "Problem": "incomesim.errors",
    "Result": "incomesim.result",
    "Scenario": "incomesim.scenario",
    "estimate_mobility": "incomesim.mobility",
    "load_scenario": "incomesim.scenario",
    "read_scenario": "incomesim.scenario",
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
