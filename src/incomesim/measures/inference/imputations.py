"""One estimate from several imputations of what is missing."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from incomesim.measures.inference.design import BadDesign
from incomesim.measures.inference.interval import Estimate, estimated

__all__ = ["combine_imputations"]


def combine_imputations(estimates: Sequence[Estimate]) -> Estimate:
    """Return the estimate of several imputed data sets of one sample: their mean, with the variance between them.

    The variance is W + (1 + 1/m) B, the mean of the m variances and the variance of the m values (Rubin 1987,
    Multiple Imputation for Nonresponse in Surveys); the degrees of freedom are those of Barnard & Rubin (1999,
    Biometrika 86(4)). Level and scale are those of the first. Raises BadDesign for fewer than two estimates, or
    two levels.
    """
    number = len(estimates)
    if number < 2 or len({estimate.level for estimate in estimates}) > 1:
        raise BadDesign(f"found {number} estimates, expected two or more with one level")
    values = np.array([estimate.value for estimate in estimates])
    within = float(np.mean([estimate.standard_error**2 for estimate in estimates]))
    between = (1.0 + 1.0 / number) * float(values.var(ddof=1))
    complete = float(np.mean([estimate.degrees_of_freedom for estimate in estimates]))
    total = within + between
    missing = between / total if total else 0.0
    observed = (complete + 1.0) / (complete + 3.0) * complete * (1.0 - missing)
    freedom = 1.0 / (missing**2 / (number - 1) + 1.0 / observed) if observed else number - 1.0
    first = estimates[0]
    return estimated(float(values.mean()), total, freedom, first.level, first.scale)
