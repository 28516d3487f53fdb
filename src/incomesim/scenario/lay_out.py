"""The years and cells of a scenario, known before its households are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from incomesim.policy import Ground

if TYPE_CHECKING:
    from incomesim.scenario.model import Scenario

__all__ = ["lay_out"]


def lay_out(scenario: Scenario) -> Ground:
    """Return what levers compile on to tell where they act and by which mechanisms; prices stay what they are."""
    population = scenario.population
    return Ground(
        years=scenario.years,
        regions=tuple(population.regions),
        groups=tuple(population.groups),
        band_starts=tuple(population.ages.starts),
        price_level=np.ones(len(scenario.years)),
    )
