"""For every measure its influence function and where it can lie: all that a standard error and an interval need."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from incomesim.measures.entropy import cv, mld, theil
from incomesim.measures.inequality import gini
from incomesim.measures.inference.inequality import of_cv, of_gini, of_mld, of_theil
from incomesim.measures.inference.location import (
    of_mean,
    of_mean_between_ranks,
    of_median,
    of_quantile,
    of_quantile_ratio,
    of_share,
    of_share_around_median,
    of_share_between,
    of_share_ratio,
)
from incomesim.measures.inference.poverty import of_fgt
from incomesim.measures.inference.scale import Range
from incomesim.measures.location import mean, mean_between_ranks, median, quantile, quantile_ratio, share, share_ratio
from incomesim.measures.middle import share_around_median, share_between
from incomesim.measures.poverty import fgt

__all__ = ["RULES", "Measure", "Rule"]

Measure = Callable[..., float]


class Rule(NamedTuple):
    """What inference knows of a measure."""

    influence: Callable[..., NDArray[np.float64]]  # (people, value of the measure, *, its parameters) -> by ranked row
    range: Range


RULES: dict[Measure, Rule] = {
    cv: Rule(of_cv, Range.ABOVE_0),
    fgt: Rule(of_fgt, Range.BETWEEN_0_AND_1),
    gini: Rule(of_gini, Range.BETWEEN_0_AND_1),
    mean: Rule(of_mean, Range.ANYWHERE),
    mean_between_ranks: Rule(of_mean_between_ranks, Range.ANYWHERE),
    median: Rule(of_median, Range.ANYWHERE),
    mld: Rule(of_mld, Range.ABOVE_0),
    quantile: Rule(of_quantile, Range.ANYWHERE),
    quantile_ratio: Rule(of_quantile_ratio, Range.ABOVE_0),
    share: Rule(of_share, Range.BETWEEN_0_AND_1),
    share_around_median: Rule(of_share_around_median, Range.SHARE_OF_PEOPLE),
    share_between: Rule(of_share_between, Range.SHARE_OF_PEOPLE),
    share_ratio: Rule(of_share_ratio, Range.ABOVE_0),
    theil: Rule(of_theil, Range.ABOVE_0),
}
