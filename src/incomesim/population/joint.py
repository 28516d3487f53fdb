"""How many households there are by region, residence, group, age band and size: all margins met together.

The joint table is the one nearest to a seed (in relative entropy) that has the margins. Some count persons, some
households, some are shares within a region, so iterative proportional fitting becomes raking (Deville & Sarndal
1992); with margins of households alone the two are the same.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from incomesim.errors import Unreachable
from incomesim.fields import RESIDENCES
from incomesim.kernel.raking import EXPONENTIAL, Distance
from incomesim.population.known_total import KnownTotal
from incomesim.population.margins import fit_margins
from incomesim.population.weights import fit_weights, list_traits
from incomesim.published import PlaceFacts
from incomesim.scenario.model import PlacePopulation as Wanted

__all__ = ["LARGEST_HOUSEHOLD", "Joint", "join_households", "place_residents"]

Reals = NDArray[np.float64]

LARGEST_HOUSEHOLD = 6
_SIZES = np.arange(1, LARGEST_HOUSEHOLD + 1)
_AXES = ("region", "residence", "group", "age", "size")


@dataclass(frozen=True, eq=False)
class Joint:
    """`households` (regions, 2, groups, bands, sizes), `residents` (regions, 2) persons."""

    households: Reals
    residents: Reals


def place_residents(wanted: Wanted, facts: PlaceFacts) -> Reals:
    """Return the residents by region and residence, shape (regions, 2).

    Published where they are, else by the regions' urban shares; all are moved, keeping their odds ratios, to the
    urban share of the place where the scenario takes one of the published ones, which then is that of regions
    without one. Raises Unreachable where
    nobody would live in town, or in the country.
    """
    urban, rural = RESIDENCES
    in_all = choose_urban_share(wanted, facts)
    table = np.empty((len(wanted.regions), len(RESIDENCES)))
    for code, region in enumerate(wanted.regions.values()):
        everybody = facts.residents[region.label].value
        known = facts.residents_by_side.get((region.label, urban))
        stated = in_all if region.urban_share is None else region.urban_share
        share = known.value / everybody if known is not None else stated or 0.0
        table[code] = everybody * share, everybody * (1.0 - share)
    if in_all is not None:
        sides = table.sum() * np.array([in_all, 1.0 - in_all])
        table = fit_margins(table, table.sum(axis=1), sides)
    for residence, living in zip((urban, rural), table.sum(axis=0), strict=True):
        if living <= 0.0:
            raise Unreachable(f"by the urban shares of the regions there are no {residence} residents; some are needed")
    return table


def choose_urban_share(wanted: Wanted, facts: PlaceFacts) -> float | None:
    """Return the urban share of the place that the scenario takes, None where it takes that of its regions."""
    if wanted.urban_share == "official":
        return facts.urban_share[facts.year].value
    if wanted.urban_share == "of_means":
        return share_of_means(facts)
    return None


def share_of_means(facts: PlaceFacts) -> float:
    """Return the urban share at which the means of town and country give that of everybody."""
    urban, rural, everybody = (facts.income[residence][facts.year].value for residence in (*RESIDENCES, ""))
    return (everybody - rural) / (urban - rural)


def join_households(wanted: Wanted, facts: PlaceFacts, residents: Reals) -> Joint:
    """Return the joint table of households; raises Unreachable where no table has the margins."""
    sizes = _mean_sizes(residents.sum(axis=0), facts, wanted)
    seed = _seed(wanted, facts, residents, sizes)
    margins = list(_margins(wanted, facts, residents, residents.sum(axis=0) / sizes, seed.shape))
    totals = [total for margin in margins for total in margin.totals]
    starts = np.cumsum([0, *(len(margin.totals) for margin in margins)])
    there = np.flatnonzero(seed)
    columns = [
        (start + margin.number.ravel()[there], margin.value.ravel()[there])
        for start, margin in zip(starts, margins, strict=False)
    ]
    counted = np.zeros(len(totals), np.bool_)
    for number, value in columns:
        counted[number[value != 0.0]] = True
    for total, somebody in zip(totals, counted, strict=True):
        if total.value > 0.0 and not somebody:
            raise Unreachable(f"nobody can be there by the other margins, but {total.show(total.value)} are: {total}")
    known = [total for total, somebody in zip(totals, counted, strict=True) if somebody]
    renumbered = np.where(counted, np.cumsum(counted) - 1, -1)
    traits = list_traits([(renumbered[number], value) for number, value in columns], len(there))
    households = np.zeros(seed.size)
    households[there] = fit_weights(seed.ravel()[there], traits, known, Distance(EXPONENTIAL, 0.0, np.inf)).weight
    return Joint(households.reshape(seed.shape), residents)


@dataclass(frozen=True, eq=False)
class _Margin:
    """Each household of the table counts `value` in total `number`; both have the shape of the table."""

    number: NDArray[np.int64]
    value: Reals
    totals: list[KnownTotal]


def _margins(
    wanted: Wanted, facts: PlaceFacts, residents: Reals, households: Reals, shape: tuple[int, ...]
) -> Iterator[_Margin]:
    """Persons by region and residence, households by residence and every other trait, shares within regions."""
    region, residence, group, age, size = np.indices(shape)
    yield _Margin(
        region * len(RESIDENCES) + residence,
        _SIZES[size].astype(np.float64),
        [
            KnownTotal(f"{side} residents", name, "persons", residents[code, r])
            for code, name in enumerate(wanted.regions)
            for r, side in enumerate(RESIDENCES)
        ],
    )
    labels = _labels(wanted)
    shares = {"group": _group_shares(wanted, facts), "age": _age_shares(wanted, facts)}
    published = _published_sizes(facts)
    if published is not None:
        shares["size"] = published
    for (axis, by_side), number in zip(shares.items(), (group, age, size), strict=False):
        names = labels[axis]
        yield _Margin(
            residence * len(names) + number,
            np.ones(shape),
            [
                KnownTotal(f"{side} households by {axis}", name, "households", by_side[r, k] * households[r])
                for r, side in enumerate(RESIDENCES)
                for k, name in enumerate(names)
            ],
        )
    codes = dict(zip(_AXES, (region, residence, group, age, size), strict=True))
    for where, fact in facts.household_share.items():
        if where[0]:
            yield _regional_share(where, fact.value, codes, labels)


def _regional_share(
    where: tuple[str, ...], share: float, codes: Mapping[str, NDArray[np.int64]], labels: Mapping[str, list[str]]
) -> _Margin:
    """Households of a kind among those of a region: a sum that must come to nothing."""
    names = dict(zip(_AXES, where, strict=True))
    matches = {axis: codes[axis] == labels[axis].index(name) for axis, name in names.items() if name}
    base = np.logical_and.reduce([match for axis, match in matches.items() if axis in _AXES[:2]])
    chosen = np.logical_and.reduce(list(matches.values()))
    words = ", ".join(f"{axis} {name}" for axis, name in names.items() if name)
    return _Margin(
        np.zeros(chosen.shape, np.int64),
        np.where(base, np.where(chosen, 1.0 - share, -share), 0.0),
        [KnownTotal(f"share of households, {words}", "", "households beyond the published share", 0.0)],
    )


def _labels(wanted: Wanted) -> dict[str, list[str]]:
    """Names in the published tables along each axis."""
    starts = wanted.ages.starts
    lower, upper = [wanted.ages.youngest, *starts], [start - 1 for start in starts]
    ages = [f"{low}-{high}" for low, high in zip(lower, upper, strict=False)] + [f"{lower[-1]}+"]
    sizes = [*(str(size) for size in _SIZES[:-1]), f"{LARGEST_HOUSEHOLD}+"]
    return {
        "region": [region.label for region in wanted.regions.values()],
        "residence": list(RESIDENCES),
        "group": [group.label for group in wanted.groups.values()],
        "age": ages,
        "size": sizes,
    }


def _mean_sizes(persons: Reals, facts: PlaceFacts, wanted: Wanted) -> Reals:
    """Mean urban and rural household size: by the published sizes, else with the published overall mean."""
    published = _published_sizes(facts)
    if published is not None:
        means: Reals = published @ _SIZES
        return means
    ratio = wanted.household.rural_to_urban_size
    households = persons.sum() / facts.household_size.value
    urban = (persons[0] + persons[1] / ratio) / households
    return np.array([urban, ratio * urban])


def _published(facts: PlaceFacts, axis: str, names: list[str]) -> Reals | None:
    """Published shares of households along an axis by residence, (2, names); None where there are none."""
    table = np.empty((len(RESIDENCES), len(names)))
    for r, residence in enumerate(RESIDENCES):
        for k, name in enumerate(names):
            where = {"residence": residence, axis: name}
            fact = facts.household_share.get(tuple(where.get(each, "") for each in _AXES))  # type: ignore[arg-type]
            if fact is None:
                return None
            table[r, k] = fact.value
    shares: Reals = table / table.sum(axis=1, keepdims=True)
    return shares


def _published_sizes(facts: PlaceFacts) -> Reals | None:
    return _published(facts, "size", [*(str(size) for size in _SIZES[:-1]), f"{LARGEST_HOUSEHOLD}+"])


def _group_shares(wanted: Wanted, facts: PlaceFacts) -> Reals:
    published = _published(facts, "group", _labels(wanted)["group"])
    if published is not None:
        return published
    shares = np.array([[getattr(group.share, side) for group in wanted.groups.values()] for side in RESIDENCES])
    fractions: Reals = shares / shares.sum(axis=1, keepdims=True)
    return fractions


def _age_shares(wanted: Wanted, facts: PlaceFacts) -> Reals:
    published = _published(facts, "age", _labels(wanted)["age"])
    if published is not None:
        return published
    shares = np.array([getattr(wanted.ages, side) for side in RESIDENCES])
    fractions: Reals = shares / shares.sum(axis=1, keepdims=True)
    return fractions


def _seed(wanted: Wanted, facts: PlaceFacts, residents: Reals, sizes: Reals) -> Reals:
    """Independent traits, but for the assumed concentrations of groups and relative sizes of age bands."""
    concentration = np.array(
        [[group.concentration.get(region, 1.0) for group in wanted.groups.values()] for region in wanted.regions]
    )
    relative = np.array(wanted.ages.size)
    seed = np.empty((len(wanted.regions), len(RESIDENCES), len(wanted.groups), len(relative), LARGEST_HOUSEHOLD))
    for r, residence in enumerate(RESIDENCES):
        band = _age_shares(wanted, facts)[r]
        means = sizes[r] * relative / (band @ relative)
        chance = (means - 1.0) / (LARGEST_HOUSEHOLD - 1)
        if not 0.0 < chance.min() <= chance.max() < 1.0:
            raise Unreachable(
                f"{residence} households would have {means.min():.2f} to {means.max():.2f} persons on average by "
                f"age band; between 1 and {LARGEST_HOUSEHOLD} can be had"
            )
        count = (residents[:, r] / sizes[r])[:, None] * _group_shares(wanted, facts)[r] * concentration
        seed[:, r] = count[:, :, None, None] * band[:, None] * _size_shares(chance)
    return seed


def _size_shares(chance: Reals) -> Reals:
    """Binomial shares of sizes 1 .. LARGEST_HOUSEHOLD, shape (n, sizes)."""
    trials = LARGEST_HOUSEHOLD - 1
    further = np.arange(LARGEST_HOUSEHOLD)
    ways = np.array([math.comb(trials, k) for k in further])
    shares: Reals = ways * chance[:, None] ** further * (1.0 - chance[:, None]) ** (trials - further)
    return shares
