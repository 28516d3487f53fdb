"""The yearly step: latent ranks, places, incomes and levers of a range of households, year by year.

Households are taken in blocks of a few hundred; all years of a block are finished while it is in
the first-level cache. Each small loop below has one idea and is free of branches where it is hot, so
that the compiler turns it into vector code. Draws and latent ranks are common to all scenarios.

Order of the mechanisms in a year: (1) growth of sources, (2) changes of cell, (3) lasting gains,
(6) the floor. tests/reference/twin.py says the same in plain NumPy.
"""

from __future__ import annotations

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


@entry
def advance(rows: Rows, tables: Tables, block: int, output: Output) -> None:
    """Run all years of all scenarios for these households, `block` of them at a time.

    Writes every element of output.income and output.cell and adds to output.totals and
    output.ledger. The bits do not depend on `block`.
    """
    scenarios, levers = tables.active.shape
    years = tables.growth.shape[0]
    gains = tables.gains.rate.shape[0]
    words = np.empty((4, block), np.uint64)
    rank = np.empty(block)
    fixed = np.empty(block)
    persistent = np.empty(block)
    transitory = np.empty(block)
    spare = np.empty((4, block))
    move_uniform = np.empty((2, block))
    age = np.empty(block, np.int64)
    band = np.empty(block, np.int64)
    renewed = np.empty(block, np.bool_)
    place = np.empty((scenarios, block), np.int64)
    gap_step = np.empty((scenarios, block))
    gap_left = np.empty((scenarios, block))
    stock = np.empty((scenarios, gains, block))
    cell = np.empty(block, np.int64)
    log_gain = np.empty(block)
    sources = np.empty((4, block))
    before = np.empty(block)
    reached = np.empty(block, np.bool_)
    received = np.empty(block)
    gained = np.empty(block)
    own_uniform = np.empty((levers, block))
    year_uniform = np.empty((levers, block))
    highest = _highest_move(tables, move_uniform.shape[0])

    for start in range(0, rows.age.shape[0], block):
        part = _part(rows, start, min(start + block, rows.age.shape[0]))
        n = part.age.shape[0]
        age[:n] = part.age
        for s in range(scenarios):
            place[s, :n] = part.place
        gap_step[:, :] = 0.0
        gap_left[:, :] = 0.0
        stock[:, :, :] = 0.0
        _start_latents(part, tables, words, spare, fixed, persistent, transitory, n)
        for lever in range(levers):
            _draw_row(part.household_id, tables, 0, tables.purpose[lever], words, own_uniform[lever], n)
        for t in range(years):
            if t > 0:
                _draw_year(part.household_id, tables, t, words, spare, transitory, move_uniform, n)
                _advance_persistent(part.process, tables.mobility, spare[0], persistent, n)
                for i in range(n):
                    age[i] = min(age[i] + 1, _OLDEST)
                _renew(part.household_id, tables, t, words, spare, age, fixed, persistent, renewed, n)
            _mix(part.process, tables.mobility, fixed, persistent, transitory, part.shift, rank, n)
            _find_band(tables.band_starts, age, band, n)
            for lever in range(levers):
                when = tables.first_year + t
                _draw_row(part.household_id, tables, when, tables.purpose[lever], words, year_uniform[lever], n)
            for s in range(scenarios):
                active = tables.active[s]
                if t > 0:
                    for i in range(n):
                        if renewed[i]:
                            gap_left[s, i] = 0.0
                            stock[s, :, i] = 0.0
                    _move(
                        part,
                        tables,
                        t,
                        active,
                        rank,
                        band,
                        move_uniform,
                        highest,
                        place[s],
                        gap_step[s],
                        gap_left[s],
                        output.ledger[s],
                        n,
                    )
                    for i in range(n):
                        gap_left[s, i] = max(gap_left[s, i] - 1.0, 0.0)
                for i in range(n):
                    cell[i] = place[s, i] * tables.bands + band[i]
                _sum_log_gains(tables.gains.keep, stock[s], gap_step[s], gap_left[s], log_gain, n)
                _earn(part, tables, t, cell, rank, log_gain, sources, n)
                _per_head(sources, part.persons, before, n)
                _accelerate(
                    part,
                    tables,
                    t,
                    active,
                    own_uniform,
                    cell,
                    before,
                    sources,
                    reached,
                    received,
                    gained,
                    output.ledger[s],
                    n,
                )
                _gain(
                    part,
                    tables,
                    t,
                    active,
                    year_uniform,
                    cell,
                    before,
                    stock[s],
                    sources,
                    reached,
                    received,
                    gained,
                    output.ledger[s],
                    n,
                )
                _raise_floor(
                    part,
                    tables,
                    t,
                    active,
                    own_uniform,
                    cell,
                    before,
                    sources,
                    reached,
                    received,
                    gained,
                    output.ledger[s],
                    n,
                )
                _per_head(sources, part.persons, output.income[s, t, start : start + n], n)
                _add_totals(part, cell, sources, output.totals[s, t], n)
                for i in range(n):
                    output.cell[s, t, start + i] = cell[i]


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
def _highest_move(tables: Tables, channels: int) -> Reals:
    """Upper end of all slices of a channel in a year over all cells: nobody above it moves."""
    moves, years, cells = tables.moves.probability.shape
    highest = np.zeros((channels, years))
    for channel in range(channels):
        for t in range(years):
            for c in range(cells):
                total = 0.0
                for m in range(moves):
                    total += tables.moves.probability[m, t, c] if tables.moves.channel[m] == channel else 0.0
                highest[channel, t] = max(highest[channel, t], total)
    return highest


@inlined
def _draw_row(
    household_id: Words, tables: Tables, year: int, purpose: np.uint64, words: Words, uniform: Reals, n: int
) -> None:
    """One uniform for each household at an address of its own."""
    draw_words(tables.seed, household_id, address(tables.replicate, year), purpose, words, n)
    fill_uniforms(words, 0, uniform, n)


@inlined
def _start_latents(
    rows: Rows,
    tables: Tables,
    words: Words,
    spare: Reals,
    fixed: Reals,
    persistent: Reals,
    transitory: Reals,
    n: int,
) -> None:
    """Draw the three parts of the rank given their sum x: the conditional normal.

    Three free normals are moved along the direction of the shares until they add up to x.
    """
    draw_words(tables.seed, rows.household_id, address(tables.replicate, 0), _START, words, n)
    fill_normals(words, 0, fixed, persistent, n)
    fill_normals(words, 2, transitory, spare[0], n)
    for i in range(n):
        p = rows.process[i]
        root_a = tables.mobility[p, 1]
        root_z = tables.mobility[p, 2]
        root_e = tables.mobility[p, 3]
        miss = rows.rank[i] - (root_a * fixed[i] + root_z * persistent[i] + root_e * transitory[i])
        fixed[i] += root_a * miss
        persistent[i] += root_z * miss
        transitory[i] += root_e * miss


@inlined
def _draw_year(
    household_id: Words,
    tables: Tables,
    t: int,
    words: Words,
    spare: Reals,
    transitory: Reals,
    move_uniform: Reals,
    n: int,
) -> None:
    """Two normals (innovation of the persistent part, transitory part) and two uniforms (moves)."""
    when = address(tables.replicate, tables.first_year + t)
    draw_words(tables.seed, household_id, when, _YEAR, words, n)
    fill_normals(words, 0, spare[0], transitory, n)
    fill_uniforms(words, 2, move_uniform[0], n)
    fill_uniforms(words, 3, move_uniform[1], n)


@inlined
def _advance_persistent(process: Integers, mobility: Reals, innovation: Reals, persistent: Reals, n: int) -> None:
    for i in range(n):
        rho = mobility[process[i], 0]
        persistent[i] = rho * persistent[i] + np.sqrt(1.0 - rho * rho) * innovation[i]


@inlined
def _mix(
    process: Integers,
    mobility: Reals,
    fixed: Reals,
    persistent: Reals,
    transitory: Reals,
    shift: Reals,
    rank: Reals,
    n: int,
) -> None:
    """X + the household's own shift: where to read the quantile table."""
    for i in range(n):
        p = process[i]
        x = mobility[p, 1] * fixed[i] + mobility[p, 2] * persistent[i] + mobility[p, 3] * transitory[i]
        rank[i] = x + shift[i]


@inlined
def _find_band(band_starts: Integers, age: Integers, band: Integers, n: int) -> None:
    band[:n] = 0
    for b in range(band_starts.shape[0]):
        for i in range(n):
            band[i] += 1 if age[i] >= band_starts[b] else 0


@inlined
def _renew(
    household_id: Words,
    tables: Tables,
    t: int,
    words: Words,
    spare: Reals,
    age: Integers,
    fixed: Reals,
    persistent: Reals,
    renewed: NDArray[np.bool_],
    n: int,
) -> None:
    """Replace households that dissolve by young ones whose ranks remember their predecessors'."""
    renewed[:n] = False
    hazard = tables.renewal[t]
    if hazard.max() <= 0.0:
        return
    when = address(tables.replicate, tables.first_year + t)
    draw_words(tables.seed, household_id, when, _RENEWAL, words, n)
    fill_normals(words, 0, spare[0], spare[1], n)
    fill_uniforms(words, 2, spare[2], n)
    fill_uniforms(words, 3, spare[3], n)
    kept = tables.inheritance
    fresh = np.sqrt(1.0 - kept * kept)
    span = tables.young[1] - tables.young[0] + 1
    for i in range(n):
        renewed[i] = spare[2, i] < hazard[age[i]]
        if renewed[i]:
            age[i] = tables.young[0] + int(spare[3, i] * span)
            fixed[i] = kept * fixed[i] + fresh * spare[0, i]
            persistent[i] = kept * persistent[i] + fresh * spare[1, i]


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
def _move(
    rows: Rows,
    tables: Tables,
    t: int,
    active: NDArray[np.bool_],
    rank: Reals,
    band: Integers,
    uniform: Reals,
    highest: Reals,
    place: Integers,
    gap_step: Reals,
    gap_left: Reals,
    ledger: Integers,
    n: int,
) -> None:
    """Change places. What a household gains or loses by it comes over the years of assimilation.

    The slices of (0, 1) that belong to the moves of a channel lie side by side in the order of the
    moves, those of the baseline first, so a policy adds movers and changes nobody else's luck.
    """
    moves = tables.moves
    for channel in range(uniform.shape[0]):
        for i in range(n):
            if uniform[channel, i] >= highest[channel, t]:
                continue
            old = place[i] * tables.bands + band[i]
            u = uniform[channel, i]
            reached = 0.0
            for m in range(moves.channel.shape[0]):
                lever = moves.lever[m]
                if moves.channel[m] != channel or (lever >= 0 and not active[lever]):
                    continue
                begin = reached
                reached += moves.probability[m, t, old]
                if begin <= u < reached:
                    new = moves.destination[m, old] * tables.bands + band[i]
                    if new != old:
                        left = max(gap_left[i] - 1.0, 0.0)
                        jump = _look_up(tables, old, rank[i]) - _look_up(tables, new, rank[i])
                        jump += log(_market_growth(tables, t, old)) - log(_market_growth(tables, t, new))
                        gap_step[i] = (jump + gap_step[i] * left) / moves.assimilation[m]
                        gap_left[i] = moves.assimilation[m]
                        place[i] = moves.destination[m, old]
                        if lever >= 0:
                            weight = np.int64(rows.weight[i] * _PER_WEIGHT)
                            ledger[lever, t, 0] += weight
                            ledger[lever, t, 1] += weight * np.int64(rows.persons[i])
                    break


@inlined
def _sum_log_gains(keep: Reals, stock: Reals, gap_step: Reals, gap_left: Reals, log_gain: Reals, n: int) -> None:
    """What is left of earlier gains, and of the way to the new cell."""
    for i in range(n):
        log_gain[i] = gap_step[i] * gap_left[i]
    for b in range(keep.shape[0]):
        for i in range(n):
            stock[b, i] *= keep[b]
            log_gain[i] += stock[b, i]


@inlined
def _earn(
    rows: Rows, tables: Tables, t: int, cell: Integers, rank: Reals, log_gain: Reals, sources: Reals, n: int
) -> None:
    """Incomes of the household by source, yuan a year, before this year's levers."""
    growth = tables.growth[t]
    composition = tables.composition
    level = tables.transfer_level
    for i in range(n):
        c = cell[i]
        m = rows.persons[i] * exp(_look_up(tables, c, rank[i]) + (rows.residual[i] + log_gain[i]))
        wage = rows.wage_tilt[i] * composition[c, 0]
        operating = rows.operating_tilt[i] * composition[c, 1]
        owned = rows.property_tilt[i] * composition[c, 2]
        m /= wage + operating + owned
        sources[0, i] = m * wage * growth[c, 0]
        sources[1, i] = m * operating * growth[c, 1]
        sources[2, i] = m * owned * growth[c, 2]
        sources[3, i] = rows.transfer_tilt[i] * level[c] * growth[c, 3] * rows.persons[i]


@inlined
def _per_head(sources: Reals, persons: Reals, income: Reals, n: int) -> None:
    for i in range(n):
        income[i] = (sources[0, i] + sources[1, i] + sources[2, i] + sources[3, i]) / persons[i]


@inlined
def _accelerate(
    rows: Rows,
    tables: Tables,
    t: int,
    active: NDArray[np.bool_],
    own_uniform: Reals,
    cell: Integers,
    before: Reals,
    sources: Reals,
    reached: NDArray[np.bool_],
    received: Reals,
    gained: Reals,
    ledger: Integers,
    n: int,
) -> None:
    """Mechanism 1: a source grows faster for the covered households, always the same ones."""
    table = tables.accelerations
    for a in range(table.lever.shape[0]):
        lever = table.lever[a]
        if not active[lever]:
            continue
        k = table.source[a]
        for i in range(n):
            more = table.factor[a, t, cell[i]] - 1.0
            more = more if own_uniform[lever, i] < table.coverage[a] else 0.0
            gained[i] = sources[k, i] * more
            reached[i] = more != 0.0
            received[i] = 0.0
            sources[k, i] += gained[i]
        _record(rows, tables.poverty_line[t], cell, before, reached, received, gained, ledger[lever, t], n)


@inlined
def _gain(
    rows: Rows,
    tables: Tables,
    t: int,
    active: NDArray[np.bool_],
    year_uniform: Reals,
    cell: Integers,
    before: Reals,
    stock: Reals,
    sources: Reals,
    reached: NDArray[np.bool_],
    received: Reals,
    gained: Reals,
    ledger: Integers,
    n: int,
) -> None:
    """Mechanism 3: treat eligible households; count this year's part of every gain that lasts."""
    table = tables.gains
    for b in range(table.lever.shape[0]):
        lever = table.lever[b]
        if not active[lever]:
            continue
        lift = exp(table.premium[b])
        for i in range(n):
            eligible = (stock[b, i] == 0.0) & (before[i] <= table.ceiling[b, t])
            reached[i] = eligible & (year_uniform[lever, i] < table.rate[b, t, cell[i]])
            factor = lift if reached[i] else 1.0
            stock[b, i] = table.premium[b] if reached[i] else stock[b, i]
            sources[0, i] *= factor
            sources[1, i] *= factor
            sources[2, i] *= factor
            market = sources[0, i] + sources[1, i] + sources[2, i]
            gained[i] = market * (1.0 - exp(-stock[b, i]))
            received[i] = 0.0
        _record(rows, tables.poverty_line[t], cell, before, reached, received, gained, ledger[lever, t], n)


@inlined
def _raise_floor(
    rows: Rows,
    tables: Tables,
    t: int,
    active: NDArray[np.bool_],
    own_uniform: Reals,
    cell: Integers,
    before: Reals,
    sources: Reals,
    reached: NDArray[np.bool_],
    received: Reals,
    gained: Reals,
    ledger: Integers,
    n: int,
) -> None:
    """Mechanism 6, last: top up whatever income the year has brought, transfers of other levers included."""
    table = tables.floors
    for f in range(table.lever.shape[0]):
        lever = table.lever[f]
        if not active[lever]:
            continue
        for i in range(n):
            line = table.line[f, t, cell[i]]
            income = sources[0, i] + sources[1, i] + sources[2, i] + sources[3, i]
            benefit = max(line * rows.persons[i] - table.withdrawal[f] * income, 0.0)
            entitled = (line > 0.0) & (own_uniform[lever, i] < table.take_up[f])
            received[i] = benefit if entitled else 0.0
            gained[i] = 0.0
            reached[i] = received[i] > 0.0
            sources[_TRANSFER, i] += received[i]
        _record(rows, tables.poverty_line[t], cell, before, reached, received, gained, ledger[lever, t], n)


@inlined
def _record(
    rows: Rows,
    poverty_line: Reals,
    cell: Integers,
    before: Reals,
    reached: NDArray[np.bool_],
    received: Reals,
    gained: Reals,
    entry_of_year: Integers,
    n: int,
) -> None:
    """Write a lever's year into the ledger; poor are those below the line before any lever of the year."""
    for i in range(n):
        weight = np.int64(rows.weight[i] * _PER_WEIGHT) if reached[i] else np.int64(0)
        entry_of_year[0] += weight
        entry_of_year[1] += weight * np.int64(rows.persons[i])
        cash = _to_fen(rows.weight[i] * received[i])
        market = _to_fen(rows.weight[i] * gained[i])
        entry_of_year[2] += cash
        entry_of_year[3] += market
        entry_of_year[4] += cash + market if before[i] >= poverty_line[cell[i]] else np.int64(0)


@inlined
def _to_fen(yuan: float) -> np.int64:
    """Whole fen, halves to even; exact for amounts below 10^13 yuan a household."""
    shifted = yuan * _PER_FEN + _ROUND
    return np.float64(shifted).view(np.int64) - np.float64(_ROUND).view(np.int64)


@inlined
def _add_totals(rows: Rows, cell: Integers, sources: Reals, totals: Integers, n: int) -> None:
    for i in range(n):
        c = cell[i]
        weight = np.int64(rows.weight[i] * _PER_WEIGHT)
        totals[c, 0] += weight
        totals[c, 1] += weight * np.int64(rows.persons[i])
        for k in range(4):
            totals[c, 2 + k] += _to_fen(rows.weight[i] * sources[k, i])
