"""What users bring as columns: read as numbers, row beside row, and nothing taken for what it is not."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from incomesim.measures.undefined import UndefinedMeasure

__all__ = ["numbers", "refuse_missing", "same_rows"]

Reals = NDArray[np.float64]

_NUMBERS = "biuf"  # kinds of dtype: booleans, whole numbers, floating point


def numbers(what: str, values: ArrayLike) -> Reals:
    """Return values as float64, missing ones as NaN: arrays, lists, pandas and Arrow columns, decimals, booleans.

    Raises TypeError for dates and times, text, complex numbers, and what is no column.
    """
    if isinstance(values, np.ma.MaskedArray):
        values = np.ma.filled(values.astype(np.float64), np.nan)
    found: Any = values
    if getattr(getattr(values, "dtype", None), "kind", "O") not in _NUMBERS:
        found = np.asarray(values)
        kind = found.dtype.kind
        text = kind == "U" or (kind == "O" and any(isinstance(value, str) for value in found.flat))
        if text or kind not in _NUMBERS + "O" or (kind == "O" and not found.ndim):
            name = type(values).__name__ if not found.ndim else "text" if text else found.dtype
            raise TypeError(f"found {what} of type {name}, expected a column of numbers")
    try:
        return np.asarray(found, np.float64)
    except (TypeError, ValueError) as error:
        raise TypeError(f"found {what} that are no numbers: {error}") from error


def refuse_missing(what: str, values: Reals, counted: NDArray[np.bool_]) -> Reals:
    """Return the values (n,), 0 in rows that do not count. Raises UndefinedMeasure where one that counts is missing."""
    known = np.isfinite(values)
    if known.all():
        return values
    missing = int(np.count_nonzero(~known & counted))
    if missing:
        raise UndefinedMeasure(
            f"{missing} of {len(values)} {what} are missing or infinite; leave these rows out, or give them weight 0"
        )
    return np.where(counted, values, 0.0)


def same_rows(**columns: object) -> None:
    """Raise UndefinedMeasure where columns of pandas have different indexes: they would go together by position."""
    found: dict[str, Any] = {name: getattr(column, "index", None) for name, column in columns.items()}
    indexed = {name: index for name, index in found.items() if hasattr(index, "equals")}
    first = next(iter(indexed), "")
    for name, index in indexed.items():
        if not index.equals(indexed[first]):
            raise UndefinedMeasure(
                f"{name} and {first} have different indexes, and rows go together by position: bring both into one "
                "order, or give arrays, `.to_numpy()`"
            )
