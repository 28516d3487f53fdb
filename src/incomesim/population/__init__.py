"""Households of the first year: built from published tables, with every target reported beside what it came to."""

from __future__ import annotations

from incomesim.population.draw import draw_households, real_households
from incomesim.population.fit import FitRow, compare_with_facts
from incomesim.population.households import Cells, Households, Population
from incomesim.population.rows import RowSource, Synthetic
from incomesim.population.synthesis import synthesise

__all__ = [
    "Cells",
    "FitRow",
    "Households",
    "Population",
    "RowSource",
    "Synthetic",
    "compare_with_facts",
    "draw_households",
    "real_households",
    "synthesise",
]
