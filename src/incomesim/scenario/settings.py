"""Values of a document that are changed from outside: --set key=value."""

from __future__ import annotations

import re
from collections.abc import Sequence
from copy import deepcopy
from typing import Any

from incomesim.errors import InvalidInput, Problem, nearest_name
from incomesim.scenario.text import Document, Path, Place, dotted, read_value

__all__ = ["apply_settings"]

_SETTING = re.compile(r"([^=]+)=(.*)", re.DOTALL)
_STEP = re.compile(r"\.?([A-Za-z0-9_-]+)|\[([0-9]+)\]|\[([^\[\]]+)\]")


def apply_settings(document: Document, settings: Sequence[str]) -> Document:
    """Return the document with values changed, each setting as `key=value` (policy[0].take_up=0.5).

    An entry of a list may also be told by its name (policy[settling in town].rate=0.01). The key must lead to
    something the document has, or to a new key of a mapping in it. Raises InvalidInput with all settings that do not.
    """
    data = deepcopy(document.data)
    values, keys = dict(document.values), dict(document.keys)
    problems: list[Problem] = []
    for setting in settings:
        name = f"--set {setting}"
        match = _SETTING.fullmatch(setting)
        path = _read_path(match[1].strip()) if match else None
        if match is None or path is None:
            problems.append(Problem(name, 0, 0, "", "expected key=value, such as population.households=20000"))
            continue
        try:
            value = read_value(match[2], name)
            path = _set(data, path, value)
        except InvalidInput as invalid:
            problems += invalid.problems
            continue
        except LookupError as reason:
            problems.append(Problem(name, 0, 0, dotted(path), str(reason.args[0])))
            continue
        for places in (values, keys):
            for old in [known for known in places if known[: len(path)] == path]:
                del places[old]
            places[path] = Place(name, 1, 1)
    if problems:
        raise InvalidInput(problems)
    return Document(data, values, keys)


def _read_path(text: str) -> Path | None:
    path: list[str | int] = []
    end = 0
    while end < len(text):
        step = _STEP.match(text, end)
        if step is None:
            return None
        path.append(int(step[2]) if step[2] is not None else step[1] or step[3])
        end = step.end()
    return tuple(path) or None


def _set(data: Any, path: Path, value: Any) -> Path:
    """Change one value in place and return where it is; LookupError says where the path leads nowhere."""
    known: list[str | int] = []
    for depth, given in enumerate(path):
        here = dotted(tuple(known)) or "the scenario"
        last = depth == len(path) - 1
        step = _find_entry(data, given, here) if isinstance(data, list) else given
        if isinstance(step, int):
            if not isinstance(data, list):
                raise LookupError(f"{here} is not a list")
        elif not isinstance(data, dict):
            raise LookupError(f"{here} has no keys")
        elif step not in data and not last:
            raise LookupError(f"{here} has no {step}, only {', '.join(data)}{nearest_name(step, data)}")
        known.append(step)
        if last:
            data[step] = value
        else:
            data = data[step]
    return tuple(known)


def _find_entry(entries: list[Any], step: str | int, here: str) -> int:
    """The index of an entry that is told by its index or name."""
    if isinstance(step, int):
        if step >= len(entries):
            raise LookupError(f"{here} has {len(entries)} entries, the last is {here}[{len(entries) - 1}]")
        return step
    names = [entry.get("name") if isinstance(entry, dict) else None for entry in entries]
    if step not in names:
        texts = [name for name in names if isinstance(name, str)]
        raise LookupError(f'{here} has no entry of the name "{step}"{nearest_name(step, texts)}')
    return names.index(step)
