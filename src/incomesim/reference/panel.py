"""A panel of households that change ranks by known processes."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from incomesim.reference.cells import CELLS, MOBILITY
from incomesim.reference.draws import Purpose, normals

__all__ = ["reference_panel"]

FIRST_YEAR = 2011

Reals = NDArray[np.float64]


def reference_panel(households: int = 6_000, years: int = 10) -> pd.DataFrame:
    """Return a panel for `estimate_mobility(..., by="residence")` whose processes are known.

    Columns household, year (from 2011), residence, cell, weight, income_per_head in yuan. Households are dealt out to
    the cells of the reference population in turn and stay there; their ranks in it follow `reference.MOBILITY`, by
    residence. Invented as the population is, and like it the same each time.
    """
    if households < len(CELLS) or years < 1:
        raise ValueError(f"found {households} households and {years} years, expected {len(CELLS)} and 1 or more")
    code = np.arange(households) % len(CELLS)
    rank = _ranks(np.array([cell.residence for cell in CELLS])[code], years)
    median, spread = (np.array([getattr(cell, name) for cell in CELLS])[code] for name in ("median", "spread"))
    income = median[:, None] * np.exp(spread[:, None] * rank)
    names = [f"{cell.region}-{cell.residence}-{cell.group}" for cell in CELLS]
    return pd.DataFrame(
        {
            "household": np.repeat(np.arange(1, households + 1), years),
            "year": np.tile(np.arange(FIRST_YEAR, FIRST_YEAR + years), households),
            "residence": np.repeat([CELLS[number].residence for number in code], years),
            "cell": np.repeat([names[number] for number in code], years),
            "weight": np.repeat(np.array([cell.weight for cell in CELLS])[code], years),
            "income_per_head": income.ravel(),
        }
    )


def _ranks(residence: NDArray[np.str_], years: int) -> Reals:
    """Latent ranks (households, years) as docs/method.md writes them."""
    number = len(residence)
    parameters = {name: (process.persistence, process.fixed, process.transitory) for name, process in MOBILITY.items()}
    persistence, fixed, transitory = np.array([parameters[name] for name in residence]).T
    innovation = normals(Purpose.PANEL_PERSISTENT, number * years).reshape(number, years)
    persistent = innovation.copy()
    for year in range(1, years):
        persistent[:, year] = (
            persistence * persistent[:, year - 1] + np.sqrt(1.0 - persistence**2) * innovation[:, year]
        )
    shock = normals(Purpose.PANEL_TRANSITORY, number * years).reshape(number, years)
    ranks: Reals = (
        np.sqrt(fixed) * normals(Purpose.PANEL_FIXED, number)
        + np.sqrt(1.0 - fixed - transitory) * persistent.T
        + np.sqrt(transitory) * shock.T
    ).T
    return ranks
