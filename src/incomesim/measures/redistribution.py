"""What a change of incomes does to inequality: between people of different income, among equals, and by overtaking."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from incomesim.measures.columns import columns
from incomesim.measures.concentration import concentration
from incomesim.measures.inequality import gini
from incomesim.measures.ranked import UndefinedMeasure

__all__ = ["EqualTreatment", "Redistribution", "aronson_johnson_lambert", "redistribution", "reynolds_smolensky"]


@dataclass(frozen=True)
class Redistribution:
    """effect = vertical - reranking; all in points of Gini between 0 and 1."""

    gini_before: float
    gini_after: float
    concentration_after: float

    @property
    def effect(self) -> float:
        """The redistributive effect RE: Gini before less Gini after, above 0 where inequality falls."""
        return self.gini_before - self.gini_after

    @property
    def vertical(self) -> float:
        """Reynolds & Smolensky's V: the effect there would be if nobody overtook anybody."""
        return self.gini_before - self.concentration_after

    @property
    def reranking(self) -> float:
        """Atkinson & Plotnick's R: what overtaking takes from the vertical effect, never below 0."""
        return self.gini_after - self.concentration_after


def redistribution(before: ArrayLike, after: ArrayLike, weight: ArrayLike | None = None) -> Redistribution:
    """Return the redistributive effect of a change of the same people's incomes, vertical and by re-ranking.

    `before` and `after` (n,) are incomes before and after taxes, benefits or a policy. Raises UndefinedMeasure
    where a mean is not above 0. Sources: Reynolds & Smolensky (1977), Public Expenditures, Taxes, and the
    Distribution of Income; Atkinson (1980), in The Economics of Taxation; Plotnick (1981), Review of Economics and
    Statistics 63(2).
    """
    return Redistribution(gini(before, weight), gini(after, weight), concentration(after, before, weight))


def reynolds_smolensky(before: ArrayLike, after: ArrayLike, weight: ArrayLike | None = None) -> float:
    """Return the vertical effect: the Gini before less the concentration index of `after` over ranks before.

    It is t / (1 - t) times Kakwani's index where `after` is `before` less a tax of mean rate t; the Gini before
    less the Gini after is `redistribution(...).effect`. Raises UndefinedMeasure where a mean is not above 0.
    Source: Reynolds & Smolensky (1977).
    """
    return redistribution(before, after, weight).vertical


@dataclass(frozen=True)
class EqualTreatment:
    """effect = vertical - horizontal - reranking; all in points of Gini between 0 and 1."""

    vertical: float
    horizontal: float
    reranking: float

    @property
    def effect(self) -> float:
        """The redistributive effect: Gini before less Gini after."""
        return self.vertical - self.horizontal - self.reranking


def aronson_johnson_lambert(
    before: ArrayLike, after: ArrayLike, weight: ArrayLike | None = None, *, width: float
) -> EqualTreatment:
    """Return the redistributive effect split into vertical, unequal treatment of equals, and re-ranking.

    Equals are people whose incomes before lie in one band [k width, (k + 1) width), in the unit of incomes; with
    width 0 only those of the same income. Vertical: the Gini before less that of the bands' mean incomes after, which
    counts what inequality there was inside a band before. Horizontal: the Gini after inside bands, by shares of people
    times shares of income, never below 0. Re-ranking: the Gini after less the concentration index of `after` by bands
    and, inside them, by `after`. Raises UndefinedMeasure for a width below 0 or a mean that is not above 0.
    Source: Aronson, Johnson & Lambert (1994), Economic Journal 104(423); for bands van de Ven, Creedy & Lambert (2001),
    Oxford Bulletin of Economics and Statistics 63(3).
    """
    weights, old, new = columns(weight, before=before, after=after)
    if not width >= 0.0:
        raise UndefinedMeasure(f"found width {width:g}, expected 0 or more")
    bands = np.floor(old / width) if width > 0.0 else old
    _, band = np.unique(bands, return_inverse=True)
    position = np.empty(len(new))
    position[np.lexsort((new, band))] = np.arange(len(new))
    between = concentration(new, bands, weights)  # equals share, so this is the Gini of the bands' means
    ordered = concentration(new, position, weights)
    return EqualTreatment(gini(old, weights) - between, ordered - between, gini(new, weights) - ordered)
