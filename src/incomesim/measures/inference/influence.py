"""The influence of each row on a measure: the derivative with respect to its weight."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, partial
from inspect import Signature, signature
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from incomesim.measures.inference.rules import RULES, Measure
from incomesim.measures.inference.scale import Scale, scale_of
from incomesim.measures.ranked import Binned, Ranked, rank

__all__ = ["Linearised", "influence", "linearise", "people_of", "unwrap"]

Reals = NDArray[np.float64]


class Linearised(NamedTuple):
    """A measure, the influence on it of each ranked row, and the scale of its interval."""

    value: float
    influence: Reals
    scale: Scale


def influence(
    measure: Measure, income: ArrayLike | Ranked, weight: ArrayLike | None = None, **parameters: Any
) -> Reals:
    """Return the influence (n,) of every row: the derivative of the measure with respect to its weight.

    `measure` is a function of this package or `functools.partial` of one, `parameters` are its own. Rows
    are in the order of `income`; equal incomes have equal influence, and a row of weight 0 is given none.
    Weights times influence sum to 0, and the variance of that sum under the design of the sample is, for
    large samples, the variance of the measure. Quantiles, and shares of people with limits that are estimated,
    depend on a density: see `density`. Raises UndefinedMeasure where the measure has no meaning or no
    derivative, TypeError for one without a rule. Source: Deville (1999, Survey Methodology 25(2)).
    """
    people = people_of(income, weight)
    rows = np.zeros(people.rows)
    rows[people.order] = linearise(measure, people, **parameters).influence
    return rows


def linearise(measure: Measure, people: Ranked, **parameters: Any) -> Linearised:
    """Return the measure of ranked incomes with what its standard error and interval need; see `influence`."""
    function, given = unwrap(measure, parameters)
    if function not in RULES:
        known = ", ".join(rule.__name__ for rule in RULES)
        raise TypeError(f"no influence is known for {function.__name__}; use replicate weights, or one of {known}")
    bound = _signature(function).bind(people, **given)
    bound.apply_defaults()
    value = function(people, **bound.kwargs)
    rule = RULES[function]
    return Linearised(value, rule.influence(people, value, **bound.kwargs), scale_of(rule.range, value, people))


def people_of(income: ArrayLike | Ranked, weight: ArrayLike | None) -> Ranked:
    """Return incomes in order: themselves where they are."""
    if isinstance(income, Binned):
        raise TypeError("bins have no rows, so no row has an influence; for what bins leave open take `bounded`")
    if not isinstance(income, Ranked):
        return rank(income, weight)
    if weight is not None:
        raise TypeError("ranked incomes bring their weights; leave `weight` out")
    return income


def unwrap(measure: Measure, parameters: Mapping[str, Any]) -> tuple[Measure, dict[str, Any]]:
    """Return the function behind a `partial` and all parameters that are given."""
    if not isinstance(measure, partial):
        return measure, dict(parameters)
    if measure.args:
        raise TypeError("fix the parameters of a measure by name: partial(fgt, line=12_000, order=1)")
    return unwrap(measure.func, {**measure.keywords, **parameters})


@cache
def _signature(function: Measure) -> Signature:
    return signature(function)
