"""What every lever has, and what it turns into."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field, fields
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from incomesim.fields import Assumed, Name, Text, Years
from incomesim.kernel.tables import Per
from incomesim.policy.ground import Ground, Target
from incomesim.policy.indexation import Indexation, index_amounts

__all__ = [
    "Acceleration", "Family", "Floor", "Gain", "Grant", "Lever", "Mechanisms", "Move", "Reals", "Sentence", "Tax",
]  # fmt: skip

Reals = NDArray[np.float64]
Family = Literal["floor", "lift", "expand", "finance"]
PlanList = Literal["seek_support", "reform", "major_project", "key_task"]


@dataclass(frozen=True)
class Move:
    """Changes of place: probability (T, C), destination place (C,), years of assimilation."""

    probability: Reals
    destination: NDArray[np.int64]
    assimilation: int


@dataclass(frozen=True)
class Acceleration:
    """A higher level of one source (0 wage, 1 operating, 2 property, 3 transfer): factor (T, C)."""

    source: int
    factor: Reals
    coverage: float


@dataclass(frozen=True)
class Gain:
    """A lasting gain in log points: rate of treatment (T, C), ceiling (T,) in yuan per head."""

    rate: Reals
    ceiling: Reals
    premium: float
    keep: float


@dataclass(frozen=True)
class Grant:
    """An amount (T, C) of yuan, of one source (as for accelerations), for each of `per` in a household.

    Served are a share `take_up` (T,) of the households that have up to `ceiling` (T,) yuan per head before this
    year's levers, and a share `inclusion` (T,) of the others. What is `earned` is income from the market, and not
    paid by the lever.
    """

    source: int
    per: Per
    amount: NDArray[np.float64]
    ceiling: NDArray[np.float64]
    take_up: NDArray[np.float64]
    inclusion: NDArray[np.float64]
    earned: bool


@dataclass(frozen=True)
class Tax:
    """A tax that is taken from one source (as for accelerations); where it is below 0, a relief.

    The base is `part` (4,) of each source, divided evenly among the taxpayers of a household, who are counted by `per`.
    Each pays the sum over brackets of `step` times what lies above `threshold`, both (T, brackets); `force` (T, C) is
    the share of it that is at work.
    """

    source: int
    part: tuple[float, float, float, float]
    per: Per
    force: NDArray[np.float64]
    threshold: NDArray[np.float64]
    step: NDArray[np.float64]


@dataclass(frozen=True)
class Floor:
    """A top-up to a line (T, C) in yuan per head."""

    line: Reals
    withdrawal: float
    take_up: float


@dataclass(frozen=True)
class Mechanisms:
    """What a lever changes in the yearly step; the kernel knows nothing else of it."""

    moves: tuple[Move, ...] = ()
    accelerations: tuple[Acceleration, ...] = ()
    gains: tuple[Gain, ...] = ()
    grants: tuple[Grant, ...] = ()
    taxes: tuple[Tax, ...] = ()
    floors: tuple[Floor, ...] = ()

    def entries(self) -> tuple[object, ...]:
        """Return all of them, one kind after the other."""
        return tuple(entry for kind in fields(self) for entry in getattr(self, kind.name))


@dataclass(frozen=True)
class Sentence:
    """A lever in one plain sentence, English and Chinese."""

    english: str
    chinese: str = field(default="")


class Lever(Assumed, ABC):
    """One policy measure. Subclasses add their numbers and say how they become mechanisms."""

    default_family: ClassVar[Family]

    lever: str
    name: Text = Field(description="name of this measure, unique in the scenario")
    family: Family | None = Field(None, description="floor 消底, lift 提低, expand 扩中 or finance")
    years: Years = Field(description="first and last year, such as 2022..2025")
    phase_in: int = Field(1, ge=1, le=50, description="years until it works in full, rising evenly")
    target: Target = Field(Target(), description="whom it is for")
    indexation: Indexation = Field(
        0.0, description="its amounts in yuan grow by this rate a year, or with consumer prices: `prices`"
    )
    funded_by: Name | None = Field(None, description="who pays: county, city, upper_level, enterprise, ...")
    list: PlanList | None = Field(None, description="which of the four lists (四张清单) it stands in")
    lead: Text | None = Field(None, description="lead unit (牵头单位)")
    sample: Text | None = Field(None, description="municipal sample (市域样本) it serves")

    @abstractmethod
    def compile(self, ground: Ground) -> Mechanisms:
        """Return the changes in the mechanisms' tables."""

    @abstractmethod
    def delivery(self, households: float, received: float) -> float:
        """Return what the lever costs, beyond the cash that households receive, for so many reached in a year.

        All in yuan at the level of the lever's first year: `received` is given so, and the sum is indexed afterwards.
        """

    @abstractmethod
    def sentence(self) -> Sentence:
        """Return what it does, in words for the report."""

    @property
    def serves(self) -> Family:
        """The family it belongs to."""
        return self.family or self.default_family

    def intensity(self, ground: Ground) -> Reals:
        """Return how much of it is at work in each year and cell, shape (T, C)."""
        by_year = ground.intensity(self.years, self.phase_in)
        return by_year[:, None] * ground.members(self.target)[None, :]

    def amounts(self, ground: Ground) -> Reals:
        """Return its amounts in yuan relative to those of its first year, shape (T,)."""
        return index_amounts(ground, self.years[0], self.indexation)
