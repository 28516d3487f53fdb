"""Measures of a distribution of income: functions of arrays, without a scenario.

One convention: `measure(income, weight=None, *, parameters)`, with arrays, lists or pandas columns; parameters are
given by name. Where several measures of one distribution are wanted, sort once: `people = rank(income, weight)`, then
`gini(people)`. All are functionals of the weighted distribution: nothing changes when rows are repeated,
divided or put in another order. A measure that has no meaning for the data raises `UndefinedMeasure`; none returns
NaN. docs/measures.md has them all, with formula, range, source and the rules each keeps.

Incomes may also be known by bins only, as a stream leaves them: `binned(low, high, weight, money)` stands in
the same place. A measure of single incomes is exact, one of bins an estimate; `bounded` proves how far off:

    people = binned([500, 1_000], [999, 2_000], weight=[3, 1], money=[2_400, 1_500])
    gini(people)               # an estimate
    bounded(gini, people)      # Bounded(value, low, high); .bound is the largest possible distance
    bounded(fgt, people, line=bounded(median, people) * 0.5, order=0)   # a line that is itself known within bounds
    bounded(gini, [1, 2, 7])   # exact: low == value == high

Where incomes are a sample, `estimate` gives a measure with its standard error and interval, under a `Design` of strata
and clusters, and `estimate_difference` that of a change of the same people's incomes: docs/standard_errors.md.

Zero and negative incomes are never dropped, shifted or replaced: each measure takes them or refuses them, as the page
says. Bins do not reach across 0, so bins tell as well as single incomes do whether somebody has less than
nothing.

Published tables of groups: `grouped_data` fits a Lorenz curve to them and has the measures of it under the same names.
"""

from __future__ import annotations

from incomesim.measures import grouped_data
from incomesim.measures.affluence import affluence_concave, affluence_convex, affluence_gap
from incomesim.measures.bounded import Bounded, exactly
from incomesim.measures.bounded_curves import bounded_growth, bounded_lorenz
from incomesim.measures.bounds import bounded
from incomesim.measures.concentration import concentration, concentration_curve, erreygers, extended_concentration
from incomesim.measures.curves import absolute_lorenz, generalised_lorenz, group_means, lorenz, quantile_curve, tip
from incomesim.measures.decompositions.by_source import (
    GiniBySource,
    VariationBySource,
    decompose_gini_by_source,
    decompose_variation_by_source,
)
from incomesim.measures.decompositions.entropy_by_group import Decomposition, decompose_ge, largest_between
from incomesim.measures.decompositions.fgt_by_group import FgtByGroup, decompose_fgt
from incomesim.measures.decompositions.gini_by_group import GiniByGroup, GiniByStratum, decompose_gini, stratify_gini
from incomesim.measures.decompositions.growth_and_redistribution import (
    GrowthAndRedistribution,
    Reference,
    datt_ravallion,
    shapley_growth_redistribution,
)
from incomesim.measures.decompositions.mld_change import MldChange, decompose_mld_change
from incomesim.measures.decompositions.oaxaca_blinder import (
    Coefficients,
    ThreeFold,
    TwoFold,
    oaxaca_blinder,
    oaxaca_blinder_threefold,
)
from incomesim.measures.decompositions.shapley import Absent, ShapleyShares, shapley, shapley_by_source
from incomesim.measures.dominance import (
    Dominance,
    Verdict,
    absolute_lorenz_dominance,
    dominance_curve,
    generalised_lorenz_dominance,
    lorenz_dominance,
    stochastic_dominance,
    tip_dominance,
)
from incomesim.measures.dominance_test import DominanceTest, reject_dominance
from incomesim.measures.entropy import cv, ge, j_divergence, mld, theil, variance_of_logs
from incomesim.measures.gaps import Gap, gap, max_min_ratio, theil_between, weighted_variation
from incomesim.measures.gini_variants import (
    chen_tsaur_rhai_gini,
    gini_corrected_for_counts,
    gini_corrected_for_weights,
    raffinetti_gini,
)
from incomesim.measures.growth import (
    growth_incidence,
    growth_incidence_by_origin,
    poverty_equivalent_growth,
    pro_poor_growth,
    shared_prosperity_premium,
)
from incomesim.measures.income_concept import (
    IncomeConcept,
    Unit,
    modified_oecd,
    oecd,
    per_head,
    square_root,
    undivided,
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
from incomesim.measures.mobility.income_movement import Movement, fields_ok, fields_ok_log, king
from incomesim.measures.mobility.longer_incomes import chakravarty_dutta_weymark, fields_equaliser, shorrocks_rigidity
from incomesim.measures.mobility.persistence import (
    elasticity_of_income,
    hart,
    rank_rank_slope,
    spearman,
    upward_rank_mobility,
)
from incomesim.measures.mobility.transition_indices import (
    bartholomew,
    determinant_mobility,
    eigenvalue_mobility,
    immobility_ratio,
    prais_shorrocks,
    shorrocks_determinant,
)
from incomesim.measures.mobility.transitions import quantile_groups, transition_matrix, transitions_from_bins
from incomesim.measures.multidimensional import AlkireFoster, alkire_foster
from incomesim.measures.polarisation import der, esteban_gradin_ray, esteban_ray, foster_wolfson, wolfson
from incomesim.measures.poverty import chakravarty, chu, fgt, sen, sst, watts
from incomesim.measures.progressivity import kakwani, musgrave_thin, progressivity_curve, suits
from incomesim.measures.ranked import Binned, Ranked, UndefinedMeasure, binned, rank, rank_groups
from incomesim.measures.redistribution import (
    EqualTreatment,
    Redistribution,
    aronson_johnson_lambert,
    redistribution,
    reynolds_smolensky,
)
from incomesim.measures.relative_distribution import relative_distribution, relative_polarisation
from incomesim.measures.relative_poverty import arpr, arpt, rmpg
from incomesim.measures.table import STANDARD, of_whole, table
from incomesim.measures.top import pareto_alpha, replace_top
from incomesim.measures.welfare import atkinson, equally_distributed_equivalent, kolm
from incomesim.measures.winners import Winners, WinnersByGroup, winners, winners_by_group

__all__ = [
    "STANDARD",
    "Absent",
    "AlkireFoster",
    "BadDesign",
    "Binned",
    "Bounded",
    "Centre",
    "Coefficients",
    "Decomposition",
    "Design",
    "Dominance",
    "DominanceTest",
    "EqualTreatment",
    "Estimate",
    "FgtByGroup",
    "Gap",
    "GiniByGroup",
    "GiniBySource",
    "GiniByStratum",
    "GrowthAndRedistribution",
    "IncomeConcept",
    "MldChange",
    "Movement",
    "QuantileType",
    "Ranked",
    "Redistribution",
    "Reference",
    "Replicates",
    "Scale",
    "ShapleyShares",
    "SingleCluster",
    "ThreeFold",
    "TwoFold",
    "UndefinedMeasure",
    "Unit",
    "VariationBySource",
    "Verdict",
    "Winners",
    "WinnersByGroup",
    "absolute_gini",
    "absolute_lorenz",
    "absolute_lorenz_dominance",
    "affluence_concave",
    "affluence_convex",
    "affluence_gap",
    "alkire_foster",
    "aronson_johnson_lambert",
    "arpr",
    "arpt",
    "atkinson",
    "balanced_replicates",
    "bartholomew",
    "binned",
    "bonferroni",
    "bootstrap_replicates",
    "bounded",
    "bounded_growth",
    "bounded_lorenz",
    "chakravarty",
    "chakravarty_dutta_weymark",
    "chen_tsaur_rhai_gini",
    "chu",
    "combine_imputations",
    "concentration",
    "concentration_curve",
    "cv",
    "datt_ravallion",
    "de_vergottini",
    "decile_table",
    "decompose_fgt",
    "decompose_ge",
    "decompose_gini",
    "decompose_gini_by_source",
    "decompose_mld_change",
    "decompose_variation_by_source",
    "der",
    "determinant_mobility",
    "difference_of_independent",
    "dominance_curve",
    "eigenvalue_mobility",
    "elasticity_of_income",
    "equally_distributed_equivalent",
    "erreygers",
    "esteban_gradin_ray",
    "esteban_ray",
    "estimate",
    "estimate_difference",
    "estimate_ratio",
    "eurostat_s80_s20",
    "exactly",
    "extended_concentration",
    "fgt",
    "fields_equaliser",
    "fields_ok",
    "fields_ok_log",
    "foster_wolfson",
    "gap",
    "ge",
    "generalised_lorenz",
    "generalised_lorenz_dominance",
    "gini",
    "gini_corrected_for_counts",
    "gini_corrected_for_weights",
    "given_replicates",
    "group_means",
    "grouped_data",
    "growth_incidence",
    "growth_incidence_by_origin",
    "hart",
    "hoover",
    "immobility_ratio",
    "income_share_around_median",
    "income_share_between",
    "influence",
    "j_divergence",
    "jackknife_replicates",
    "kakwani",
    "king",
    "kolm",
    "largest_between",
    "lorenz",
    "lorenz_asymmetry",
    "lorenz_dominance",
    "max_min_ratio",
    "mean",
    "mean_between_ranks",
    "median",
    "mld",
    "modified_oecd",
    "musgrave_thin",
    "oaxaca_blinder",
    "oaxaca_blinder_threefold",
    "oecd",
    "of_whole",
    "palma",
    "pareto_alpha",
    "per_head",
    "poverty_equivalent_growth",
    "prais_shorrocks",
    "pro_poor_growth",
    "progressivity_curve",
    "quantile",
    "quantile_curve",
    "quantile_groups",
    "quantile_ratio",
    "raffinetti_gini",
    "rank",
    "rank_groups",
    "rank_rank_slope",
    "redistribution",
    "reject_dominance",
    "relative_distribution",
    "relative_polarisation",
    "replace_top",
    "replicate_difference",
    "replicate_estimate",
    "reynolds_smolensky",
    "rmpg",
    "s_gini",
    "sen",
    "shapley",
    "shapley_by_source",
    "shapley_growth_redistribution",
    "share",
    "share_around_median",
    "share_between",
    "share_ratio",
    "shared_prosperity_premium",
    "shorrocks_determinant",
    "shorrocks_rigidity",
    "spearman",
    "square_root",
    "sst",
    "stochastic_dominance",
    "stratify_gini",
    "successive_difference_replicates",
    "suits",
    "table",
    "theil",
    "theil_between",
    "tip",
    "tip_dominance",
    "transition_matrix",
    "transitions_from_bins",
    "undivided",
    "upward_rank_mobility",
    "variance_of_logs",
    "watts",
    "weighted_variation",
    "winners",
    "winners_by_group",
    "wolfson",
    "zenga",
]
