"""The influence of each row on a measure: the derivative with respect to its weight."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, partial
from inspect import Signature, signature
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from incomesim.measures.columns import columns
from incomesim.measures.inference.design import Part
from incomesim.measures.inference.rules import PAIR_RULES, RULES, Measure
from incomesim.measures.inference.scale import Scale, scale_of
from incomesim.measures.ranked import Binned, Ranked, rank

__all__ = ["Linearised", "influence", "linearise", "people_of", "unwrap"]

Reals = NDArray[np.float64]


class Linearised(NamedTuple):
    """A measure, and the influence (k,) on it of each row with a weight (k,) above 0, and the scale of an interval."""

    value: float
    influence: Reals
    weight: Reals
    part: Part
    scale: Scale

    def by_row(self, values: Reals) -> Reals:
        """Return values (k,) in the place of their rows (n,), with 0 for the others."""
        rows = np.zeros(self.part.size)
        rows[self.part.rows] = values
        return rows


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
    found = linearise(measure, income, weight, **parameters)
    return found.by_row(found.influence)


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
    return _of_ranked(function, people_of(income, weight), given)


def _of_ranked(function: Measure, people: Ranked, given: Mapping[str, Any]) -> Linearised:
    bound, rule = _signature(function).bind(people, **given), RULES[function]
    bound.apply_defaults()
    value = function(people, **bound.kwargs)
    influence = rule.influence(people, value, **bound.kwargs)
    part = Part(people.order, people.rows)
    return Linearised(value, influence, people.weight, part, scale_of(rule.range, value, float(people.income[0])))


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
    influence = rule.influence(one, other, weights, value, **bound.kwargs)
    part = Part(*_counted(len(np.asarray(variables[0])), weight))
    scale = scale_of(rule.range, value, float(min(one.min(), other.min())))
    return Linearised(value, influence, weights, part, scale)


def _counted(rows: int, weight: ArrayLike | None) -> tuple[NDArray[np.int64], int]:
    return (np.arange(rows) if weight is None else np.flatnonzero(np.asarray(weight))), rows


def people_of(income: ArrayLike | Ranked | tuple[ArrayLike, ...], weight: ArrayLike | None) -> Ranked:
    """Return incomes in order: themselves where they are."""
    if isinstance(income, Binned):
        raise TypeError("bins have no rows, so no row has an influence; for what bins leave open take `bounded`")
    if isinstance(income, tuple) and np.ndim(income[0]) > 0:
        raise TypeError(f"found {len(income)} variables for a measure of one")
    if not isinstance(income, Ranked):
        return rank(income, weight)  # type: ignore[arg-type]  # a tuple here is one of numbers
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
