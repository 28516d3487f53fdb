"""Scenario file -> Scenario: read with positions, apply settings, find all problems, type."""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence
from pathlib import Path

from incomesim.errors import InvalidInput
from incomesim.scenario.checks import check_names_and_years
from incomesim.scenario.lay_out import lay_out
from incomesim.scenario.lever_conflicts import find_conflicts
from incomesim.scenario.lever_doubts import find_doubts
from incomesim.scenario.model import Scenario
from incomesim.scenario.problems import apply_settings, find_problems, place_of, problem_at
from incomesim.scenario.text import Document, read_document, read_file

__all__ = ["load_scenario", "read_scenario"]


def load_scenario(file: str | os.PathLike[str], settings: Sequence[str] = ()) -> Scenario:
    """Return the scenario in a YAML file.

    `settings` are changes such as "population.households=20000" or "policy[0].take_up=0.5". Paths in the
    file are relative to its folder, those in settings to the working directory. Raises InvalidInput with
    every problem found, each with file, line and column. A lever that is probably not meant as it stands is a
    `LeverWarning`, for instance an `IdleLever`.
    """
    return _to_scenario(read_file(file), settings, os.fspath(file))


def read_scenario(text: str, settings: Sequence[str] = ()) -> Scenario:
    """Return the scenario in a YAML text, as `load_scenario` does for a file; paths from the working directory."""
    return _to_scenario(read_document(text, "<text>"), settings, "")


def _to_scenario(document: Document, settings: Sequence[str], file: str) -> Scenario:
    document = apply_settings(document, settings)
    folders = {kind: _folder(document, path, file) for kind, path in _PATHS.items()}
    scenario, problems = find_problems(document, Scenario, folders)
    problems += check_names_and_years(document, folders["places"])
    if scenario is None or problems:
        raise InvalidInput(problems)
    ground = lay_out(scenario)
    conflicts = [problem_at(document, path, message) for path, message in find_conflicts(scenario, ground)]
    if conflicts:
        raise InvalidInput(conflicts)
    for index, lever in enumerate(scenario.policy):
        place = place_of(document, ("policy", index))
        lever.stand_at(place.file, place.line, place.column)
    for kind, path, message in find_doubts(scenario, ground):
        warnings.warn(str(problem_at(document, path, message)), kind, stacklevel=3)
    return scenario


_PATHS = {
    "households": ("population", "microdata"),
    "totals": ("population", "calibration", "table"),
    "places": ("population", "place"),
}
"""Where the paths of the user's files and folders stand, by what is in them."""


def _folder(document: Document, path: tuple[str, ...], file: str) -> Path:
    """The folder from which the path that stands there counts: that of the file, unless a setting gave it."""
    return Path(file).parent if place_of(document, path).file == file else Path()
