"""For every measure its influence function and where it can lie: all that a standard error and an interval need."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from incomesim.measures.affluence import affluence_concave, affluence_convex, affluence_gap
from incomesim.measures.concentration import concentration, erreygers, extended_concentration
from incomesim.measures.entropy import cv, ge, j_divergence, mld, theil, variance_of_logs
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
from incomesim.measures.inference.entropy import (
    of_atkinson,
    of_cv,
    of_equally_distributed_equivalent,
    of_ge,
    of_j_divergence,
    of_kolm,
    of_mld,
    of_theil,
    of_variance_of_logs,
)
from incomesim.measures.inference.gini_variants import (
    of_chen_tsaur_rhai_gini,
    of_gini_corrected_for_counts,
    of_gini_corrected_for_weights,
    of_raffinetti_gini,
)
from incomesim.measures.inference.inequality import (
    of_absolute_gini,
    of_bonferroni,
    of_de_vergottini,
    of_gini,
    of_hoover,
    of_lorenz_asymmetry,
    of_s_gini,
    of_zenga,
)
from incomesim.measures.inference.location import (
    of_eurostat_s80_s20,
    of_mean,
    of_mean_between_ranks,
    of_median,
    of_palma,
    of_quantile,
    of_quantile_ratio,
    of_share,
    of_share_ratio,
)
from incomesim.measures.inference.middle import (
    of_income_share_around_median,
    of_income_share_between,
    of_share_around_median,
    of_share_between,
)
from incomesim.measures.inference.pairs import (
    of_concentration,
    of_elasticity_of_income,
    of_erreygers,
    of_extended_concentration,
    of_hart,
    of_kakwani,
    of_musgrave_thin,
    of_rank_rank_slope,
    of_reynolds_smolensky,
    of_spearman,
    of_suits,
)
from incomesim.measures.inference.polarisation import of_der, of_foster_wolfson, of_wolfson
from incomesim.measures.inference.poverty import (
    of_affluence_concave,
    of_affluence_convex,
    of_affluence_gap,
    of_chakravarty,
    of_chu,
    of_fgt,
    of_sen,
    of_sst,
    of_watts,
)
from incomesim.measures.inference.relative_poverty import of_arpr, of_arpt, of_rmpg
from incomesim.measures.inference.scale import Range
from incomesim.measures.inference.top import of_pareto_alpha
from incomesim.measures.location import (
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
from incomesim.measures.mobility.persistence import elasticity_of_income, hart, rank_rank_slope, spearman
from incomesim.measures.polarisation import der, foster_wolfson, wolfson
from incomesim.measures.poverty import chakravarty, chu, fgt, sen, sst, watts
from incomesim.measures.progressivity import kakwani, musgrave_thin, suits
from incomesim.measures.redistribution import reynolds_smolensky
from incomesim.measures.relative_poverty import arpr, arpt, rmpg
from incomesim.measures.top import pareto_alpha
from incomesim.measures.welfare import atkinson, equally_distributed_equivalent, kolm

__all__ = ["PAIR_RULES", "RULES", "Measure", "Rule"]

Measure = Callable[..., float]


class Rule(NamedTuple):
    """What inference knows of a measure."""

    influence: Callable[..., NDArray[np.float64]]  # (people, value of the measure, *, its parameters) -> by ranked row
    range: Range


RULES: dict[Measure, Rule] = {
    absolute_gini: Rule(of_absolute_gini, Range.ABOVE_0),
    affluence_concave: Rule(of_affluence_concave, Range.SHARE_OF_PEOPLE),
    affluence_convex: Rule(of_affluence_convex, Range.ABOVE_0),
    affluence_gap: Rule(of_affluence_gap, Range.SHARE_OF_PEOPLE),
    arpr: Rule(of_arpr, Range.SHARE_OF_PEOPLE),
    arpt: Rule(of_arpt, Range.ANYWHERE),
    atkinson: Rule(of_atkinson, Range.BETWEEN_0_AND_1),
    bonferroni: Rule(of_bonferroni, Range.BETWEEN_0_AND_1),
    chakravarty: Rule(of_chakravarty, Range.SHARE_OF_PEOPLE),
    chen_tsaur_rhai_gini: Rule(of_chen_tsaur_rhai_gini, Range.BETWEEN_0_AND_1),
    chu: Rule(of_chu, Range.BETWEEN_0_AND_1),
    cv: Rule(of_cv, Range.ABOVE_0),
    de_vergottini: Rule(of_de_vergottini, Range.ABOVE_0),
    der: Rule(of_der, Range.ABOVE_0),
    equally_distributed_equivalent: Rule(of_equally_distributed_equivalent, Range.ANYWHERE),
    eurostat_s80_s20: Rule(of_eurostat_s80_s20, Range.ABOVE_0),
    fgt: Rule(of_fgt, Range.SHARE_OF_PEOPLE),
    foster_wolfson: Rule(of_foster_wolfson, Range.ABOVE_0),
    ge: Rule(of_ge, Range.ABOVE_0),
    gini: Rule(of_gini, Range.BETWEEN_0_AND_1),
    gini_corrected_for_counts: Rule(of_gini_corrected_for_counts, Range.BETWEEN_0_AND_1),
    gini_corrected_for_weights: Rule(of_gini_corrected_for_weights, Range.BETWEEN_0_AND_1),
    hoover: Rule(of_hoover, Range.BETWEEN_0_AND_1),
    income_share_around_median: Rule(of_income_share_around_median, Range.BETWEEN_0_AND_1),
    income_share_between: Rule(of_income_share_between, Range.BETWEEN_0_AND_1),
    j_divergence: Rule(of_j_divergence, Range.ABOVE_0),
    kolm: Rule(of_kolm, Range.ABOVE_0),
    lorenz_asymmetry: Rule(of_lorenz_asymmetry, Range.ABOVE_0),
    mean: Rule(of_mean, Range.ANYWHERE),
    mean_between_ranks: Rule(of_mean_between_ranks, Range.ANYWHERE),
    median: Rule(of_median, Range.ANYWHERE),
    mld: Rule(of_mld, Range.ABOVE_0),
    palma: Rule(of_palma, Range.ABOVE_0),
    pareto_alpha: Rule(of_pareto_alpha, Range.ABOVE_0),
    quantile: Rule(of_quantile, Range.ANYWHERE),
    quantile_ratio: Rule(of_quantile_ratio, Range.ABOVE_0),
    raffinetti_gini: Rule(of_raffinetti_gini, Range.BETWEEN_0_AND_1),
    rmpg: Rule(of_rmpg, Range.BETWEEN_0_AND_1),
    s_gini: Rule(of_s_gini, Range.BETWEEN_0_AND_1),
    sen: Rule(of_sen, Range.SHARE_OF_PEOPLE),
    share: Rule(of_share, Range.BETWEEN_0_AND_1),
    share_around_median: Rule(of_share_around_median, Range.SHARE_OF_PEOPLE),
    share_between: Rule(of_share_between, Range.SHARE_OF_PEOPLE),
    share_ratio: Rule(of_share_ratio, Range.ABOVE_0),
    sst: Rule(of_sst, Range.BETWEEN_0_AND_1),
    theil: Rule(of_theil, Range.ABOVE_0),
    variance_of_logs: Rule(of_variance_of_logs, Range.ABOVE_0),
    watts: Rule(of_watts, Range.ABOVE_0),
    wolfson: Rule(of_wolfson, Range.ABOVE_0),
    zenga: Rule(of_zenga, Range.BETWEEN_0_AND_1),
}

# (first, second, weight, value, *, parameters)
PAIR_RULES: dict[Measure, Rule] = {
    concentration: Rule(of_concentration, Range.ANYWHERE),
    elasticity_of_income: Rule(of_elasticity_of_income, Range.ANYWHERE),
    erreygers: Rule(of_erreygers, Range.ANYWHERE),
    extended_concentration: Rule(of_extended_concentration, Range.ANYWHERE),
    hart: Rule(of_hart, Range.ANYWHERE),
    kakwani: Rule(of_kakwani, Range.ANYWHERE),
    musgrave_thin: Rule(of_musgrave_thin, Range.ABOVE_0),
    rank_rank_slope: Rule(of_rank_rank_slope, Range.ANYWHERE),
    reynolds_smolensky: Rule(of_reynolds_smolensky, Range.ANYWHERE),
    spearman: Rule(of_spearman, Range.ANYWHERE),
    suits: Rule(of_suits, Range.ANYWHERE),
}
