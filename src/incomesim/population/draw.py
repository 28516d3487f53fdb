"""From a blueprint to a recipe: what every household is made by, and weights that meet the published totals.

A household's attributes depend on the seed and its id only, so a larger sample begins with the
households of a smaller one; kernel/households.py makes them. Here the weights are calibrated on the
first half million of them: the weight of any household is a function of its traits from then on.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from incomesim.errors import Unreachable
from incomesim.fields import RESIDENCES, SOURCES
from incomesim.kernel.households import (
    LIVES_WITH_PARENT_FROM,
    OLD,
    Calibration,
    Recipe,
    deal_cells,
    empty_columns,
    make_households,
    new_draft,
)
from incomesim.kernel.raking import EXPONENTIAL, Distance
from incomesim.population.households import Cells, Households, MakeUp, Population
from incomesim.population.known_total import KnownTotal
from incomesim.population.rows import Synthetic
from incomesim.population.synthesis import Blueprint
from incomesim.population.weights import fit_weights, list_traits
from incomesim.published import PlaceFacts
from incomesim.published.shares import LARGEST_HOUSEHOLD
from incomesim.scenario.model import PlacePopulation as Wanted

__all__ = ["CALIBRATED", "draw_households", "income_group"]

Reals = NDArray[np.float64]
Integers = NDArray[np.int64]

CALIBRATED = 2**19
"""Weights meet the published totals over so many households at most; further ones follow the same rule."""

_FEW = 30  # households of an income group, below which a sample is called too small


def draw_households(
    blueprint: Blueprint, wanted: Wanted, facts: PlaceFacts, seed: int, number: int
) -> tuple[Population, Households]:
    """Return a population of `number` households weighted up to the real ones.

    Beside it stand the first of them, on which the weights were calibrated. Raises Unreachable where the
    sample is too small to meet the published totals with positive weights.
    """
    recipe = _uncalibrated(blueprint, wanted, facts, seed)
    sample = min(number, CALIBRATED)
    plain = make_sample(recipe, blueprint, sample)
    recipe = recipe._replace(calibration=_calibrate(plain, blueprint, facts))
    households = make_sample(recipe, blueprint, sample)
    thinner = recipe.calibration._replace(base=recipe.calibration.base * sample / number)
    source = Synthetic(recipe._replace(calibration=thinner), number)
    return Population(blueprint.cells, source, _make_up(households, blueprint.cells)), households


def make_sample(recipe: Recipe, blueprint: Blueprint, number: int) -> Households:
    """Return the first so many households, in the order of their ids."""
    columns = empty_columns(number)
    make_households(0, recipe, new_draft(recipe), columns)
    order = np.argsort(columns.household_id)
    cells = blueprint.cells
    shape = (len(cells.regions), len(RESIDENCES), len(cells.groups), len(cells.band_starts) + 1)
    region, residence, group, _ = np.unravel_index(columns.cell[order], shape)
    return Households(
        household_id=columns.household_id[order],
        weight=columns.weight[order],
        region=region,
        residence=residence,
        group=group,
        age=columns.age[order],
        persons=columns.persons[order],
        workers=(columns.persons - columns.elderly - columns.children)[order],
        elderly=columns.elderly[order],
        children=columns.children[order],
        wage=columns.wage[order],
        operating=columns.operating[order],
        property=columns.owned[order],
        transfer=columns.transfer[order],
        rank=columns.rank[order],
        shift=columns.shift[order],
    )


def _make_up(households: Households, cells: Cells) -> MakeUp:
    """Of the households that weights were calibrated on."""
    bands = len(cells.band_starts) + 1
    stratum = households.residence * bands + np.searchsorted(cells.band_starts, households.age, side="right")
    weight, strata = households.weight, len(RESIDENCES) * bands
    persons, elderly, children = (
        np.asarray(np.bincount(stratum, weight * members, strata), np.float64).reshape(len(RESIDENCES), bands)
        for members in (households.persons, households.elderly, households.children)
    )
    return MakeUp(persons, elderly, children)


def income_group(households: Households, rows: NDArray[np.bool_], shares: Reals, of_persons: bool) -> Integers:
    """Return 0, 1, ... for the group of the chosen households each belongs to by income per head, -1 for others.

    `shares` (groups + 1,) are the cumulative shares of households, or of persons, at which groups begin and end.
    """
    chosen = np.flatnonzero(rows)
    order = chosen[np.argsort((households.disposable() / households.persons)[chosen], kind="stable")]
    weight = (households.weight * households.persons if of_persons else households.weight)[order]
    place = (np.cumsum(weight) - 0.5 * weight) / weight.sum()
    group = np.full(len(households), -1)
    group[order] = np.searchsorted(shares[1:-1], place, side="right")
    return group


def _uncalibrated(blueprint: Blueprint, wanted: Wanted, facts: PlaceFacts, seed: int) -> Recipe:
    """The recipe with weights of 1."""
    cells = blueprint.cells
    lowest = np.array([wanted.ages.youngest, *wanted.ages.starts])
    highest = np.array([*(start - 1 for start in wanted.ages.starts), wanted.ages.oldest])
    couple = wanted.household.elderly_couples
    with_parent, child = _make_up_chances(blueprint, couple, facts, lowest, highest)
    region, side, _, band = np.indices((len(cells.regions), len(RESIDENCES), len(cells.groups), len(lowest)))
    limit, guide = deal_cells(blueprint.households.sum(axis=1))
    means = np.array([groups.means for groups in blueprint.groups])
    nothing = np.zeros(means.shape)
    shares = blueprint.households / np.maximum(blueprint.households.sum(axis=1, keepdims=True), 1e-300)
    return Recipe(
        seed=np.uint64(seed),
        region=region.ravel(),
        side=side.ravel(),
        place=np.arange(region.size) // len(lowest),
        band=band.ravel(),
        limit=limit,
        guide=guide,
        size_limit=np.ascontiguousarray(np.cumsum(shares, axis=1)[:, :-1]),
        size_shift=blueprint.size_shift,
        lowest_age=lowest,
        highest_age=highest,
        with_parent=with_parent,
        couple=couple,
        child=child,
        first_node=cells.first_node,
        nodes_per_unit=cells.nodes_per_unit,
        quantiles=cells.quantiles,
        composition=cells.composition,
        transfer_level=cells.transfer_level,
        transfer_spread=wanted.household.transfer_spread,
        calibration=Calibration(
            base=1.0,
            resident=np.zeros((len(cells.regions), len(RESIDENCES))),
            source=np.zeros((len(RESIDENCES), len(SOURCES))),
            income=np.zeros(len(cells.regions)),
            group=nothing,
            group_income=nothing,
            group_mean=means,
            group_limit=np.full((len(means), means.shape[1] - 1), np.inf),
            of_persons=blueprint.groups[0].of_persons,
            elderly=0.0,
            children=0.0,
        ),
    )


def _make_up_chances(
    blueprint: Blueprint, couples: float, facts: PlaceFacts, lowest: Integers, highest: Integers
) -> tuple[float, float]:
    """Chance that a younger head lives with an old parent, and that a further member is a child."""
    sizes = np.arange(1, LARGEST_HOUSEHOLD + 1)
    by_size = blueprint.households.reshape(-1, len(lowest), len(sizes))
    count = by_size.sum(axis=0)  # (bands, sizes)
    years = highest - lowest + 1
    old = np.clip(highest - OLD + 1, 0, years) / years
    middle = np.clip(np.minimum(highest, OLD - 1) - np.maximum(lowest, LIVES_WITH_PARENT_FROM) + 1, 0, years)
    middle = middle / years
    persons = (count @ sizes).sum()
    not_alone = count[:, 1:].sum(axis=1)
    heads = (old * count.sum(axis=1)).sum() + couples * (old * not_alone).sum()
    with_parent = (facts.aged_65.value * persons - heads) / (middle * not_alone).sum()
    room = count @ np.maximum(sizes - 2, 0)
    further = room.sum() - with_parent * (middle * count[:, 2:].sum(axis=1)).sum()
    child = facts.aged_0_14.value * persons / further
    for name, chance in (("an old parent in the household", with_parent), ("a child as a further member", child)):
        if not 0.0 <= chance <= 1.0:
            raise Unreachable(
                f"the ages and sizes of the scenario do not allow the published age structure: the share with "
                f"{name} would be {chance:.2f}"
            )
    return float(with_parent), float(child)


def _between_groups(income_per_head: Reals, group: Integers, g: int) -> float:
    """Half way from the highest income below group g to the lowest in it: nobody stands on the limit."""
    below, above = income_per_head[(group >= 0) & (group < g)], income_per_head[group >= g]
    if not len(below) or not len(above):
        return float("inf" if len(below) else "-inf")
    return float(0.5 * (below.max() + above.min()))


def _calibrate(households: Households, blueprint: Blueprint, facts: PlaceFacts) -> Calibration:
    """Weights that meet residents, households, income by source, age structure and income groups."""
    regions = blueprint.cells.regions
    number = len(blueprint.groups[0].means)
    persons = households.persons.astype(np.float64)
    income = households.disposable()
    group = np.empty(len(households), np.int64)
    limit = np.empty((len(RESIDENCES), number - 1))
    for r, groups in enumerate(blueprint.groups):
        here = households.residence == r
        own = income_group(households, here, groups.shares, groups.of_persons)
        group[here] = own[here]
        limit[r] = [_between_groups(income / persons, own, g) for g in range(1, number)]
    means = np.array([groups.means for groups in blueprint.groups])
    of_persons = blueprint.groups[0].of_persons
    living = [(code, r) for r in range(len(RESIDENCES)) for code in range(len(regions)) if blueprint.residents[code, r]]
    totals = [
        KnownTotal(f"{RESIDENCES[r]} residents of {regions[code]}", "", "persons", blueprint.residents[code, r])
        for code, r in living
    ]
    in_all = blueprint.households.reshape(len(regions), len(RESIDENCES), -1).sum((0, 2))
    counted = blueprint.residents.sum(axis=0) if of_persons else in_all
    for r, residence in enumerate(RESIDENCES):
        for name, amount in zip(SOURCES, blueprint.source_totals[r], strict=True):
            totals.append(KnownTotal(f"{residence} {name} income", "", "yuan", amount))
        for g, share in enumerate(np.diff(blueprint.groups[r].shares)):
            name, unit = f"of group {g + 1}", "persons" if of_persons else "households"
            totals.append(KnownTotal(f"{residence} {unit} {name}", "", unit, counted[r] * share))
            totals.append(KnownTotal(f"{residence} income {name}", "", "means beyond the published one", 0.0))
    everybody = blueprint.residents.sum()
    totals.append(KnownTotal("households", "", "households", in_all.sum()))
    totals.append(KnownTotal("residents of 65 and over", "", "persons", facts.aged_65.value * everybody))
    totals.append(KnownTotal("residents below 15", "", "persons", facts.aged_0_14.value * everybody))
    first_money, by_region = len(totals), blueprint.region_totals
    for region, amount in zip(regions, by_region, strict=False):
        totals.append(KnownTotal(f"income of {region}", "", "yuan", amount))

    number_of = np.zeros((len(regions), len(RESIDENCES)), np.int64)
    for place, (code, r) in enumerate(living):
        number_of[code, r] = place
    of_side = len(living) + households.residence * (len(SOURCES) + 2 * number)
    of_group = of_side + len(SOURCES) + 2 * group
    everyone, ones = np.zeros(len(households), np.int64), np.ones(len(households))
    traits = [
        (number_of[households.region, households.residence], persons),
        *((of_side + k, getattr(households, name)) for k, name in enumerate(SOURCES)),
        (of_group, persons if of_persons else ones),
        (of_group + 1, income / means[households.residence, group] - persons),
        (everyone + first_money - 3, ones),
        (everyone + first_money - 2, households.elderly),
        (everyone + first_money - 1, households.children),
        *([(first_money + households.region, income)] if len(by_region) else []),
    ]
    base = float(blueprint.households.sum() / len(households))
    try:
        multiplier = fit_weights(
            np.full(len(households), base),
            list_traits(traits, len(households)),
            totals,
            Distance(EXPONENTIAL, 0.0, np.inf),
        ).multiplier
    except Unreachable as reason:
        few = f"{len(households):,} households are too few to meet the published tables: "
        raise Unreachable(f"{few if _thin(group, households.residence, number) else ''}{reason.reasons}") from None
    resident = np.zeros((len(regions), len(RESIDENCES)))
    for (code, r), value in zip(living, multiplier, strict=False):
        resident[code, r] = value
    by_side = multiplier[len(living) : first_money - 3].reshape(len(RESIDENCES), len(SOURCES) + 2 * number)
    by_group = by_side[:, len(SOURCES) :].reshape(len(RESIDENCES), number, 2)
    return Calibration(
        base=base * float(np.exp(multiplier[first_money - 3])),
        resident=resident,
        source=np.ascontiguousarray(by_side[:, : len(SOURCES)]),
        income=multiplier[first_money:] if len(by_region) else np.zeros(len(regions)),
        group=np.ascontiguousarray(by_group[:, :, 0]),
        group_income=np.ascontiguousarray(by_group[:, :, 1]),
        group_mean=means,
        group_limit=limit,
        of_persons=of_persons,
        elderly=float(multiplier[first_money - 2]),
        children=float(multiplier[first_money - 1]),
    )


def _thin(group: Integers, residence: Integers, number: int) -> bool:
    """Tell whether an income group of town or country has only a few households."""
    return bool(np.bincount(residence * number + group, minlength=len(RESIDENCES) * number).min() < _FEW)
