"""Margins: known totals by category, read into what calibration takes, with all problems at once."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from incomesim.errors import InvalidInput, Problem
from incomesim.kernel.raking import Traits
from incomesim.population.known_total import KnownTotal, enumerate_briefly
from incomesim.population.weights import list_traits

__all__ = ["Finding", "Margin", "read_margins", "read_weight", "refuse"]

Reals = NDArray[np.float64]
Integers = NDArray[np.int64]
Finding = tuple[str, str]
"""What a problem is about, and the problem."""


@dataclass(frozen=True, eq=False)
class Margin:
    """Known totals of one thing, by category.

    `totals` has the total of each category, None where it is not known and so left free. `by` is the category of each
    row, a column of names or codes (N,); without it there is one category, everybody. `of` is what each row counts
    for, in `unit` (N,): persons, persons of 65 and over, yuan; without it a row is 1, a household.

        Margin("residents by county", {"Miyi": 227_011.0, "Yanbian": 184_279.0}, "persons", by=df.county, of=df.persons)
        Margin("wages", {"all": 2.1e10}, "yuan", of=df.wage)
    """

    name: str
    totals: Mapping[Hashable, float | None]
    unit: str
    by: ArrayLike | None = None
    of: ArrayLike | None = None


def read_weight(weight: ArrayLike) -> tuple[Reals, list[Finding]]:
    """Return weights as numbers (N,), and what is wrong with them."""
    values, findings = _read_numbers("weight", weight, None)
    wrong = np.isfinite(values) & (values <= 0.0)
    findings += [("weight", f"{words}, expected numbers above 0") for words in _rows(wrong, values)]
    if not values.size:
        findings.append(("weight", "found no rows, expected one for each household"))
    return values, findings


def read_margins(margins: Sequence[Margin], rows: int) -> tuple[Traits, tuple[KnownTotal, ...], list[Finding]]:
    """Return what rows count for, the totals in the order of their numbers, and what is wrong with the margins.

    Categories whose total is 0, and that nobody has, are met already and left out.
    """
    findings: list[Finding] = []
    totals: list[KnownTotal] = []
    columns: list[tuple[Integers, Reals]] = []
    names = [margin.name for margin in margins]
    findings += [(name, "two margins have this name") for name in dict.fromkeys(names) if names.count(name) > 1]
    if not margins:
        findings.append(("margins", "found none, expected at least one"))
    for margin in margins:
        value, wrong = (np.ones(rows), []) if margin.of is None else _read_numbers("of", margin.of, rows)
        code, more = _read_categories(margin, rows)
        wrong += [*more, *_check_totals(margin)]
        if not wrong:
            size = np.bincount(code[code >= 0], np.abs(value[code >= 0]), len(margin.totals)).astype(np.float64)
            wrong += _check_anybody(margin, size)
            number = np.full(len(margin.totals) + 1, -1)
            for k, (category, total) in enumerate(margin.totals.items()):
                if size[k] and total is not None:
                    number[k] = len(totals)
                    label = "" if margin.by is None else str(category)
                    totals.append(KnownTotal(margin.name, label, margin.unit, float(total)))
            columns.append((number[code], value))
        findings += [(f"{margin.name}, {what}" if what else margin.name, words) for what, words in wrong]
    return list_traits(columns, rows), tuple(totals), findings


def refuse(findings: Sequence[Finding]) -> None:
    """Raise InvalidInput with all findings, if there are any."""
    if findings:
        raise InvalidInput(Problem("calibrate", 0, 0, what, words) for what, words in findings)


def _read_numbers(what: str, column: ArrayLike, rows: int | None) -> tuple[Reals, list[Finding]]:
    """A column as finite numbers (N,); 1 where something is wrong with all of it."""
    try:
        values = np.array(column, np.float64)
    except (TypeError, ValueError) as reason:
        return np.ones(rows or 0), [(what, f"expected numbers: {reason}")]
    if values.ndim != 1 or (rows is not None and len(values) != rows):
        wanted = "one number for each row" if rows is None else f"{rows:,} numbers, one for each weight"
        return np.ones(rows or 0), [(what, f"found the shape {values.shape}, expected {wanted}")]
    return values, [(what, f"{words}, expected finite numbers") for words in _rows(~np.isfinite(values), values)]


def _read_categories(margin: Margin, rows: int) -> tuple[Integers, list[Finding]]:
    """Places of the categories of rows among those with a total (N,)."""
    if margin.by is None:
        wrong = [] if len(margin.totals) == 1 else [("totals", _ONE_EXPECTED.format(len(margin.totals)))]
        return np.zeros(rows, np.int64), wrong
    column: Any = margin.by if isinstance(margin.by, pd.Series | pd.Categorical) else np.asarray(margin.by)
    if column.ndim != 1 or len(column) != rows:
        return np.zeros(rows, np.int64), [
            ("by", f"found the shape {column.shape}, expected {rows:,} categories, one for each weight")
        ]
    codes, found = pd.factorize(column)
    place = {category: k for k, category in enumerate(margin.totals)}
    code = np.array([*(place.get(category, -1) for category in found), -1], np.int64)[codes]
    wrong = [("by", f"{words}, expected a category in every row") for words in _rows(codes < 0, ["nothing"] * rows)]
    unknown = enumerate_briefly(f'"{category}"' for category in found if category not in place)
    if unknown:
        number = np.count_nonzero((code < 0) & (codes >= 0))
        words = f"no total for {unknown}, found in {number:,} rows; give one, or None where it is not known"
        wrong.append(("totals", words))
    return code, wrong


_ONE_EXPECTED = "found {} totals, expected one where `by` is left out: everybody is in it"


def _check_totals(margin: Margin) -> Iterator[Finding]:
    for what in ("name", "unit"):
        if not (isinstance(getattr(margin, what), str) and getattr(margin, what)):
            yield what, f"found {getattr(margin, what)!r}, expected some text"
    if not any(total is not None for total in margin.totals.values()):
        yield "totals", "found none that is known, expected at least one"
    for category, total in margin.totals.items():
        if total is not None and not (isinstance(total, int | float | np.number) and np.isfinite(total)):
            yield f"totals[{category!r}]", f"found {total!r}, expected a finite number"


def _check_anybody(margin: Margin, size: Reals) -> Iterator[Finding]:
    for (category, total), found in zip(margin.totals.items(), size, strict=True):
        if total and not found:
            yield f"totals[{category!r}]", f"there is nobody to weight up to {total:,.7g} {margin.unit}"


def _rows(wrong: NDArray[np.bool_], found: Any) -> Iterator[str]:
    """Words for the rows that are wrong, if any; the first row is 0."""
    numbers = np.flatnonzero(wrong)
    if len(numbers):
        where = enumerate_briefly(map(str, numbers))
        yield f"found {found[numbers[0]]} in row{'s' * (len(numbers) > 1)} {where} (the first is 0)"
