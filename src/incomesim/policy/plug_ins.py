"""Levers of other packages, offered as entry points; looked for when a scenario has a lever of unknown name."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.metadata import EntryPoint, entry_points
from typing import Any, get_args

from pydantic import ValidationError, ValidatorFunctionWrapHandler

from incomesim.policy.lever import Lever

__all__ = ["GROUP", "find_lever", "list_plug_ins", "read_own_lever"]

GROUP = "incomesim.levers"
"""Group of entry points. The name of one is that of its lever, what it leads to is the class."""


def list_plug_ins() -> Mapping[str, EntryPoint]:
    """Return the entry points of installed packages by the name of their lever; none of them is loaded."""
    return {point.name: point for point in entry_points(group=GROUP)}


def find_lever(name: str) -> type[Lever] | None:
    """Return the class of a lever that an installed package offers, None where none does.

    Raises ValueError where it cannot be loaded, or is no lever of that name.
    """
    point = list_plug_ins().get(name)
    if point is None:
        return None
    where = f'the lever "{name}" of the entry point {point.value}'
    try:
        kind = point.load()
    except Exception as reason:  # whatever the code of others raises
        raise ValueError(f"{where} cannot be loaded: {type(reason).__name__}: {reason}") from reason
    if not (isinstance(kind, type) and issubclass(kind, Lever)):
        raise ValueError(f"{where} is no class that derives from incomesim.policy.Lever")
    names = get_args(kind.model_fields["lever"].annotation)
    if names != (name,):
        raise ValueError(f'{where} has `lever` {names or "of any text"}, expected Literal["{name}"]')
    return kind


def read_own_lever(value: Any, read_shipped: ValidatorFunctionWrapHandler) -> Any:
    """Return a lever as it is, one of another package by its name, else whatever `read_shipped` makes of the value."""
    if isinstance(value, Lever):
        return value
    try:
        return read_shipped(value)
    except ValidationError as problem:
        unknown = problem.errors()[0]["type"] == "union_tag_invalid"
        kind = find_lever(value["lever"]) if unknown else None
        if kind is None:
            raise
    return kind.model_validate_json(json.dumps(value))
