"""How well a population meets the published tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from incomesim.fields import RESIDENCES, SOURCES
from incomesim.kernel.tables import MONEY_UNIT, WEIGHT_UNIT, Totals
from incomesim.measures import gini, lorenz, quantile
from incomesim.population.households import Households
from incomesim.population.income_groups import income_group
from incomesim.population.joint import axis_labels
from incomesim.population.microdata import Holdings
from incomesim.population.synthesis import Blueprint, gini_of_everybody
from incomesim.published import Distribution, Fact, PlaceFacts, count_households
from incomesim.published.shares import AXES, LARGEST_HOUSEHOLD
from incomesim.scenario.model import PlacePopulation, SurveyPopulation

__all__ = [
    "COMPARED",
    "JOINT",
    "PROPORTION",
    "SHAPE",
    "WEIGHTS",
    "FitRow",
    "compare_file_with_facts",
    "compare_with_facts",
]

_CURVE_POINTS = 1001

WEIGHTS, PROPORTION, JOINT, SHAPE, COMPARED = "weights", "proportion", "joint", "shape", "compared"


@dataclass(frozen=True)
class FitRow:
    """One published figure and what the households come to.

    `role` says how: "weights" meet it exactly, or in "proportion" to others of its kind; the "joint" table of
    households has it, from which they are drawn; the "shape" of the distribution was fitted to it; or it is only
    "compared".
    """

    item: str
    area: str
    unit: str
    role: str
    target: float
    reached: float
    source: str


def compare_with_facts(
    households: Households, blueprint: Blueprint, wanted: PlacePopulation, facts: PlaceFacts
) -> tuple[FitRow, ...]:
    """Return every published figure on synthetic households of the year beside what they come to."""
    return (
        *_compare_people(households, wanted, facts),
        *_compare_shares(households, wanted, facts),
        *_compare_incomes(households, blueprint, facts),
        *_compare_regions(households, blueprint, wanted, facts),
    )


def _compare_people(households: Households, wanted: PlacePopulation, facts: PlaceFacts) -> Iterator[FitRow]:
    persons = households.persons * households.weight
    everybody = persons.sum()
    for code, region in enumerate(wanted.regions.values()):
        fact = facts.residents[region.label]
        here = persons[households.region == code].sum()
        yield FitRow("residents", region.label, fact.unit, WEIGHTS, fact.value, float(here), fact.source)
        town = facts.residents_by_side.get((region.label, RESIDENCES[0]))
        if town is not None:
            role = COMPARED if wanted.urban_share else WEIGHTS
            here = persons[(households.region == code) & (households.residence == 0)].sum()
            yield FitRow("urban residents", region.label, town.unit, role, town.value, float(here), town.source)
    whole = facts.residents_by_side.get((facts.label, RESIDENCES[0]))
    if whole is not None and facts.label not in {region.label for region in wanted.regions.values()}:
        here = persons[households.residence == 0].sum()
        yield FitRow("urban residents", facts.label, whole.unit, COMPARED, whole.value, float(here), whole.source)
    urban = facts.urban_share.get(facts.year)
    if urban is not None:
        role = WEIGHTS if wanted.urban_share == "official" else COMPARED
        reached = persons[households.residence == 0].sum() / everybody
        yield FitRow("urban share", facts.label, urban.unit, role, urban.value, float(reached), urban.source)
    size, by_side = facts.household_size, facts.household_size_by_side
    sizes_known = any(key[-1] and not key[0] for key in facts.household_share)
    role = COMPARED if sizes_known or by_side else WEIGHTS
    reached = everybody / households.weight.sum()
    yield FitRow("persons per household", facts.label, size.unit, role, size.value, float(reached), size.source)
    for r, residence in enumerate(RESIDENCES):
        if residence in by_side:
            here, fact = households.residence == r, by_side[residence]
            reached = persons[here].sum() / households.weight[here].sum()
            role = COMPARED if sizes_known else JOINT
            yield FitRow("persons per household", residence, fact.unit, role, fact.value, float(reached), fact.source)
    for item, fact, count in (
        ("residents of 65 and over", facts.aged_65, households.elderly),
        ("residents below 15", facts.aged_0_14, households.children),
    ):
        reached = (count * households.weight).sum() / everybody
        yield FitRow(item, facts.label, fact.unit, WEIGHTS, fact.value, float(reached), fact.source)


def _compare_shares(households: Households, wanted: PlacePopulation, facts: PlaceFacts) -> Iterator[FitRow]:
    """Published shares of households, within their region and residence."""
    labels = axis_labels(wanted)
    size = np.minimum(households.persons, LARGEST_HOUSEHOLD) - 1
    band = np.searchsorted(wanted.ages.starts, households.age, side="right")
    codes = (households.region, households.residence, households.group, band, size)
    for key, fact in facts.household_share.items():
        matches = [
            code == labels[axis].index(name) if name else np.ones(len(households), np.bool_)
            for axis, name, code in zip(AXES, key, codes, strict=True)
        ]
        base, chosen = matches[0] & matches[1], np.logical_and.reduce(matches)
        reached = households.weight[chosen].sum() / households.weight[base].sum()
        area = " ".join(name for name in key if name)
        role = JOINT if key[0] else WEIGHTS
        yield FitRow("share of households", area, fact.unit, role, fact.value, float(reached), fact.source)


def _compare_incomes(households: Households, blueprint: Blueprint, facts: PlaceFacts) -> Iterator[FitRow]:
    for r, residence in enumerate(RESIDENCES):
        here = households.residence == r
        mean = facts.income[residence][facts.year]
        yield _row("income per head", residence, mean, WEIGHTS, mean.value, _mean(households, here))
        yield from _compare_sources(households, here, residence, facts)
        groups, published = blueprint.groups[r], facts.distribution[residence]
        note = "" if published.place == facts.label else f"{published.place} against its mean, times the mean of "
        member = income_group(households, here, groups.shares, groups.of_persons)
        figures = tuple(published.lorenz.values()) or published.groups
        for g, target in enumerate(groups.means):
            item = f"income per head, group {g + 1} of {len(groups.means)}"
            fact = figures[min(g, len(figures) - 1)]
            reached = _mean(households, member == g)
            yield FitRow(item, residence, mean.unit, WEIGHTS, float(target), reached, f"{note}{fact.source}")
        if published.place == facts.label:
            role = COMPARED if gini_of_everybody(facts) is not None else SHAPE
            yield from _compare_distribution(households, here, residence, published, role)
    everybody = facts.distribution.get("")
    if everybody is not None:
        all_of_them = np.ones(len(households), np.bool_)
        yield _row(
            "income per head", "all", everybody.mean, COMPARED, everybody.mean.value, _mean(households, all_of_them)
        )
        shares = np.linspace(0.0, 1.0, len(everybody.groups) + 1)
        member = income_group(households, all_of_them, shares, of_persons=False)
        for g, fact in enumerate(everybody.groups):
            item = f"income per head, group {g + 1} of {len(everybody.groups)}"
            yield _row(item, "all", fact, COMPARED, fact.value, _mean(households, member == g))
        yield from _compare_distribution(households, all_of_them, "all", everybody, SHAPE)
        p, below = lorenz(
            households.disposable() / households.persons, households.weight * households.persons, points=_CURVE_POINTS
        )
        for share, fact in everybody.lorenz.items():
            yield _row(
                f"income of the poorest {share:.0%}", "all", fact, COMPARED, fact.value, np.interp(share, p, below)
            )
        own = facts.income_by_source[""].get(facts.year)
        persons = households.persons @ households.weight
        for name, fact in zip(SOURCES, own or (), strict=False):
            reached = getattr(households, name) @ households.weight / persons
            yield _row(f"{name} income per head", "all", fact, COMPARED, fact.value, reached)


def _compare_sources(
    households: Households, here: NDArray[np.bool_], residence: str, facts: PlaceFacts
) -> Iterator[FitRow]:
    mean, shares = facts.income[residence][facts.year], facts.sources[residence]
    total = sum(fact.value for fact in shares)
    note = "" if shares == facts.income_by_source[residence].get(facts.year) else "share of the larger place in it, "
    persons = (households.persons * households.weight)[here].sum()
    for name, fact in zip(SOURCES, shares, strict=True):
        reached = (getattr(households, name) * households.weight)[here].sum() / persons
        yield _row(f"{name} income per head", residence, fact, WEIGHTS, fact.value / total * mean.value, reached, note)


def _compare_distribution(
    households: Households, here: NDArray[np.bool_], area: str, published: Distribution, role: str
) -> Iterator[FitRow]:
    """Median over households, as the National Bureau of Statistics has it, and Gini over persons."""
    income = (households.disposable() / households.persons)[here]
    weight = households.weight[here]
    if published.median is not None:
        median = quantile(income, weight, p=0.5)
        yield _row("median income per head", area, published.median, COMPARED, published.median.value, median)
    if published.gini is not None:
        reached = gini(income, weight * households.persons[here])
        yield _row("Gini coefficient", area, published.gini, role, published.gini.value, reached)


def _compare_regions(
    households: Households, blueprint: Blueprint, wanted: PlacePopulation, facts: PlaceFacts
) -> Iterator[FitRow]:
    for code, region in enumerate(wanted.regions.values()):
        for side, residence in enumerate(("", *RESIDENCES)):
            fact = facts.income_by_region.get((region.label, residence))
            here = (households.region == code) & ((side == 0) | (households.residence == side - 1))
            if fact is not None and here.any():
                area = f"{region.label} {residence}".strip()
                role = COMPARED
                if len(blueprint.region_totals):
                    role = SHAPE if residence else PROPORTION
                yield _row("income per head", area, fact, role, fact.value, _mean(households, here))


def _row(item: str, area: str, fact: Fact, role: str, target: float, reached: float, note: str = "") -> FitRow:
    return FitRow(item, area, fact.unit, role, target, float(reached), f"{note}{fact.source}")


def _mean(households: Households, chosen: NDArray[np.bool_]) -> float:
    """Income per head over the persons of the chosen households."""
    weight = households.weight[chosen]
    return float((households.disposable()[chosen] @ weight) / (households.persons[chosen] @ weight))


def compare_file_with_facts(holdings: Holdings, wanted: SurveyPopulation, facts: PlaceFacts) -> tuple[FitRow, ...]:
    """Return what the households of a file come to, beside what is published of the place.

    For information: no weight was changed to meet these figures, and what the file leaves out is left out here.
    """
    shape = (len(wanted.regions), len(RESIDENCES), -1, len(Totals))
    totals = holdings.totals.reshape(shape).sum(axis=2)
    persons = totals[..., Totals.PERSONS] * WEIGHT_UNIT
    money = totals[..., Totals.WAGE :].sum(axis=-1) * MONEY_UNIT
    size = facts.household_size
    rows = [
        FitRow("residents", region.label, fact.unit, COMPARED, fact.value, float(here), fact.source)
        for region, here in zip(wanted.regions.values(), persons.sum(axis=1), strict=True)
        if (fact := facts.residents[region.label])
    ]
    rows += [
        FitRow("households", facts.label, "households", COMPARED,
               count_households(facts, (region.label for region in wanted.regions.values())),
               holdings.households, f"residents over persons per household ({size.source})"),
        FitRow("persons per household", facts.label, size.unit, COMPARED, size.value,
               persons.sum() / holdings.households, size.source),
    ]  # fmt: skip
    for r, residence in enumerate(RESIDENCES):
        fact, living = facts.income[residence][facts.year], persons[:, r].sum()
        if living:
            reached = float(np.divide(money[:, r].sum(), living))
            rows.append(FitRow("income per head", residence, fact.unit, COMPARED, fact.value, reached, fact.source))
    return tuple(rows)
