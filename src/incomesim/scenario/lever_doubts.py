"""Levers that are probably not meant as they stand: told as named warnings before a run, without households."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from incomesim.errors import IdleLever, LeverWarning, OverdrawnPool, UnfinishedPhaseIn
from incomesim.policy import Gain, Ground, Lever, Mechanisms, reached_at_most
from incomesim.scenario.idle_levers import find_idle_levers
from incomesim.scenario.lever_conflicts import list_names, name_cell
from incomesim.scenario.plain_data import Where

if TYPE_CHECKING:
    from incomesim.scenario.model import Scenario

__all__ = ["Doubt", "find_doubts"]

Doubt = tuple[type[LeverWarning], Where, str]

_TOLERANCE = 1e-9


def find_doubts(scenario: Scenario, ground: Ground) -> Iterator[Doubt]:
    """Yield the kind of warning, where the lever stands, and what is doubtful about it.

    Where a budget decides how many are served, the share that a lever states is no plan that could pass its pool.
    """
    levers = scenario.policy
    made = [lever.compile(ground) for lever in levers]
    for path, message in find_idle_levers(scenario, ground):
        yield IdleLever, path, message
    for index, lever in enumerate(levers):
        if lever.phase_in > len(lever.years):
            yield (
                UnfinishedPhaseIn,
                ("policy", index, "phase_in"),
                f'"{lever.name}" never works in full: it takes {lever.phase_in} years to, and has '
                f"{len(lever.years)}; in {lever.years[-1]}, its last, it is at {len(lever.years) / lever.phase_in:.0%}",
            )
        for gain in made[index].gains if lever.budget is None else ():
            yield from _nobody_left(index, lever, gain, ground)
    for kind in dict.fromkeys(type(lever) for lever in levers if lever.one_each):
        yield from _in_two(kind, levers, made, ground)


def _nobody_left(index: int, lever: Lever, gain: Gain, ground: Ground) -> Iterator[Doubt]:
    """Nobody gains again while something of a gain is left, so shares of the years come out of one pool."""
    if gain.keep == 0.0 or not gain.premium:
        return
    served = np.cumsum(gain.rate, axis=0)
    over = (served > 1.0 + _TOLERANCE).any(axis=1)
    if over.any():
        year = ground.years[int(over.argmax())]
        yield (
            OverdrawnPool,
            ("policy", index),
            f'"{lever.name}" would serve {served.max():.0%} of the same households by {ground.years[-1]}, each of them '
            f"once while something of the gain is left: from {year} on fewer are left than it means to serve",
        )


def _in_two(kind: type[Lever], levers: Sequence[Lever], made: Sequence[Mechanisms], ground: Ground) -> Iterator[Doubt]:
    """Of measures of which a household can be in one only, those that take in more than all of the same households."""
    nobody = np.zeros((len(ground.years), ground.cells))
    share = np.array([
        _share(lever, each, ground) if type(lever) is kind and lever.budget is None else nobody
        for lever, each in zip(levers, made, strict=True)
    ])  # fmt: skip
    total = share.sum(axis=0)
    if total.max() <= 1.0 + _TOLERANCE:
        return
    t, cell = (int(number) for number in np.unravel_index(total.argmax(), total.shape))
    involved = np.flatnonzero(share[:, t, cell]).tolist()
    names = list_names([levers[index].name for index in involved])
    for index in involved:
        yield (
            OverdrawnPool,
            ("policy", index),
            f"{names} together have places for {total[t, cell]:.0%} of the same households in {ground.years[t]} "
            f"({name_cell(ground, cell)}): some are counted in two of them",
        )


def _share(lever: Lever, made: Mechanisms, ground: Ground) -> NDArray[np.float64]:
    """The share (T, C) of households that a lever takes in where all of them are entitled."""
    return np.asarray(sum(reached_at_most(entry, lever, ground) for entry in made.entries()))
