"""Measures of a table of groups, through a Lorenz curve fitted to it, under the names they have for single incomes.

    points = grouped_data.class_points(persons, mean_income)          # or lorenz_points(cumulative shares)
    curve = grouped_data.fit_general_quadratic(points)                # or fit_beta_lorenz, or parameters as published
    curve.failures                                               # which condition fails where; () for a Lorenz curve
    grouped_data.gini(curve)
    grouped_data.fgt(curve, mean=109.9, line=89, order=1)

What is relative takes the curve alone; what is in money takes the `mean` of incomes too. Closed forms after Datt (1998,
IFPRI FCND discussion paper 50) where there are any, else integrals to about 1e-9; for every other measure of the
library `people` gives incomes in order. A curve that is none raises UndefinedMeasure (see `distribution`). One with L'
below 0 near p = 0 has incomes below nothing there, with the same consequences as for single incomes: the Gini, shares,
quantiles and FGT take them, logarithms do not.

Without any curve: `gini_bounds(points)`; with the limits of classes known `binned` and `bounded`, for every measure.
"""

from __future__ import annotations

from incomesim.measures.grouped_data.beta import BetaLorenz, fit_beta_lorenz
from incomesim.measures.grouped_data.bounds import gini_bounds
from incomesim.measures.grouped_data.choice import LorenzChoice, choose_lorenz, squared_error
from incomesim.measures.grouped_data.curve import Failure, LorenzCurve
from incomesim.measures.grouped_data.general_quadratic import GeneralQuadratic, fit_general_quadratic
from incomesim.measures.grouped_data.inequality import gini, hoover, mld, theil, wolfson
from incomesim.measures.grouped_data.location import (
    lorenz,
    median,
    people,
    quantile,
    quantile_ratio,
    share,
    share_ratio,
)
from incomesim.measures.grouped_data.lognormal import LognormalLorenz, lognormal_with_gini
from incomesim.measures.grouped_data.points import LorenzPoints, class_points, lorenz_points
from incomesim.measures.grouped_data.poverty import Elasticity, elasticity, fgt, line_range, watts

__all__ = [
    "BetaLorenz",
    "Elasticity",
    "Failure",
    "GeneralQuadratic",
    "LognormalLorenz",
    "LorenzChoice",
    "LorenzCurve",
    "LorenzPoints",
    "choose_lorenz",
    "class_points",
    "elasticity",
    "fgt",
    "fit_beta_lorenz",
    "fit_general_quadratic",
    "gini",
    "gini_bounds",
    "hoover",
    "line_range",
    "lognormal_with_gini",
    "lorenz",
    "lorenz_points",
    "median",
    "mld",
    "people",
    "quantile",
    "quantile_ratio",
    "share",
    "share_ratio",
    "squared_error",
    "theil",
    "watts",
    "wolfson",
]
