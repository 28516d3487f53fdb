"""What every lever has, and what it turns into."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field, fields
from typing import ClassVar, Literal, Self, Union

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, PrivateAttr, model_validator

from incomesim.fields import Assumed, Payer, Share, Text, Years
from incomesim.kernel.tables import Per
from incomesim.kernel.targeting import NOW
from incomesim.policy.budget import Budget
from incomesim.policy.ground import Ground, Target
from incomesim.policy.indexation import Indexation, follows_baseline, index_amounts

__all__ = [
    "Acceleration", "Entry", "Family", "Floor", "Gain", "Grant", "Lever", "Mechanisms", "Move", "Rate", "Reals",
    "Sentence", "Standing", "Tax", "WageFloor",
]  # fmt: skip

Reals = NDArray[np.float64]

Rate = Reals | float
"""Share of the households in the target that are served: (T, C), or anything that spreads to that shape."""

Known = Literal["this_year", "earlier", "once"]
"""Which income a lever can go by: any; that of an earlier year; that of one year before it begins."""

Entry = Union["Move", "Acceleration", "WageFloor", "Gain", "Grant", "Tax", "Floor"]
"""One change in a mechanism's tables."""

Family = Literal["floor", "lift", "expand", "finance"]
PlanList = Literal["seek_support", "reform", "major_project", "key_task"]


@dataclass(frozen=True)
class Move:
    """Changes of place: share of households that move (T, C), destination place (C,), years of assimilation."""

    rate: Reals
    destination: NDArray[np.int64]
    assimilation: int


@dataclass(frozen=True)
class Acceleration:
    """A higher level of one source (0 wage, 1 operating, 2 property, 3 transfer): factor (T, C), for a share `rate`."""

    source: int
    factor: Reals
    rate: Rate


@dataclass(frozen=True)
class WageFloor:
    """A minimum (T, C) in yuan a year for each earner of a household, to which wages are lifted for a share `rate`.

    `earners` of the members of 15 to 64 earn, at least one, all the same; a wage below `part_time` times the minimum is
    left alone.
    """

    minimum: Reals
    earners: float
    part_time: float
    rate: Rate


@dataclass(frozen=True)
class Gain:
    """A lasting gain in log points for a share `rate` (T, C) of households; `keep` is left of it a year later."""

    rate: Reals
    premium: float
    keep: float


@dataclass(frozen=True)
class Grant:
    """An amount (T, C) of yuan, of one source (as for accelerations), for each of `per` in a household.

    A share `rate` of households is served. What is `earned` is income from the market, and not paid by the lever.
    """

    source: int
    per: Per
    amount: Reals
    rate: Rate
    earned: bool


@dataclass(frozen=True)
class Tax:
    """A tax that is taken from one source (as for accelerations); where it is below 0, a relief.

    The base is `part` (4,) of each source, divided evenly among the taxpayers of a household, who are counted by `per`.
    Each pays the sum over brackets of `step` times what lies above `threshold`, both (T, brackets); `force` (T, C) is
    the share of it that is at work. Of those above a threshold wage and operating income change by `effort` more,
    shares of them (T, brackets, 2); `beyond` (T, brackets) is 1 where their rate leaves the range in which that is
    known, and -1 where it is back.
    """

    source: int
    part: tuple[float, float, float, float]
    per: Per
    force: Reals
    threshold: Reals
    step: Reals
    effort: Reals | float = 0.0
    beyond: Reals | float = 0.0

    @property
    def rate(self) -> float:
        """Everybody is taxed."""
        return 1.0


@dataclass(frozen=True)
class Floor:
    """A top-up to a line (T, C) in yuan per head, which a share `rate` of those below it claims.

    Who is above the line, and served by error, gets `mistaken` (T,) yuan per head. Wage and operating income of those
    below it change by `effort`, a share of them; `beyond` says whether withdrawal is outside the range in which that is
    known.
    """

    line: Reals
    withdrawal: float
    rate: Rate
    mistaken: Reals | float = 0.0
    effort: float = 0.0
    beyond: bool = False


@dataclass(frozen=True)
class Mechanisms:
    """What a lever changes in the yearly step; the kernel knows nothing else of it.

    `services` are given in kind: grants that count in extended income only, and stand alone.
    """

    moves: tuple[Move, ...] = ()
    accelerations: tuple[Acceleration, ...] = ()
    wage_floors: tuple[WageFloor, ...] = ()
    gains: tuple[Gain, ...] = ()
    grants: tuple[Grant, ...] = ()
    taxes: tuple[Tax, ...] = ()
    floors: tuple[Floor, ...] = ()
    services: tuple[Grant, ...] = ()

    def __post_init__(self) -> None:
        """A lever in kind is at work in the scenario `extended` only, and so must change no disposable income."""
        if self.services and len(self.entries()) > len(self.services):
            raise ValueError("found services beside other mechanisms, expected either; write two levers")

    def entries(self) -> tuple[Entry, ...]:
        """Return all of them, one kind after the other."""
        return tuple(entry for kind in fields(self) for entry in getattr(self, kind.name))


@dataclass(frozen=True)
class Sentence:
    """A lever in one plain sentence, English and Chinese."""

    english: str
    chinese: str = field(default="")


@dataclass(frozen=True)
class Standing:
    """Where a lever stands in a file, lines and columns counted from 1, 0 where it stands in none.

    It is no part of what a lever is, so all are equal.
    """

    file: str = field(default="scenario", compare=False)
    line: int = field(default=0, compare=False)
    column: int = field(default=0, compare=False)


class Lever(Assumed, ABC):
    """One policy measure. Subclasses add their numbers and say how they become mechanisms."""

    default_family: ClassVar[Family]

    one_each: ClassVar[bool] = False
    """Whether a household can be in one measure of the kind only."""

    goes_by: ClassVar[Known] = "this_year"
    """Moves come before the income of the year is known; who grows faster must be the same from year to year."""

    capped: ClassVar[bool] = True
    """Whether it can have a budget: a law holds for all alike."""

    lever: str
    name: Text = Field(description="name of this measure, unique in the scenario")
    family: Family | None = Field(None, description="floor 消底, lift 提低, expand 扩中 or finance")
    years: Years = Field(description="first and last year, such as 2022..2025")
    phase_in: int = Field(1, ge=1, le=50, description="years until it works in full, rising evenly")
    target: Target = Field(Target(), description="whom it is for")
    indexation: Indexation = Field(
        0.0,
        description="its amounts in yuan grow by this rate a year, or with consumer prices: `prices`, "
        "or with income per head of everybody in the baseline: `mean_income`, `median_income`",
    )
    inclusion_error: Share = Field(
        0.0, description="share of households in its cells, but not in its target, that are served all the same"
    )
    budget: Budget | None = Field(None, description="yuan a year that it may not pass, and whom it serves first")
    funded_by: Payer | None = Field(
        None, description="who pays: county, city, upper_level, enterprise, ...; of a tax, whose purse it goes to"
    )
    list: PlanList | None = Field(None, description="which of the four lists (四张清单) it stands in")
    lead: Text | None = Field(None, description="lead unit (牵头单位)")
    sample: Text | None = Field(None, description="municipal sample (市域样本) it serves")

    _stands: Standing = PrivateAttr(Standing())

    @model_validator(mode="after")
    def _can_tell_who_is_in_it(self) -> Self:
        measured, by_income = self.target.measured, self.goes_by_income
        if not by_income and measured != "this_year":
            raise ValueError(
                f"found target.measured {measured}, but neither target.ceiling nor a budget with the order "
                "poorest_first asks for income"
            )
        if by_income and self.goes_by == "earlier" and measured == "this_year":
            raise ValueError(
                "found a lever that moves households and goes by income: they move before the income of the year is "
                "known; say target.measured: last_year, or a year before the lever begins"
            )
        if by_income and self.goes_by == "once" and not isinstance(measured, int):
            raise ValueError(
                "found a lever that goes by income, but who takes part must be the same from year to year; say "
                "target.measured: a year before the lever begins"
            )
        if isinstance(measured, int) and measured >= self.years[0]:
            raise ValueError(
                f"found target.measured {measured}, expected a year before {self.years[0]}, when it begins"
            )
        if self.inclusion_error > 0.0 and not self.leaves_out:
            raise ValueError("found inclusion_error, but the target leaves nobody in its cells out")
        if self.budget is not None and not self.capped:
            raise ValueError(
                "found a budget, but this lever is a law, which holds for all alike: nobody is turned away"
            )
        return self

    @property
    def leaves_out(self) -> bool:
        """Whether some households of its cells are not entitled."""
        return self.target.selects

    @property
    def goes_by_income(self) -> bool:
        """Whether somebody must know the income of a household before it is served."""
        first_come = self.budget is not None and self.budget.order == "poorest_first"
        return self.target.ceiling is not None or first_come

    @abstractmethod
    def compile(self, ground: Ground) -> Mechanisms:
        """Return the changes in the mechanisms' tables."""

    @abstractmethod
    def delivery(self, households: float, received: float) -> float:
        """Return what the lever costs, beyond what households receive, also in kind, for so many reached in a year.

        All in yuan at the level of the lever's first year: `received` is given so, and the sum is indexed afterwards.
        It adds up: what two parts of the households cost together is the sum of what each costs, for the ledger asks
        it by region and group. So it is a constant times `households` plus a constant times `received`.
        """

    @abstractmethod
    def sentence(self) -> Sentence:
        """Return what it does, in words for the report."""

    @property
    def serves(self) -> Family:
        """The family it belongs to."""
        return self.family or self.default_family

    def ceiling(self, ground: Ground) -> Reals:
        """Return the ceiling of its target in yuan of the year in which income is measured, (T,); inf without one."""
        limit = np.inf if self.target.ceiling is None else self.target.ceiling
        years = np.maximum(self.measured(ground), 0)
        now = np.arange(len(ground.years))
        return np.asarray(limit * ground.price_level[np.where(self.measured(ground) == NOW, now, years)])

    def measured(self, ground: Ground) -> NDArray[np.int64]:
        """Return the number of the year whose income counts, by year of the run, or NOW; (T,)."""
        years = np.arange(len(ground.years))
        if self.target.measured == "this_year":
            return np.full(len(years), NOW)
        if self.target.measured == "last_year":
            return np.asarray(np.maximum(years - 1, 0))
        return np.full(len(years), self.target.measured - ground.years[0])

    @property
    def stands(self) -> Standing:
        """Where it was read."""
        return self._stands

    def stand_at(self, file: str, line: int, column: int) -> None:
        """Note where it was read, for warnings that come later."""
        self._stands = Standing(file, line, column)

    @property
    def needs_baseline(self) -> bool:
        """Whether `compile` and `amounts` take incomes of the baseline, which a pass of their own finds beforehand."""
        return follows_baseline(self.indexation)

    def intensity(self, ground: Ground) -> Reals:
        """Return how much of it is at work in each year and cell, shape (T, C)."""
        by_year = ground.intensity(self.years, self.phase_in)
        return by_year[:, None] * ground.members(self.target)[None, :]

    def amounts(self, ground: Ground) -> Reals:
        """Return its amounts in yuan relative to those of its first year, shape (T,)."""
        return index_amounts(ground, self.years[0], self.indexation)
