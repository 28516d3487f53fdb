"""How well a population meets the published tables."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from incomesim.fields import RESIDENCES
from incomesim.kernel.tables import MONEY_UNIT, WEIGHT_UNIT, Totals
from incomesim.population.draw import income_group, real_households
from incomesim.population.households import Households
from incomesim.population.microdata import Holdings
from incomesim.published import Fact, PlaceFacts
from incomesim.scenario.model import PlacePopulation, SurveyPopulation

__all__ = ["FitRow", "compare_file_with_facts", "compare_with_facts"]


@dataclass(frozen=True)
class FitRow:
    """One published figure and what the households come to."""

    item: str
    area: str
    unit: str
    target: float
    reached: float
    source: str


def compare_with_facts(households: Households, wanted: PlacePopulation, facts: PlaceFacts) -> tuple[FitRow, ...]:
    """Return every published figure that synthetic households were built on, beside what they come to."""
    persons = households.persons * households.weight
    income = households.disposable() * households.weight
    rows: list[FitRow] = []

    def add(item: str, area: str, fact: Fact, target: float, reached: float, note: str = "") -> None:
        source = f"{note} {fact.source}".strip()
        rows.append(FitRow(item, area, fact.unit, target, float(reached), source))

    for code, region in enumerate(wanted.regions.values()):
        fact = facts.residents[region.label]
        add("residents", region.label, fact, fact.value, persons[households.region == code].sum())
    everybody = persons.sum()
    size = facts.household_size
    add("persons per household", facts.place, size, size.value, everybody / households.weight.sum())
    for item, fact, count in (
        ("residents of 65 and over", facts.aged_65, households.elderly),
        ("residents below 15", facts.aged_0_14, households.children),
    ):
        add(item, facts.place, fact, fact.value, (count * households.weight).sum() / everybody)
    for r, residence in enumerate(RESIDENCES):
        here = households.residence == r
        mean = facts.income[residence][facts.year]
        add("income per head", residence, mean, mean.value, income[here].sum() / persons[here].sum())
        shares = facts.sources[residence]
        total = sum(fact.value for fact in shares)
        for name, fact in zip(("wage", "operating", "property", "transfer"), shares, strict=True):
            reached = (getattr(households, name) * households.weight)[here].sum() / persons[here].sum()
            add(
                f"{name} income per head",
                residence,
                mean,
                fact.value / total * mean.value,
                reached,
                f"share of the province ({fact.source}) of",
            )
        group = income_group(households, here)
        national = facts.quintile_mean[residence].value
        for g, fact in enumerate(facts.quintiles[residence]):
            member = group == g
            add(
                f"income per head, fifth {g + 1}",
                residence,
                mean,
                fact.value / national * mean.value,
                income[member].sum() / persons[member].sum(),
                f"national fifth against the national mean ({fact.source}) times",
            )
    return tuple(rows)


def compare_file_with_facts(holdings: Holdings, wanted: SurveyPopulation, facts: PlaceFacts) -> tuple[FitRow, ...]:
    """Return what the households of a file come to, beside what is published of the place.

    For information: their weights were not changed, and what the file leaves out is left out here.
    """
    shape = (len(wanted.regions), len(RESIDENCES), -1, len(Totals))
    totals = holdings.totals.reshape(shape).sum(axis=2)
    persons = totals[..., Totals.PERSONS] * WEIGHT_UNIT
    money = totals[..., Totals.WAGE :].sum(axis=-1) * MONEY_UNIT
    size = facts.household_size
    rows = [
        FitRow("residents", region.label, fact.unit, fact.value, float(here), fact.source)
        for region, here in zip(wanted.regions.values(), persons.sum(axis=1), strict=True)
        if (fact := facts.residents[region.label])
    ]
    rows += [
        FitRow("households", facts.place, "households", real_households(wanted, facts), holdings.households,
               f"residents over persons per household ({size.source})"),
        FitRow("persons per household", facts.place, size.unit, size.value, persons.sum() / holdings.households,
               size.source),
    ]  # fmt: skip
    for r, residence in enumerate(RESIDENCES):
        fact, living = facts.income[residence][facts.year], persons[:, r].sum()
        if living:
            reached = float(np.divide(money[:, r].sum(), living))
            rows.append(FitRow("income per head", residence, fact.unit, fact.value, reached, fact.source))
    return tuple(rows)
