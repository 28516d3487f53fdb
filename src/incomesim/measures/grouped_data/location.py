"""Shares and quantiles of a Lorenz curve, and the curve as incomes in order."""

from __future__ import annotations

import math

import numpy as np

from incomesim.measures.curves import Curve
from incomesim.measures.grouped_data.curve import LorenzCurve, distribution, positive
from incomesim.measures.ranked import Ranked, UndefinedMeasure, rank

__all__ = ["lorenz", "median", "people", "quantile", "quantile_ratio", "share", "share_ratio"]


def lorenz(curve: LorenzCurve, *, points: int = 101) -> Curve:
    """Return ranks p, evenly from 0 to 1, and the share of income of the poorest p, 1 at p = 1."""
    p = np.linspace(0.0, 1.0, points)
    shares = distribution(curve).ordinate(p)
    shares[-1] = 1.0
    return p, shares


def share(curve: LorenzCurve, *, lower: float, upper: float) -> float:
    """Return the share of all income that goes to people between two ranks, 0.9 and 1 for the top tenth.

    Where L(1) is below 1, what is missing goes to the very top, as in PIP.
    """
    if not 0.0 <= lower <= upper <= 1.0:
        raise UndefinedMeasure(f"ranks are {lower} and {upper}, expected 0 <= lower <= upper <= 1")
    return _below(curve, upper) - _below(curve, lower)


def share_ratio(curve: LorenzCurve, *, top: float, bottom: float) -> float:
    """Return the income share of the richest `top` over that of the poorest `bottom`; 0.1 and 0.4 is Palma's."""
    lowest = share(curve, lower=0.0, upper=bottom)
    if lowest <= 0.0:
        raise UndefinedMeasure(f"the poorest {bottom:.0%} have a share of {lowest:g}; a ratio needs one above 0")
    return share(curve, lower=1.0 - top, upper=1.0) / lowest


def quantile(curve: LorenzCurve, *, mean: float, p: float) -> float:
    """Return the income at rank p, the mean times L'(p), in the unit of the mean.

    Raises UndefinedMeasure where it is infinite, as at p = 1 for many curves.
    """
    if not 0.0 <= p <= 1.0:
        raise UndefinedMeasure(f"p is {p}, expected a share between 0 and 1")
    found = positive(mean, "mean") * float(distribution(curve).slope(p))
    if not math.isfinite(found):
        raise UndefinedMeasure(f"this curve has no finite income at rank {p:g}")
    return found


def median(curve: LorenzCurve, *, mean: float) -> float:
    """Return the income at rank one half, in the unit of the mean."""
    return quantile(curve, mean=mean, p=0.5)


def quantile_ratio(curve: LorenzCurve, *, upper: float, lower: float) -> float:
    """Return the ratio of two quantiles, P90/P10 for 0.9 and 0.1; the lower must be above 0."""
    below = quantile(curve, mean=1.0, p=lower)
    if below <= 0.0:
        raise UndefinedMeasure(f"the lower quantile is {below:g} times the mean; a ratio needs one above 0")
    return quantile(curve, mean=1.0, p=upper) / below


def people(curve: LorenzCurve, *, mean: float, number: int = 10_000) -> Ranked:
    """Return `number` incomes in order that follow the curve, for use in every measure of the library.

    Each stands for an equal share of people at their mean: shares are exact at multiples of 1/number, and the Gini is
    too low by less than 1/number.
    """
    _, shares = lorenz(curve, points=number + 1)
    return rank(np.diff(shares) * number * positive(mean, "mean"))


def _below(curve: LorenzCurve, p: float) -> float:
    return 1.0 if p == 1.0 else float(distribution(curve).ordinate(p))
