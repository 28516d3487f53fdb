"""The reference population, written down: invented numbers, so that its truth is known and nobody's data are in it."""

from __future__ import annotations

from dataclasses import dataclass

from incomesim.scenario.model import Process

__all__ = ["CELLS", "CLUSTERS", "CLUSTER_SHARE", "LINE", "MOBILITY", "SEED", "STRATA", "Cell"]


@dataclass(frozen=True)
class Cell:
    """A region, residence and group.

    Income per head is lognormal over its households with this `median` (yuan) and `spread` (standard deviation of the
    log). Size does not depend on income within a cell, so income per head has the same distribution over its persons.
    `size` is the mean number of persons, one plus a binomial of five. Each sampled household stands for `weight`.
    """

    region: str
    residence: str
    group: str
    median: float
    spread: float
    size: float
    weight: int

    @property
    def stratum(self) -> str:
        """The stratum of the sample that it lies in: its region and residence."""
        return f"{self.region}-{self.residence}"

    @property
    def rows(self) -> int:
        """Households in the sample."""
        return CLUSTERS * _ROWS_IN_CLUSTER[self.group]

    @property
    def households(self) -> int:
        """Households in the population."""
        return self.weight * self.rows

    @property
    def persons(self) -> float:
        """Expected persons in the population."""
        return self.households * self.size


SEED = 202_005
CLUSTERS = 20
"""Clusters in each stratum, which is a region and residence; the n-th replicate leaves out the n-th of each."""

CLUSTER_SHARE = 0.05
"""Share of the variance of log income within a cell that lies between clusters."""

LINE = 8_000.0
"""A poverty line, yuan per head."""

MOBILITY = {
    "urban": Process(persistence=0.80, fixed=0.25, transitory=0.15),
    "rural": Process(persistence=0.70, fixed=0.15, transitory=0.20),
}
"""The processes by which households of the panel change ranks within their cells."""

_ROWS_IN_CLUSTER = {"skilled": 10, "needy": 12, "other": 20}

CELLS: tuple[Cell, ...] = tuple(
    Cell(*row)
    for row in (
        # region, residence, group, median, spread, persons, households a row stands for (19 times a whole number)
        ("core", "urban", "skilled", 52_000.0, 0.45, 2.4, 19 * 8),
        ("core", "urban", "needy", 18_000.0, 0.55, 2.2, 19 * 2),
        ("core", "urban", "other", 38_000.0, 0.60, 2.5, 19 * 7),
        ("core", "rural", "skilled", 26_000.0, 0.50, 3.0, 19 * 1),
        ("core", "rural", "needy", 9_000.0, 0.60, 2.8, 19 * 1),
        ("core", "rural", "other", 18_000.0, 0.65, 3.1, 19 * 2),
        ("plain", "urban", "skilled", 44_000.0, 0.45, 2.4, 19 * 4),
        ("plain", "urban", "needy", 15_000.0, 0.55, 2.3, 19 * 1),
        ("plain", "urban", "other", 32_000.0, 0.60, 2.6, 19 * 4),
        ("plain", "rural", "skilled", 23_000.0, 0.50, 3.1, 19 * 3),
        ("plain", "rural", "needy", 8_000.0, 0.60, 2.9, 19 * 2),
        ("plain", "rural", "other", 16_000.0, 0.65, 3.2, 19 * 5),
        ("hills", "urban", "skilled", 38_000.0, 0.45, 2.6, 19 * 2),
        ("hills", "urban", "needy", 13_000.0, 0.55, 2.4, 19 * 1),
        ("hills", "urban", "other", 28_000.0, 0.60, 2.7, 19 * 2),
        ("hills", "rural", "skilled", 19_000.0, 0.50, 3.3, 19 * 2),
        ("hills", "rural", "needy", 6_500.0, 0.60, 3.1, 19 * 3),
        ("hills", "rural", "other", 12_500.0, 0.65, 3.4, 19 * 4),
    )
)
"""Weights are multiples of 19, so that those of the replicates, 20/19 as large, are whole numbers."""

STRATA = tuple(dict.fromkeys(cell.stratum for cell in CELLS))
