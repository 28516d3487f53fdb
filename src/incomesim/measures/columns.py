"""Several numbers of the same people, parsed together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from incomesim.measures.ranked import UndefinedMeasure, weighted_sum
from incomesim.measures.reading import numbers, refuse_missing, same_rows

__all__ = ["NamedColumns", "columns", "named_columns", "over_time", "positive_mean"]

Reals = NDArray[np.float64]

NamedColumns: TypeAlias = Mapping[str, ArrayLike]
"""Columns by name, a dictionary or a pandas table: sources of income, characteristics."""


def columns(weight: ArrayLike | None, /, **values: ArrayLike) -> tuple[Reals, ...]:
    """Return the weights (n,) and each of the values (n,), in this order, without the rows of weight 0.

    Without weights every row counts 1. The names of the values are for messages. Raises UndefinedMeasure for
    columns of different length, numbers that are not finite, weights that are negative or all 0.
    """
    same_rows(**values, weight=weight)
    parsed = {name: numbers(name, column) for name, column in values.items()}
    first = next(iter(parsed.values()))
    weights = np.ones(first.shape) if weight is None else numbers("weights", weight)
    for column in (*parsed.values(), weights):
        if column.ndim != 1 or column.shape != first.shape:
            found: dict[tuple[int, ...], str] = {}  # one column of each shape
            for name, array in {**parsed, "weights": weights}.items():
                found.setdefault(array.shape, f"{name} {array.shape}")
            shapes = ", ".join(found.values())
            raise UndefinedMeasure(f"found shapes {shapes}; expected columns of one length")
    if not np.isfinite(weights).all() or (weights < 0.0).any():
        raise UndefinedMeasure("weights must be finite and not negative")
    counted = weights > 0.0
    if not counted.any():
        raise UndefinedMeasure("there is nobody with a weight above 0")
    known = [refuse_missing(f"rows of {name}", column, counted) for name, column in parsed.items()]
    return tuple(column[counted] for column in (weights, *known))


def named_columns(values: NamedColumns, weight: ArrayLike | None, /) -> tuple[tuple[str, ...], Reals, Reals]:
    """Return the names, the values (columns, n) and the weights (n,), without the rows of weight 0.

    Raises UndefinedMeasure for no columns, and as `columns` does.
    """
    if not hasattr(values, "columns") and not isinstance(values, Mapping):
        raise TypeError(f"found {type(values).__name__}, expected columns by name: a dictionary or a table")
    keys = list(getattr(values, "columns", values))
    names = tuple(map(str, keys))
    if not names or len(set(names)) < len(names):
        raise UndefinedMeasure(f"found columns {list(names)}, expected at least one, and no name twice")
    weights, *rows = columns(weight, **{name: values[key] for name, key in zip(names, keys, strict=True)})
    return names, np.array(rows), weights


def over_time(periods: Sequence[ArrayLike], weight: ArrayLike | None, /) -> tuple[Reals, Reals]:
    """Return the incomes (periods, n) of the same people in several periods, and the weights (n,).

    Raises UndefinedMeasure for fewer than two periods, and as `columns` does.
    """
    if hasattr(periods, "columns"):
        raise TypeError("found a table of periods, expected a list of columns, one for each period: [before, after]")
    if len(periods) < 2:
        raise UndefinedMeasure(f"found {len(periods)} periods, expected at least two")
    _, rows, weights = named_columns({f"period {t}": income for t, income in enumerate(periods)}, weight)
    return rows, weights


def positive_mean(amount: Reals, weight: Reals) -> float:
    """Return the mean amount. Raises UndefinedMeasure where it is not above 0."""
    mean = weighted_sum(amount, weight) / float(weight.sum())
    if not mean > 0.0:
        raise UndefinedMeasure(f"the mean amount is {mean:g}; measures relative to it need one above 0")
    return mean
