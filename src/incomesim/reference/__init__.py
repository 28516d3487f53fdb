"""A small invented population whose truth is known in closed form, for tutorials, tests and benchmarks."""

from __future__ import annotations

from incomesim.reference.cells import CELLS, LINE, MOBILITY, Cell
from incomesim.reference.panel import reference_panel
from incomesim.reference.population import make_population, reference_population
from incomesim.reference.truth import reference_truth

__all__ = [
    "CELLS",
    "LINE",
    "MOBILITY",
    "Cell",
    "make_population",
    "reference_panel",
    "reference_population",
    "reference_truth",
]
