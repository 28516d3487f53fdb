"""The summary with its standard errors, and with intervals of 95 % that keep to the range of each measure."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from incomesim.measures.inference.interval import limits
from incomesim.measures.inference.scale import Range
from incomesim.tabulate.summary import DIFFERENCES

__all__ = ["LEVEL", "add_errors"]

LEVEL = 0.95
_ROUNDING = 1e-9  # relative: what is found of the error of a total that weights meet
_KEYS = ["year", "scenario", "by", "subgroup", "measure"]
_SHARES = [Range.BETWEEN_0_AND_1, Range.SHARE_OF_PEOPLE]


def add_errors(summary: pd.DataFrame, errors: pd.DataFrame) -> pd.DataFrame:
    """Return the summary with the columns standard_error, low and high; `errors` has those of `SamplingError`.

    Intervals are those of Student's t: of the number itself for means, quantiles, counts and differences, of its log
    for what is above 0, of its log odds for what is between 0 and 1. All three are missing where the households of the
    sample say nothing of a figure: where it has no meaning for them, or none of them is concerned by it. What weights
    meet exactly has an error of 0.
    """
    found = summary.merge(errors, on=_KEYS, how="left", validate="one_to_one")
    value = found["value"].to_numpy(np.float64)
    error, freedom = (found[name].to_numpy(np.float64) for name in ("standard_error", "degrees_of_freedom"))
    difference, counted = (
        found[column].isin(names).to_numpy()
        for column, names in (("scenario", list(DIFFERENCES.values())), ("measure", ["persons", "households"]))
    )
    shares, above_0 = (found["range"].isin(ranges).to_numpy() & ~difference for ranges in (_SHARES, [Range.ABOVE_0]))
    unseen = (error == 0.0) & (shares | above_0 | (difference & (value != 0.0))) & ~counted
    error = np.where(unseen | (freedom < 1.0), np.nan, np.where(error < _ROUNDING * np.abs(value), 0.0, error))
    reach = stdtrit(np.maximum(freedom, 1.0), 0.5 + 0.5 * LEVEL) * error
    low, high = limits(value, reach, above_0 & (value > 0.0), shares & (value > 0.0) & (value < 1.0))
    nobody = (shares | above_0) & (value == 0.0)
    return summary.assign(standard_error=error, low=np.where(nobody, np.minimum(error, 0.0), low), high=high)
