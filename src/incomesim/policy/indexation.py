"""How a lever's amounts in yuan move over the years: by a rate, or with prices."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from incomesim.policy.ground import Ground

__all__ = ["Indexation", "index_amounts"]

Indexation = Annotated[float, Field(ge=-0.5, le=1.0)] | Literal["prices"]
"""Growth a year, or with the consumer prices of the scenario."""


def index_amounts(ground: Ground, first_year: int, indexation: Indexation) -> NDArray[np.float64]:
    """Return amounts in yuan relative to those of `first_year`, by year of the run; shape (T,), 1 until then."""
    years = np.array(ground.years)
    first = min(max(first_year, years[0]), years[-1])
    if indexation == "prices":
        later = np.maximum(years, first) - years[0]
        return np.asarray(ground.price_level[later] / ground.price_level[first - years[0]])
    return np.asarray((1.0 + indexation) ** np.maximum(years - first, 0))
