"""Measures of a distribution of income: functions of arrays, without a scenario.

One convention: `measure(income, weight=None, ...)`, with arrays, lists or pandas columns. Where several
measures of one distribution are wanted, sort once: `people = rank(income, weight)`, then `gini(people)`.
Incomes known by bins only (`Binned`) can stand in the same place; `by_dispersion` and `by_income` then
say within which bounds the exact value lies. A measure that has no meaning for the data raises
`UndefinedMeasure`; none returns NaN.
"""

from __future__ import annotations

from incomesim.measures.bounds import Bounded, below_line, by_dispersion, by_income, exactly
from incomesim.measures.curves import group_means, growth_incidence, lorenz, quantile_curve
from incomesim.measures.decomposition import Decomposition, decompose_mean_log_deviation, decompose_theil
from incomesim.measures.gaps import max_min_ratio, theil_between, weighted_variation
from incomesim.measures.inequality import gini, mean_log_deviation, theil, variation
from incomesim.measures.location import mean, median, quantile, quantile_ratio, share, share_ratio
from incomesim.measures.middle import share_around_median, share_between
from incomesim.measures.mobility import quantile_groups, transition_matrix, transitions_from_bins
from incomesim.measures.poverty import fgt
from incomesim.measures.ranked import Binned, Ranked, UndefinedMeasure, rank, rank_groups

__all__ = [
    "Binned",
    "Bounded",
    "Decomposition",
    "Ranked",
    "UndefinedMeasure",
    "below_line",
    "by_dispersion",
    "by_income",
    "decompose_mean_log_deviation",
    "decompose_theil",
    "exactly",
    "fgt",
    "gini",
    "group_means",
    "growth_incidence",
    "lorenz",
    "max_min_ratio",
    "mean",
    "mean_log_deviation",
    "median",
    "quantile",
    "quantile_curve",
    "quantile_groups",
    "quantile_ratio",
    "rank",
    "rank_groups",
    "share",
    "share_around_median",
    "share_between",
    "share_ratio",
    "theil",
    "theil_between",
    "transition_matrix",
    "transitions_from_bins",
    "variation",
    "weighted_variation",
]
