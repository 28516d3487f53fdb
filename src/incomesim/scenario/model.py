"""What a scenario file may say: the whole vocabulary, with ranges and units.

Everything that is not published carries a `reason`; `incomesim.scenario.assumptions` collects them.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Discriminator, Field, PrivateAttr, Tag

from incomesim.errors import InvalidInput, Problem
from incomesim.fields import Assumed, Model, Name, PlaceTables, Share, Text, Years
from incomesim.policy import AnyLever, Lever
from incomesim.scenario.lay_out import lay_out
from incomesim.scenario.lever_checks import check_levers
from incomesim.scenario.lever_conflicts import find_conflicts
from incomesim.scenario.lever_doubts import find_doubts
from incomesim.scenario.plain_data import Finding
from incomesim.scenario.survey import SurveyPopulation
from incomesim.scenario.text import dotted

__all__ = [
    "OLDEST",
    "YOUNGEST",
    "Ageing",
    "Ages",
    "ByResidence",
    "Composition",
    "Group",
    "Growth",
    "Household",
    "Mobility",
    "PlacePopulation",
    "Population",
    "PovertyLine",
    "Price",
    "Process",
    "Region",
    "Renewal",
    "Scenario",
    "SurveyPopulation",
    "Urbanising",
]


YOUNGEST, OLDEST = 22, 84
"""Ages of the youngest head, and of the oldest in the first year, where a scenario says nothing."""


class ByResidence(Model):
    """One positive number for town and one for the country."""

    urban: float = Field(gt=0.0, le=1000.0)
    rural: float = Field(gt=0.0, le=1000.0)


class SharesByResidence(Model):
    """One share of households for town and one for the country."""

    urban: Share
    rural: Share


class Composition(Model):
    """Weight of each market source in a group, relative to the average of the residence."""

    wage: float = Field(1.0, gt=0.0, le=100.0)
    operating: float = Field(1.0, gt=0.0, le=100.0)
    property: float = Field(1.0, gt=0.0, le=100.0)


class Region(Assumed):
    """A county: its name in the published tables, and what is assumed of it."""

    label: Text = Field(description="name of the area in the published tables")
    urban_share: Share | None = Field(
        None,
        description="share of its residents who live in town, where it is not published; may be left out where the "
        "place takes a published `urban_share`",
    )
    income: ByResidence = Field(
        ByResidence(urban=1.0, rural=1.0),
        description="income per head against otherwise equal households elsewhere in the place",
    )


class Group(Assumed):
    """A key group of households (重点群体)."""

    label: Text = Field(description="its name in the plan")
    share: SharesByResidence | None = Field(None, description="share of households, where not published")
    concentration: dict[Name, float] = Field(
        default={}, description="by region: share relative to the average of the place, 1 where left out"
    )
    income: ByResidence = Field(description="income per head against otherwise equal households")
    sources: Composition = Field(Composition(), description="weight of the market sources")


class Ages(Assumed):
    """Ages of household heads, in bands that begin at `starts`; lists have one number for each band."""

    starts: list[int] = Field(description="age at which the second, third, ... band begins", min_length=1, max_length=6)
    youngest: int = Field(YOUNGEST, ge=16, le=40, description="youngest head")
    oldest: int = Field(OLDEST, ge=60, le=110, description="oldest head in the first year")
    urban: list[float] | None = Field(None, description="share of urban heads in each band, where not published")
    rural: list[float] | None = Field(None, description="share of rural heads in each band, where not published")
    income: list[float] = Field(description="income per head against the other bands")
    transfers: list[float] = Field(description="transfers per head against the other bands")
    size: list[float] = Field(description="persons per household against the other bands")
    wages: list[float] = Field(description="weight of wages in market income against the other bands")


class Household(Assumed):
    """Size and make-up of households, beyond the published average size."""

    rural_to_urban_size: float = Field(gt=0.2, le=5.0, description="mean rural size over mean urban size")
    elderly_couples: Share = Field(description="share of heads of 65 and over, not alone, whose spouse is too")
    transfer_spread: float = Field(
        ge=0.0, le=2.0, description="standard deviation of log transfers per head within a cell"
    )


class PlacePopulation(Model):
    """Households that are built from the published tables of a place."""

    told_by: ClassVar[str] = "place"

    place: PlaceTables
    households: Annotated[int, Field(ge=1, le=2_000_000_000)] | Literal["all"] = Field(
        "all", description='number of simulated households; "all" means one row per real household'
    )
    urban_share: Literal["official", "of_means"] | None = Field(
        None,
        description="urban share of the place: the official rate, or the one at which the means of town and country "
        "give that of everybody; left out: as the shares of the regions come to",
    )
    regions: dict[Name, Region] = Field(min_length=1, max_length=1000)
    groups: dict[Name, Group] = Field(min_length=1, max_length=100)
    ages: Ages
    household: Household


def _tell_population(value: Any) -> str | None:
    """Which kind is meant; a survey may have a place too."""
    for kind in (SurveyPopulation, PlacePopulation):
        if isinstance(value, kind) or (isinstance(value, dict) and kind.told_by in value):
            return kind.__name__
    return None


Population = Annotated[
    Annotated[SurveyPopulation, Tag("SurveyPopulation")] | Annotated[PlacePopulation, Tag("PlacePopulation")],
    Discriminator(
        _tell_population,
        custom_error_type="kind_not_told",
        custom_error_message="the key `place` (households built from published tables) or the key "
        "`microdata` (households of a file)",
    ),
]
"""Which households are simulated."""


class Process(Model):
    """Shares of the variance of the latent rank, and how long the persistent part lasts."""

    persistence: float = Field(ge=0.0, lt=1.0, description="correlation of the persistent part over a year")
    fixed: Share = Field(description="share that never changes")
    transitory: Share = Field(description="share that is new every year; the rest is persistent")


class Mobility(Assumed):
    """How households change places in the distribution."""

    urban: Process
    rural: Process


class Urbanising(Assumed):
    """Moves to town that happen without any policy."""

    rate: Share | None = Field(
        None, description="share of rural households a year, where no urban share is given for it or a later year"
    )
    assimilation: int = Field(ge=1, le=40, description="years until the income of the town is reached")


class Hazard(Model):
    """From this age of the head on, this share of households dissolves a year."""

    age: int = Field(ge=16, le=120)
    rate: Share


class Renewal(Assumed):
    """Households that dissolve and are replaced by young ones."""

    hazards: list[Hazard] = Field(min_length=1, max_length=20)
    youngest: int = Field(ge=16, le=60, description="lowest age of a new head")
    oldest: int = Field(ge=16, le=60, description="highest age of a new head")
    inheritance: float = Field(
        ge=0.0, lt=1.0, description="correlation of the latent rank with that of the predecessor"
    )


class Growth(Assumed):
    """Growth of income per head in a year that is not published."""

    year: int = Field(ge=1950, le=2150)
    urban: float = Field(ge=-0.5, le=1.0, description="growth over the year before")
    rural: float = Field(ge=-0.5, le=1.0, description="growth over the year before")


class Ageing(Assumed):
    """Totals of the population in a year for which they are not published; at least one of them.

    Between given years they lie on a straight line from the population of the first year on; after the last they stay.
    """

    year: int = Field(ge=1950, le=2150)
    residents: float | None = Field(None, gt=0.0, le=1e10, description="persons, in proportion to the first year")
    urban_share: float | None = Field(None, gt=0.0, lt=1.0, description="share of residents who live in town")
    aged_65: float | None = Field(None, gt=0.0, lt=1.0, description="share of residents of 65 and over")
    aged_0_14: float | None = Field(None, gt=0.0, lt=1.0, description="share of residents below 15")


class Price(Assumed):
    """Consumer price inflation of a year."""

    year: int = Field(ge=1950, le=2150)
    inflation: float = Field(ge=-0.5, le=1.0, description="consumer prices over the year before")


class PovertyLine(Assumed):
    """A fixed line in yuan per head; the first one tells poor from not poor in the ledger."""

    name: Name
    label: Text
    value: float = Field(gt=0.0, le=1e7, description="yuan per head and year")
    year: int = Field(ge=1950, le=2150, description="year whose prices it is in")


class Scenario(Model):
    """One scenario: a place, how it changes, and a package of policies."""

    incomesim: Literal[1] = Field(description="version of this format")
    title: Text
    seed: int = Field(ge=0, le=2**63 - 1, description="key of all random draws")
    years: Years = Field(description="first and last year; the first is the year of the population")
    population: Population
    mobility: Mobility
    urbanisation: Urbanising
    renewal: Renewal
    growth: list[Growth] = Field(default=[], max_length=200)
    ageing: list[Ageing] = Field(default=[], max_length=200)
    prices: list[Price] = Field(default=[], max_length=200)
    poverty_lines: list[PovertyLine] = Field(min_length=1, max_length=20)
    policy: list[AnyLever] = Field(default=[], max_length=200)

    _files: dict[str, str] = PrivateAttr(default={})

    @property
    def files(self) -> Mapping[str, str]:
        """The SHA-256 of each file that it was read from, by its path from the folder of the first."""
        return self._files

    @property
    def needs_baseline(self) -> bool:
        """Whether any lever follows incomes of the baseline, which a pass of their own finds before the run."""
        return any(lever.needs_baseline for lever in self.policy)

    def with_levers(self, levers: Sequence[Lever]) -> Scenario:
        """Return the scenario with these levers as its policy, in place of its own; they may be of your own making.

        `[*scenario.policy, mine]` adds one. Raises InvalidInput where levers do not fit the scenario or each other; one
        that is probably not meant as it stands is a `LeverWarning`, for instance an `IdleLever`.
        """
        for lever in levers:
            if not isinstance(lever, Lever):
                raise TypeError(
                    f"found {type(lever).__name__}, expected levers, which derive from incomesim.policy.Lever"
                )
        data = {"policy": [lever.model_dump(mode="json") for lever in levers]}
        starts = list(self.population.ages.starts)
        found = check_levers(data, list(self.population.regions), list(self.population.groups), starts, self.years)
        _refuse(found)
        scenario = self.model_copy(update={"policy": list(levers)})
        ground = lay_out(scenario)
        _refuse(find_conflicts(scenario, ground))
        for kind, path, message in find_doubts(scenario, ground):
            warnings.warn(f"{dotted(path)}: {message}", kind, stacklevel=2)
        return scenario


def _refuse(found: Iterable[Finding]) -> None:
    problems = [Problem("with_levers", 0, 0, dotted(path), message) for path, message, *_ in found]
    if problems:
        raise InvalidInput(problems)
