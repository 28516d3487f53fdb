"""Levers that cannot all be meant: told as errors before a run, each at the lines of all levers concerned."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from incomesim.fields import RESIDENCES
from incomesim.policy import Ground, GroupMobility, IncomeTax, Lever, Mechanisms, Move, acts_on
from incomesim.scenario.plain_data import Finding

if TYPE_CHECKING:
    from incomesim.scenario.model import Scenario

__all__ = ["find_conflicts", "list_names", "name_cell"]

_WORDS = ("name", "reason", "source")
"""What two levers may say differently and still be the same measure."""

_TOLERANCE = 1e-9


def find_conflicts(scenario: Scenario, ground: Ground) -> Iterator[Finding]:
    """Yield, for each lever that stands against others, where it stands and what is wrong with them together."""
    levers = scenario.policy
    made = [lever.compile(ground) for lever in levers]
    for one, other in combinations(range(len(levers)), 2):
        reason = (
            _twice(levers[one], levers[other])
            or _two_laws(levers[one], levers[other], made[one], made[other], ground)
            or _there_and_back(levers[one], levers[other], made[one], made[other], ground)
        )
        if reason:
            for index, rival in ((one, other), (other, one)):
                yield ("policy", index), f'"{levers[index].name}" and "{levers[rival].name}" {reason}'
    yield from _two_queues(levers, made)
    yield from _too_many_moves(levers, made, ground)


def list_names(names: Sequence[str]) -> str:
    """Return names in quotes: "a", "b" and "c"."""
    *first, last = (f'"{name}"' for name in names)
    return f"{', '.join(first)} and {last}" if first else last


def name_cell(ground: Ground, cell: int) -> str:
    """Return a cell in words: region, residence, group, ages of the head."""
    region, residence, group, band = (int(number) for number in np.unravel_index(cell, ground.shape))
    starts, ends = (0, *ground.band_starts), (*(start - 1 for start in ground.band_starts), 120)
    place = f"{ground.regions[region]}, {RESIDENCES[residence]}, {ground.groups[group]}"
    return f"{place}, heads of {starts[band]} to {ends[band]}"


def _two_queues(levers: Sequence[Lever], made: Sequence[Mechanisms]) -> Iterator[Finding]:
    """Who asks in the second entry would depend on the limit of the first: there might be no limit that holds."""
    for index, (lever, each) in enumerate(zip(levers, made, strict=True)):
        if lever.budget is not None and len(each.entries()) > 1:
            yield (
                ("policy", index, "budget"),
                f'found a budget for "{lever.name}", which changes {len(each.entries())} mechanisms: a household would '
                "ask for it once in each; make of each a lever with a budget of its own",
            )


def _twice(one: Lever, other: Lever) -> str:
    same = type(one) is type(other) and all(
        getattr(one, name) == getattr(other, name) for name in type(one).model_fields if name not in _WORDS
    )
    return "are the same measure twice: all their values are equal; leave one out" if same else ""


def _two_laws(one: Lever, other: Lever, first: Mechanisms, second: Mechanisms, ground: Ground) -> str:
    """Both take the difference to the law, so the law would be taken off twice."""
    laws = [lever for lever in (one, other) if isinstance(lever, IncomeTax) and lever.replaces != "nothing"]
    if len(laws) < 2:
        return ""
    both = (first.taxes[0].force > 0.0) & (second.taxes[0].force > 0.0)
    if not both.any():
        return ""
    return (
        f"both replace the law of 2018 for the same people in {_years(ground, both)}; make one lever of them (with "
        "`amendments` where it changes), or let one say `replaces: nothing`"
    )


def _there_and_back(one: Lever, other: Lever, first: Mechanisms, second: Mechanisms, ground: Ground) -> str:
    """What one moves from group A to B, the other moves from B to A, each by name."""
    if not (isinstance(one, GroupMobility) and isinstance(other, GroupMobility)):
        return ""
    if one.to not in other.target.groups or other.to not in one.target.groups:
        return ""
    (there,), (back,) = first.moves, second.moves
    arrives = _destination(there, ground)
    returns = _destination(back, ground)[arrives] == np.arange(ground.cells)
    both = acts_on(there, ground) & acts_on(back, ground)[:, arrives] & returns
    if not both.any():
        return ""
    return (
        f"move households from {other.to} to {one.to} and from {one.to} to {other.to} in the same places in "
        f"{_years(ground, both)}; state the net move in one of them, or give them other years or places"
    )


def _too_many_moves(levers: Sequence[Lever], made: Sequence[Mechanisms], ground: Ground) -> Iterator[Finding]:
    """Shares of the same households that levers move away in a year must not add up to more than all of them.

    A household can change group and move to town in one year, so each is added up by itself. What a budget limits
    is no share that anybody means.
    """
    for to_town in (False, True):
        leaving = np.array([
            _leaving(lever, each, ground, to_town=to_town) for lever, each in zip(levers, made, strict=True)
        ]).reshape(-1, len(ground.years), ground.cells)  # fmt: skip
        total = leaving.sum(axis=0)
        if total.max() <= 1.0 + _TOLERANCE:
            continue
        t, cell = (int(number) for number in np.unravel_index(total.argmax(), total.shape))
        involved = np.flatnonzero(leaving[:, t, cell]).tolist()
        names = list_names([levers[index].name for index in involved])
        for index in involved:
            yield (
                ("policy", index),
                f"{names} together move {total[t, cell]:.0%} of the same households in {ground.years[t]} "
                f"({name_cell(ground, cell)}), expected at most 100%; lower a rate, or give them other targets",
            )


def _leaving(lever: Lever, made: Mechanisms, ground: Ground, *, to_town: bool) -> NDArray[np.float64]:
    """Share of households (T, C) that a lever moves between town and country, or between groups."""
    side = np.indices(ground.shape)[1].ravel()
    leaving = np.zeros((len(ground.years), ground.cells))
    for move in made.moves if lever.budget is None else ():
        changes_side = side[_destination(move, ground)] != side
        leaving += move.rate * acts_on(move, ground) * (changes_side == to_town)
    return leaving


def _destination(move: Move, ground: Ground) -> NDArray[np.int64]:
    """The cell (C,) a move leads to: heads stay in their age band."""
    bands = len(ground.band_starts) + 1
    return np.asarray(move.destination * bands + np.arange(ground.cells) % bands)


def _years(ground: Ground, flags: NDArray[np.bool_]) -> str:
    years = np.array(ground.years)[flags.any(axis=1)].tolist()
    return str(years[0]) if len(years) == 1 else f"{years[0]}..{years[-1]}"
