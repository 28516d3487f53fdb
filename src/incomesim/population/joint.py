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
from incomesim.published.shares import AXES, LARGEST_HOUSEHOLD, age_labels, shares_along, size_labels
from incomesim.scenario.model import PlacePopulation as Wanted

__all__ = ["Joint", "axis_labels", "join_households", "place_residents", "share_of_means"]

Reals = NDArray[np.float64]

_SIZES = np.arange(1, LARGEST_HOUSEHOLD + 1)


@dataclass(frozen=True, eq=False)
class Joint:
    """`households` (regions, 2, groups, bands, sizes), `residents` (regions, 2) persons."""

    households: Reals
    residents: Reals


def place_residents(wanted: Wanted, facts: PlaceFacts) -> Reals:
    """Return the residents by region and residence, shape (regions, 2).

    Published where they are, else by the regions' urban shares; all are moved, keeping their odds ratios, to the
    urban share of the place where the scenario takes one of the published ones, which then is that of regions
    without one. Raises Unreachable where nobody would live in town, or in the country.
    """
    urban, rural = RESIDENCES
    in_all = choose_urban_share(wanted, facts)
    table = np.empty((len(wanted.regions), len(RESIDENCES)))
    for code, region in enumerate(wanted.regions.values()):
        everybody = facts.residents[region.label].value
        known = facts.residents_by_side.get((region.label, urban))
        share = in_all if region.urban_share is None else region.urban_share
        if known is not None:
            share = known.value / everybody
        if share is None or not everybody:
            raise Unreachable(f"nothing says how many residents of {region.label} live in town")
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


def share_of_means(facts: PlaceFacts) -> float | None:
    """Return the urban share at which the means of town and country give that of everybody, None where none does."""
    known = [facts.income[residence].get(facts.year) for residence in (*RESIDENCES, "")]
    urban, rural, everybody = (fact.value if fact else 0.0 for fact in known)
    if not all(known) or urban == rural:
        return None
    share = (everybody - rural) / (urban - rural)
    return share if 0.0 < share < 1.0 else None


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
    labels = axis_labels(wanted)
    shares = {axis: _shares(wanted, facts, axis) for axis in ("group", "age")}
    sizes = shares_along(facts, "size", labels["size"])
    if sizes is not None:
        shares["size"] = np.array(sizes)
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
    codes = dict(zip(AXES, (region, residence, group, age, size), strict=True))
    for where, fact in facts.household_share.items():
        if where[0]:
            yield _regional_share(where, fact.value, codes, labels)


def _regional_share(
    where: tuple[str, ...], share: float, codes: Mapping[str, NDArray[np.int64]], labels: Mapping[str, tuple[str, ...]]
) -> _Margin:
    """Households of a kind among those of a region: a sum that must come to nothing."""
    names = dict(zip(AXES, where, strict=True))
    matches = {axis: codes[axis] == labels[axis].index(name) for axis, name in names.items() if name}
    base = np.logical_and.reduce([match for axis, match in matches.items() if axis in AXES[:2]])
    chosen = np.logical_and.reduce(list(matches.values()))
    words = ", ".join(f"{axis} {name}" for axis, name in names.items() if name)
    return _Margin(
        np.zeros(chosen.shape, np.int64),
        np.where(base, np.where(chosen, 1.0 - share, -share), 0.0),
        [KnownTotal(f"share of households, {words}", "", "households beyond the published share", 0.0)],
    )


def axis_labels(wanted: Wanted) -> dict[str, tuple[str, ...]]:
    """Return the names in the published tables along each axis."""
    return {
        "region": tuple(region.label for region in wanted.regions.values()),
        "residence": RESIDENCES,
        "group": tuple(group.label for group in wanted.groups.values()),
        "age": age_labels(wanted.ages.youngest, wanted.ages.starts),
        "size": size_labels(),
    }


def _mean_sizes(persons: Reals, facts: PlaceFacts, wanted: Wanted) -> Reals:
    """Mean urban and rural household size: by published shares of sizes, else published, else with the overall mean."""
    shares = shares_along(facts, "size", size_labels())
    if shares is not None:
        return np.array(shares) @ _SIZES
    if len(facts.household_size_by_side) == len(RESIDENCES):
        return np.array([facts.household_size_by_side[residence].value for residence in RESIDENCES])
    ratio = wanted.household.rural_to_urban_size
    households = persons.sum() / facts.household_size.value
    urban = (persons[0] + persons[1] / ratio) / households
    return np.array([urban, ratio * urban])


def _shares(wanted: Wanted, facts: PlaceFacts, axis: str) -> Reals:
    """Shares of town and of the country by group or age, (2, names): published or assumed."""
    published = shares_along(facts, axis, axis_labels(wanted)[axis])
    if published is not None:
        return np.array(published)
    if axis == "group":
        table = np.array([[getattr(group.share, side) for group in wanted.groups.values()] for side in RESIDENCES])
    else:
        table = np.array([getattr(wanted.ages, side) for side in RESIDENCES])
    shares: Reals = table / table.sum(axis=1, keepdims=True)
    return shares


def _seed(wanted: Wanted, facts: PlaceFacts, residents: Reals, sizes: Reals) -> Reals:
    """Independent traits, but for the assumed concentrations of groups and relative sizes of age bands."""
    concentration = np.array(
        [[group.concentration.get(region, 1.0) for group in wanted.groups.values()] for region in wanted.regions]
    )
    relative = np.array(wanted.ages.size)
    groups, ages = (_shares(wanted, facts, axis) for axis in ("group", "age"))
    published = shares_along(facts, "size", size_labels())
    seed = np.empty((len(wanted.regions), len(RESIDENCES), len(wanted.groups), len(relative), LARGEST_HOUSEHOLD))
    for r, residence in enumerate(RESIDENCES):
        band = ages[r]
        means = sizes[r] * relative / (band @ relative)
        chance = (means - 1.0) / (LARGEST_HOUSEHOLD - 1)
        if not 0.0 < chance.min() <= chance.max() < 1.0:
            raise Unreachable(
                f"{residence} households would have {means.min():.2f} to {means.max():.2f} persons on average by "
                f"age band; between 1 and {LARGEST_HOUSEHOLD} can be had"
            )
        count = (residents[:, r] / sizes[r])[:, None] * groups[r] * concentration
        by_size = _size_shares(chance) if published is None else _size_shares(chance) * (np.array(published[r]) > 0.0)
        seed[:, r] = count[:, :, None, None] * band[:, None] * by_size
    return seed


def _size_shares(chance: Reals) -> Reals:
    """Binomial shares of sizes 1 .. LARGEST_HOUSEHOLD, shape (n, sizes)."""
    trials = LARGEST_HOUSEHOLD - 1
    further = np.arange(LARGEST_HOUSEHOLD)
    ways = np.array([math.comb(trials, k) for k in further])
    shares: Reals = ways * chance[:, None] ** further * (1.0 - chance[:, None]) ** (trials - further)
    return shares
