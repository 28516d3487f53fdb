"""A CSV table of known totals -> totals as a scenario has them, with all that is wrong with it at once."""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from incomesim.errors import InvalidInput, Problem, nearest_name
from incomesim.scenario.calibration import UNITS, SurveyTotal, check_total

__all__ = ["COLUMNS", "read_totals"]

COLUMNS = ("region", "residence", "group", "age", "of", "value", "unit", "source")
"""An empty region, residence, group or age means all; an age is written 60..120."""

_AGES = re.compile(r"(\d{1,3})\.\.(\d{1,3})")
_LARGEST = 1e16


def read_totals(file: str | os.PathLike[str], regions: Sequence[str], groups: Sequence[str]) -> tuple[SurveyTotal, ...]:
    """Return the totals of a table, in its order.

    Raises InvalidInput with every problem and its line.
    """
    name = os.fspath(file)
    try:
        lines = list(csv.reader(Path(file).read_text("utf-8-sig").splitlines()))
    except OSError as reason:
        raise InvalidInput([Problem(name, 0, 0, "", f"cannot be read: {reason.strerror}")]) from None
    except UnicodeDecodeError as reason:
        raise InvalidInput([Problem(name, 0, 0, "", f"is not UTF-8 text (byte {reason.start})")]) from None
    header = [column.strip() for column in lines[0]] if lines else []
    if sorted(header) != sorted(COLUMNS):
        message = f"found the columns {', '.join(header) or 'nothing'}, expected {', '.join(COLUMNS)}"
        raise InvalidInput([Problem(name, 1, 1, "", message)])
    problems, totals = [], []
    for number, cells in enumerate(lines[1:], start=2):
        if not any(cell.strip() for cell in cells):
            continue
        row = dict(zip(header, (cell.strip() for cell in cells), strict=False))
        wrong = list(_check(row, regions, groups)) if len(cells) == len(header) else [("", _count(cells))]
        problems += [Problem(name, number, header.index(path) + 1 if path else 1, path, words) for path, words in wrong]
        if not wrong:
            totals.append(_total(row))
    if not totals and not problems:
        problems.append(Problem(name, 1, 1, "", "found no rows, expected one for each total"))
    if problems:
        raise InvalidInput(problems)
    return tuple(totals)


def _count(cells: Sequence[str]) -> str:
    return f"found {len(cells)} cells, expected {len(COLUMNS)}"


def _check(row: Mapping[str, str], regions: Sequence[str], groups: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Columns, and what is wrong in them."""
    where = _where(row)
    for path, message in check_total(where, regions, groups):
        yield {"regions": "region", "groups": "group", "ages": "age"}.get(str(path[0]), str(path[0])), message
    if row["age"] and not where["ages"]:
        yield "age", f'found "{row["age"]}", expected the lowest and highest age of the head such as 60..120'
    of = row["of"]
    if of not in UNITS:
        yield "of", f'found "{of}", expected one of {", ".join(UNITS)}{nearest_name(of, UNITS)}'
    elif row["unit"] != UNITS[of]:
        yield "unit", f'found "{row["unit"]}", expected {UNITS[of]}, the unit of {of}'
    if _number(row["value"]) is None:
        yield "value", f'found "{row["value"]}", expected a number between {-_LARGEST:g} and {_LARGEST:g}'
    if not row["source"]:
        yield "source", "found nothing, expected the publication it stands in, or why it is assumed"


def _where(row: Mapping[str, str]) -> dict[str, Any]:
    ages = _AGES.fullmatch(row["age"])
    return {
        "regions": [row["region"]] if row["region"] else [],
        "residence": row["residence"] or None,
        "groups": [row["group"]] if row["group"] else [],
        "ages": [int(ages[1]), int(ages[2])] if ages else [],
    }


def _number(text: str) -> float | None:
    try:
        value = float(text.replace("_", ""))
    except ValueError:
        return None
    return value if -_LARGEST <= value <= _LARGEST else None


def _total(row: Mapping[str, str]) -> SurveyTotal:
    data = {"of": row["of"], "where": _where(row), "value": _number(row["value"]), "source": row["source"]}
    return SurveyTotal.model_validate(data)
