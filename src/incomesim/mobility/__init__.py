"""How households change places: what a process implies, what a panel says, what is published."""

from __future__ import annotations

from incomesim.mobility.bivariate import joint_below
from incomesim.mobility.comparison import ASSUMED_POOR, compare_with_published, list_contradictions
from incomesim.mobility.estimate import MobilityFit, ProcessFit, estimate_mobility
from incomesim.mobility.minimum_distance import FitTest
from incomesim.mobility.scenario_text import write_mobility_section
from incomesim.mobility.transitions import (
    correlation_at,
    exit_probability,
    implied_correlation,
    stay_probability,
    transition_matrix,
)

__all__ = [
    "ASSUMED_POOR",
    "FitTest",
    "MobilityFit",
    "ProcessFit",
    "compare_with_published",
    "correlation_at",
    "estimate_mobility",
    "exit_probability",
    "implied_correlation",
    "joint_below",
    "list_contradictions",
    "stay_probability",
    "transition_matrix",
    "write_mobility_section",
]
