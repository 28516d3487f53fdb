"""What the columns of a household must be, and all that is wrong with them at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from incomesim.fields import SOURCES
from incomesim.kernel.tables import WEIGHT_UNIT
from incomesim.population.faults import Faults

if TYPE_CHECKING:
    from incomesim.population.column_map import MappedRows

__all__ = ["LARGEST_PRODUCT", "LARGEST_WEIGHT", "NAMED", "NUMBERED", "check_order", "check_rows", "describe_column"]

_LARGEST_INCOME = 30_000_000.0  # four of them for one person stay within the bins of income per head
LARGEST_WEIGHT = 300_000.0
LARGEST_PRODUCT = 2e12  # yuan that a row stands for: grown elevenfold they are still counted exactly in fen
_LARGEST_WHOLE = 2.0**53  # up to which every whole number is a number with a point


@dataclass(frozen=True)
class _Rule:
    """What is allowed in a column of numbers."""

    whole: bool
    lowest: float
    highest: float
    unit: str

    def __str__(self) -> str:
        kind = "whole numbers" if self.whole else "numbers"
        return f"{kind} from {self.lowest:,.8g} to {self.highest:,.0f}{self.unit}"


_RULES: Mapping[str, _Rule] = {
    "household_id": _Rule(True, 0, 2**64 - 1, ", each once"),
    "weight": _Rule(False, WEIGHT_UNIT, LARGEST_WEIGHT, " (households the row stands for)"),
    "age": _Rule(True, 0, 120, " (years of the head)"),
    "persons": _Rule(True, 1, 1000, ""),
    "elderly": _Rule(True, 0, 1000, " (persons of 65 and over)"),
    "children": _Rule(True, 0, 1000, " (persons below 15)"),
    **dict.fromkeys(
        SOURCES, _Rule(False, -_LARGEST_INCOME, _LARGEST_INCOME, " (yuan of the whole household and year)")
    ),
}
NAMED = ("region", "residence", "group")
"""Columns of names that the scenario knows."""

NUMBERED = tuple(_RULES)
"""Columns of numbers."""


def describe_column(name: str) -> str:
    """Return what is expected in a column."""
    return str(_RULES[name]) if name in _RULES else "names or codes"


def check_rows(rows: MappedRows, called: Mapping[str, str], faults: Faults) -> None:
    """Note everything that is wrong with the numbers of households; columns are `called` so in messages."""
    for name in NUMBERED:
        _check_numbers(rows, name, called[name], faults)
    values = rows.numbers
    persons, elderly, children = (values[column].astype(float) for column in ("persons", "elderly", "children"))
    too_few = (persons >= 1) & (elderly + children > persons)
    at_least = "at least as many as elderly and children together"
    faults.note(called["persons"], at_least, too_few, rows.row, lambda i: values["persons"][i])
    largest = np.max([_within(values, source) for source in SOURCES], axis=0)
    product = _within(values, "weight") * largest
    limit = f"at most {LARGEST_PRODUCT:,.0f} yuan of each source, weight times income"
    faults.note(called["weight"], limit, product > LARGEST_PRODUCT, rows.row, lambda i: values["weight"][i])


def _within(values: Mapping[str, Any], name: str) -> NDArray[np.float64]:
    """The sizes of values that are allowed; 0 for the others, whose fault is told already."""
    numbers, rule = values[name].astype(np.float64), _RULES[name]
    allowed = (numbers >= rule.lowest) & (numbers <= rule.highest)
    return np.abs(np.where(allowed, numbers, 0.0))


def _check_numbers(rows: MappedRows, name: str, called: str, faults: Faults) -> None:
    rule, values, nothing = _RULES[name], rows.numbers[name], rows.nothing[name]

    def show(i: int) -> Any:
        return values[i]

    faults.note(called, f"{rule}, in every row", nothing, rows.row, lambda _: "nothing")
    finite = np.isfinite(values)
    faults.note(called, f"{rule}, all of them finite", ~finite, rows.row, show)
    outside = (values < rule.lowest) | (values > rule.highest)
    if rule.whole and np.issubdtype(values.dtype, np.floating):
        outside |= (values != np.floor(values)) | (values > _LARGEST_WHOLE)
    faults.note(called, str(rule), finite & outside & ~nothing, rows.row, show)


def check_order(
    ids: NDArray[Any], row: NDArray[np.int64], last: tuple[int, int], called: str, is_sorted: bool, faults: Faults
) -> tuple[int, int]:
    """Note ids that do not rise; where rows were put in their order, those are ids that are there twice.

    `last` is the id before and its row, -1 where there is none. Returns the last of these.
    """
    if len(ids) == 0:
        return last
    falls = np.concatenate([[int(ids[0]) <= last[0]], ids[1:] <= ids[:-1]])
    rows_before = np.concatenate([[last[1]], row[:-1]])
    if is_sorted:
        faults.note(called, "each number once", falls, row, lambda i: f"{ids[i]} (as in row {rows_before[i]:,})")
    else:
        faults.note(called, "a number above that of the row before", falls, row, lambda i: ids[i])
    return int(ids[-1]), int(row[-1])
