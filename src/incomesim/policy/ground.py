"""What a policy is laid out on: the years and cells of a run, and who a target means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from incomesim.fields import FIRST_YEAR, LAST_YEAR, RESIDENCES, Model, Name, Yuan

__all__ = ["BaselineIncomes", "Ground", "Measured", "Target"]

Measured = Literal["this_year", "last_year"] | Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR)]
"""The year whose income per head tells who is poor enough."""


class Target(Model):
    """Whom a lever is for; what is left out means everybody. A household must be in all that is named."""

    regions: list[Name] = Field(default=[], description="names of regions")
    residence: Name | None = Field(None, description="urban or rural")
    groups: list[Name] = Field(default=[], description="names of groups")
    ages: list[int] = Field(
        default=[],
        description="lowest and highest age of the head; whole age bands",
        max_length=2,
    )
    with_members: list[Literal["elderly", "children"]] = Field(
        default=[], description="only households with a person of 65 and over, with a child below 15"
    )
    ceiling: Yuan | None = Field(
        None, description="yuan per head and year, prices of the first year; richer households are left out"
    )
    measured: Measured = Field(
        "this_year",
        description="whose income counts: this_year (before this year's levers), last_year, or a year of the run",
    )

    @property
    def selects(self) -> bool:
        """Whether it leaves out some households of its cells."""
        return bool(self.with_members) or self.ceiling is not None


@dataclass(frozen=True, eq=False)
class BaselineIncomes:
    """Disposable income per head of everybody in the baseline, by year, yuan: mean and median, each of shape (T,)."""

    mean: NDArray[np.float64]
    median: NDArray[np.float64]


@dataclass(frozen=True)
class Ground:
    """Years and cells of a run.

    `price_level` has shape (T,), 1 in the first year. Cells are numbered region, residence, group,
    age band, the last running fastest. `baseline` is found by a pass over the baseline, where a lever needs it.
    """

    years: range
    regions: tuple[str, ...]
    groups: tuple[str, ...]
    band_starts: tuple[int, ...]
    price_level: NDArray[np.float64]
    baseline: BaselineIncomes | None = None

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """Numbers of regions, residences, groups and age bands."""
        return len(self.regions), len(RESIDENCES), len(self.groups), len(self.band_starts) + 1

    @property
    def cells(self) -> int:
        """Number of cells."""
        return int(np.prod(self.shape))

    @property
    def strata(self) -> int:
        """Number of strata, residence x age band: the level at which totals of the population are met."""
        return len(RESIDENCES) * (len(self.band_starts) + 1)

    @property
    def stratum(self) -> NDArray[np.int64]:
        """The stratum of each cell, shape (C,); the age band runs faster than the residence."""
        _, residence, _, band = np.indices(self.shape)
        numbers: NDArray[np.int64] = (residence * (len(self.band_starts) + 1) + band).ravel()
        return numbers

    def known_baseline(self) -> BaselineIncomes:
        """Return the incomes of the baseline. Raises ValueError where nobody has found them."""
        if self.baseline is None:
            raise ValueError("the incomes of the baseline are not known here; a lever that takes them `needs_baseline`")
        return self.baseline

    def members(self, target: Target) -> NDArray[np.bool_]:
        """Return which cells a target takes in, shape (C,)."""
        region, residence, group, band = np.indices(self.shape)
        chosen = np.ones(self.shape, np.bool_)
        if target.regions:
            chosen &= np.isin(region, [self.regions.index(name) for name in target.regions])
        if target.residence is not None:
            chosen &= residence == RESIDENCES.index(target.residence)
        if target.groups:
            chosen &= np.isin(group, [self.groups.index(name) for name in target.groups])
        if target.ages:
            lowest, highest = self.band_range(target.ages)
            chosen &= (band >= lowest) & (band <= highest)
        return chosen.ravel()

    def band_range(self, ages: list[int]) -> tuple[int, int]:
        """Return the first and last age band of an interval of ages."""
        starts = (0, *self.band_starts)
        ends = (*(start - 1 for start in self.band_starts), 120)
        return starts.index(ages[0]), ends.index(ages[1])

    def intensity(self, years: range, phase_in: int) -> NDArray[np.float64]:
        """Return how much of a lever is at work in each year: 0 outside, rising evenly to 1; shape (T,)."""
        return np.array([min(1.0, (year - years[0] + 1) / phase_in) if year in years else 0.0 for year in self.years])

    def replace_residence(self, residence: str) -> NDArray[np.int64]:
        """Return for each cell the place in the same region and group, in town or country; shape (C,)."""
        region, _, group, _ = np.indices(self.shape)
        return self._place(region, np.full(self.shape, RESIDENCES.index(residence)), group)

    def replace_group(self, name: str) -> NDArray[np.int64]:
        """Return for each cell the place in the same region and residence, in another group; shape (C,)."""
        region, residence, _, _ = np.indices(self.shape)
        return self._place(region, residence, np.full(self.shape, self.groups.index(name)))

    def _place(
        self, region: NDArray[np.int64], residence: NDArray[np.int64], group: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        places: NDArray[np.int64] = ((region * len(RESIDENCES) + residence) * len(self.groups) + group).ravel()
        return places
