"""How far a tax departs from one that takes the same share of every income."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from incomesim.measures.columns import columns, positive_mean
from incomesim.measures.concentration import concentration, curve_kinks
from incomesim.measures.curves import Curve
from incomesim.measures.inequality import gini
from incomesim.measures.ladder import ladder
from incomesim.measures.ranked import UndefinedMeasure

__all__ = ["kakwani", "musgrave_thin", "progressivity_curve", "suits"]


def kakwani(tax: ArrayLike, income: ArrayLike, weight: ArrayLike | None = None) -> float:
    """Return Kakwani's index: the concentration index of the tax over income before tax, less the Gini of that income.

    Above 0 for a progressive tax, 0 where all pay the same share, below 0 for a regressive one; between -1 - G and
    1 - G for taxes that are not negative. For a benefit above 0 means that it grows more than income. Raises
    UndefinedMeasure where the mean tax or income is not above 0. Source: Kakwani (1977), Economic Journal 87(345).
    """
    return concentration(tax, income, weight) - gini(income, weight)


def suits(tax: ArrayLike, income: ArrayLike, weight: ArrayLike | None = None) -> float:
    """Return Suits' index: 1 less twice the area under the shares of tax over the shares of income.

    Between -1 (the poorest pay all) and 1 (the richest do), 0 where all pay the same share. Raises UndefinedMeasure
    for negative incomes, which would lead the curve back, or where the mean tax or income is not above 0. Source:
    Suits (1977), American Economic Review 67(4).
    """
    weights, taxes, incomes = columns(weight, tax=tax, income=income)
    if incomes.min() < 0.0:
        raise UndefinedMeasure(f"Suits' index has no meaning for negative incomes; the lowest is {incomes.min():g}")
    steps = ladder(incomes, weights)
    positive_mean(taxes, weights)
    positive_mean(incomes, weights)
    _, paid = curve_kinks(taxes, steps, weights)
    _, had = curve_kinks(incomes, steps, weights)
    return 1.0 - float(np.dot(paid[1:] + paid[:-1], np.diff(had)))


def musgrave_thin(before: ArrayLike, after: ArrayLike, weight: ArrayLike | None = None) -> float:
    """Return the effective progression of Musgrave & Thin: (1 - Gini after) / (1 - Gini before).

    Above 1 where the change makes incomes more equal. Raises UndefinedMeasure for a mean that is not above 0 or
    a Gini before of 1 or more. Source: Musgrave & Thin (1948), Journal of Political Economy 56(6).
    """
    weights, old, new = columns(weight, before=before, after=after)
    equality = 1.0 - gini(old, weights)
    if not equality > 0.0:
        raise UndefinedMeasure(f"the Gini before is {1.0 - equality:g}; effective progression needs one below 1")
    return (1.0 - gini(new, weights)) / equality


def progressivity_curve(
    tax: ArrayLike, income: ArrayLike, weight: ArrayLike | None = None, *, points: int = 101
) -> Curve:
    """Return ranks p, evenly from 0 to 1, and the share of income of the poorest p less their share of the tax.

    Nowhere below 0 for a progressive tax; Kakwani's index is twice the area under it. Raises UndefinedMeasure
    where the mean tax or income is not above 0. Source: Kakwani (1977); `cprog` of DASP (Araar & Duclos 2007).
    """
    weights, taxes, incomes = columns(weight, tax=tax, income=income)
    positive_mean(taxes, weights)
    positive_mean(incomes, weights)
    steps = ladder(incomes, weights)
    ranks, had = curve_kinks(incomes, steps, weights)
    _, paid = curve_kinks(taxes, steps, weights)
    p = np.linspace(0.0, 1.0, points)
    return p, np.interp(p, ranks, had - paid)
