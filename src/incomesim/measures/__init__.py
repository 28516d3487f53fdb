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
from incomesim.measures.affluence import affluence_concave, affluence_convex
from incomesim.measures.bounded import Bounded, exactly
from incomesim.measures.bounded_curves import bounded_growth, bounded_lorenz
from incomesim.measures.bounds import bounded
from incomesim.measures.curves import (
    absolute_lorenz,
    generalised_lorenz,
    group_means,
    growth_incidence,
    lorenz,
    quantile_curve,
    tip,
)
from incomesim.measures.decomposition import Decomposition, decompose_mean_log_deviation, decompose_theil
from incomesim.measures.entropy import cv, ge, j_divergence, mld, theil, variance_of_logs
from incomesim.measures.gaps import max_min_ratio, theil_between, weighted_variation
from incomesim.measures.gini_variants import (
    chen_tsaur_rhai_gini,
    gini_corrected_for_counts,
    gini_corrected_for_weights,
    raffinetti_gini,
)
from incomesim.measures.inequality import (
    absolute_gini,
    bonferroni,
    de_vergottini,
    gini,
    hoover,
    lorenz_asymmetry,
    s_gini,
    zenga,
)
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
from incomesim.measures.location import (
    QuantileType,
    decile_table,
    eurostat_s80_s20,
    mean,
    mean_between_ranks,
    median,
    palma,
    quantile,
    quantile_ratio,
    share,
    share_ratio,
)
from incomesim.measures.middle import (
    income_share_around_median,
    income_share_between,
    share_around_median,
    share_between,
)
from incomesim.measures.mobility import quantile_groups, transition_matrix, transitions_from_bins
from incomesim.measures.polarisation import der, esteban_gradin_ray, esteban_ray, foster_wolfson, wolfson
from incomesim.measures.poverty import chakravarty, chu, fgt, sen, sst, watts
from incomesim.measures.ranked import Binned, Ranked, UndefinedMeasure, binned, rank, rank_groups
from incomesim.measures.relative_poverty import arpr, arpt, rmpg
from incomesim.measures.welfare import atkinson, equally_distributed_equivalent, kolm

__all__ = [
    "BadDesign",
    "Binned",
    "Bounded",
    "Centre",
    "Decomposition",
    "Design",
    "Estimate",
    "QuantileType",
    "Ranked",
    "Replicates",
    "Scale",
    "SingleCluster",
    "UndefinedMeasure",
    "absolute_gini",
    "absolute_lorenz",
    "affluence_concave",
    "affluence_convex",
    "arpr",
    "arpt",
    "atkinson",
    "balanced_replicates",
    "binned",
    "bonferroni",
    "bootstrap_replicates",
    "bounded",
    "bounded_growth",
    "bounded_lorenz",
    "chakravarty",
    "chen_tsaur_rhai_gini",
    "chu",
    "combine_imputations",
    "cv",
    "de_vergottini",
    "decile_table",
    "decompose_mean_log_deviation",
    "decompose_theil",
    "der",
    "difference_of_independent",
    "equally_distributed_equivalent",
    "esteban_gradin_ray",
    "esteban_ray",
    "estimate",
    "estimate_difference",
    "estimate_ratio",
    "eurostat_s80_s20",
    "exactly",
    "fgt",
    "foster_wolfson",
    "ge",
    "generalised_lorenz",
    "gini",
    "gini_corrected_for_counts",
    "gini_corrected_for_weights",
    "given_replicates",
    "group_means",
    "grouped_data",
    "growth_incidence",
    "hoover",
    "income_share_around_median",
    "income_share_between",
    "influence",
    "j_divergence",
    "jackknife_replicates",
    "kolm",
    "lorenz",
    "lorenz_asymmetry",
    "max_min_ratio",
    "mean",
    "mean_between_ranks",
    "median",
    "mld",
    "palma",
    "quantile",
    "quantile_curve",
    "quantile_groups",
    "quantile_ratio",
    "raffinetti_gini",
    "rank",
    "rank_groups",
    "replicate_difference",
    "replicate_estimate",
    "rmpg",
    "s_gini",
    "sen",
    "share",
    "share_around_median",
    "share_between",
    "share_ratio",
    "sst",
    "successive_difference_replicates",
    "theil",
    "theil_between",
    "tip",
    "transition_matrix",
    "transitions_from_bins",
    "variance_of_logs",
    "watts",
    "weighted_variation",
    "wolfson",
    "zenga",
]
