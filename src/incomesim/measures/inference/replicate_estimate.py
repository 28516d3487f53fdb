"""Measures of a sample with their standard errors, by replicate weights."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from incomesim.measures.domain import one_of
from incomesim.measures.inference.design import BadDesign
from incomesim.measures.inference.influence import unwrap
from incomesim.measures.inference.interval import Estimate, estimated
from incomesim.measures.inference.replicates import Replicates
from incomesim.measures.inference.rules import RULES, Measure
from incomesim.measures.inference.scale import Scale, scale_of
from incomesim.measures.ranked import UndefinedMeasure, rank, reweighted
from incomesim.measures.reading import numbers, refuse_missing, same_rows

__all__ = ["Centre", "replicate_difference", "replicate_estimate"]

Reals = NDArray[np.float64]


class Centre(Enum):
    """From where the deviations of replicates are taken; from the full sample, the bias of the measure is in them."""

    FULL_SAMPLE = "full sample"
    MEAN_OF_REPLICATES = "mean of replicates"


def replicate_estimate(
    measure: Measure,
    income: ArrayLike | tuple[ArrayLike, ...],
    weight: ArrayLike | None = None,
    *,
    replicates: Replicates,
    centre: Centre = Centre.FULL_SAMPLE,
    level: float = 0.95,
    **parameters: Any,
) -> Estimate:
    """Return a measure with its standard error and interval, from replicate weights.

    Any function `measure(income, weight, **parameters)` will do; for one of several variables of the same people,
    `measure(tax, income, weight)`, give a tuple of arrays. For a part of the population give the others weight 0.
    The interval is on the scale that `estimate` takes, and plain for functions that are not of this package.
    Raises UndefinedMeasure where the measure has no meaning for the sample or for one of its replicates, BadDesign.
    """
    variables = income if isinstance(income, tuple) else (income,)
    weights = _weights(variables[0], weight, replicates)
    at, scale = _evaluation(measure, variables, weights, parameters)
    value = at(weights)
    found = _over(replicates, lambda k: at(replicates.weight(k, weights)))
    variance = _variance(found, value, replicates, centre)
    return estimated(value, variance, replicates.degrees_of_freedom, level, scale(value))


def replicate_difference(
    measure: Measure,
    before: ArrayLike,
    after: ArrayLike,
    weight: ArrayLike | None = None,
    *,
    weight_after: ArrayLike | None = None,
    replicates: Replicates,
    centre: Centre = Centre.FULL_SAMPLE,
    level: float = 0.95,
    **parameters: Any,
) -> Estimate:
    """Return the measure of incomes after less that of incomes before, of the same rows, from replicate weights.

    As `replicate_estimate`; `weight_after` as in `estimate_difference`.
    """
    old = _weights(before, weight, replicates)
    new = old if weight_after is None else _weights(after, weight_after, replicates)
    at_old, at_new = (_evaluation(measure, (income,), old, parameters)[0] for income in (before, after))
    value = at_new(new) - at_old(old)
    found = _over(replicates, lambda k: at_new(replicates.weight(k, new)) - at_old(replicates.weight(k, old)))
    variance = _variance(found, value, replicates, centre)
    return estimated(value, variance, replicates.degrees_of_freedom, level, Scale.PLAIN)


def _weights(income: ArrayLike, weight: ArrayLike | None, replicates: Replicates) -> Reals:
    rows = len(replicates.unit)
    same_rows(income=income, weight=weight)
    weights = np.ones(rows) if weight is None else numbers("weights", weight)
    if np.shape(income) != (rows,) or weights.shape != (rows,):
        raise BadDesign(f"incomes are {np.shape(income)}, weights {weights.shape}, the replicates of {rows} rows")
    return weights


def _evaluation(
    measure: Measure, variables: tuple[ArrayLike, ...], weights: Reals, parameters: dict[str, Any]
) -> tuple[Callable[[Reals], float], Callable[[float], Scale]]:
    """The measure as a function of weights alone, and the scale for its value; incomes are sorted only once."""
    function, given = unwrap(measure, parameters)
    if function not in RULES or len(variables) > 1:
        return lambda weight: measure(*variables, weight, **parameters), lambda value: Scale.PLAIN
    people = rank(refuse_missing("incomes", numbers("incomes", variables[0]), weights > 0.0))
    lowest = float(people.income[weights[people.order] > 0.0].min())
    return (
        lambda weight: function(reweighted(people, weight), **given),
        lambda value: scale_of(RULES[function].range, value, lowest),
    )


def _over(replicates: Replicates, at: Callable[[int], float]) -> Reals:
    found = np.empty(replicates.number)
    for k in range(replicates.number):
        try:
            found[k] = at(k)
        except UndefinedMeasure as error:
            raise UndefinedMeasure(f"in replicate {k}: {error}") from error
    return found


def _variance(found: Reals, value: float, replicates: Replicates, centre: Centre) -> float:
    one_of(Centre, "centre", centre)
    middle = value if centre is Centre.FULL_SAMPLE else found.mean()
    return float((replicates.coefficient * (found - middle) ** 2).sum())
