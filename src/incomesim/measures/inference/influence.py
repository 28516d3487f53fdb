"""The influence of each row on a measure: the derivative with respect to its weight."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, partial
from inspect import Signature, signature
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from incomesim.measures.columns import columns
from incomesim.measures.inference.rules import PAIR_RULES, RULES, Measure
from incomesim.measures.inference.scale import Scale, scale_of
from incomesim.measures.ranked import Binned, Ranked, rank

__all__ = ["Linearised", "influence", "linearise", "people_of", "unwrap"]

Reals = NDArray[np.float64]


class Linearised(NamedTuple):
    """A measure, the influence (n,) on it of each row, the weights (n,) of these, and the scale of an interval."""

    value: float
    influence: Reals
    weight: Reals
    scale: Scale


def influence(
    measure: Measure,
    income: ArrayLike | Ranked | tuple[ArrayLike, ...],
    weight: ArrayLike | None = None,
    **parameters: Any,
) -> Reals:
    """Return the influence (n,) of every row: the derivative of the measure with respect to its weight.

    `measure` is a function of this package or `functools.partial` of one, `parameters` are its own; for a measure of
    two variables of the same people `income` is a tuple: influence(kakwani, (tax, income), weight). Rows
    are in the order of `income`; equal incomes have equal influence, and a row of weight 0 is given none.
    Weights times influence sum to 0, and the variance of that sum under the design of the sample is, for
    large samples, the variance of the measure. Quantiles, and shares of people with limits that are estimated,
    depend on a density: see `density`. Raises UndefinedMeasure where the measure has no meaning or no
    derivative, TypeError for one without a rule. Source: Deville (1999, Survey Methodology 25(2)).
    """
    return linearise(measure, income, weight, **parameters).influence


def linearise(
    measure: Measure,
    income: ArrayLike | Ranked | tuple[ArrayLike, ...],
    weight: ArrayLike | None = None,
    **parameters: Any,
) -> Linearised:
    """Return the measure with what its standard error and interval need; see `influence`."""
    function, given = unwrap(measure, parameters)
    if function in PAIR_RULES:
        return _of_pair(function, income, weight, given)
    if function not in RULES:
        known = ", ".join(rule.__name__ for rule in (*RULES, *PAIR_RULES))
        raise TypeError(f"no influence is known for {function.__name__}; use replicate weights, or one of {known}")
    people, rule = people_of(income, weight), RULES[function]
    bound = _signature(function).bind(people, **given)
    bound.apply_defaults()
    value = function(people, **bound.kwargs)
    by_row, weights = np.zeros((2, people.rows))
    by_row[people.order] = rule.influence(people, value, **bound.kwargs)
    weights[people.order] = people.weight
    return Linearised(value, by_row, weights, scale_of(rule.range, value, float(people.income[0])))


def _of_pair(
    function: Measure,
    variables: ArrayLike | Ranked | tuple[ArrayLike, ...],
    weight: ArrayLike | None,
    given: Mapping[str, Any],
) -> Linearised:
    first, second, *_ = _signature(function).parameters
    if not isinstance(variables, tuple) or len(variables) != 2:
        raise TypeError(f"{function.__name__} is of two variables of the same people: give ({first}, {second})")
    rule = PAIR_RULES[function]
    weights, one, other = columns(weight, **{first: variables[0], second: variables[1]})
    bound = _signature(function).bind(one, other, weights, **given)
    bound.apply_defaults()
    value = function(one, other, weights, **bound.kwargs)
    all_weights = np.ones(len(one)) if weight is None else np.asarray(weight, np.float64)
    rows = np.zeros(len(all_weights))
    rows[all_weights > 0.0] = rule.influence(one, other, weights, value, **bound.kwargs)
    return Linearised(value, rows, all_weights, scale_of(rule.range, value, float(min(one.min(), other.min()))))


def people_of(income: ArrayLike | Ranked | tuple[ArrayLike, ...], weight: ArrayLike | None) -> Ranked:
    """Return incomes in order: themselves where they are."""
    if isinstance(income, Binned):
        raise TypeError("bins have no rows, so no row has an influence; for what bins leave open take `bounded`")
    if isinstance(income, tuple) and np.ndim(income[0]) > 0:
        raise TypeError(f"found {len(income)} variables for a measure of one")
    if not isinstance(income, Ranked):
        return rank(np.asarray(income), weight)
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
