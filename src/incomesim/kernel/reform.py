"""A year of a scenario with levers: what differs from the baseline, and no more.

Most households of most years are not reached by any lever; their incomes are those of the baseline and
are not computed again. A household that a lever has moved, or given a lasting gain, has a history of its own
from then on: it is `apart`.
"""

from __future__ import annotations

from incomesim.compiled.compile import at, inlined, spelled_out, stage
from incomesim.kernel.accumulate import measure
from incomesim.kernel.admit import Queue, admit
from incomesim.kernel.earnings import Earners, earn, find_cells, per_head, pick
from incomesim.kernel.floors import raise_floor
from incomesim.kernel.gains import Gained, gain
from incomesim.kernel.grants import grant
from incomesim.kernel.growth import accelerate
from incomesim.kernel.hand import Hand, Year, is_at_work, list_flagged
from incomesim.kernel.members import Members
from incomesim.kernel.philox import address
from incomesim.kernel.places import Ground, any_reached, drift, follow, forget, move, travel
from incomesim.kernel.tables import Flags, Integers, Ledger, Reals, Rows, Tables
from incomesim.kernel.targeting import Gate
from incomesim.kernel.taxes import tax
from incomesim.kernel.wage_floors import lift_wages
from incomesim.kernel.work import Work, history_of, present_of

__all__ = ["run_reform"]

_BASELINE = 0
_HOUSEHOLDS, _PERSONS = int(Ledger.HOUSEHOLDS), int(Ledger.PERSONS)


@stage
def run_reform(
    part: Rows, earners: Earners, tables: Tables, t: int, s: int, work: Work, renewed: int, queue: Queue,
    ledger: Integers,
) -> int:  # fmt: skip
    """Advance scenario s by a year; `part` and `earners` (n,) are those of the baseline, `ledger` (L, C, ...).

    Lists the households whose income or cell may differ from the baseline in `work.reform.listed`, measures
    them one behind the other in `work.reform.measured`, and returns how many they are.
    """
    n, reform = part.age.shape[0], work.reform
    year, hand = _year(tables, t, s, work, ledger), _hand(part, s, work, work.reform.cell)
    gained = Gained(reform.stock[s], reform.held[s])
    apart = reform.apart[s]
    if t > 0:
        _live_on(tables, t, s, work, renewed, gained, n)
    find_cells(history_of(work.histories, s).place, tables.bands, work.band, reform.cell, n)
    if t > 0:
        _move_by_levers(tables, t, s, work, year, _hand(part, s, work, work.reform.ends), queue, n)
    number = list_flagged(apart, reform.listed, n)
    if number == 0 and not _anything_at_work(tables, year):
        return 0
    _copy_baseline(work, apart, n)
    if number:
        _earn_apart(earners, part.residual, tables, t, s, work, gained, number)
    accelerate(tables.accelerations, year, hand, queue, n)
    lift_wages(tables.wage_floors, year, work.low, hand, queue, n)
    gain(tables.gains, year, gained, apart, hand, queue, n)
    grant(tables.grants, year, hand, queue, n)
    tax(tables.taxes, year, work.low, work.high, hand, queue, n)
    raise_floor(tables.floors, year, work.low, hand, queue, n)
    if tables.looks_back:
        per_head(reform.incomes, part.persons, work.past[s, t], n)
    grant(tables.services, year, hand, queue, n)
    number = list_flagged(reform.touched, reform.listed, n)
    _measure_touched(part.persons, tables, work, number)
    return number


@spelled_out
def _hand(part: Rows, s: int, work: Work, ends: Integers) -> Hand:
    """The block as levers find it."""
    reform = work.reform
    members = Members(part.persons, part.elderly, part.children, part.age, work.age, work.replaced)
    return Hand(
        reform.cell, ends, members, work.weights, reform.before, work.past[s], reform.incomes, reform.touched,
        reform.entitled, reform.cash, reform.lots, reform.effects,
    )  # fmt: skip


@spelled_out
def _year(tables: Tables, t: int, s: int, work: Work, ledger: Integers) -> Year:
    return Year(
        t, tables.active[s], tables.purpose, address(tables.replicate, tables.first_year + t),
        address(tables.replicate, 0), tables.poverty_line[t], present_of(work.histories, s), ledger,
    )  # fmt: skip


@spelled_out
def _live_on(tables: Tables, t: int, s: int, work: Work, renewed: int, gained: Gained, n: int) -> None:
    """Those apart live through the year by themselves, the others as in the baseline."""
    reform, ground = work.reform, Ground(tables.bands, tables.quantiles, work.level[t])
    history, present, apart = history_of(work.histories, s), present_of(work.histories, s), reform.apart[s]
    forget(work.renewed, renewed, history)
    for j in range(renewed):
        gained.stock[:, work.renewed[j]] = 0.0
    travel(history, n)
    number = list_flagged(apart, reform.listed, n)
    if number and any_reached(tables.drift.reaches[t], present):
        for j in range(number):
            reform.lots.uniform[j] = work.draws.moves[reform.listed[j]]
        drift(
            tables.drift, t, reform.listed, number, reform.lots.uniform, ground, work.band, work.latents, history,
            present,
        )  # fmt: skip
    follow(history_of(work.histories, _BASELINE), present_of(work.histories, _BASELINE), apart, history, present, n)


@spelled_out
def _move_by_levers(tables: Tables, t: int, s: int, work: Work, year: Year, hand: Hand, queue: Queue, n: int) -> None:
    table, gate, reform, ground = (
        tables.moves,
        tables.moves.gate,
        work.reform,
        Ground(tables.bands, tables.quantiles, work.level[t]),
    )
    history, present, index = history_of(work.histories, s), present_of(work.histories, s), hand.effects.who
    for m in range(gate.lever.shape[0]):
        if not is_at_work(gate, m, year):
            continue
        lever, number = gate.lever[m], 0
        for i in range(n):
            cell, there = at(reform.cell[i]), table.destination[m, at(reform.cell[i])]
            reform.ends[i] = there * tables.bands + work.band[i]
            reform.entitled[i] = True
            index[number] = i
            number += 1 if (gate.rate[m, t, cell] > 0.0) & (there != history.place[i]) else 0
        number = admit(gate, m, year, False, hand, queue, number)
        move(
            index, number, table.destination[m], table.assimilation[m], ground, work.band, work.latents, history,
            present,
        )  # fmt: skip
        for j in range(number):
            i = at(index[j])
            reform.apart[s, i] = True
            reform.cell[i] = reform.ends[i]
            entry = year.ledger[lever, at(reform.cell[i])]
            entry[_HOUSEHOLDS] += work.weights.households[i]
            entry[_PERSONS] += work.weights.persons[i]


@spelled_out
def _anything_at_work(tables: Tables, year: Year) -> bool:
    """Tell whether a lever that is no move reaches any place of the block."""
    return (
        _any_of(tables.accelerations.gate, year)
        or _any_of(tables.wage_floors.gate, year)
        or _any_of(tables.gains.gate, year)
        or _any_of(tables.grants.gate, year)
        or _any_of(tables.taxes.gate, year)
        or _any_of(tables.floors.gate, year)
        or _any_of(tables.services.gate, year)
    )


@inlined
def _any_of(gate: Gate, year: Year) -> bool:
    for e in range(gate.lever.shape[0]):
        if is_at_work(gate, e, year):
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
    history, index, keep = history_of(work.histories, s), work.reform.listed, tables.gains.keep
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
