"""Levers that can change nothing, told before a run: from the scenario and published tables, without households."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from incomesim.fields import RESIDENCES
from incomesim.policy import Ground, Lever, acts
from incomesim.published import PlaceFacts, read_facts
from incomesim.scenario.plain_data import Where

if TYPE_CHECKING:
    from incomesim.scenario.model import PlacePopulation, Scenario

__all__ = ["find_idle_levers"]


def find_idle_levers(scenario: Scenario, ground: Ground) -> Iterator[tuple[Where, str]]:
    """Yield where a lever stands that can change nothing, and why.

    Whether anybody lives in the cells of a target is known where households are built from published tables; it is
    that of the first year, so somebody may get there later.
    """
    population = scenario.population
    place = cast("PlacePopulation", population) if population.told_by == "place" else None
    lived_in = None if place is None else _lived_in(place, read_facts(place.place, scenario.years[0]))
    for index, lever in enumerate(scenario.policy):
        flags = acts(lever, ground)
        if not flags.any():
            yield _why_idle(index, lever, ground)
        elif lived_in is not None and not (flags.any(axis=0) & lived_in).any():
            yield (
                ("policy", index, "target"),
                f'"{lever.name}": nobody lives in the cells of its target in the first year',
            )


def _why_idle(index: int, lever: Lever, ground: Ground) -> tuple[Where, str]:
    """Name the value that, were it not 0, would make the lever act, if it is one alone; else the reason."""
    if lever.budget is not None and lever.budget.yuan == 0.0:
        return ("policy", index, "budget", "yuan"), f'"{lever.name}" changes nothing: its budget is 0'
    own = [name for name in type(lever).model_fields if name not in Lever.model_fields]
    zeros = [name for name in own if getattr(lever, name) == 0.0]
    guilty = [name for name in zeros if _acts_with(lever, [name], ground)]
    if not guilty and _acts_with(lever, zeros, ground):
        guilty = zeros
    if len(guilty) == 1:
        return ("policy", index, guilty[0]), f'"{lever.name}" changes nothing: its {guilty[0]} is 0'
    reason = f"{' and '.join(guilty)} are 0" if guilty else "nobody in its target and years can be reached"
    if lever.years[-1] == ground.years[0] and lever.compile(ground).moves:
        reason = f"nobody moves in {ground.years[0]}, the first year of the run"
    return ("policy", index), f'"{lever.name}" changes nothing: {reason}'


def _acts_with(lever: Lever, raised: list[str], ground: Ground) -> bool:
    """Whether it would act if these of its values were not 0."""
    return bool(acts(lever.model_copy(update=dict.fromkeys(raised, 0.5)), ground).any())


def _lived_in(population: PlacePopulation, facts: PlaceFacts) -> NDArray[np.bool_]:
    """Whether the scenario or the tables leave anybody to live in each cell, shape (C,)."""
    region = np.array([[_lives(population, facts, name, side) for side in RESIDENCES] for name in population.regions])
    group = np.array([
        [each.share is None or getattr(each.share, side) > 0.0 for each in population.groups.values()]
        for side in RESIDENCES
    ])  # fmt: skip
    there = np.array(
        [
            [each.concentration.get(name, 1.0) > 0.0 for each in population.groups.values()]
            for name in population.regions
        ]
    )
    bands = len(population.ages.starts) + 1
    shares = [getattr(population.ages, side) or [1.0] * bands for side in RESIDENCES]
    age = np.array(shares) > 0.0
    cells = region[:, :, None, None] & group[None, :, :, None] & there[:, None, :, None] & age[None, :, None, :]
    return np.asarray(cells.ravel())


def _lives(population: PlacePopulation, facts: PlaceFacts, name: str, side: str) -> bool:
    region = population.regions[name]
    known = facts.residents_by_side.get((region.label, side))
    if known is not None:
        return known.value > 0.0
    share = region.urban_share
    return share is None or (share > 0.0 if side == RESIDENCES[0] else share < 1.0)
