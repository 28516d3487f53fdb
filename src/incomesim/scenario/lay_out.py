"""The years and cells of a scenario, known before its households are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from incomesim.policy import BaselineIncomes, Ground

if TYPE_CHECKING:
    from incomesim.scenario.model import Scenario

__all__ = ["lay_out"]


def lay_out(scenario: Scenario) -> Ground:
    """Return what levers compile on to tell where they act and by which mechanisms.

    Prices and incomes of the baseline, which are not known here, just rise.
    """
    population, rising = scenario.population, np.asarray(1.01 ** np.arange(len(scenario.years)))
    return Ground(
        years=scenario.years,
        regions=tuple(population.regions),
        groups=tuple(population.groups),
        band_starts=tuple(population.ages.starts),
        price_level=rising,
        baseline=BaselineIncomes(rising, rising),
    )
