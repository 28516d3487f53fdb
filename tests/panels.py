"""Panels of households that change ranks by a known process, in plain NumPy."""

from __future__ import annotations

import numpy as np
import pandas as pd


def draw_ranks(generator, households, years, persistence, fixed, transitory):
    """Latent ranks (households, years) as docs/method.md writes them."""
    z = np.empty((households, years))
    z[:, 0] = generator.standard_normal(households)
    for t in range(1, years):
        innovation = generator.standard_normal(households)
        z[:, t] = persistence * z[:, t - 1] + np.sqrt(1.0 - persistence**2) * innovation
    a = generator.standard_normal((households, 1))
    e = generator.standard_normal((households, years))
    return np.sqrt(fixed) * a + np.sqrt(1.0 - fixed - transitory) * z + np.sqrt(transitory) * e


def panel_of(ranks, first_year=2011):
    """A frame with lognormal incomes for ranks (households, years)."""
    households, years = ranks.shape
    return pd.DataFrame(
        {
            "household": np.repeat(np.arange(households), years),
            "year": np.tile(np.arange(first_year, first_year + years), households),
            "income_per_head": np.exp(9.5 + 0.7 * ranks).ravel(),
        }
    )
