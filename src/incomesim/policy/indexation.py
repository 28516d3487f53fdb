"""How a lever's amounts in yuan move over the years: by a rate, with prices, or with incomes of the baseline."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from incomesim.policy.ground import Ground

__all__ = ["Indexation", "follows_baseline", "index_amounts"]

Indexation = Annotated[float, Field(ge=-0.5, le=1.0)] | Literal["prices", "mean_income", "median_income"]
"""Growth a year; or with the consumer prices of the scenario, or mean or median income per head in its baseline."""


def follows_baseline(indexation: Indexation) -> bool:
    """Return whether amounts move with incomes that only a pass over the baseline can tell."""
    return indexation in ("mean_income", "median_income")


def index_amounts(ground: Ground, first_year: int, indexation: Indexation) -> NDArray[np.float64]:
    """Return amounts in yuan relative to those of `first_year`, by year of the run; shape (T,), 1 until then."""
    years = np.array(ground.years)
    first = min(max(first_year, years[0]), years[-1])
    if not isinstance(indexation, str):
        return np.asarray((1.0 + indexation) ** np.maximum(years - first, 0))
    level = _level(ground, indexation)
    later = np.maximum(years, first) - years[0]
    return np.asarray(level[later] / level[first - years[0]])


def _level(ground: Ground, indexation: str) -> NDArray[np.float64]:
    """What amounts are a constant multiple of, shape (T,)."""
    if indexation == "prices":
        return ground.price_level
    known = ground.known_baseline()
    return known.mean if indexation == "mean_income" else known.median
