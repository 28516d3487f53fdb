"""Scenario file -> Scenario: read with positions, put files together, apply settings, find all problems, type."""

from __future__ import annotations

import hashlib
import os
import warnings
from collections.abc import Sequence
from pathlib import Path

from incomesim.errors import InvalidInput
from incomesim.scenario.checks import check_names_and_years
from incomesim.scenario.compose import Composed, compose_file, compose_text
from incomesim.scenario.lay_out import lay_out
from incomesim.scenario.lever_conflicts import find_conflicts
from incomesim.scenario.lever_doubts import find_doubts
from incomesim.scenario.model import Scenario
from incomesim.scenario.problems import find_problems, place_of, problem_at
from incomesim.scenario.settings import apply_settings
from incomesim.scenario.text import Document

__all__ = ["load_scenario", "read_scenario"]


def load_scenario(file: str | os.PathLike[str], settings: Sequence[str] = ()) -> Scenario:
    """Return the scenario in a YAML file.

    `settings` are changes such as "population.households=20000" or "policy[0].take_up=0.5", of what the file and
    those it includes come to. Paths in a file are relative to its folder, those in settings to the working directory.
    Raises InvalidInput with every problem found, each with file, line and column. A lever that is probably not meant as
    it stands is a `LeverWarning`, for instance an `IdleLever`.
    """
    return _to_scenario(compose_file(file), settings)


def read_scenario(text: str, settings: Sequence[str] = ()) -> Scenario:
    """Return the scenario in a YAML text, as `load_scenario` does for a file; paths from the working directory."""
    return _to_scenario(compose_text(text, _TEXT), settings)


def _to_scenario(composed: Composed, settings: Sequence[str]) -> Scenario:
    document = apply_settings(composed.document, settings)
    folders = {kind: _folder(document, path, composed.files) for kind, path in _PATHS.items()}
    scenario, problems = find_problems(document, Scenario, folders)
    problems += (*composed.conflicts, *check_names_and_years(document, folders["places"]))
    if scenario is None or problems:
        raise InvalidInput(problems)
    scenario._files.update(_hash_files(composed.files))
    ground = lay_out(scenario)
    conflicts = [problem_at(document, path, message) for path, message, *_ in find_conflicts(scenario, ground)]
    if conflicts:
        raise InvalidInput(conflicts)
    for index, lever in enumerate(scenario.policy):
        place = place_of(document, ("policy", index))
        lever.stand_at(place.file, place.line, place.column)
    for kind, path, message in find_doubts(scenario, ground):
        warnings.warn(str(problem_at(document, path, message)), kind, stacklevel=3)
    return scenario


def _hash_files(files: Sequence[str]) -> dict[str, str]:
    """The SHA-256 of the files, the including one first; a text has none. No folders outside its own are told."""
    first = Path(files[-1]).parent
    found = [Path(file) for file in reversed(files) if file != _TEXT]
    names = [file.relative_to(first).as_posix() if file.is_relative_to(first) else file.name for file in found]
    return {name: hashlib.sha256(file.read_bytes()).hexdigest() for name, file in zip(names, found, strict=True)}


_TEXT = "<text>"
_PATHS = {
    "households": ("population", "microdata"),
    "totals": ("population", "calibration", "table"),
    "places": ("population", "place"),
}
"""Where the paths of the user's files and folders stand, by what is in them."""


def _folder(document: Document, path: tuple[str, ...], files: Sequence[str]) -> Path:
    """The folder from which the path that stands there counts: that of its file, unless a setting gave it."""
    file = place_of(document, path).file
    return Path(file).parent if file in files else Path()
