"""How far a measure of binned incomes can be from that of the incomes themselves: proven, not estimated.

Every distribution with the bins' weights and means lies, in the order of Lorenz, between the one with equal
incomes in each bin and the one with incomes at the ends of the bins only (Gastwirth 1972, Review of
Economics and Statistics 54(3)); and, in the order of incomes themselves, between everybody at the lower
and everybody at the upper end. What respects one of these orders lies between its values there; everything
else is put together from such parts. Bounds leave out the rounding of sums, about 1e-12 of a value.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from incomesim.measures.bounded import Bounded, exactly
from incomesim.measures.domain import rising
from incomesim.measures.entropy import cv, ge, j_divergence, mld, theil
from incomesim.measures.gini_variants import chen_tsaur_rhai_gini, raffinetti_gini
from incomesim.measures.inequality import absolute_gini, bonferroni, de_vergottini, gini, hoover, s_gini, zenga
from incomesim.measures.location import (
    lorenz_at,
    mean,
    mean_between_ranks,
    median,
    palma,
    quantile,
    quantile_ratio,
    share,
    share_ratio,
)
from incomesim.measures.middle import share_around_median, share_between
from incomesim.measures.polarisation import foster_wolfson, wolfson
from incomesim.measures.poverty import chakravarty, chu, fgt, sst, watts
from incomesim.measures.ranked import Binned, Incomes, Ranked, UndefinedMeasure, rank
from incomesim.measures.relative_poverty import arpr, arpt
from incomesim.measures.welfare import atkinson, equally_distributed_equivalent, kolm

__all__ = ["ROUNDING", "bounded"]

ROUNDING = 1e-12  # relative: sums of a few thousand floats

Measure = Callable[..., float]


class Views(NamedTuple):
    """What incomes may be: an estimate and the extremes in either order, all the same where incomes are known."""

    estimate: Ranked
    equal: Ranked
    spread: Ranked
    lowest: Ranked
    highest: Ranked


Rule = Callable[..., Bounded]  # (views, *, parameters of the measure)


def bounded(
    measure: Measure, income: Incomes, weight: ArrayLike | None = None, **parameters: float | Bounded
) -> Bounded:
    """Return a measure of incomes with the lowest and the highest it can be.

    `parameters` are those of the measure; lines and limits of income may be `Bounded` themselves. Single
    incomes (arrays, `Ranked`) give equal bounds. Raises UndefinedMeasure where the measure has no meaning for
    these incomes or may have none, TypeError for a function without a rule here or a parameter it does not have.
    """
    if measure not in _RULES:
        raise TypeError(f"no bounds are known for {measure.__name__}; they are for {', '.join(map(_name, _RULES))}")
    return _RULES[measure](_views(income, weight), **parameters)


def _views(income: Incomes, weight: ArrayLike | None) -> Views:
    if not isinstance(income, Ranked | Binned):
        income = rank(income, weight)
    elif weight is not None:
        raise TypeError("ranked and binned incomes bring their weights; leave `weight` out")
    if isinstance(income, Ranked):
        return Views(income, income, income, income, income)
    return Views(income.estimate, income.equal, income.spread, income.lowest, income.highest)


def _name(measure: Measure) -> str:
    return measure.__name__


def _within(value: float, one: float, other: float) -> Bounded:
    low, high = min(one, other), max(one, other)
    if high - low <= ROUNDING * max(abs(low), abs(high)):
        return exactly(one)
    return Bounded(min(max(value, low), high), low, high)


def _by_transfers(measure: Measure) -> Rule:
    """It only rises, or only falls, when income goes from poorer to richer."""

    def rule(views: Views, **parameters: float) -> Bounded:
        return _within(*(measure(view, **parameters) for view in (views.estimate, views.equal, views.spread)))

    return rule


def _by_incomes(measure: Measure) -> Rule:
    """It only rises, or only falls, when anybody has more."""

    def rule(views: Views, **parameters: float) -> Bounded:
        return _within(*(measure(view, **parameters) for view in (views.estimate, views.lowest, views.highest)))

    return rule


def _by_transfers_and_gaps(measure: Measure) -> Rule:
    """Poverty that only rises when income goes from poorer to richer, and with every gap."""

    def rule(views: Views, *, line: float | Bounded, **parameters: float) -> Bounded:
        z = _as_bounded(line)
        # a higher line makes gaps larger, but not those of losses, which are measured in lines
        least, most = _in_lines(views.equal, z.low, z.high), _in_lines(views.spread, z.high, z.low)
        return _within(
            measure(views.estimate, line=z.value, **parameters),
            measure(least, line=1.0, **parameters),
            measure(most, line=1.0, **parameters),
        )

    return rule


def _in_lines(people: Ranked, line: float, line_of_losses: float) -> Ranked:
    if not line > 0.0:
        raise UndefinedMeasure(f"the line may be as low as {line:g}, expected one above 0")
    given = people.given / np.where(people.given < 0.0, line_of_losses, line)
    return Ranked(given, people.given_weight, people.order)


_bound_quantile = _by_incomes(quantile)
_bound_median = _by_incomes(median)
_bound_poorest = _by_transfers(lambda people, p: share(people, lower=0.0, upper=p))
_bound_money = _by_transfers(lambda people, p: lorenz_at(people, p) / people.total_weight)


def _bound_quantile_ratio(views: Views, *, upper: float, lower: float) -> Bounded:
    return _bound_quantile(views, p=upper) / _bound_quantile(views, p=lower)


def _bound_share(views: Views, *, lower: float, upper: float) -> Bounded:
    return _bound_poorest(views, p=upper) - _bound_poorest(views, p=lower)


def _bound_mean_between_ranks(views: Views, *, lower: float, upper: float) -> Bounded:
    """Proven in both orders, so it lies where both say."""
    by_transfers = (_bound_money(views, p=upper) - _bound_money(views, p=lower)) * (1.0 / (upper - lower))
    by_incomes = _by_incomes(mean_between_ranks)(views, lower=lower, upper=upper)
    low, high = max(by_transfers.low, by_incomes.low), min(by_transfers.high, by_incomes.high)
    return _within(by_transfers.value, low, high)


def _bound_fgt(views: Views, *, line: float | Bounded, order: float) -> Bounded:
    z = _as_bounded(line)
    if order > 0:
        return _by_transfers_and_gaps(fgt)(views, line=z, order=order)
    shares = (fgt(view, line=at, order=order) for view, at in ((views.highest, z.low), (views.lowest, z.high)))
    return _within(fgt(views.estimate, line=z.value, order=order), *shares)


def _bound_share_between(views: Views, *, lower: float | Bounded, upper: float | Bounded) -> Bounded:
    rising(_as_bounded(lower).value, _as_bounded(upper).value)
    below = [_bound_below(views, limit) for limit in (lower, upper)]
    parts = below[1] - below[0]
    return Bounded(max(parts.value, 0.0), max(parts.low, 0.0), min(max(parts.high, 0.0), 1.0))


def _bound_below(views: Views, limit: float | Bounded) -> Bounded:
    """Share of people below a limit, which unlike a poverty line may be 0 or less, or infinite."""
    z = _as_bounded(limit)
    return _within(
        share_between(views.estimate, lower=-np.inf, upper=z.value),
        share_between(views.highest, lower=-np.inf, upper=z.low),
        share_between(views.lowest, lower=-np.inf, upper=z.high),
    )


def _bound_share_around_median(views: Views, *, lower: float, upper: float) -> Bounded:
    middle = _bound_positive_median(views)
    return _bound_share_between(views, lower=middle * lower, upper=middle * upper)


def _as_bounded(number: float | Bounded) -> Bounded:
    return number if isinstance(number, Bounded) else exactly(number)


def _bound_positive_median(views: Views) -> Bounded:
    middle = _bound_median(views)
    if middle.low <= 0.0:
        raise UndefinedMeasure(f"the median may be as low as {middle.low:g}; what is relative to it needs one above 0")
    return middle


def _bound_foster_wolfson(views: Views) -> Bounded:
    """Put together from the share of the poorer half, the Gini, the mean and the median."""
    apart = exactly(1.0) - _bound_poorest(views, p=0.5) * 2.0 - _by_transfers(gini)(views)
    not_negative = Bounded(max(apart.value, 0.0), max(apart.low, 0.0), max(apart.high, 0.0))
    return not_negative * mean(views.equal) / _bound_median(views)


def _bound_wolfson(views: Views) -> Bounded:
    return _bound_foster_wolfson(views) * 2.0


def _bound_arpt(views: Views, *, of_median: float = 0.6) -> Bounded:
    return _bound_positive_median(views) * of_median


def _bound_arpr(views: Views, *, of_median: float = 0.6) -> Bounded:
    return _bound_fgt(views, line=_bound_arpt(views, of_median=of_median), order=0)


_RULES: dict[Measure, Rule] = {
    absolute_gini: _by_transfers(absolute_gini),
    arpr: _bound_arpr,
    arpt: _bound_arpt,
    atkinson: _by_transfers(atkinson),
    bonferroni: _by_transfers(bonferroni),
    chakravarty: _by_transfers_and_gaps(chakravarty),
    chen_tsaur_rhai_gini: _by_transfers(chen_tsaur_rhai_gini),
    chu: _by_transfers_and_gaps(chu),
    cv: _by_transfers(cv),
    de_vergottini: _by_transfers(de_vergottini),
    equally_distributed_equivalent: _by_transfers(equally_distributed_equivalent),
    fgt: _bound_fgt,
    foster_wolfson: _bound_foster_wolfson,
    ge: _by_transfers(ge),
    gini: _by_transfers(gini),
    hoover: _by_transfers(hoover),
    j_divergence: _by_transfers(j_divergence),
    kolm: _by_transfers(kolm),
    mean: _by_transfers(mean),
    mean_between_ranks: _bound_mean_between_ranks,
    median: _bound_median,
    mld: _by_transfers(mld),
    palma: _by_transfers(palma),
    quantile: _bound_quantile,
    quantile_ratio: _bound_quantile_ratio,
    raffinetti_gini: _by_transfers(raffinetti_gini),
    s_gini: _by_transfers(s_gini),
    share: _bound_share,
    share_around_median: _bound_share_around_median,
    share_between: _bound_share_between,
    share_ratio: _by_transfers(share_ratio),
    sst: _by_transfers_and_gaps(sst),
    theil: _by_transfers(theil),
    watts: _by_transfers_and_gaps(watts),
    wolfson: _bound_wolfson,
    zenga: _by_transfers(zenga),
}
