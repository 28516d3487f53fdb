"""Levers that reach nobody, or whose effect others take back: found before the run, in a sample of households."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from incomesim.engine import trace
from incomesim.errors import LeverWarning, OffsetLever, Problem, UnreachedLever
from incomesim.kernel.tables import MONEY_UNIT, WEIGHT_UNIT, Ledger, Rows, Tables, empty_sums
from incomesim.plan import Plan
from incomesim.policy import Lever, acts, reached_at_most
from incomesim.population import RowSource
from incomesim.sample_size import choose_sample
from incomesim.sampled import choose_parts, join_rows
from incomesim.scenario import Scenario
from incomesim.scenario.lever_conflicts import list_names

__all__ = ["warn_of_levers"]

Reals = NDArray[np.float64]
Doubt = tuple[type[LeverWarning], str]

_ENOUGH = 1_000  # households that a lever could reach, so that to reach none says something
_FEW = 20  # households and years reached, below which nothing is said of an effect
_SMALL = 0.01  # of what a lever does: a change of incomes below it is none
_SHARE_OF_RIVAL = 0.05  # of what a lever does that another one takes back, to be named
_AT_ONCE, _BYTES = 8, 2**28  # levers left out, one at a time, in one pass: fewer where its sums would be larger
_COARSEST = 3


@dataclass(frozen=True, eq=False)
class _Sampled:
    """What a sample of households, each standing for itself, comes to with all levers, and without each of them.

    `effect` (1 + L, L) is what levers pay and lift less what they collect, yuan, with all levers and without each;
    `gross` (L,) the same with nothing taken off, with all; `reached` (L,) households and years; `changed` (L,) the sum
    over households and years of how much incomes are others without the lever; `cell` (T, N) with all levers.
    """

    effect: Reals
    gross: Reals
    reached: Reals
    changed: Reals
    cell: NDArray[np.int32]


def warn_of_levers(scenario: Scenario, plan: Plan) -> None:
    """Warn, by name and place, of each lever that reaches nobody or that others wholly offset, in a sample.

    Some thousand households of `plan`, always the same ones, are run with all levers and with all but one at a time, as
    if every budget lasted.
    """
    if not scenario.policy:
        return
    wanted = choose_sample(len(scenario.policy), len(plan.ground.years))
    sampled = _run_sample(plan, _take_sample(plan.source, wanted))
    for index, lever in enumerate(scenario.policy):
        for kind, message in _judge(index, scenario.policy, plan, sampled):
            place = lever.stands
            told = Problem(place.file, place.line, place.column, f"policy[{index}]", message)
            warnings.warn(str(told), kind, stacklevel=3)


def _take_sample(source: RowSource, wanted: int) -> Rows:
    """Households from parts that are spread over the whole, every second, third, ... of each, with a weight of 1."""
    limits, step = choose_parts(source, wanted)
    rows = join_rows([source.rows(*each) for each in limits], step)
    return rows._replace(weight=np.ones(len(rows.weight)))


def _run_sample(plan: Plan, rows: Rows) -> _Sampled:
    """Run it, a few levers left out in one pass; sums by bin are not wanted, so they are as small as can be."""
    levers = plan.tables.active.shape[1]
    plain = plan.tables._replace(
        fineness=_COARSEST, stratum_fineness=_COARSEST, lines=np.empty((len(plan.ground.years), 0))
    )
    at_once = _count_at_once(plain)
    parts = [
        _run_without(plain, rows, np.arange(first, min(first + at_once, levers))) for first in range(0, levers, at_once)
    ]
    effects, changes = zip(*((part.effect[1:], part.changed) for part in parts), strict=True)
    effect = np.concatenate([parts[0].effect[:1], *effects])
    return replace(parts[0], effect=effect, changed=np.concatenate(changes))


def _run_without(plain: Tables, rows: Rows, left_out: NDArray[np.int64]) -> _Sampled:
    """Run it with all levers and without each of these, of which alone `effect` and `changed` tell."""
    sums, traced = trace(rows, _leave_out(plain, left_out))
    ledger = sums.ledger.sum(axis=(2, 3))
    received, gained, collected = (
        ledger[1:, :, entry] * MONEY_UNIT for entry in (Ledger.RECEIVED, Ledger.GAINED, Ledger.COLLECTED)
    )
    income, changed = traced.income, np.empty(len(left_out))
    for number in range(len(left_out)):
        changed[number] = (np.abs(income[1] - income[2 + number]) * rows.persons).sum()
    return _Sampled(
        effect=received + gained - collected,
        gross=(received + np.abs(gained) + collected)[0],
        reached=ledger[1, :, Ledger.HOUSEHOLDS] * WEIGHT_UNIT,
        changed=changed,
        cell=traced.cell[1].copy(),
    )


def _count_at_once(plain: Tables) -> int:
    """Levers left out in one pass; all arrays of its sums have a layer for each scenario."""
    of_scenario = sum(part.nbytes for part in empty_sums(_leave_out(plain, np.arange(1)))) // 3
    return int(np.clip(_BYTES // of_scenario - 2, 1, _AT_ONCE))


def _leave_out(tables: Tables, levers: NDArray[np.int64]) -> Tables:
    """Scenarios without levers, with all, and with all but each of some."""
    active = np.ones((2 + len(levers), tables.active.shape[1]), np.bool_)
    active[0] = False
    active[2 + np.arange(len(levers)), levers] = False
    return tables._replace(active=active)


def _judge(index: int, levers: Sequence[Lever], plan: Plan, sampled: _Sampled) -> Iterator[Doubt]:
    lever, households = levers[index], sampled.cell.shape[1]
    if sampled.reached[index] == 0.0:
        looked_at, could = _within_reach(lever, plan, sampled.cell)
        if could >= _ENOUGH:
            yield (
                UnreachedLever,
                f'"{lever.name}" reaches none of the {looked_at:,} households in its target that were looked at, of a '
                f"sample of {households:,}: look at its ceiling, line or brackets, and at levers that come before it",
            )
    elif sampled.reached[index] >= _FEW and sampled.changed[index] <= _SMALL * sampled.gross[index]:
        what = "no income is another without it"
        if sampled.gross[index] > 0.0:
            part = sampled.changed[index] / sampled.gross[index]
            what = f"incomes are the same without it, to within {part:.1%} of what it does"
        yield (
            OffsetLever,
            f'"{lever.name}" has no effect: in a sample of {households:,} households {what}'
            f"{_rivals(index, levers, sampled)}",
        )


def _within_reach(lever: Lever, plan: Plan, cell: NDArray[np.int32]) -> tuple[int, float]:
    """Households that are in its cells at any time, and how many it would reach in a year if all were entitled."""
    made, years = lever.compile(plan.ground), np.arange(len(cell))[:, None]
    inside = acts(lever, plan.ground)[years, cell]
    could = sum(reached_at_most(entry, lever, plan.ground)[years, cell].sum(axis=1) for entry in made.entries())
    return int(inside.any(axis=0).sum()), float(np.max(could))


def _rivals(index: int, levers: Sequence[Lever], sampled: _Sampled) -> str:
    """Name the levers that do less, or collect more, because this one is there."""
    own = sampled.effect[0, index]
    taken = (sampled.effect[1 + index] - sampled.effect[0]) * np.sign(own)
    named = [
        levers[rival].name
        for rival in np.argsort(-taken, kind="stable").tolist()
        if rival != index and taken[rival] > _SHARE_OF_RIVAL * abs(own)
    ]
    return f"; what it does is taken back by {list_names(named)}" if named else ""
