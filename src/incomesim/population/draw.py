"""From a blueprint to households: addressed draws, then weights that meet every published total.

A household's attributes depend on the seed and its id only, so a larger sample begins with the
households of a smaller one. Cells are dealt out in a low-discrepancy order (multiples of the golden
ratio), so that even a small sample has each cell in its due proportion.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from incomesim.fields import RESIDENCES
from incomesim.kernel.philox import random_normals, random_uniforms
from incomesim.kernel.tables import WEIGHT_UNIT, Purpose
from incomesim.population.households import Cells, Households, Population
from incomesim.population.synthesis import LARGEST_HOUSEHOLD, Blueprint
from incomesim.population.weights import rake
from incomesim.published import PlaceFacts
from incomesim.scenario.model import Population as Wanted

__all__ = ["draw_households", "income_group", "real_households"]

Reals = NDArray[np.float64]
Integers = NDArray[np.int64]

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)  # 2^64 / golden ratio
_LIVES_WITH_PARENT_FROM = 35
_OLD = 65
_GROUPS = 5


def real_households(wanted: Wanted, facts: PlaceFacts) -> int:
    """Return how many households the place has: residents over the published average size."""
    persons = sum(facts.residents[region.label].value for region in wanted.regions.values())
    return round(persons / facts.household_size.value)


def draw_households(blueprint: Blueprint, wanted: Wanted, facts: PlaceFacts, seed: int, number: int) -> Population:
    """Return `number` households drawn from the blueprint, weighted up to the real ones.

    Weights are whole multiples of 2^-20. Raises ArithmeticError where the sample is too small to
    meet the published totals with positive weights.
    """
    ids = np.arange(number, dtype=np.uint64)
    uniform, normal = np.empty((4, number)), np.empty((4, number))
    random_uniforms(np.uint64(seed), ids, 0, 0, Purpose.HOUSEHOLD, uniform)
    random_normals(np.uint64(seed), ids, 0, 0, Purpose.RANK, normal)
    cells, bands = blueprint.cells, len(blueprint.cells.band_starts) + 1
    shape = (len(cells.regions), len(RESIDENCES), len(cells.groups), bands)
    dealt = (ids * _GOLDEN).astype(np.float64) * 2.0**-64
    cumulated = np.cumsum(blueprint.households)
    cell = np.searchsorted(cumulated[:-1] / cumulated[-1], dealt, side="right")
    region, residence, group, band = np.unravel_index(cell, shape)
    size_limits = np.cumsum(blueprint.size_shares, axis=1)[:, :-1]
    persons = 1 + (uniform[1][:, None] >= size_limits[cell]).sum(axis=1)
    lowest = np.array([wanted.ages.youngest, *wanted.ages.starts])
    highest = np.array([*(start - 1 for start in wanted.ages.starts), wanted.ages.oldest])
    age = lowest[band] + (uniform[0] * (highest - lowest + 1)[band]).astype(np.int64)
    elderly, children = _make_up(blueprint, wanted, facts, lowest, highest, age, persons, uniform)
    shift = blueprint.size_shift[residence, persons - 1]
    market = persons * np.exp(read_quantiles(cells, cell, normal[0] + shift))
    composition = cells.composition[cell]
    spread = wanted.household.transfer_spread
    transfer = persons * cells.transfer_level[cell] * np.exp(spread * normal[1] - spread**2 / 2.0)
    households = Households(
        household_id=ids,
        weight=np.full(number, blueprint.households.sum() / number),
        region=region.astype(np.int64),
        residence=residence.astype(np.int64),
        group=group.astype(np.int64),
        age=age,
        persons=persons,
        workers=persons - elderly - children,
        elderly=elderly,
        children=children,
        wage=market * composition[:, 0],
        operating=market * composition[:, 1],
        property=market * composition[:, 2],
        transfer=transfer,
        rank=normal[0].copy(),
        shift=shift,
    )
    weight = _calibrate(households, blueprint, facts)
    return Population(households.replace_weight(np.round(weight / WEIGHT_UNIT) * WEIGHT_UNIT), cells)


def read_quantiles(cells: Cells, cell: Integers, x: Reals) -> Reals:
    """Return the entry of each household's quantile table at x, linear between and beyond the nodes."""
    position = (x - cells.first_node) * cells.nodes_per_unit
    node = np.clip(np.floor(position), 0, cells.quantiles.shape[1] - 2).astype(np.int64)
    low, high = cells.quantiles[cell, node], cells.quantiles[cell, node + 1]
    value: Reals = low + (position - node) * (high - low)
    return value


def income_group(households: Households, rows: NDArray[np.bool_]) -> Integers:
    """Return 0..4 for the fifth of the chosen households each belongs to by income per head, -1 for others."""
    chosen = np.flatnonzero(rows)
    order = chosen[np.argsort((households.disposable() / households.persons)[chosen], kind="stable")]
    weight = households.weight[order]
    place = (np.cumsum(weight) - 0.5 * weight) / weight.sum()
    group = np.full(len(households), -1)
    group[order] = np.minimum((place * _GROUPS).astype(np.int64), _GROUPS - 1)
    return group


def _make_up(
    blueprint: Blueprint,
    wanted: Wanted,
    facts: PlaceFacts,
    lowest: Integers,
    highest: Integers,
    age: Integers,
    persons: Integers,
    uniform: Reals,
) -> tuple[Integers, Integers]:
    """Persons of 65 and over and below 15 in each household, on average as published."""
    couples = wanted.household.elderly_couples
    with_parent, child = _make_up_chances(blueprint, couples, facts, lowest, highest)
    old_head = age >= _OLD
    parent = ~old_head & (age >= _LIVES_WITH_PARENT_FROM) & (persons > 1) & (uniform[2] < with_parent)
    spouse = old_head & (persons > 1) & (uniform[2] < couples)
    elderly = old_head.astype(np.int64) + spouse + parent
    children = (np.maximum(persons - 2 - parent, 0) * child + uniform[3]).astype(np.int64)
    return elderly, children


def _make_up_chances(
    blueprint: Blueprint, couples: float, facts: PlaceFacts, lowest: Integers, highest: Integers
) -> tuple[float, float]:
    """Chance that a younger head lives with an old parent, and that a further member is a child."""
    sizes = np.arange(1, LARGEST_HOUSEHOLD + 1)
    by_size = (blueprint.households[:, None] * blueprint.size_shares).reshape(-1, len(lowest), len(sizes))
    count = by_size.sum(axis=0)  # (bands, sizes)
    years = highest - lowest + 1
    old = np.clip(highest - _OLD + 1, 0, years) / years
    middle = np.clip(np.minimum(highest, _OLD - 1) - np.maximum(lowest, _LIVES_WITH_PARENT_FROM) + 1, 0, years)
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
            raise ArithmeticError(
                f"the ages and sizes of the scenario do not allow the published age structure: the share with "
                f"{name} would be {chance:.2f}"
            )
    return float(with_parent), float(child)


def _calibrate(households: Households, blueprint: Blueprint, facts: PlaceFacts) -> Reals:
    """Weights that meet residents, households, income by source, age structure and income groups."""
    persons = households.persons.astype(np.float64)
    traits: list[Reals] = []
    totals: list[float] = []
    names: list[str] = []

    def meet(name: str, trait: Reals, total: float) -> None:
        names.append(name)
        traits.append(trait)
        totals.append(total)

    regions = blueprint.cells.regions
    in_all = blueprint.households.reshape(len(regions), len(RESIDENCES), -1).sum((0, 2))
    for r, residence in enumerate(RESIDENCES):
        here = households.residence == r
        for code, region in enumerate(regions):
            if blueprint.residents[code, r] > 0.0:
                there = here & (households.region == code)
                meet(f"{residence} residents of {region}", persons * there, blueprint.residents[code, r])
        for name, total in zip(("wage", "operating", "property", "transfer"), blueprint.source_totals[r], strict=True):
            meet(f"{residence} {name} income", getattr(households, name) * here, total)
        group = income_group(households, here)
        for g in range(_GROUPS):
            member = group == g
            meet(f"{residence} households in fifth {g + 1}", member.astype(np.float64), in_all[r] / _GROUPS)
            meet(
                f"{residence} income of fifth {g + 1}",
                (households.disposable() / blueprint.group_means[r, g] - persons) * member,
                0.0,
            )
    everybody = blueprint.residents.sum()
    meet("residents of 65 and over", households.elderly.astype(np.float64), facts.aged_65.value * everybody)
    meet("residents below 15", households.children.astype(np.float64), facts.aged_0_14.value * everybody)
    try:
        return rake(households.weight, np.array(traits), np.array(totals), names)
    except ArithmeticError as reason:
        raise ArithmeticError(
            f"{len(households):,} households are too few to meet the published tables: {reason}"
        ) from None
