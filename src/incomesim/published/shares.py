"""Published shares of households along one axis, and the names of its parts in the tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from incomesim.fields import RESIDENCES
from incomesim.published.facts import PlaceFacts

__all__ = ["AXES", "LARGEST_HOUSEHOLD", "age_labels", "check_shares", "shares_along", "size_labels"]

AXES = ("region", "residence", "group", "age", "size")
"""What shares of households may be by, in the order of the keys of `PlaceFacts.household_share`."""

LARGEST_HOUSEHOLD = 6
"""The last size; as many persons are taken for all that are larger."""


def age_labels(youngest: int, starts: Sequence[int]) -> tuple[str, ...]:
    """Return the names of age bands of heads, such as 22-34, 35-59, 60+."""
    lower = (youngest, *starts)
    return (*(f"{low}-{next_one - 1}" for low, next_one in zip(lower, starts, strict=False)), f"{lower[-1]}+")


def size_labels() -> tuple[str, ...]:
    """Return the names of household sizes: 1, 2, ... 6+."""
    return (*(str(size) for size in range(1, LARGEST_HOUSEHOLD)), f"{LARGEST_HOUSEHOLD}+")


def shares_along(facts: PlaceFacts, axis: str, names: Sequence[str]) -> list[list[float]] | None:
    """Return the shares of town and of the country by name, adding up to 1, or None where none are published.

    Raises ValueError where some are, but not all of these names in town and country, or others.
    """
    place = AXES.index(axis)
    known = {key for key in facts.household_share if key[place] and not key[0] and sum(map(bool, key)) <= 2}
    if not known:
        return None
    wanted = [[_key({"residence": side, axis: name}) for name in names] for side in RESIDENCES]
    missing = [key for row in wanted for key in row if key not in facts.household_share]
    others = sorted({key[place] for key in known} - set(names))
    if missing or others:
        have = f"; published are also {', '.join(others)}" if others else ""
        lacks = ", ".join(f"{key[1]} {key[place]}" for key in missing) or "nothing"
        raise ValueError(f"shares of households by {axis} are published, but lack {lacks}{have}")
    table = [[facts.household_share[key].value for key in row] for row in wanted]
    totals = [sum(row) for row in table]
    if not all(totals):
        raise ValueError(f"shares of households by {axis} add up to 0")
    return [[value / total for value in row] for row, total in zip(table, totals, strict=True)]


def check_shares(facts: PlaceFacts, labels: Mapping[str, Sequence[str]]) -> list[str]:
    """Return in words which published shares fit none of the names along each axis, or cannot be used."""
    wrong = []
    for key in facts.household_share:
        named = {axis: name for axis, name in zip(AXES, key, strict=True) if name}
        for axis, name in named.items():
            if key[0] and name not in labels[axis]:
                wrong.append(f"a share of households is published for the {axis} {name}, which the scenario has not")
        if not key[0] and len(named) - ("residence" in named) != 1:
            wrong.append(f"a share of households by {' and '.join(named)} is published; without a region one is used")
    for axis in ("group", "age", "size"):
        try:
            shares_along(facts, axis, labels[axis])
        except ValueError as reason:
            wrong.append(str(reason))
    return wrong


def _key(named: Mapping[str, str]) -> tuple[str, str, str, str, str]:
    region, residence, group, age, size = (named.get(axis, "") for axis in AXES)
    return region, residence, group, age, size
