"""Published figures that contradict each other, by how much, and what was done about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from incomesim.fields import RESIDENCES
from incomesim.population.fit import PROPORTION, WEIGHTS, FitRow
from incomesim.population.joint import share_of_means
from incomesim.published import PlaceFacts
from incomesim.scenario.model import PlacePopulation as Wanted

__all__ = ["Contradiction", "find_contradictions"]

_ROUNDING = 1e-3
"""Relative differences up to this are put down to rounding of the published figures."""

_FITTED = 0.01
"""A figure that the shape of the distribution, with all that the weights meet, misses by more is named."""


@dataclass(frozen=True)
class Contradiction:
    """A published figure, what other published figures make of it, and which of them the households follow."""

    what: str
    published: float
    implied: float
    relative_difference: float
    followed: str


def find_contradictions(wanted: Wanted, facts: PlaceFacts, fit: Iterable[FitRow]) -> tuple[Contradiction, ...]:
    """Return the contradictions between the published figures of a year, those of arithmetic first."""
    found = [*_between_totals(wanted, facts), *_between_means(wanted, facts)]
    named = [each for each in found if abs(each.relative_difference) > _ROUNDING]
    return (*named, *_with_the_shape(fit))


def _contradiction(what: str, published: float, implied: float, followed: str) -> Contradiction:
    relative = implied / published - 1.0 if published else float("inf")
    return Contradiction(what, published, implied, relative, followed)


def _between_totals(wanted: Wanted, facts: PlaceFacts) -> Iterator[Contradiction]:
    whole = facts.residents.get(facts.label)
    regions = {name: fact.value for name, fact in facts.residents.items() if name != facts.label}
    simulated = {region.label for region in wanted.regions.values()}
    if whole is not None and regions and simulated == set(regions):
        yield _contradiction(
            f"residents of {facts.label}: the regions add up to another number", whole.value, sum(regions.values()),
            "the regions",
        )  # fmt: skip
    left_out = [name for name in regions if name not in simulated]
    if left_out and facts.label not in simulated:
        here = sum(value for name, value in regions.items() if name in simulated)
        yield _contradiction(
            f"residents of {facts.label}: the scenario leaves out {', '.join(left_out)}", sum(regions.values()), here,
            "the regions of the scenario, with the means, groups and age shares of the whole place",
        )  # fmt: skip
    for name in (facts.label, *regions):
        parts = [facts.residents_by_side.get((name, residence)) for residence in RESIDENCES]
        if name in facts.residents and all(parts):
            both = sum(part.value for part in parts if part)
            what = f"residents of {name}: town and country add up to another number"
            yield _contradiction(what, facts.residents[name].value, both, "the total, in their proportion")
    if facts.households is not None and whole is not None:
        yield _contradiction(
            "households: residents over persons per household, among them residents who do not live in family "
            "households",
            facts.households.value, whole.value / facts.household_size.value, "residents over persons per household",
        )  # fmt: skip


def _between_means(wanted: Wanted, facts: PlaceFacts) -> Iterator[Contradiction]:
    for residence in RESIDENCES:
        own = facts.income_by_source[residence].get(facts.year)
        if own is not None:
            yield _contradiction(
                f"{residence} income: its sources add up to another mean", facts.income[residence][facts.year].value,
                sum(fact.value for fact in own), "the mean, the sources in their proportions",
            )  # fmt: skip
    everybody = facts.income[""].get(facts.year)
    if everybody is None:
        return
    official = facts.urban_share.get(facts.year)
    implied = share_of_means(facts)
    if official is not None and implied is not None:
        followed = {"official": "the official rate", "of_means": "the means", None: "the urban shares of the regions"}
        yield _contradiction(
            "urban share: that at which the means of town and country give the mean of everybody is another one",
            official.value, implied, followed[wanted.urban_share],
        )  # fmt: skip
    regional = [(region.label, facts.income_by_region.get((region.label, ""))) for region in wanted.regions.values()]
    if all(fact for _, fact in regional):
        money = sum(facts.residents[name].value * fact.value for name, fact in regional if fact)
        yield _contradiction(
            "income per head: the means of the regions, weighted with their residents, give another one",
            everybody.value, money / sum(facts.residents[name].value for name, _ in regional),
            "the means of town and country, regions in their proportions",
        )  # fmt: skip


def _with_the_shape(fit: Iterable[FitRow]) -> Iterator[Contradiction]:
    """What households that meet the other figures miss although it was aimed at or follows from them."""
    shown_already = ("urban share", "residents", "urban residents")
    for row in fit:
        if (
            row.role in (WEIGHTS, PROPORTION)
            or row.item in shown_already
            or abs(row.reached - row.target) <= _FITTED * abs(row.target)
        ):
            continue
        yield _contradiction(
            f"{row.item}, {row.area}: households that meet the figures met by weights come to another value",
            row.target, row.reached, "the figures met by weights: residents, groups, means",
        )  # fmt: skip
