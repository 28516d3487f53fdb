"""Reading the plain data of a document, which may have any shape, and saying what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeGuard

from incomesim.errors import nearest_name
from incomesim.fields import read_years

__all__ = ["Finding", "Where", "are_numbers", "check_once", "entries_of", "mapping_of", "period_of", "unknown"]

Where = tuple[str | int, ...]
Finding = tuple[Where, str] | tuple[Where, str, Where]
"""Where something stands, what is wrong with it, and where the other one stands with which it is in conflict."""


def mapping_of(data: Any, key: str) -> Mapping[str, Any]:
    """Return what stands under a key, empty where it is no mapping."""
    value = data.get(key) if isinstance(data, Mapping) else None
    return value if isinstance(value, dict) else {}


def entries_of(data: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    """Return the entries of a list, empty ones for those that are no mappings."""
    value = data.get(key)
    return [entry if isinstance(entry, dict) else {} for entry in value] if isinstance(value, list) else []


def are_numbers(values: Any) -> TypeGuard[list[Any]]:
    """Tell whether it is a list of numbers."""
    return isinstance(values, list) and all(
        isinstance(value, int | float) and not isinstance(value, bool) for value in values
    )


def period_of(value: Any) -> range | None:
    """Return the years that a value means, None where it means none."""
    try:
        return read_years(value)
    except ValueError:
        return None


def check_once(where: Where, key: str, values: Sequence[Any]) -> Iterator[Finding]:
    """Yield the values that stand there for the second time."""
    for index, value in enumerate(values):
        if value is not None and value in values[:index]:
            message = f"found {value!r} for the second time, expected each {key} once"
            yield (*where, index, key), message, (*where, values.index(value), key)


def unknown(kind: str, found: str, allowed: Iterable[str]) -> str:
    """Return what to say of a name that is not one of the allowed."""
    return f'found the {kind} "{found}", expected one of {", ".join(sorted(allowed))}{nearest_name(found, allowed)}'
