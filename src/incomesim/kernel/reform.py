"""A year of a scenario with levers: what differs from the baseline, and no more.

Most households of most years are not reached by any lever; their incomes are those of the baseline and
are not computed again. A household that a lever has moved, or given a lasting gain, has a history of its own
from then on: it is `apart`.
"""

from __future__ import annotations

from incomesim.kernel.accumulate import measure
from incomesim.kernel.compile import at, spelled_out, stage
from incomesim.kernel.earnings import Earners, earn, find_cells, per_head, pick
from incomesim.kernel.grants import grant
from incomesim.kernel.levers import (
    Gained,
    accelerate,
    draw_lots,
    gain,
    hold,
    list_flagged,
    raise_floor,
    record,
)
from incomesim.kernel.members import Members
from incomesim.kernel.philox import address
from incomesim.kernel.places import Present, any_reached, follow, forget, move, travel
from incomesim.kernel.tables import Flags, Integers, Ledger, Reals, Rows, Tables
from incomesim.kernel.taxes import record_collected, tax
from incomesim.kernel.work import Work, ground_of, history_of, present_of

__all__ = ["run_reform"]

_BASELINE = 0
_HOUSEHOLDS, _PERSONS = int(Ledger.HOUSEHOLDS), int(Ledger.PERSONS)


@stage
def run_reform(
    part: Rows, earners: Earners, tables: Tables, t: int, s: int, work: Work, renewed: int, ledger: Integers
) -> int:
    """Advance scenario s by a year; `part` and `earners` (n,) are those of the baseline, `ledger` (L, C, ...).

    Lists the households whose income or cell may differ from the baseline in `work.reform.listed`, measures
    them one behind the other in `work.reform.measured`, and returns how many they are.
    """
    n, reform, active, persons = part.age.shape[0], work.reform, tables.active[s], part.persons
    present = present_of(work, s)
    gained = Gained(reform.stock[s], reform.held[s])
    apart = reform.apart[s]
    if t > 0:
        _live_on(tables, t, s, work, renewed, gained, n)
    find_cells(history_of(work, s).place, tables.bands, work.band, reform.cell, n)
    if t > 0:
        _move_by_levers(tables, t, s, work, active, ledger, n)
    number = list_flagged(apart, reform.listed, n)
    if number == 0 and not _anything_reaches(tables, t, active, present):
        return 0
    _copy_baseline(work, apart, n)
    if number:
        _earn_apart(earners, part.residual, tables, t, s, work, gained, number)
    _accelerate(tables, t, active, work, present, ledger, n)
    _gain(tables, t, active, work, present, gained, apart, ledger, n)
    _grant(part, tables, t, active, work, present, ledger, n)
    _tax(part, tables, t, active, work, present, ledger, n)
    _raise_floor(persons, tables, t, active, work, present, ledger, n)
    number = list_flagged(reform.touched, reform.listed, n)
    _measure_touched(persons, tables, work, number)
    return number


@spelled_out
def _live_on(tables: Tables, t: int, s: int, work: Work, renewed: int, gained: Gained, n: int) -> None:
    """Those apart live through the year by themselves, the others as in the baseline."""
    reform, moves, ground = work.reform, tables.moves, ground_of(tables, work, t)
    history, present, apart = history_of(work, s), present_of(work, s), reform.apart[s]
    forget(work.renewed, renewed, history)
    for j in range(renewed):
        gained.stock[:, work.renewed[j]] = 0.0
    travel(history, n)
    number = list_flagged(apart, reform.listed, n)
    if number:
        for j in range(number):
            reform.lots.uniform[j] = work.draws.moves[reform.listed[j]]
        for m in range(moves.lever.shape[0]):
            if moves.lever[m] < 0 and any_reached(moves.reaches[m, t], present):
                move(
                    reform.listed, number, reform.lots.uniform, moves.probability[m, t], moves.destination[m],
                    moves.assimilation[m], ground, work.band, work.latents, history, present, reform.moved,
                )  # fmt: skip
    follow(history_of(work, _BASELINE), present_of(work, _BASELINE), apart, history, present, n)


@spelled_out
def _move_by_levers(tables: Tables, t: int, s: int, work: Work, active: Flags, ledger: Integers, n: int) -> None:
    reform, moves, ground = work.reform, tables.moves, ground_of(tables, work, t)
    history, present, apart = history_of(work, s), present_of(work, s), reform.apart[s]
    when = address(tables.replicate, tables.first_year + t)
    for m in range(moves.lever.shape[0]):
        lever = moves.lever[m]
        if lever < 0 or not active[lever] or not any_reached(moves.reaches[m, t], present):
            continue
        number = 0
        for i in range(n):
            reform.listed[number] = i
            number += 1 if moves.probability[m, t, at(reform.cell[i])] > 0.0 else 0
        draw_lots(reform.listed, number, when, tables.purpose[lever], reform.lots)
        moved = move(
            reform.listed, number, reform.lots.uniform, moves.probability[m, t], moves.destination[m],
            moves.assimilation[m], ground, work.band, work.latents, history, present, reform.moved,
        )  # fmt: skip
        for j in range(moved):
            i = at(reform.moved[j])
            apart[i] = True
            reform.cell[i] = history.place[i] * tables.bands + work.band[i]
            entry = ledger[lever, at(reform.cell[i])]
            entry[_HOUSEHOLDS] += work.weights.households[i]
            entry[_PERSONS] += work.weights.persons[i]


@spelled_out
def _anything_reaches(tables: Tables, t: int, active: Flags, present: Present) -> bool:
    """Tell whether a lever that is no move reaches any place of the block."""
    return (
        _any_of(tables.accelerations.lever, tables.accelerations.reaches, t, active, present)
        or _any_of(tables.gains.lever, tables.gains.reaches, t, active, present)
        or _any_of(tables.grants.lever, tables.grants.reaches, t, active, present)
        or _any_of(tables.taxes.lever, tables.taxes.reaches, t, active, present)
        or _any_of(tables.floors.lever, tables.floors.reaches, t, active, present)
    )


@spelled_out
def _any_of(lever: Integers, reaches: Flags, t: int, active: Flags, present: Present) -> bool:
    for k in range(lever.shape[0]):
        if active[lever[k]] and any_reached(reaches[k, t], present):
            return True
    return False


@spelled_out
def _copy_baseline(work: Work, apart: Flags, n: int) -> None:
    reform, incomes, own = work.reform, work.incomes, work.reform.incomes
    for i in range(n):
        reform.touched[i] = apart[i]
    _copy(work.measured.income, reform.before, n)
    _copy(incomes.wage, own.wage, n)
    _copy(incomes.operating, own.operating, n)
    _copy(incomes.owned, own.owned, n)
    _copy(incomes.transfer, own.transfer, n)


@spelled_out
def _earn_apart(
    earners: Earners, residual: Reals, tables: Tables, t: int, s: int, work: Work, gained: Gained, number: int
) -> None:
    """Incomes before this year's levers of those apart, in `work.reform.listed`."""
    reform, picked, made = work.reform, _like(earners, work.reform.picked), work.reform.picked_incomes
    history, index, keep = history_of(work, s), work.reform.listed, tables.gains.keep
    pick(earners, index, number, picked)
    for j in range(number):
        i = at(index[j])
        picked.cell[j] = reform.cell[i]
        picked.log_gain[j] = residual[i] + history.gap_step[i] * history.gap_left[i]
    for b in range(keep.shape[0]):
        if gained.held[b]:
            for j in range(number):
                left = gained.stock[b, index[j]] * keep[b]
                gained.stock[b, index[j]] = left
                picked.log_gain[j] += left
    earn(picked, tables.quantiles, tables.composition, work.level[t], work.low, work.high, made, number)
    per_head(made, picked.persons, work.low, number)
    for j in range(number):
        i = at(index[j])
        reform.before[i] = work.low[j]
        reform.incomes.wage[i] = made.wage[j]
        reform.incomes.operating[i] = made.operating[j]
        reform.incomes.owned[i] = made.owned[j]
        reform.incomes.transfer[i] = made.transfer[j]


@spelled_out
def _like(earners: Earners, room: Earners) -> Earners:
    """Use as much of the room for compositions as the baseline has of them: all or nothing."""
    tilt = room.market_tilt[:, : earners.market_tilt.shape[1]]
    return Earners(room.persons, tilt, room.transfer_tilt, room.cell, room.node, room.fraction, room.log_gain)


@spelled_out
def _accelerate(tables: Tables, t: int, active: Flags, work: Work, present: Present, ledger: Integers, n: int) -> None:
    table, reform = tables.accelerations, work.reform
    when = address(tables.replicate, 0)
    for a in range(table.lever.shape[0]):
        lever = table.lever[a]
        if active[lever] and any_reached(table.reaches[a, t], present):
            number = accelerate(
                table, a, t, when, tables.purpose[lever], reform.cell, reform.incomes, reform.lots, reform.touched,
                reform.effects, n,
            )  # fmt: skip
            _record(tables, t, work, number, ledger[lever])


@spelled_out
def _gain(
    tables: Tables, t: int, active: Flags, work: Work, present: Present, gained: Gained, apart: Flags,
    ledger: Integers, n: int,
) -> None:  # fmt: skip
    table, reform = tables.gains, work.reform
    when = address(tables.replicate, tables.first_year + t)
    for b in range(table.lever.shape[0]):
        lever = table.lever[b]
        if not active[lever]:
            continue
        if gained.held[b]:
            number = hold(gained.stock[b], reform.incomes, reform.effects, n)
            _record(tables, t, work, number, ledger[lever])
        if any_reached(table.reaches[b, t], present):
            number = gain(
                table, b, t, when, tables.purpose[lever], reform.cell, reform.before, reform.incomes, reform.lots,
                gained, apart, reform.touched, reform.effects, n,
            )  # fmt: skip
            _record(tables, t, work, number, ledger[lever])


@spelled_out
def _grant(
    part: Rows, tables: Tables, t: int, active: Flags, work: Work, present: Present, ledger: Integers, n: int
) -> None:
    table, reform = tables.grants, work.reform
    members = _members(part, work)
    when = address(tables.replicate, 0)
    for d in range(table.lever.shape[0]):
        lever = table.lever[d]
        if active[lever] and any_reached(table.reaches[d, t], present):
            number = grant(
                table, d, t, when, tables.purpose[lever], reform.cell, members, reform.before, reform.incomes,
                reform.lots, reform.touched, reform.effects, n,
            )  # fmt: skip
            _record(tables, t, work, number, ledger[lever])


@spelled_out
def _tax(
    part: Rows, tables: Tables, t: int, active: Flags, work: Work, present: Present, ledger: Integers, n: int
) -> None:
    table, reform = tables.taxes, work.reform
    members = _members(part, work)
    for x in range(table.lever.shape[0]):
        lever = table.lever[x]
        if active[lever] and any_reached(table.reaches[x, t], present):
            number = tax(
                table, x, t, reform.cell, members, reform.incomes, work.low, work.high, reform.touched, reform.effects,
                n,
            )  # fmt: skip
            _record(tables, t, work, number, ledger[lever])
            record_collected(work.weights, reform.cell, reform.effects, number, ledger[lever])


@spelled_out
def _members(part: Rows, work: Work) -> Members:
    return Members(part.persons, part.elderly, part.children, part.age, work.age, work.replaced)


@spelled_out
def _raise_floor(
    persons: Reals, tables: Tables, t: int, active: Flags, work: Work, present: Present, ledger: Integers, n: int
) -> None:
    table, reform = tables.floors, work.reform
    when = address(tables.replicate, 0)
    for f in range(table.lever.shape[0]):
        lever = table.lever[f]
        if active[lever] and any_reached(table.reaches[f, t], present):
            number = raise_floor(
                table, f, t, when, tables.purpose[lever], reform.cell, persons, reform.incomes, reform.lots,
                reform.touched, reform.effects, n,
            )  # fmt: skip
            _record(tables, t, work, number, ledger[lever])


@spelled_out
def _record(tables: Tables, t: int, work: Work, number: int, by_cell: Integers) -> None:
    reform = work.reform
    record(work.weights, tables.poverty_line[t], reform.before, reform.cell, reform.effects, number, by_cell)


@spelled_out
def _measure_touched(persons: Reals, tables: Tables, work: Work, number: int) -> None:
    reform, measured, made = work.reform, work.reform.measured, work.reform.picked_incomes
    index = reform.listed
    for j in range(number):
        i = at(index[j])
        work.low[j] = persons[i]
        reform.picked_weight[j] = work.weights.weight[i]
        measured.cell[j] = reform.cell[i]
        made.wage[j] = reform.incomes.wage[i]
        made.operating[j] = reform.incomes.operating[i]
        made.owned[j] = reform.incomes.owned[i]
        made.transfer[j] = reform.incomes.transfer[i]
    per_head(made, work.low, measured.income, number)
    measure(reform.picked_weight, made, tables.fineness, tables.stratum_fineness, measured, number)


@spelled_out
def _copy(source: Reals, values: Reals, n: int) -> None:
    for i in range(n):
        values[i] = source[i]
