"""Measures of a distribution of income: functions of arrays, without a scenario.

One convention: `measure(income, weight=None, *, parameters)`, with arrays, lists or pandas columns; parameters
are given by name. Where several
measures of one distribution are wanted, sort once: `people = rank(income, weight)`, then `gini(people)`.
A measure that has no meaning for the data raises `UndefinedMeasure`; none returns NaN.

Incomes may also be known by bins only, as a stream leaves them: `binned(low, high, weight, money)` stands in
the same place. A measure of single incomes is exact, one of bins an estimate; `bounded` proves how far off:

    people = binned([500, 1_000], [999, 2_000], weight=[3, 1], money=[2_400, 1_500])
    gini(people)               # an estimate
    bounded(gini, people)      # Bounded(value, low, high); .bound is the largest possible distance
    bounded(fgt, people, line=bounded(median, people) * 0.5, order=0)   # a line that is itself known within bounds
    bounded(gini, [1, 2, 7])   # exact: low == value == high

Zero and negative incomes are never dropped, shifted or replaced. The mean, quantiles, shares of people, FGT and
the Gini (which may then exceed 1) take all incomes; Theil's T takes zeros (they add nothing) and refuses
negative incomes, the mean log deviation refuses both; whatever is relative to a mean, a share or a
quantile refuses one that is not above 0. Bins do not reach across 0, so bins tell as well as single incomes
do whether somebody has less than nothing.

Published tables of groups: `grouped_data` fits a Lorenz curve to them and has the measures of it under the same names.
"""

from __future__ import annotations

from incomesim.measures import grouped_data
from incomesim.measures.bounded import Bounded, exactly
from incomesim.measures.bounded_curves import bounded_growth, bounded_lorenz
from incomesim.measures.bounds import bounded
from incomesim.measures.curves import group_means, growth_incidence, lorenz, quantile_curve
from incomesim.measures.decomposition import Decomposition, decompose_mean_log_deviation, decompose_theil
from incomesim.measures.gaps import max_min_ratio, theil_between, weighted_variation
from incomesim.measures.inequality import cv, gini, mld, theil
from incomesim.measures.inference.design import BadDesign, Design, SingleCluster
from incomesim.measures.inference.estimate import estimate, estimate_difference, estimate_ratio
from incomesim.measures.inference.imputations import combine_imputations
from incomesim.measures.inference.influence import influence
from incomesim.measures.inference.interval import Estimate, difference_of_independent
from incomesim.measures.inference.replicate_estimate import Centre, replicate_difference, replicate_estimate
from incomesim.measures.inference.replicates import (
    Replicates,
    balanced_replicates,
    bootstrap_replicates,
    given_replicates,
    jackknife_replicates,
    successive_difference_replicates,
)
from incomesim.measures.inference.scale import Scale
from incomesim.measures.location import mean, mean_between_ranks, median, quantile, quantile_ratio, share, share_ratio
from incomesim.measures.middle import share_around_median, share_between
from incomesim.measures.mobility import quantile_groups, transition_matrix, transitions_from_bins
from incomesim.measures.poverty import fgt
from incomesim.measures.ranked import Binned, Ranked, UndefinedMeasure, binned, rank, rank_groups

__all__ = [
    "BadDesign",
    "Binned",
    "Bounded",
    "Centre",
    "Decomposition",
    "Design",
    "Estimate",
    "Ranked",
    "Replicates",
    "Scale",
    "SingleCluster",
    "UndefinedMeasure",
    "balanced_replicates",
    "binned",
    "bootstrap_replicates",
    "bounded",
    "bounded_growth",
    "bounded_lorenz",
    "combine_imputations",
    "cv",
    "decompose_mean_log_deviation",
    "decompose_theil",
    "difference_of_independent",
    "estimate",
    "estimate_difference",
    "estimate_ratio",
    "exactly",
    "fgt",
    "gini",
    "given_replicates",
    "group_means",
    "grouped_data",
    "growth_incidence",
    "influence",
    "jackknife_replicates",
    "lorenz",
    "max_min_ratio",
    "mean",
    "mean_between_ranks",
    "median",
    "mld",
    "quantile",
    "quantile_curve",
    "quantile_groups",
    "quantile_ratio",
    "rank",
    "rank_groups",
    "replicate_difference",
    "replicate_estimate",
    "share",
    "share_around_median",
    "share_between",
    "share_ratio",
    "successive_difference_replicates",
    "theil",
    "theil_between",
    "transition_matrix",
    "transitions_from_bins",
    "weighted_variation",
]
