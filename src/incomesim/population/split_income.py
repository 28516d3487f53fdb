"""What of an observed household's income follows its rank, and what stays as it is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["LARGEST_LOSS", "LEAST_MARKET_INCOME", "Split", "split_income"]

Reals = NDArray[np.float64]
Flags = NDArray[np.bool_]

LEAST_MARKET_INCOME = 1.0
"""Yuan per head: a household with less stands in the tables with so much."""

LARGEST_LOSS = 0.5
"""Of what the other sources bring: a larger loss is carried with the transfers."""


@dataclass(frozen=True, eq=False)
class Split:
    """Yuan of the household, shape (n,): `market` and `carried` add up to disposable income.

    `market` is above 0 and follows the rank; `sources` (3, n) are the parts of it, one of them below 0 where
    the household keeps a loss, all of them 0 where it has no market income and stands with a yuan per head.
    `carried` is transfers and whatever else the household has that its rank cannot change.
    """

    market: Reals
    sources: Reals
    carried: Reals
    without_market: Flags
    large_loss: Flags


def split_income(income: Reals, persons: Reals) -> Split:
    """Divide incomes (4, n) by source; the two parts add up to them in every case.

    A loss in a source of up to half of what the others bring stays a part of market income: a negative
    share of it. A larger one would grow beyond all measure with the household's rank; it is carried with
    the transfers, as yuan. A household whose market income is below a yuan per head, and has no
    logarithm to speak of, stands with a yuan per head, and what is missing is carried too.
    """
    gains = np.maximum(income[:3], 0.0)
    gained, net = gains.sum(axis=0), income[:3].sum(axis=0)
    least = LEAST_MARKET_INCOME * persons
    without_market = gained < least
    keeps_losses = (gained - net <= LARGEST_LOSS * gained) & (net >= least)
    sources = np.where(keeps_losses, income[:3], gains)
    sources = np.where(without_market, 0.0, sources)
    market = np.where(without_market, least, sources.sum(axis=0))
    return Split(
        market=market,
        sources=sources,
        carried=np.where(keeps_losses, income[3], income[3] + (net - market)),
        without_market=without_market,
        large_loss=~keeps_losses & ~without_market,
    )
