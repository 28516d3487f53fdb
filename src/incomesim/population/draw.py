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
)
from incomesim.population.find_weights import find_weights
from incomesim.population.households import Cells, Households, MakeUp, Population
from incomesim.population.made_households import list_households, pick
from incomesim.population.rows import Synthetic
from incomesim.population.synthesis import Blueprint
from incomesim.published import PlaceFacts
from incomesim.published.shares import LARGEST_HOUSEHOLD
from incomesim.scenario.model import PlacePopulation as Wanted

__all__ = ["CALIBRATED", "draw_households"]

Reals = NDArray[np.float64]
Integers = NDArray[np.int64]

CALIBRATED = 2**19
"""Weights meet the published totals over so many households at most; further ones follow the same rule."""


def draw_households(
    blueprint: Blueprint, wanted: Wanted, facts: PlaceFacts, seed: int, number: int
) -> tuple[Population, Households]:
    """Return a population of `number` households weighted up to the real ones.

    Beside it stand the first of them, on which the weights were calibrated. Raises Unreachable where the
    sample is too small to meet the published totals with positive weights.
    """
    recipe = _uncalibrated(blueprint, wanted, facts, seed)
    sample = min(number, CALIBRATED)
    plain = make_sample(recipe, sample)
    recipe = recipe._replace(calibration=find_weights(plain, recipe, blueprint, wanted, facts))
    households = make_sample(recipe, sample)
    thinner = recipe.calibration._replace(base=recipe.calibration.base * sample / number)
    source = Synthetic(recipe._replace(calibration=thinner), number)
    return Population(blueprint.cells, source, _make_up(households, blueprint.cells)), households


def make_sample(recipe: Recipe, number: int) -> Households:
    """Return the first so many households, in the order of their ids."""
    households = list_households(recipe, 0, number)
    return pick(households, np.argsort(households.household_id))


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
            key_group=np.zeros((len(RESIDENCES), len(cells.groups))),
            band=np.zeros((len(RESIDENCES), len(lowest))),
            size=np.zeros((len(RESIDENCES), LARGEST_HOUSEHOLD)),
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
