"""What the columns of a file of households must be, and all that is wrong with them at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from incomesim.errors import nearest_name
from incomesim.fields import SOURCES
from incomesim.kernel.tables import WEIGHT_UNIT

__all__ = ["NAMED", "NUMBERED", "Faults", "check_columns", "check_rows", "to_dictionary"]

_LARGEST_INCOME = 30_000_000.0  # four of them for one person stay within the bins of income per head
_LARGEST_WEIGHT = 300_000.0
_LARGEST_PRODUCT = 2e12  # yuan that a row stands for: grown elevenfold they are still counted exactly in fen
_HINTED = 50  # names of a row group that are compared with the allowed ones


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
    "household_id": _Rule(True, 0, 2**64 - 1, ", rising from row to row"),
    "weight": _Rule(False, WEIGHT_UNIT, _LARGEST_WEIGHT, " (households the row stands for)"),
    "age": _Rule(True, 0, 120, " (years of the head)"),
    "persons": _Rule(True, 1, 1000, ""),
    "elderly": _Rule(True, 0, 1000, " (persons of 65 and over)"),
    "children": _Rule(True, 0, 1000, " (persons below 15)"),
    **dict.fromkeys(
        SOURCES, _Rule(False, -_LARGEST_INCOME, _LARGEST_INCOME, " (yuan of the whole household and year)")
    ),
}
NAMED = ("region", "residence", "group")
"""Columns of names that the scenario knows, as text or as a dictionary of text."""

NUMBERED = tuple(_RULES)
"""Columns of numbers."""


@dataclass(frozen=True)
class _Fault:
    """Where a fault stands first (rows count from 1), what was found there, and how many rows have it."""

    row: int
    found: str
    rows: int


@dataclass(frozen=True, eq=False)
class Faults:
    """The faults of all rows so far, each kind once: by column and by what is allowed instead."""

    by_kind: dict[tuple[str, str], _Fault] = field(default_factory=dict)

    def note(self, column: str, allowed: str, wrong: NDArray[np.bool_], start: int, found: Any) -> None:
        """Add the rows of a row group that are `wrong`; `start` rows of the file come before it."""
        rows = int(np.count_nonzero(wrong))
        if rows:
            first = int(np.argmax(wrong))
            known = self.by_kind.get((column, allowed), _Fault(start + first + 1, str(found[first]), 0))
            self.by_kind[column, allowed] = _Fault(known.row, known.found, known.rows + rows)

    def messages(self) -> Iterator[tuple[str, str]]:
        """Yield the column and the words for each."""
        for (column, allowed), fault in self.by_kind.items():
            more = f" and {fault.rows - 1:,} more" if fault.rows > 1 else ""
            yield column, f"found {fault.found} in row {fault.row:,}{more}, expected {allowed}"


def check_columns(schema: Any) -> Iterator[tuple[str, str]]:
    """Yield the column and what is wrong with its name or type, for a pyarrow schema."""
    expected = (*NAMED, *NUMBERED)
    absent = [column for column in expected if column not in schema.names]
    for column in absent:
        yield column, f"the column is missing; expected {_describe(column)}"
    for column in dict.fromkeys(schema.names):
        count = schema.names.count(column)
        if column not in expected:
            yield column, f"unknown column; allowed are {', '.join(expected)}{nearest_name(column, absent)}"
        elif count > 1:
            yield column, f"found {count} columns of this name, expected one"
        elif not _fits(schema.field(column).type, column):
            yield column, f"found the type {schema.field(column).type}, expected {_describe(column)}"


def _describe(column: str) -> str:
    return str(_RULES[column]) if column in _RULES else "names, as text or as a dictionary of text"


def _fits(kind: Any, column: str) -> bool:
    if column in NAMED:
        value = kind.value_type if pa.types.is_dictionary(kind) else kind
        return bool(pa.types.is_string(value) or pa.types.is_large_string(value))
    return bool(pa.types.is_integer(kind) or (pa.types.is_floating(kind) and not _RULES[column].whole))


def check_rows(table: Any, names: Mapping[str, Sequence[str]], start: int, last: int, faults: Faults) -> int:
    """Note everything that is wrong with the rows of a pyarrow table whose columns are as they must be.

    `start` rows of the file come before it, the last of them with the id `last` (-1 where there is none).
    Returns the last id of the table.
    """
    for column, allowed in names.items():
        _check_names(table[column], column, allowed, start, faults)
    values = {column: _check_numbers(table[column], column, start, faults) for column in NUMBERED}
    persons, elderly, children = (values[column].astype(float) for column in ("persons", "elderly", "children"))
    too_few = (persons >= 1) & (elderly + children > persons)
    faults.note("persons", "at least as many as elderly and children together", too_few, start, values["persons"])
    weight = np.abs(values["weight"].astype(float))
    product = weight * np.max([np.abs(values[column].astype(float)) for column in SOURCES], axis=0)
    limit = f"at most {_LARGEST_PRODUCT:,.0f} yuan of each source, weight times income"
    faults.note("weight", limit, product > _LARGEST_PRODUCT, start, values["weight"])
    return _check_order(values["household_id"], start, last, faults)


def _check_names(column: Any, name: str, allowed: Sequence[str], start: int, faults: Faults) -> None:
    values = to_dictionary(column)
    codes = values.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    found = [*values.dictionary.to_pylist(), None]
    one_of = f"one of {', '.join(allowed)}"
    kinds: dict[str, list[int]] = {}
    for code, text in enumerate(found):
        if text is None:
            kinds.setdefault(f"{one_of} in every row", []).append(code if code < len(found) - 1 else -1)
        elif text not in allowed:
            hint = nearest_name(text, allowed) if code < _HINTED else ""
            kinds.setdefault(one_of + hint, []).append(code)
    quoted = ["nothing" if text is None else f'"{text}"' for text in found]
    for kind, wrong in kinds.items():
        rows = np.isin(codes, wrong)
        if rows.any():
            first = int(np.argmax(rows))
            faults.note(name, kind, rows, start, {first: quoted[codes[first]]})


def _check_numbers(column: Any, name: str, start: int, faults: Faults) -> Any:
    """Note what is not allowed; return the values, with 1 where there is none."""
    rule = _RULES[name]
    missing = column.is_null().to_numpy()
    values = column.fill_null(1).to_numpy()
    faults.note(name, f"{rule}, in every row", missing, start, np.broadcast_to("nothing", len(values)))
    finite = np.isfinite(values)
    faults.note(name, f"{rule}, all of them finite", ~finite, start, values)
    outside = finite & ((values < rule.lowest) | (values > rule.highest))
    faults.note(name, str(rule), outside, start, values)
    return values


def _check_order(ids: Any, start: int, last: int, faults: Faults) -> int:
    if len(ids) == 0:
        return last
    falls = np.concatenate([[int(ids[0]) <= last], ids[1:] <= ids[:-1]])
    faults.note("household_id", "a number above that of the row before", falls, start, ids)
    return int(ids[-1])


def to_dictionary(column: Any) -> Any:
    """Return a column of names as one pyarrow array of codes and their dictionary."""
    values = column.combine_chunks()
    return values if pa.types.is_dictionary(values.type) else values.dictionary_encode()
