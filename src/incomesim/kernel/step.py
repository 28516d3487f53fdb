"""The yearly step: latent ranks, places, incomes and levers of a range of households, year by year.

Households are taken in blocks of a few hundred; all years of a block are finished while it is in
the first-level cache. Each small loop below has one idea and is free of branches where it is hot, so
that the compiler turns it into vector code. Draws and latent ranks are common to all scenarios.

Order of the mechanisms in a year: (1) growth of sources, (2) changes of cell, (3) lasting gains,
(6) the floor. tests/reference/twin.py says the same in plain NumPy.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from incomesim.kernel.arithmetic import exp, log
from incomesim.kernel.compile import entry, inlined
from incomesim.kernel.philox import address, draw_words, fill_normals, fill_uniforms
from incomesim.kernel.tables import (
    MONEY_UNIT,
    WEIGHT_UNIT,
    Integers,
    Output,
    Purpose,
    Reals,
    Rows,
    Tables,
    Words,
)

_ROUND = 6755399441055744.0  # 1.5 * 2^52
_PER_FEN = 1.0 / MONEY_UNIT
_PER_WEIGHT = 1.0 / WEIGHT_UNIT
_START = np.uint64(Purpose.START)
_YEAR = np.uint64(Purpose.YEAR)
_RENEWAL = np.uint64(Purpose.RENEWAL)
_OLDEST = 120
_MARKET = 3  # wage, operating, property are market income; transfer is not
_TRANSFER = 3


class Luck(NamedTuple):
    """Draws of a block; what `year` and `spare` hold changes from year to year."""

    words: Words  # (4, B)
    spare: Reals  # (4, B)
    moves: Reals  # (B,) uniforms that decide about moves of the baseline
    own: Reals  # (levers, B) uniforms that stay with the household
    year: Reals  # (levers, B) uniforms of this year


class Latents(NamedTuple):
    """Parts of the latent rank, and the rank itself (B,)."""

    fixed: Reals
    persistent: Reals
    transitory: Reals
    rank: Reals  # with the household's own shift


class Heads(NamedTuple):
    """Age of the head, its band, and whether the household is a new one this year (B,)."""

    age: Integers
    band: Integers
    renewed: NDArray[np.bool_]


class History(NamedTuple):
    """What a scenario has made of the households so far."""

    place: Integers  # (B,)
    gap_step: Reals  # (B,) log points a year on the way to the income of a new cell
    gap_left: Reals  # (B,) years left on it
    stock: Reals  # (gains, B) log points left of each lasting gain


class Year(NamedTuple):
    """Incomes of a scenario in a year, and what the lever at hand does to them (B,)."""

    cell: Integers
    log_gain: Reals
    sources: Reals  # (4, B) yuan of the household
    before: Reals  # yuan per head before this year's levers
    reached: NDArray[np.bool_]
    received: Reals  # yuan of cash
    gained: Reals  # yuan of market income


@entry
def advance(rows: Rows, tables: Tables, block: int, output: Output) -> None:
    """Run all years of all scenarios for these households, `block` of them at a time.

    Writes every element of output.income and output.cell and adds to output.totals and
    output.ledger. The bits do not depend on `block`.
    """
    scenarios, levers = tables.active.shape
    gains = tables.gains.rate.shape[0]
    luck = Luck(
        np.empty((4, block), np.uint64),
        np.empty((4, block)),
        np.empty(block),
        np.empty((levers, block)),
        np.empty((levers, block)),
    )
    latents = Latents(np.empty(block), np.empty(block), np.empty(block), np.empty(block))
    heads = Heads(np.empty(block, np.int64), np.empty(block, np.int64), np.empty(block, np.bool_))
    place = np.empty((scenarios, block), np.int64)
    gap = np.empty((2, scenarios, block))
    stock = np.empty((scenarios, gains, block))
    year = Year(
        np.empty(block, np.int64),
        np.empty(block),
        np.empty((4, block)),
        np.empty(block),
        np.empty(block, np.bool_),
        np.empty(block),
        np.empty(block),
    )
    for start in range(0, rows.age.shape[0], block):
        part = _part(rows, start, min(start + block, rows.age.shape[0]))
        n = part.age.shape[0]
        heads.age[:n] = part.age
        for s in range(scenarios):
            place[s, :n] = part.place
        gap[:, :, :] = 0.0
        stock[:, :, :] = 0.0
        _start_latents(part, tables, luck, latents)
        _draw_levers(part, tables, 0, luck.words, luck.own)
        for t in range(tables.growth.shape[0]):
            if t > 0:
                _draw_year(part, tables, t, luck, latents)
                _advance_persistent(part.process, tables.mobility, luck.spare[0], latents.persistent)
                _renew(part, tables, t, luck, heads, latents)
            _mix(part, tables.mobility, latents)
            _find_band(tables.band_starts, heads, n)
            _draw_levers(part, tables, tables.first_year + t, luck.words, luck.year)
            for s in range(scenarios):
                history = History(place[s], gap[0, s], gap[1, s], stock[s])
                active = tables.active[s]
                ledger = output.ledger[s, :, t]
                if t > 0:
                    _forget(heads.renewed, history, n)
                    _move(part, tables, t, active, luck, latents.rank, heads.band, history, ledger)
                for i in range(n):
                    year.cell[i] = place[s, i] * tables.bands + heads.band[i]
                _sum_log_gains(tables.gains.keep, history, year.log_gain, n)
                _earn(part, tables, t, latents.rank, year)
                _per_head(part.persons, year.sources, year.before)
                _accelerate(part, tables, t, active, luck.own, year, ledger)
                _gain(part, tables, t, active, luck.year, history.stock, year, ledger)
                _raise_floor(part, tables, t, active, luck.own, year, ledger)
                _per_head(part.persons, year.sources, output.income[s, t, start : start + n])
                _add_totals(part, year, output.totals[s, t])
                for i in range(n):
                    output.cell[s, t, start + i] = year.cell[i]


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


@inlined
def _draw_levers(rows: Rows, tables: Tables, year: int, words: Words, uniforms: Reals) -> None:
    """One uniform for each lever and household, at addresses of their own."""
    n = rows.age.shape[0]
    for lever in range(uniforms.shape[0]):
        when = address(tables.replicate, year)
        draw_words(tables.seed, rows.household_id, when, tables.purpose[lever], words, n)
        fill_uniforms(words, 0, uniforms[lever], n)


@inlined
def _start_latents(rows: Rows, tables: Tables, luck: Luck, latents: Latents) -> None:
    """Draw the three parts of the rank given their sum x: the conditional normal.

    Three free normals are moved along the direction of the shares until they add up to x.
    """
    n = rows.age.shape[0]
    draw_words(tables.seed, rows.household_id, address(tables.replicate, 0), _START, luck.words, n)
    fill_normals(luck.words, 0, latents.fixed, latents.persistent, n)
    fill_normals(luck.words, 2, latents.transitory, luck.spare[0], n)
    for i in range(n):
        p = rows.process[i]
        root_a = tables.mobility[p, 1]
        root_z = tables.mobility[p, 2]
        root_e = tables.mobility[p, 3]
        reached = root_a * latents.fixed[i] + root_z * latents.persistent[i] + root_e * latents.transitory[i]
        miss = rows.rank[i] - reached
        latents.fixed[i] += root_a * miss
        latents.persistent[i] += root_z * miss
        latents.transitory[i] += root_e * miss


@inlined
def _draw_year(rows: Rows, tables: Tables, t: int, luck: Luck, latents: Latents) -> None:
    """Two normals (innovation of the persistent part, transitory part) and a uniform (moves)."""
    n = rows.age.shape[0]
    when = address(tables.replicate, tables.first_year + t)
    draw_words(tables.seed, rows.household_id, when, _YEAR, luck.words, n)
    fill_normals(luck.words, 0, luck.spare[0], latents.transitory, n)
    fill_uniforms(luck.words, 2, luck.moves, n)


@inlined
def _advance_persistent(process: Integers, mobility: Reals, innovation: Reals, persistent: Reals) -> None:
    for i in range(process.shape[0]):
        rho = mobility[process[i], 0]
        persistent[i] = rho * persistent[i] + np.sqrt(1.0 - rho * rho) * innovation[i]


@inlined
def _renew(rows: Rows, tables: Tables, t: int, luck: Luck, heads: Heads, latents: Latents) -> None:
    """Let heads age; replace households that dissolve by young ones whose ranks remember their predecessors'."""
    n = rows.age.shape[0]
    age = heads.age
    for i in range(n):
        age[i] = min(age[i] + 1, _OLDEST)
        heads.renewed[i] = False
    hazard = tables.renewal
    if hazard.max() <= 0.0:
        return
    when = address(tables.replicate, tables.first_year + t)
    draw_words(tables.seed, rows.household_id, when, _RENEWAL, luck.words, n)
    fill_normals(luck.words, 0, luck.spare[0], luck.spare[1], n)
    fill_uniforms(luck.words, 2, luck.spare[2], n)
    fill_uniforms(luck.words, 3, luck.spare[3], n)
    kept = tables.inheritance
    fresh = np.sqrt(1.0 - kept * kept)
    span = tables.young[1] - tables.young[0] + 1
    for i in range(n):
        if luck.spare[2, i] < hazard[age[i]]:
            heads.renewed[i] = True
            age[i] = tables.young[0] + int(luck.spare[3, i] * span)
            latents.fixed[i] = kept * latents.fixed[i] + fresh * luck.spare[0, i]
            latents.persistent[i] = kept * latents.persistent[i] + fresh * luck.spare[1, i]


@inlined
def _mix(rows: Rows, mobility: Reals, latents: Latents) -> None:
    """Add the parts up to x, with the household's own shift: where to read the quantile table."""
    for i in range(rows.age.shape[0]):
        p = rows.process[i]
        x = mobility[p, 1] * latents.fixed[i] + mobility[p, 2] * latents.persistent[i]
        latents.rank[i] = x + mobility[p, 3] * latents.transitory[i] + rows.shift[i]


@inlined
def _find_band(band_starts: Integers, heads: Heads, n: int) -> None:
    heads.band[:n] = 0
    for b in range(band_starts.shape[0]):
        for i in range(n):
            heads.band[i] += 1 if heads.age[i] >= band_starts[b] else 0


@inlined
def _look_up(tables: Tables, cell: int, x: float) -> float:
    """Log market income per head at latent rank x: linear between nodes and beyond the last ones."""
    position = (x - tables.first_node) * tables.nodes_per_unit
    last = tables.quantiles.shape[1] - 2
    shifted = min(max(position - 0.5, 0.0), float(last)) + _ROUND
    node = shifted - _ROUND
    j = np.float64(shifted).view(np.int64) & np.int64(0xFFFFFFFF)
    low: float = tables.quantiles[cell, j]
    high: float = tables.quantiles[cell, j + 1]
    return low + (position - node) * (high - low)


@inlined
def _market_growth(tables: Tables, t: int, cell: int) -> float:
    total = 0.0
    for k in range(_MARKET):
        total += tables.composition[cell, k] * tables.growth[t, cell, k]
    return total


@inlined
def _forget(renewed: NDArray[np.bool_], history: History, n: int) -> None:
    """A new household inherits its place, but no gain and no way to go."""
    for i in range(n):
        if renewed[i]:
            history.gap_left[i] = 0.0
            history.stock[:, i] = 0.0


@inlined
def _move(
    rows: Rows,
    tables: Tables,
    t: int,
    active: NDArray[np.bool_],
    luck: Luck,
    rank: Reals,
    band: Integers,
    history: History,
    ledger: Integers,
) -> None:
    """Mechanism 2: change places. What that brings or costs comes over the years of assimilation.

    Moves are taken one after the other, those of the baseline first, each by draws of its own: a policy
    adds movers and changes nobody else's luck. Who has moved may move on from where he is.
    """
    moves = tables.moves
    place = history.place
    for m in range(moves.lever.shape[0]):
        lever = moves.lever[m]
        if lever >= 0 and not active[lever]:
            continue
        uniform = luck.year[lever] if lever >= 0 else luck.moves
        for i in range(rows.age.shape[0]):
            old = place[i] * tables.bands + band[i]
            if uniform[i] >= moves.probability[m, t, old]:
                continue
            new = moves.destination[m, old] * tables.bands + band[i]
            if new == old:
                continue
            left = max(history.gap_left[i] - 1.0, 0.0)
            jump = _look_up(tables, old, rank[i]) - _look_up(tables, new, rank[i])
            jump += log(_market_growth(tables, t, old)) - log(_market_growth(tables, t, new))
            history.gap_step[i] = (jump + history.gap_step[i] * left) / moves.assimilation[m]
            history.gap_left[i] = moves.assimilation[m]
            place[i] = moves.destination[m, old]
            if lever >= 0:
                weight = np.int64(rows.weight[i] * _PER_WEIGHT)
                ledger[lever, 0] += weight
                ledger[lever, 1] += weight * np.int64(rows.persons[i])
    for i in range(rows.age.shape[0]):
        history.gap_left[i] = max(history.gap_left[i] - 1.0, 0.0)


@inlined
def _sum_log_gains(keep: Reals, history: History, log_gain: Reals, n: int) -> None:
    """What is left of earlier gains, and of the way to the new cell."""
    for i in range(n):
        log_gain[i] = history.gap_step[i] * history.gap_left[i]
    for b in range(keep.shape[0]):
        for i in range(n):
            history.stock[b, i] *= keep[b]
            log_gain[i] += history.stock[b, i]


@inlined
def _earn(rows: Rows, tables: Tables, t: int, rank: Reals, year: Year) -> None:
    """Incomes of the household by source, yuan a year, before this year's levers."""
    growth = tables.growth[t]
    composition = tables.composition
    level = tables.transfer_level
    sources = year.sources
    for i in range(rows.age.shape[0]):
        c = year.cell[i]
        m = rows.persons[i] * exp(_look_up(tables, c, rank[i]) + (rows.residual[i] + year.log_gain[i]))
        wage = rows.wage_tilt[i] * composition[c, 0]
        operating = rows.operating_tilt[i] * composition[c, 1]
        owned = rows.property_tilt[i] * composition[c, 2]
        m /= wage + operating + owned
        sources[0, i] = m * wage * growth[c, 0]
        sources[1, i] = m * operating * growth[c, 1]
        sources[2, i] = m * owned * growth[c, 2]
        sources[3, i] = rows.transfer_tilt[i] * level[c] * growth[c, 3] * rows.persons[i]


@inlined
def _per_head(persons: Reals, sources: Reals, income: Reals) -> None:
    for i in range(persons.shape[0]):
        income[i] = (sources[0, i] + sources[1, i] + sources[2, i] + sources[3, i]) / persons[i]


@inlined
def _accelerate(
    rows: Rows, tables: Tables, t: int, active: NDArray[np.bool_], own: Reals, year: Year, ledger: Integers
) -> None:
    """Mechanism 1: a source grows faster for the covered households, always the same ones."""
    table = tables.accelerations
    for a in range(table.lever.shape[0]):
        lever = table.lever[a]
        if not active[lever]:
            continue
        k = table.source[a]
        for i in range(rows.age.shape[0]):
            more = table.factor[a, t, year.cell[i]] - 1.0
            more = more if own[lever, i] < table.coverage[a] else 0.0
            year.gained[i] = year.sources[k, i] * more
            year.reached[i] = more != 0.0
            year.received[i] = 0.0
            year.sources[k, i] += year.gained[i]
        _record(rows, tables.poverty_line[t], year, ledger[lever])


@inlined
def _gain(
    rows: Rows,
    tables: Tables,
    t: int,
    active: NDArray[np.bool_],
    luck: Reals,
    stock: Reals,
    year: Year,
    ledger: Integers,
) -> None:
    """Mechanism 3: treat eligible households; count this year's part of every gain that lasts."""
    table = tables.gains
    sources = year.sources
    for b in range(table.lever.shape[0]):
        lever = table.lever[b]
        if not active[lever]:
            continue
        lift = exp(table.premium[b])
        for i in range(rows.age.shape[0]):
            eligible = (stock[b, i] == 0.0) & (year.before[i] <= table.ceiling[b, t])
            year.reached[i] = eligible & (luck[lever, i] < table.rate[b, t, year.cell[i]])
            factor = lift if year.reached[i] else 1.0
            stock[b, i] = table.premium[b] if year.reached[i] else stock[b, i]
            sources[0, i] *= factor
            sources[1, i] *= factor
            sources[2, i] *= factor
            market = sources[0, i] + sources[1, i] + sources[2, i]
            year.gained[i] = market * (1.0 - exp(-stock[b, i]))
            year.received[i] = 0.0
        _record(rows, tables.poverty_line[t], year, ledger[lever])


@inlined
def _raise_floor(
    rows: Rows, tables: Tables, t: int, active: NDArray[np.bool_], own: Reals, year: Year, ledger: Integers
) -> None:
    """Mechanism 6, last: top up whatever income the year has brought, transfers of other levers included."""
    table = tables.floors
    sources = year.sources
    for f in range(table.lever.shape[0]):
        lever = table.lever[f]
        if not active[lever]:
            continue
        for i in range(rows.age.shape[0]):
            line = table.line[f, t, year.cell[i]]
            income = sources[0, i] + sources[1, i] + sources[2, i] + sources[3, i]
            benefit = max(line * rows.persons[i] - table.withdrawal[f] * income, 0.0)
            entitled = (line > 0.0) & (own[lever, i] < table.take_up[f])
            year.received[i] = benefit if entitled else 0.0
            year.gained[i] = 0.0
            year.reached[i] = year.received[i] > 0.0
            sources[_TRANSFER, i] += year.received[i]
        _record(rows, tables.poverty_line[t], year, ledger[lever])


@inlined
def _record(rows: Rows, poverty_line: Reals, year: Year, entry_of_year: Integers) -> None:
    """Write a lever's year into the ledger; poor are those below the line before any lever of the year."""
    for i in range(rows.age.shape[0]):
        weight = np.int64(rows.weight[i] * _PER_WEIGHT) if year.reached[i] else np.int64(0)
        entry_of_year[0] += weight
        entry_of_year[1] += weight * np.int64(rows.persons[i])
        cash = _to_fen(rows.weight[i] * year.received[i])
        market = _to_fen(rows.weight[i] * year.gained[i])
        entry_of_year[2] += cash
        entry_of_year[3] += market
        entry_of_year[4] += cash + market if year.before[i] >= poverty_line[year.cell[i]] else np.int64(0)


@inlined
def _to_fen(yuan: float) -> np.int64:
    """Whole fen, halves to even; exact for amounts below 10^13 yuan a household."""
    shifted = yuan * _PER_FEN + _ROUND
    return np.float64(shifted).view(np.int64) - np.float64(_ROUND).view(np.int64)


@inlined
def _add_totals(rows: Rows, year: Year, totals: Integers) -> None:
    for i in range(rows.age.shape[0]):
        c = year.cell[i]
        weight = np.int64(rows.weight[i] * _PER_WEIGHT)
        totals[c, 0] += weight
        totals[c, 1] += weight * np.int64(rows.persons[i])
        for k in range(4):
            totals[c, 2 + k] += _to_fen(rows.weight[i] * year.sources[k, i])
