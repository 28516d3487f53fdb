"""The yearly step of a range of households, year by year, with and without policy.

Households are taken in blocks of a few hundred; all years of a block are finished while it is in the
cache. Draws and latent ranks are common to all scenarios. Order of the mechanisms in a year: (1) growth
of sources and minimum wages, (2) changes of cell, (3) lasting gains, (4) grants, (5) taxes, (6) the floor,
(7) services in kind.
Scenario 0 is the baseline and has no lever; of the others only what differs from it is computed and
added up (reform.py).
tests/reference/twin.py says the same in plain NumPy.
"""

from __future__ import annotations

from incomesim.compiled.compile import entry, spelled_out
from incomesim.kernel.accumulate import (
    Lines,
    YearSums,
    add_differences,
    add_everybody,
    add_joint,
    count_weights,
    flag_bins,
    measure,
)
from incomesim.kernel.admit import Queue
from incomesim.kernel.earnings import Earners, earn, fill_levels, find_cells, per_head
from incomesim.kernel.latents import draw_year, locate, mix, start_latents
from incomesim.kernel.philox import address
from incomesim.kernel.places import Ground, any_reached, drift, find_band, forget, grow_older, start_history, travel
from incomesim.kernel.reform import run_reform
from incomesim.kernel.tables import Integers, Pair, Reals, Rows, Sums, Tables, Trace
from incomesim.kernel.work import Work, history_of, present_of

__all__ = ["advance"]

_BASELINE = 0
_FIRST_YEAR, _SAME_YEAR = int(Pair.FIRST_YEAR), int(Pair.BASELINE)


@entry
def advance(rows: Rows, tables: Tables, work: Work, sums: Sums, trace: Trace) -> None:
    """Run all years of all scenarios for these households, a block of `work` at a time.

    Adds to `sums`, in which all scenarios but the baseline are kept as differences from it, and writes
    every element of `trace` where it has room for the households. Neither depends on the size of a block,
    to the last bit.
    """
    fill_levels(tables.composition, tables.transfer_level, tables.growth, work.level)
    flag_bins(tables.lines, tables.fineness, work.line_bin, work.flags)
    block = work.age.shape[0]
    for start in range(0, rows.age.shape[0], block):
        part = _part(rows, start, min(start + block, rows.age.shape[0]))
        _begin(part, tables, work)
        for t in range(tables.growth.shape[0]):
            _run_year(part, tables, t, work, sums)
            if trace.income.shape[2]:
                _write_trace(t, start, part.age.shape[0], tables.bands, work, trace)
        _add_pairs(part.age.shape[0], work, sums)


@spelled_out
def _begin(part: Rows, tables: Tables, work: Work) -> None:
    """Everything as it is in the first year."""
    n, reform = part.age.shape[0], work.reform
    for i in range(n):
        work.age[i] = part.age[i]
        work.replaced[i] = False
        reform.lots.ids[i] = part.household_id[i]
    count_weights(part.weight, part.persons, work.weights)
    for s in range(tables.active.shape[0]):
        start_history(part.place, history_of(work.histories, s), present_of(work.histories, s))
    reform.lots.kept[:] = False
    reform.apart[:, :] = False
    reform.stock[:, :, :] = 0.0
    reform.held[:, :] = False
    when = address(tables.replicate, 0)
    start_latents(part, tables.mobility, tables.seed, when, work.draws, work.latents)


@spelled_out
def _run_year(part: Rows, tables: Tables, t: int, work: Work, sums: Sums) -> None:
    n, lines = part.age.shape[0], Lines(tables.lines[t], work.line_bin[t], work.flags[t])
    renewed = _pass_a_year(part, tables, t, work)
    earners = _run_baseline(part, tables, t, work, renewed)
    add_everybody(work.weights, work.measured, lines, _year_sums(tables.stratum, sums, _BASELINE, t), n)
    for s in range(tables.active.shape[0]):
        if t == 0:
            _copy(work.measured.income, work.first[s], n)
        _copy(work.measured.income, work.last[s], n)
        if tables.looks_back:
            _copy(work.measured.income, work.past[s, t], n)
    for s in range(1, tables.active.shape[0]):
        queue = Queue(tables.budgets, tables.stratum, sums.queue[s, :, t], sums.margin[s, :, t])
        touched = run_reform(part, earners, tables, t, s, work, renewed, queue, sums.ledger[s, :, t])
        index, after = work.reform.listed, work.reform.measured
        changed = _year_sums(tables.stratum, sums, s, t)
        add_differences(index, touched, work.weights, work.measured, after, lines, changed)
        for j in range(touched):
            work.last[s, index[j]] = after.income[j]
            if t == 0:
                work.first[s, index[j]] = after.income[j]


@spelled_out
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
        for j in range(renewed):
            work.replaced[work.renewed[j]] = True
    mix(part.shift, tables.first_node, tables.nodes_per_unit, work.latents, n)
    locate(tables.quantiles.shape[1] - 2, work.latents, n)
    find_band(tables.band_starts, work.age, work.band, n)
    return renewed


@spelled_out
def _run_baseline(part: Rows, tables: Tables, t: int, work: Work, renewed: int) -> Earners:
    n, history = part.age.shape[0], history_of(work.histories, _BASELINE)
    if t > 0:
        forget(work.renewed, renewed, history)
        travel(history, n)
        present = present_of(work.histories, _BASELINE)
        if any_reached(tables.drift.reaches[t], present):
            drift(
                tables.drift, t, work.everybody, n, work.draws.moves,
                Ground(tables.bands, tables.quantiles, work.level[t]), work.band, work.latents, history, present,
            )  # fmt: skip
    find_cells(history.place, tables.bands, work.band, work.cell, n)
    if history.travelling[0]:
        for i in range(n):
            work.log_gain[i] = part.residual[i] + history.gap_step[i] * history.gap_left[i]
    else:
        _copy(part.residual, work.log_gain, n)
    earners = Earners(
        part.persons, part.market_tilt, part.transfer_tilt, work.cell, work.latents.node, work.latents.fraction,
        work.log_gain,
    )  # fmt: skip
    earn(earners, tables.quantiles, tables.composition, work.level[t], work.low, work.high, work.incomes, n)
    measured = work.measured
    per_head(work.incomes, part.persons, measured.income, n)
    for i in range(n):
        measured.cell[i] = work.cell[i]
    measure(part.weight, work.incomes, tables.fineness, tables.stratum_fineness, measured, n)
    return earners


@spelled_out
def _add_pairs(n: int, work: Work, sums: Sums) -> None:
    """Who was where in the first year, or is where in the baseline, and where in the last year."""
    one, other = work.reform.listed, work.renewed
    persons = work.weights.persons
    for s in range(work.first.shape[0]):
        add_joint(persons, work.first[s], work.last[s], one, other, sums.joint[s, _FIRST_YEAR], n)
        if s != _BASELINE:
            add_joint(persons, work.last[_BASELINE], work.last[s], one, other, sums.joint[s, _SAME_YEAR], n)


@spelled_out
def _write_trace(t: int, start: int, n: int, bands: int, work: Work, trace: Trace) -> None:
    for s in range(trace.income.shape[0]):
        for i in range(n):
            trace.income[s, t, start + i] = work.last[s, i]
            trace.cell[s, t, start + i] = work.histories.place[s, i] * bands + work.band[i]


@spelled_out
def _year_sums(stratum: Integers, sums: Sums, s: int, t: int) -> YearSums:
    return YearSums(
        stratum, sums.histogram[s, t], sums.strata[s, t], sums.below[s, t], sums.totals[s, t],
        sums.changes[s, t],
    )  # fmt: skip


@spelled_out
def _copy(source: Reals, values: Reals, n: int) -> None:
    for i in range(n):
        values[i] = source[i]


@spelled_out
def _part(rows: Rows, start: int, stop: int) -> Rows:
    return Rows(
        rows.household_id[start:stop],
        rows.weight[start:stop],
        rows.persons[start:stop],
        rows.elderly[start:stop],
        rows.children[start:stop],
        rows.age[start:stop],
        rows.place[start:stop],
        rows.process[start:stop],
        rows.rank[start:stop],
        rows.shift[start:stop],
        rows.residual[start:stop],
        rows.market_tilt[:, start:stop],
        rows.transfer_tilt[start:stop],
    )
