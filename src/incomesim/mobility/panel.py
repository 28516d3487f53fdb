"""A user's panel of households: everything that is wrong with it at once, else plain arrays."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from incomesim.errors import InvalidInput, Problem, nearest_name

__all__ = ["EVERYBODY", "Panel", "read_panel"]

EVERYBODY = "all"
"""Name of the group of everybody."""

_NEEDED = ("household", "year", "income_per_head")
_OPTIONAL = ("weight", "cell")


@dataclass(frozen=True, eq=False)
class Panel:
    """The rows (N) of one group of households.

    `household` counts from 0; `pool` is the year and cell, counted from 0, within which a row is ranked.
    """

    group: str
    household: NDArray[np.int64]
    year: NDArray[np.int64]
    pool: NDArray[np.int64]
    income: NDArray[np.float64]
    weight: NDArray[np.float64]


def read_panel(panel: pd.DataFrame | str | os.PathLike[str], by: str | None) -> tuple[Panel, ...]:
    """Return the panel of each value of the column `by`, in alphabetical order, or of everybody where it is None.

    A file is CSV, or Parquet where its name ends in .parquet. Raises InvalidInput with everything that is wrong.
    """
    name = "panel" if isinstance(panel, pd.DataFrame) else str(panel)
    frame = panel if isinstance(panel, pd.DataFrame) else _read_file(Path(panel))
    problems = [Problem(name, 0, 0, column, message) for column, message in _check(frame, by)]
    if problems:
        raise InvalidInput(problems)
    if by is None:
        return (_to_arrays(EVERYBODY, frame),)
    return tuple(_to_arrays(str(group), rows) for group, rows in frame.groupby(frame[by].astype(str), sort=True))


def _read_file(path: Path) -> pd.DataFrame:
    try:
        return pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path)
    except (OSError, ValueError) as reason:
        message = f"cannot be read ({reason}); expected CSV, or Parquet where the name ends in .parquet"
        raise InvalidInput([Problem(str(path), 0, 0, "", message)]) from None


def _check(frame: pd.DataFrame, by: str | None) -> Iterator[tuple[str, str]]:
    allowed = (*_NEEDED, *_OPTIONAL, *([] if by is None else [by]))
    absent = [column for column in (*_NEEDED, *([] if by is None else [by])) if column not in frame.columns]
    for column in absent:
        yield column, "the column is missing"
    for column in map(str, frame.columns):
        if column not in allowed:
            hint = nearest_name(column, absent) or "; leave it out, or name it as `by` to have a fit for each value"
            yield column, f"unknown column; allowed are {', '.join(allowed)}{hint}"
    if frame.columns.has_duplicates:
        yield "", "found two columns of one name, expected each once"
        return
    if not len(frame):
        yield "", "found no rows, expected one for each household and year"
    for column in frame.columns.intersection(list(allowed)):
        yield from _check_column(str(column), frame[column])
    if not {"household", "year"} & set(absent):
        yield from _check_once(frame)


def _check_column(name: str, column: pd.Series[Any]) -> Iterator[tuple[str, str]]:
    missing = column.isna().to_numpy()
    if missing.any():
        yield name, f"found nothing in {_rows(missing)}, expected a value in every row"
    if name not in ("year", "income_per_head", "weight"):
        return
    if not pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column):
        yield name, f"found the type {column.dtype}, expected numbers"
        return
    values = column.to_numpy(np.float64, na_value=np.nan)
    wrong = np.isinf(values)
    expected = "finite numbers"
    if name == "year":
        wrong, expected = wrong | (values != np.round(values)), "whole numbers"
    elif name == "weight":
        wrong, expected = wrong | (values <= 0.0), "finite numbers above 0"
    wrong &= ~missing
    if wrong.any():
        yield name, f"found {values[wrong.argmax()]:g} in {_rows(wrong)}, expected {expected}"


def _check_once(frame: pd.DataFrame) -> Iterator[tuple[str, str]]:
    twice = frame.duplicated(["household", "year"]).to_numpy()
    if twice.any():
        first = frame.iloc[int(twice.argmax())]
        found = f"found household {first['household']} in {first['year']} again in {_rows(twice)}"
        yield "household", f"{found}, expected each household once a year"


def _rows(wrong: NDArray[np.bool_]) -> str:
    count = int(np.count_nonzero(wrong))
    more = f" and {count - 1:,} more" if count > 1 else ""
    return f"row {int(wrong.argmax()) + 1:,}{more}"


def _to_arrays(group: str, frame: pd.DataFrame) -> Panel:
    year = frame["year"].to_numpy(np.int64)
    cell = pd.factorize(frame["cell"])[0] if "cell" in frame else np.zeros(len(frame), np.int64)
    return Panel(
        group=group,
        household=pd.factorize(frame["household"])[0].astype(np.int64),
        year=year,
        pool=np.unique(np.column_stack([year, cell]), axis=0, return_inverse=True)[1].astype(np.int64),
        income=frame["income_per_head"].to_numpy(np.float64),
        weight=frame["weight"].to_numpy(np.float64) if "weight" in frame else np.ones(len(frame)),
    )
