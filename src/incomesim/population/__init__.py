"""Households of the first year: built from published tables or read from a file, beside what is published."""

from __future__ import annotations

from incomesim.population.answer import Answering, answer_of_weights
from incomesim.population.calibrate_survey import TOTALS, Reweighted
from incomesim.population.contradictions import Contradiction, find_contradictions
from incomesim.population.draw import draw_households
from incomesim.population.file_assumptions import list_file_assumptions
from incomesim.population.fit import FitRow, compare_file_with_facts, compare_with_facts
from incomesim.population.households import Cells, Households, MakeUp, Population
from incomesim.population.microdata import Holdings, Microdata, read_microdata
from incomesim.population.open_survey import open_survey
from incomesim.population.portrait import Portrait, draw_portrait
from incomesim.population.rows import RowSource, Synthetic
from incomesim.population.survey import Survey, Treatment, columns_of, read_survey
from incomesim.population.survey_design import Design
from incomesim.population.synthesis import Blueprint, synthesise

__all__ = [
    "TOTALS",
    "Answering",
    "Blueprint",
    "Cells",
    "Contradiction",
    "Design",
    "FitRow",
    "Holdings",
    "Households",
    "MakeUp",
    "Microdata",
    "Population",
    "Portrait",
    "Reweighted",
    "RowSource",
    "Survey",
    "Synthetic",
    "Treatment",
    "answer_of_weights",
    "columns_of",
    "compare_file_with_facts",
    "compare_with_facts",
    "draw_households",
    "draw_portrait",
    "find_contradictions",
    "list_file_assumptions",
    "open_survey",
    "read_microdata",
    "read_survey",
    "synthesise",
]
