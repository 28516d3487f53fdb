"""The yearly step of a range of households, year by year, with and without policy.

Households are taken in blocks of a few hundred; all years of a block are finished while it is in the
cache. Draws and latent ranks are common to all scenarios. Order of the mechanisms in a year: (1) growth
of sources, (2) changes of cell, (3) lasting gains, (6) the floor. Scenario 0 is the baseline and has no
lever. Households that no lever has reached keep the incomes of the baseline, which are not computed again.
tests/reference/twin.py says the same in plain NumPy.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from incomesim.kernel.accumulate import (
    Measured,
    add_changes,
    add_incomes,
    add_joint,
    count_weights,
    flag_bins,
    measure,
    new_measured,
)
from incomesim.kernel.bins import count_bins
from incomesim.kernel.compile import entry, inlined
from incomesim.kernel.earnings import Incomes, copy_incomes, earn, find_cells, new_incomes, per_head, sum_log_gains
from incomesim.kernel.latents import (
    Draws,
    Latents,
    draw_year,
    locate,
    mix,
    new_draws,
    new_latents,
    start_latents,
)
from incomesim.kernel.levers import (
    Effects,
    Lots,
    accelerate,
    draw_lot,
    gain,
    keep_lot,
    new_effects,
    new_lots,
    raise_floor,
    record,
)
from incomesim.kernel.philox import address
from incomesim.kernel.places import (
    History,
    Present,
    any_reached,
    copy_history,
    find_band,
    forget,
    grow_older,
    move,
    start_history,
    travel,
)
from incomesim.kernel.tables import Flags, Integers, Reals, Rows, Sums, Tables, Trace

__all__ = ["Work", "advance", "new_work"]

_BASELINE = 0
_FIRST_YEAR, _SAME_YEAR = 0, 1  # Pair


class Histories(NamedTuple):
    """`History` and `Present` of every scenario along the first axis."""

    place: Integers
    gap_step: Reals
    gap_left: Reals
    stock: Reals
    held: Flags
    travelling: Flags
    places: Integers
    number: Integers
    diverged: Flags  # (S,) whether a lever has left anything behind with households of the block


class Work(NamedTuple):
    """Work space of one thread for the block of households at hand, (B,) where nothing else is said."""

    age: Integers  # of the head
    band: Integers
    renewed: Integers  # who was replaced this year
    moved: Integers  # who moved
    household_units: Integers
    person_units: Integers
    draws: Draws
    latents: Latents
    lots: Lots
    effects: Effects
    start: Incomes  # of the baseline
    incomes: Incomes  # of another scenario
    first: Reals  # (S, B) income per head in the first year
    histories: Histories
    baseline: Measured
    measured: Measured
    line_bin: Integers  # (T, Z)
    flags: Flags  # (T, H) whether a line divides the bin


@entry
def advance(rows: Rows, tables: Tables, work: Work, sums: Sums, trace: Trace) -> None:
    """Run all years of all scenarios for these households, a block of `work` at a time.

    Adds to `sums`, and writes every element of `trace` where it has room for the households. Neither
    depends on the size of a block, to the last bit.
    """
    scenarios, years = tables.active.shape[0], tables.growth.shape[0]
    histories, baseline, measured = work.histories, work.baseline, work.measured
    line_bin, flags = work.line_bin, work.flags
    block = work.age.shape[0]
    flag_bins(tables.lines, tables.fineness, line_bin, flags)
    for start in range(0, rows.age.shape[0], block):
        part = _part(rows, start, min(start + block, rows.age.shape[0]))
        n = part.age.shape[0]
        units, heads = work.household_units[:n], work.person_units[:n]
        count_weights(part, units, heads)
        _start(part, tables, work, histories)
        for t in range(years):
            renewed = _pass_a_year(part, tables, t, work)
            for s in range(scenarios):
                if s == _BASELINE:
                    _run_baseline(part, tables, t, work, histories, renewed, baseline)
                    after = baseline
                elif _run_policy(part, tables, t, s, work, histories, renewed, sums.ledger[s, :, t], measured):
                    after = measured
                    add_changes(heads, baseline, measured, sums.changes[s, t])
                else:
                    after = baseline
                add_incomes(
                    units, heads, after, tables.lines[t], line_bin[t], flags[t],
                    sums.histogram[s, t], sums.below[s, t], sums.totals[s, t],
                )  # fmt: skip
                if t == 0:
                    for i in range(n):
                        work.first[s, i] = after.income[i]
                if t == years - 1:
                    origin, end = work.moved, work.effects.reached
                    add_joint(heads, work.first[s], after.income, origin, end, sums.joint[s, _FIRST_YEAR])
                    if s != _BASELINE:
                        add_joint(heads, baseline.income, after.income, origin, end, sums.joint[s, _SAME_YEAR])
                if trace.income.shape[2]:
                    for i in range(n):
                        trace.income[s, t, start + i] = after.income[i]
                        trace.cell[s, t, start + i] = after.cell[i]


@inlined
def _start(part: Rows, tables: Tables, work: Work, histories: Histories) -> None:
    """Everything as it is in the first year."""
    n = part.age.shape[0]
    for i in range(n):
        work.age[i] = part.age[i]
    work.lots.drawn[:] = False
    histories.diverged[:] = False
    for s in range(histories.place.shape[0]):
        start_history(part.place, _history(histories, s), _present(histories, s))
    when = address(tables.replicate, 0)
    start_latents(part, tables.mobility, tables.seed, when, work.draws, work.latents)


@inlined
def _pass_a_year(part: Rows, tables: Tables, t: int, work: Work) -> int:
    """What happens to households in all scenarios alike; returns how many were replaced."""
    n = part.age.shape[0]
    ids = part.household_id
    renewed = 0
    if t > 0:
        when = address(tables.replicate, tables.first_year + t)
        draw_year(ids, tables.seed, when, work.draws, work.latents, n)
        renewed = grow_older(
            ids, work.age, tables.seed, when, tables.renewal, tables.young, tables.inheritance, work.draws,
            work.latents, work.renewed,
        )  # fmt: skip
    mix(part.shift, tables.first_node, tables.nodes_per_unit, work.latents, n)
    locate(tables.quantiles.shape[1] - 2, work.latents, n)
    find_band(tables.band_starts, work.age, work.band, n)
    return renewed


@inlined
def _run_baseline(
    part: Rows, tables: Tables, t: int, work: Work, histories: Histories, renewed: int, measured: Measured
) -> None:
    history, present = _history(histories, _BASELINE), _present(histories, _BASELINE)
    if t > 0:
        forget(work.renewed, renewed, history)
        travel(history, part.age.shape[0])
        _move_in_baseline(part, tables, t, work, history, present)
    _earn(part, tables, t, work, history, work.start)
    _measure(part, tables, work.start, measured)


@inlined
def _run_policy(
    part: Rows,
    tables: Tables,
    t: int,
    s: int,
    work: Work,
    histories: Histories,
    renewed: int,
    ledger: Integers,
    measured: Measured,
) -> bool:
    """Return whether a lever has to do with the block; if not, its incomes are those of the baseline."""
    n = part.age.shape[0]
    history, present = _history(histories, s), _present(histories, s)
    if histories.diverged[s]:
        if t > 0:
            forget(work.renewed, renewed, history)
            travel(history, n)
            _move_in_baseline(part, tables, t, work, history, present)
    else:
        copy_history(_history(histories, _BASELINE), _present(histories, _BASELINE), history, present, n)
    if t > 0 and _move_by_levers(part, tables, t, tables.active[s], work, history, present, ledger):
        histories.diverged[s] = True
    if histories.diverged[s]:
        _earn(part, tables, t, work, history, work.incomes)
    else:
        copy_incomes(work.start, work.incomes, n)
    acted = _accelerate(part, tables, t, tables.active[s], work, present, ledger)
    acted |= _gain(part, tables, t, tables.active[s], work, history, present, ledger)
    acted |= _raise_floor(part, tables, t, tables.active[s], work, present, ledger)
    if history.held.any():
        histories.diverged[s] = True
    if acted or histories.diverged[s]:
        _measure(part, tables, work.incomes, measured)
        return True
    return False


@inlined
def _move_in_baseline(
    part: Rows, tables: Tables, t: int, work: Work, history: History, present: Present
) -> None:
    """Moves that are no lever's."""
    moves = tables.moves
    for m in range(moves.lever.shape[0]):
        if moves.lever[m] < 0 and any_reached(moves.reaches[m, t], present):
            _move(part, tables, t, m, work.draws.moves, work, history, present)


@inlined
def _move_by_levers(
    part: Rows,
    tables: Tables,
    t: int,
    active: Flags,
    work: Work,
    history: History,
    present: Present,
    ledger: Integers,
) -> bool:
    """Moves by levers, after those of the baseline; return whether anybody moved."""
    moves = tables.moves
    when = address(tables.replicate, tables.first_year + t)
    anybody = False
    for m in range(moves.lever.shape[0]):
        lever = moves.lever[m]
        if lever >= 0 and active[lever] and any_reached(moves.reaches[m, t], present):
            draw_lot(part.household_id, tables.seed, when, tables.purpose[lever], work.lots, work.lots.year)
            moved = _move(part, tables, t, m, work.lots.year, work, history, present)
            for j in range(moved):
                ledger[lever, 0] += work.household_units[work.moved[j]]
                ledger[lever, 1] += work.person_units[work.moved[j]]
            anybody |= moved > 0
    return anybody


@inlined
def _move(
    part: Rows, tables: Tables, t: int, m: int, uniform: Reals, work: Work, history: History, present: Present
) -> int:
    moves = tables.moves
    return move(
        uniform, moves.probability[m, t], moves.destination[m], moves.assimilation[m], tables.bands,
        work.band[: part.age.shape[0]], tables.quantiles, tables.composition, tables.growth[t], work.latents, history,
        present, work.moved,
    )  # fmt: skip


@inlined
def _earn(part: Rows, tables: Tables, t: int, work: Work, history: History, incomes: Incomes) -> None:
    n = part.age.shape[0]
    find_cells(history.place, tables.bands, work.band, incomes.cell, n)
    sum_log_gains(tables.gains.keep, history, incomes.log_gain, n)
    earn(
        part, tables.quantiles, tables.composition, tables.transfer_level, tables.growth[t], work.latents, incomes
    )
    per_head(incomes, part.persons, incomes.before)


@inlined
def _measure(part: Rows, tables: Tables, incomes: Incomes, measured: Measured) -> None:
    n = part.age.shape[0]
    per_head(incomes, part.persons, measured.income)
    for i in range(n):
        measured.cell[i] = incomes.cell[i]
    measure(part, incomes, tables.fineness, measured)


@inlined
def _accelerate(
    part: Rows, tables: Tables, t: int, active: Flags, work: Work, present: Present, ledger: Integers
) -> bool:
    table, lots = tables.accelerations, work.lots
    acted = False
    for a in range(table.lever.shape[0]):
        lever = table.lever[a]
        if active[lever] and any_reached(table.reaches[a, t], present):
            acted = True
            keep_lot(part.household_id, tables.seed, address(tables.replicate, 0), lever, tables.purpose[lever], lots)
            accelerate(table, a, t, lots.own[lever], work.incomes, work.effects, part.age.shape[0])
            _record(part, tables, t, work, ledger[lever])
    return acted


@inlined
def _gain(
    part: Rows,
    tables: Tables,
    t: int,
    active: Flags,
    work: Work,
    history: History,
    present: Present,
    ledger: Integers,
) -> bool:
    table, lots = tables.gains, work.lots
    when = address(tables.replicate, tables.first_year + t)
    acted = False
    for b in range(table.lever.shape[0]):
        lever = table.lever[b]
        if active[lever] and (history.held[b] or any_reached(table.reaches[b, t], present)):
            acted = True
            draw_lot(part.household_id, tables.seed, when, tables.purpose[lever], lots, lots.year)
            gain(table, b, t, lots.year, history, work.incomes, work.effects, part.age.shape[0])
            _record(part, tables, t, work, ledger[lever])
    return acted


@inlined
def _raise_floor(
    part: Rows, tables: Tables, t: int, active: Flags, work: Work, present: Present, ledger: Integers
) -> bool:
    table, lots = tables.floors, work.lots
    acted = False
    for f in range(table.lever.shape[0]):
        lever = table.lever[f]
        if active[lever] and any_reached(table.reaches[f, t], present):
            acted = True
            keep_lot(part.household_id, tables.seed, address(tables.replicate, 0), lever, tables.purpose[lever], lots)
            raise_floor(table, f, t, lots.own[lever], part.persons, work.incomes, work.effects)
            _record(part, tables, t, work, ledger[lever])
    return acted


@inlined
def _record(part: Rows, tables: Tables, t: int, work: Work, entry_of_year: Integers) -> None:
    record(
        part, work.household_units, work.person_units, tables.poverty_line[t], work.incomes, work.effects,
        entry_of_year,
    )  # fmt: skip


@inlined
def _part(rows: Rows, start: int, stop: int) -> Rows:
    return Rows(
        rows.household_id[start:stop],
        rows.weight[start:stop],
        rows.persons[start:stop],
        rows.age[start:stop],
        rows.place[start:stop],
        rows.process[start:stop],
        rows.rank[start:stop],
        rows.shift[start:stop],
        rows.residual[start:stop],
        rows.wage_tilt[start:stop],
        rows.operating_tilt[start:stop],
        rows.property_tilt[start:stop],
        rows.transfer_tilt[start:stop],
    )


def new_work(tables: Tables, block: int) -> Work:
    """Return work space for blocks of so many households."""
    scenarios, levers = tables.active.shape
    return Work(
        np.empty(block, np.int64),
        np.empty(block, np.int64),
        np.empty(block, np.int64),
        np.empty(block, np.int64),
        np.empty(block, np.int64),
        np.empty(block, np.int64),
        new_draws(block),
        new_latents(block),
        new_lots(levers, block),
        new_effects(block),
        new_incomes(block),
        new_incomes(block),
        np.empty((scenarios, block)),
        _new_histories(tables, block),
        new_measured(block),
        new_measured(block),
        np.empty(tables.lines.shape, np.int64),
        np.empty((tables.growth.shape[0], count_bins(tables.fineness)), np.bool_),
    )


def _new_histories(tables: Tables, block: int) -> Histories:
    scenarios, gains = tables.active.shape[0], tables.gains.lever.shape[0]
    return Histories(
        np.empty((scenarios, block), np.int64),
        np.zeros((scenarios, block)),
        np.zeros((scenarios, block)),
        np.zeros((scenarios, gains, block)),
        np.zeros((scenarios, gains), np.bool_),
        np.zeros((scenarios, 1), np.bool_),
        np.empty((scenarios, tables.growth.shape[1]), np.int64),
        np.zeros((scenarios, 1), np.int64),
        np.zeros(scenarios, np.bool_),
    )


@inlined
def _history(histories: Histories, s: int) -> History:
    return History(
        histories.place[s],
        histories.gap_step[s],
        histories.gap_left[s],
        histories.stock[s],
        histories.held[s],
        histories.travelling[s],
    )


@inlined
def _present(histories: Histories, s: int) -> Present:
    return Present(histories.places[s], histories.number[s])
