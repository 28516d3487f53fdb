"""Rows as they stand in a file -> the columns of a household, as the scenario's column map says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from incomesim.errors import nearest_name
from incomesim.kernel.tables import WEIGHT_UNIT
from incomesim.population.faults import Faults
from incomesim.population.household_columns import NAMED, NUMBERED
from incomesim.population.household_file import RawRows
from incomesim.scenario.columns import YUAN_A_YEAR, Columns, Identity, Income, Number, OptionalNumber, Word

__all__ = ["Labels", "MappedRows", "Treated", "codes_of", "map_rows", "name_column"]

Flags = NDArray[np.bool_]
Integers = NDArray[np.int64]
Labels = Mapping[str, Mapping[str, str]]

_HINTED = 50  # codes of a part that are compared with the allowed ones
_NOT_WEIGHED = 1e9  # a weight beyond this is a fault, and is not added up


@dataclass(frozen=True, eq=False)
class MappedRows:
    """Households of a part that were not dropped; shape (n,).

    `row` are the rows of the file, from 1, and `kept` says of all rows of the part which these are. `numbers`
    by column, `nothing` where no value stands; `names` the places in the scenario's names, -1 where there is none.
    """

    row: Integers
    kept: Flags
    numbers: Mapping[str, NDArray[Any]]
    nothing: Mapping[str, Flags]
    names: Mapping[str, Integers]


@dataclass(frozen=True, eq=False)
class Treated:
    """What became of missing values: rows, and weight in WEIGHT_UNIT, by column and what was done.

    `weight` holds that of all rows.
    """

    by_column: dict[tuple[str, str], Integers] = field(default_factory=dict)
    weight: Integers = field(default_factory=lambda: np.zeros(1, np.int64))


def name_column(name: str, entry: Identity | Number | OptionalNumber | Word) -> str:
    """Return how messages call a column: its own name, and that in the file where it is another."""
    found = [entry.column] if isinstance(entry.column, str) else entry.column or []
    return name if found in ([], [name]) else f"{name} ({' + '.join(found)})"


def map_rows(
    raw: RawRows,
    columns: Columns,
    allowed: Mapping[str, Sequence[str]],
    labels: Labels,
    faults: Faults,
    treated: Treated,
) -> MappedRows:
    """Return the households of a part in the columns the rest of the program knows.

    Notes codes that mean none of the `allowed` names, and what was done where values are missing.
    """
    numbers = {name: _read_numbers(raw, getattr(columns, name)) for name in NUMBERED}
    words = {name: _read_words(raw, name, getattr(columns, name), allowed[name], labels) for name in NAMED}
    missing = {name: nothing for name, (_, nothing) in numbers.items()} | {
        name: word.kind_of_code[word.codes] == _NOTHING for name, word in words.items()
    }
    kept = _treat(missing, numbers["weight"][0], columns, treated)
    row = raw.numbers[kept]
    for name, word in words.items():
        _note_words(word, word.codes[kept], name_column(name, getattr(columns, name)), row, faults)
    values = {name: number[kept] for name, (number, _) in numbers.items()}
    per_head = [name for name in NUMBERED if getattr(getattr(columns, name), "per", "") == "head"]
    values |= {name: values[name] * values["persons"] for name in per_head}
    return MappedRows(
        row=row,
        kept=kept,
        numbers=values,
        nothing={name: missing[name][kept] & (_what_is_done(columns, name) == "error") for name in NUMBERED},
        names={name: word.place_of_code[word.codes[kept]] for name, word in words.items()},
    )


def _what_is_done(columns: Columns, name: str) -> str:
    """What the scenario says of missing values of a column; an id may never be missing."""
    done: str = getattr(getattr(columns, name), "missing", "error")
    return done


def _treat(missing: Mapping[str, Flags], weight: NDArray[Any], columns: Columns, treated: Treated) -> Flags:
    """Which rows are kept; adds up what missing values concern."""
    known = np.isfinite(weight) & (weight > 0) & (weight < _NOT_WEIGHED) & ~missing["weight"]
    units = np.rint(np.where(known, weight, 0.0) / WEIGHT_UNIT).astype(np.int64)
    dropped = np.zeros(len(units), np.bool_)
    for name, nothing in missing.items():
        done = _what_is_done(columns, name)
        if done == "error":
            continue
        so_far = treated.by_column.setdefault((name, done), np.zeros(2, np.int64))
        so_far += [np.count_nonzero(nothing), units[nothing].sum()]
        if done == "drop":
            dropped |= nothing
    treated.weight[0] += units.sum()
    return ~dropped


def _read_numbers(raw: RawRows, entry: Identity | Number | OptionalNumber) -> tuple[NDArray[Any], Flags]:
    """The values of a column, sums and units applied, 0 where nothing stands, and where that is."""
    rows = len(raw.numbers)
    if isinstance(entry, Identity):
        if entry.column is None:
            return raw.numbers.astype(np.uint64), np.zeros(rows, np.bool_)
        return _column_of_numbers(raw, entry.column, ())
    if entry.constant is not None:
        return np.full(rows, entry.constant), np.zeros(rows, np.bool_)
    parts = [_column_of_numbers(raw, column, entry.missing_codes) for column in entry.column or ()]
    values, nothing = parts[0]
    for more, also in parts[1:]:
        values, nothing = values.astype(np.float64) + more, nothing | also
    if isinstance(entry, Income) and entry.unit != "yuan_per_year":
        values = values * YUAN_A_YEAR[entry.unit]
    return values, nothing


def _column_of_numbers(raw: RawRows, column: str, codes: Sequence[float]) -> tuple[NDArray[Any], Flags]:
    found = raw.table[column]
    if pa.types.is_null(found.type):
        return np.zeros(len(raw.numbers)), np.ones(len(raw.numbers), np.bool_)
    nothing = found.is_null().to_numpy()
    values = found.fill_null(0).to_numpy() if nothing.any() else found.to_numpy()
    if np.issubdtype(values.dtype, np.floating):
        nothing = nothing | np.isnan(values)
    if codes:
        nothing = nothing | np.isin(values, codes)
    return (np.where(nothing, values.dtype.type(0), values) if nothing.any() else values), nothing


_NOTHING = "nothing"


@dataclass(frozen=True, eq=False)
class _Words:
    """A column of names by code: of each its place among the allowed ones, what it is called, what is wrong with it.

    The kind is empty where the code means one of the names, "nothing" where it is missing and that is allowed, else
    what is expected instead.
    """

    codes: Integers
    place_of_code: Integers
    shown: Sequence[str]
    kind_of_code: NDArray[np.object_]


def _read_words(raw: RawRows, name: str, entry: Word, allowed: Sequence[str], labels: Labels) -> _Words:
    rows = len(raw.numbers)
    if entry.constant is not None:
        zeros = np.zeros(rows, np.int64)
        return _Words(zeros, np.array([allowed.index(entry.constant)]), (), np.array([""], object))
    codes, texts = codes_of(raw.table[entry.column])
    values = entry.values or {text: text for text in allowed}
    of_column = labels.get(entry.column or name, {})
    place, shown, kind = [], [], []
    for number, text in enumerate(texts):
        label = of_column.get(text)
        found = {values[key] for key in (text, label) if key in values}
        nothing = text == "" or text in entry.missing_codes
        place.append(allowed.index(found.pop()) if len(found) == 1 and not nothing else -1)
        shown.append(_NOTHING if text == "" else f'"{text}"' + (f' (label "{label}")' if label else ""))
        kind.append("" if place[-1] >= 0 else _complain(entry, text, values, nothing, bool(found), number < _HINTED))
    return _Words(codes, np.array(place, np.int64), shown, np.array(kind, object))


def _complain(entry: Word, text: str, values: Mapping[str, str], nothing: bool, ambiguous: bool, hinted: bool) -> str:
    one_of = f"one of {', '.join(values)}"
    if nothing:
        return _NOTHING if entry.missing == "drop" else f"{one_of} in every row"
    if ambiguous:
        return "a code that `values` names once: code and label stand there for two names"
    return one_of + (nearest_name(text, values) if hinted else "")


def _note_words(word: _Words, codes: Integers, column: str, row: Integers, faults: Faults) -> None:
    for kind in dict.fromkeys(word.kind_of_code):
        if kind not in ("", _NOTHING):
            wrong = np.isin(codes, np.flatnonzero(word.kind_of_code == kind))
            faults.note(column, kind, wrong, row, lambda i: word.shown[codes[i]])


def codes_of(column: Any) -> tuple[Integers, list[str]]:
    """Return a pyarrow column as codes (n,) and the text of each; "" stands for nothing."""
    values = column.combine_chunks()
    if not pa.types.is_dictionary(values.type):
        values = values.dictionary_encode()
    found = values.dictionary.to_pylist()
    codes: Integers = values.indices.fill_null(len(found)).to_numpy(zero_copy_only=False).astype(np.int64)
    return codes, [*map(_text_of, found), ""]


def _text_of(code: Any) -> str:
    if code is None or code != code:
        return ""
    return str(int(code)) if isinstance(code, float) and code.is_integer() else str(code)
