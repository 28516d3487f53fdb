"""Who is where: heads age, households dissolve and are replaced, and move from place to place."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from incomesim.compiled.arithmetic import log
from incomesim.compiled.compile import at, inlined, stage
from incomesim.kernel.latents import Draws, Latents
from incomesim.kernel.philox import four_words, normal_pair, to_uniform
from incomesim.kernel.tables import Drift, Flags, Integers, Purpose, Reals, Words

__all__ = [
    "OLDEST",
    "Ground",
    "History",
    "Present",
    "any_reached",
    "drift",
    "find_band",
    "follow",
    "forget",
    "grow_older",
    "move",
    "start_history",
    "travel",
]

_RENEWAL = np.uint64(Purpose.RENEWAL)
OLDEST = 120
_MARKET = 3  # wage, operating, property are market income


class Ground(NamedTuple):
    """What it is like in each cell this year, for those who come and go."""

    bands: int
    quantiles: Reals  # (C, K)
    level: Reals  # (C, 4)


class History(NamedTuple):
    """Where a scenario has brought the households so far."""

    place: Integers  # (B,)
    gap_step: Reals  # (B,) log points a year on the way to the income of a new cell
    gap_left: Reals  # (B,) years left on it
    travelling: Flags  # (1,) whether anybody in the block may be on the way


class Present(NamedTuple):
    """Places at which households of the block are or were: what reaches none of them can be left out."""

    places: Integers  # (as many as there are places,)
    number: Integers  # (1,)


@inlined
def any_reached(reaches: Flags, present: Present) -> bool:
    """Tell whether a mechanism, with an entry for each place, reaches any place of the block."""
    for j in range(present.number[0]):
        if reaches[present.places[j]]:
            return True
    return False


@inlined
def _note(place: int, present: Present) -> None:
    """Add a place to those of the block."""
    for j in range(present.number[0]):
        if present.places[j] == place:
            return
    present.places[present.number[0]] = place
    present.number[0] += 1


@stage
def start_history(place: Integers, history: History, present: Present) -> None:
    """Put everybody where the population has them, with nothing behind them."""
    last = -1
    present.number[0] = 0
    for i in range(place.shape[0]):
        history.place[i] = place[i]
        if place[i] != last:
            last = place[i]
            _note(last, present)
    history.gap_left[:] = 0.0
    history.gap_step[:] = 0.0
    history.travelling[0] = False


@stage
def follow(leader: History, leader_present: Present, apart: Flags, history: History, present: Present, n: int) -> None:
    """Give those who are not apart the history of another scenario."""
    for i in range(n):
        history.place[i] = history.place[i] if apart[i] else leader.place[i]
    if leader.travelling[0]:
        history.travelling[0] = True
        for i in range(n):
            history.gap_step[i] = history.gap_step[i] if apart[i] else leader.gap_step[i]
        for i in range(n):
            history.gap_left[i] = history.gap_left[i] if apart[i] else leader.gap_left[i]
    for j in range(leader_present.number[0]):
        _note(leader_present.places[j], present)


@stage
def grow_older(
    ids: Words,
    age: Integers,
    seed: np.uint64,
    when: np.uint64,
    hazard: Reals,
    young: Integers,
    inheritance: float,
    draws: Draws,
    latents: Latents,
    renewed: Integers,
) -> int:
    """Let heads age; replace households that dissolve by young ones whose ranks remember their predecessors'.

    Writes who was replaced into `renewed` and returns how many. Only they draw from their own address.
    """
    n = ids.shape[0]
    for i in range(n):
        age[i] = min(age[i] + 1, OLDEST)
    number = 0
    for i in range(n):
        renewed[number] = i
        number += 1 if draws.renewal[i] < hazard[at(age[i])] else 0
    fresh = np.sqrt(1.0 - inheritance * inheritance)
    span = young[1] - young[0] + 1
    for j in range(number):
        i = renewed[j]
        w0, w1, w2, _ = four_words(seed, ids[i], when, _RENEWAL)
        first, second = normal_pair(w0, w1)
        age[i] = young[0] + int(to_uniform(w2) * span)
        latents.fixed[i] = inheritance * latents.fixed[i] + fresh * first
        latents.persistent[i] = inheritance * latents.persistent[i] + fresh * second
    return number


@stage
def forget(renewed: Integers, number: int, history: History) -> None:
    """A new household inherits its place, but no way to go."""
    for j in range(number):
        history.gap_left[renewed[j]] = 0.0


@stage
def find_band(band_starts: Integers, age: Integers, band: Integers, n: int) -> None:
    """Find the age band of each head."""
    for i in range(n):
        band[i] = 0
    for b in range(band_starts.shape[0]):
        start = band_starts[b]
        for i in range(n):
            band[i] += 1 if age[i] >= start else 0


@stage
def travel(history: History, n: int) -> None:
    """A year of the way to the income of a new cell is over."""
    if history.travelling[0]:
        for i in range(n):
            history.gap_left[i] = max(history.gap_left[i] - 1.0, 0.0)


@stage
def drift(
    drifting: Drift, t: int, candidates: Integers, number: int, uniform: Reals, ground: Ground, band: Integers,
    latents: Latents, history: History, present: Present,
) -> None:  # fmt: skip
    """Let those move whose draw, uniform[j] for candidate j, says so, whatever the policy."""
    probability, destination = drifting.probability[t], drifting.destination
    for j in range(number):
        i = candidates[j]
        old = history.place[i] * ground.bands + band[i]
        if uniform[j] < probability[at(old)] and destination[old] != history.place[i]:
            _go(i, old, destination[old], drifting.assimilation, ground, band, latents, history)
            _note(destination[old], present)


@stage
def move(
    who: Integers, number: int, destination: Integers, assimilation: int, ground: Ground, band: Integers,
    latents: Latents, history: History, present: Present,
) -> None:  # fmt: skip
    """Mechanism 2: change places. What that brings or costs comes over the years of assimilation.

    Moves are taken one after the other, those of the baseline first, those of each lever by draws of its own: a policy
    adds movers and changes nobody else's luck. Who has moved may move on from where he is.
    """
    for j in range(number):
        i = who[j]
        old = history.place[i] * ground.bands + band[i]
        _go(i, old, destination[old], assimilation, ground, band, latents, history)
        _note(destination[old], present)


@inlined
def _go(
    i: int, old: int, place: int, assimilation: int, ground: Ground, band: Integers, latents: Latents, history: History
) -> None:
    new = place * ground.bands + band[i]
    node, fraction = latents.node[i], latents.fraction[i]
    jump = _read(ground.quantiles, old, node, fraction) - _read(ground.quantiles, new, node, fraction)
    jump += log(_market_level(ground.level, old)) - log(_market_level(ground.level, new))
    history.gap_step[i] = (jump + history.gap_step[i] * history.gap_left[i]) / assimilation
    history.gap_left[i] = assimilation - 1.0
    history.place[i] = place
    history.travelling[0] = True


@inlined
def _read(quantiles: Reals, cell: int, node: int, fraction: float) -> float:
    low = quantiles[cell, node]
    return low + fraction * (quantiles[cell, node + 1] - low)  # type: ignore[no-any-return]


@inlined
def _market_level(level: Reals, cell: int) -> float:
    total = 0.0
    for k in range(_MARKET):
        total += level[cell, k]
    return total
