"""The yearly step in plain NumPy, written as docs/method.md says it: slow, and easy to check by eye.

Nothing here is shared with the kernel but the layout of its tables.
"""

from __future__ import annotations

import numpy as np

from incomesim.kernel.tables import MONEY_UNIT, WEIGHT_UNIT, Ledger, Per, Purpose, Rows, Tables
from incomesim.kernel.targeting import Order

LOW = np.uint64(0xFFFFFFFF)
TWO_PI = 2.0 * np.pi


def philox(seed, household, replicate, year, purpose):
    """Four 32-bit words for each household: Philox-4x32-10 after Salmon et al. (2011)."""
    household = household.astype(np.uint64)
    when = np.uint64((int(replicate) << 16) | int(year))
    counter = [household & LOW, household >> np.uint64(32), np.full_like(household, when)]
    counter.append(np.full_like(household, np.uint64(purpose)))
    key = [int(seed) & 0xFFFFFFFF, int(seed) >> 32]
    for _ in range(10):
        first = np.uint64(0xD2511F53) * counter[0]
        second = np.uint64(0xCD9E8D57) * counter[2]
        counter = [
            (second >> np.uint64(32)) ^ counter[1] ^ np.uint64(key[0]),
            second & LOW,
            (first >> np.uint64(32)) ^ counter[3] ^ np.uint64(key[1]),
            first & LOW,
        ]
        key = [(key[0] + 0x9E3779B9) % 2**32, (key[1] + 0xBB67AE85) % 2**32]
    return counter


def uniforms(tables, household, year, purpose):
    return [
        (word.astype(np.float64) + 0.5) / 2.0**32
        for word in philox(tables.seed, household, tables.replicate, year, purpose)
    ]


def pair_of_normals(u, v):
    """Box & Muller (1958)."""
    radius = np.sqrt(-2.0 * np.log(u))
    return radius * np.cos(TWO_PI * v), radius * np.sin(TWO_PI * v)


def look_up(tables, cell, x):
    position = (x - tables.first_node) * tables.nodes_per_unit
    node = np.clip(np.floor(position).astype(int), 0, tables.quantiles.shape[1] - 2)
    low, high = tables.quantiles[cell, node], tables.quantiles[cell, node + 1]
    return low + (position - node) * (high - low)


class Twin:
    """One scenario of a run, advanced year by year."""

    def __init__(self, rows: Rows, tables: Tables, scenario: int):
        self.rows, self.tables = rows, tables
        self.active = tables.active[scenario]
        n = len(rows.age)
        self.age, self.place = rows.age.copy(), rows.place.copy()
        self.gap_step, self.gap_left = np.zeros(n), np.zeros(n)
        self.renewed = np.zeros(n, bool)
        self.stock = np.zeros((len(tables.gains.keep), n))
        self.rho, *self.roots = tables.mobility[rows.process].T
        u = uniforms(tables, rows.household_id, 0, Purpose.START)
        free = [*pair_of_normals(u[0], u[1]), pair_of_normals(u[2], u[3])[0]]
        # the conditional normal given a weighted sum: shift the free draws along the weights
        miss = rows.rank - sum(root * draw for root, draw in zip(self.roots, free, strict=True))
        self.fixed, self.persistent, self.transitory = (
            draw + root * miss for root, draw in zip(self.roots, free, strict=True)
        )
        self.past, self.queues = [], []

    @property
    def cell(self):
        band = np.searchsorted(self.tables.band_starts, self.age, side="right")
        return self.place * self.tables.bands + band

    @property
    def rank(self):
        parts = (self.fixed, self.persistent, self.transitory)
        return sum(root * part for root, part in zip(self.roots, parts, strict=True))

    def year(self, t: int):
        """Return income per head, cell and the ledger {lever: columns of Ledger by cell}."""
        rows, tables = self.rows, self.tables
        weight = rows.weight
        ledger = {lever: np.zeros((len(tables.quantiles), len(Ledger))) for lever in range(len(tables.purpose))}
        if t > 0:
            self._pass_a_year(t)
            self._change_places(t, ledger)
        # incomes before this year's levers
        cell = self.cell
        log_gain = self.gap_step * self.gap_left
        for b, keep in enumerate(tables.gains.keep):
            self.stock[b] *= keep
            log_gain += self.stock[b]
        market = rows.persons * np.exp(look_up(tables, cell, self.rank + rows.shift) + rows.residual + log_gain)
        tilts = rows.market_tilt if rows.market_tilt.size else 1.0
        share = tilts * tables.composition[cell].T
        earned = market * share / share.sum(axis=0) * tables.growth[t, cell, :3].T
        transfer = rows.persons * rows.transfer_tilt * tables.transfer_level[cell] * tables.growth[t, cell, 3]
        source = np.vstack([earned, transfer])
        before = source.sum(axis=0) / rows.persons
        non_poor = before >= tables.poverty_line[t, cell]

        def record(lever, reached, received, gained):
            entries = [
                weight * reached,
                weight * rows.persons * reached,
                weight * received,
                weight * gained,
                weight * (received + gained) * non_poor,
            ]
            np.add.at(ledger[lever][:, :5], cell, np.transpose(entries))

        nothing = np.zeros(len(cell))
        for a, lever in enumerate(tables.accelerations.gate.lever):
            if self.active[lever]:
                factor = tables.accelerations.factor[a, t, cell]
                covered = self.served(tables.accelerations.gate, a, t, factor != 1.0, before, nothing, ledger)
                gained = np.where(covered, source[tables.accelerations.source[a]] * (factor - 1.0), 0.0)
                source[tables.accelerations.source[a]] += gained
                record(lever, covered, nothing, gained)
        for w, lever in enumerate(tables.wage_floors.gate.lever):
            if self.active[lever]:
                earners = np.maximum(tables.wage_floors.earners[w] * self.members()[Per.ADULT], 1.0)
                minimum, wage = tables.wage_floors.minimum[w, t, cell], source[0] / earners
                asking = (wage < minimum) & (wage >= tables.wage_floors.part_time[w] * minimum)
                lifted = self.served(tables.wage_floors.gate, w, t, asking, before, nothing, ledger)
                gained = np.where(lifted, earners * (minimum - wage), 0.0)
                source[0] += gained
                record(lever, lifted, nothing, gained)
        for b, lever in enumerate(tables.gains.gate.lever):
            if self.active[lever]:
                asking = (self.stock[b] == 0.0) & (tables.gains.gate.rate[b, t, cell] > 0.0)
                treated = self.served(tables.gains.gate, b, t, asking, before, nothing, ledger)
                self.stock[b, treated] = tables.gains.premium[b]
                source[:3, treated] *= np.exp(tables.gains.premium[b])
                record(lever, treated, nothing, source[:3].sum(axis=0) * (1.0 - np.exp(-self.stock[b])))

        def give(grants):
            for d, lever in enumerate(grants.gate.lever):
                if self.active[lever]:
                    amount = grants.amount[d, t, cell] * self.members()[Per(grants.per[d])]
                    cash = nothing if grants.earned[d] else amount
                    paid = amount * self.served(grants.gate, d, t, amount > 0.0, before, cash, ledger)
                    source[grants.source[d]] += paid
                    record(lever, paid > 0.0, *((nothing, paid) if grants.earned[d] else (paid, nothing)))

        give(tables.grants)
        for x, lever in enumerate(tables.taxes.gate.lever):
            if self.active[lever]:
                taxes, payers = tables.taxes, self.members()[Per(tables.taxes.per[x])]
                base = (taxes.part[x] @ source) / payers
                above = np.maximum(base[:, None] - taxes.threshold[x, t], 0.0)
                due = taxes.force[x, t, cell] * payers * (above @ taxes.step[x, t])
                reached = self.served(taxes.gate, x, t, due != 0.0, before, nothing, ledger)
                # what is earned answers to the brackets in which the base lies; the tax is counted on that
                change = (above > 0.0) @ taxes.effort[x, t] * reached[:, None]
                more = change.T * np.maximum(source[:2], 0.0)
                source[:2] += more
                above = np.maximum((taxes.part[x] @ source)[:, None] / payers[:, None] - taxes.threshold[x, t], 0.0)
                beyond = reached & ((base[:, None] > taxes.threshold[x, t]) @ taxes.beyond[x, t] > 0.5)
                due = reached * taxes.force[x, t, cell] * payers * (above @ taxes.step[x, t])
                source[taxes.source[x]] -= due
                record(lever, reached, np.maximum(-due, 0.0), more.sum(axis=0))
                np.add.at(ledger[lever][:, Ledger.BOUNDED], cell, weight * beyond)
                np.add.at(ledger[lever][:, Ledger.COLLECTED], cell, weight * np.maximum(due, 0.0))
        for f, lever in enumerate(tables.floors.gate.lever):
            if self.active[lever]:
                line = tables.floors.line[f, t, cell]
                short = line * rows.persons - tables.floors.withdrawal[f] * source.sum(axis=0)
                # what is earned answers to withdrawal; the benefit is counted on that
                more = tables.floors.effort[f] * np.maximum(source[:2], 0.0) * (short > 0.0)
                to_line = short - tables.floors.withdrawal[f] * more.sum(axis=0)
                amount = np.where(short > 0.0, to_line, tables.floors.mistaken[f, t] * rows.persons) * (line > 0.0)
                paid = self.served(tables.floors.gate, f, t, amount > 0.0, before, amount, ledger, due=short > 0.0)
                more *= paid
                source[:2] += more
                source[3] += amount * paid
                record(lever, paid, amount * paid, more.sum(axis=0))
                beyond = tables.floors.beyond[f] & (more.sum(axis=0) != 0.0)
                np.add.at(ledger[lever][:, Ledger.BOUNDED], cell, weight * beyond)
        self.past.append(source.sum(axis=0) / rows.persons)
        give(tables.services)
        return source.sum(axis=0) / rows.persons, cell, ledger

    def served(self, gate, e, t, asking, before, cash, ledger, *, due=True, ends=None):
        """Who of those asking is served: in the target, drawn, and early enough in the queue of the budget."""
        rows, lever, cell = self.rows, gate.lever[e], self.cell
        income = self.past[gate.measured[e, t]] if 0 <= gate.measured[e, t] < t else before
        ends = cell if ends is None else ends
        asking = asking & gate.reaches[e, t].any()  # in a year in which it is not at work nobody is counted
        entitled = asking & due
        if gate.ceiling[e, t] < np.inf:
            entitled &= income <= gate.ceiling[e, t]
        if gate.elderly[e]:
            entitled &= self.members()[Per.ELDERLY] > 0
        if gate.children[e]:
            entitled &= rows.children > 0
        year = self.tables.first_year + t if gate.yearly[e] else 0
        luck, turn, *_ = uniforms(self.tables, rows.household_id, year, self.tables.purpose[lever])
        drawn = asking & (luck < np.where(entitled, gate.rate[e, t, cell], gate.error[e, t]))
        served = drawn
        if gate.budget[e] >= 0:
            place = self.places(gate.budget[e], income, turn)
            served = drawn & (place < self.tables.budgets.limit[gate.budget[e], t])
            self.queues.append((gate.budget[e], t, drawn, place, cash, ends))
        due = entitled & (gate.rate[e, t, cell] > 0.0)
        for column, who in (
            (Ledger.ENTITLED, due), (Ledger.IN_ERROR, served & ~entitled), (Ledger.TURNED_AWAY, drawn & ~served)
        ):  # fmt: skip
            np.add.at(ledger[lever][:, column], ends, rows.weight * who)
        return served

    def places(self, b, income, turn):
        """Place of each household in a queue of 2^19: by income in bins of 2^-14 of an octave, or by list and lot."""
        budgets = self.tables.budgets
        if budgets.order[b] == Order.POOREST:
            first = (24 << 11) + 3  # losses, nothing, and what is below 8 yuan
            octave = np.floor(np.log2(np.maximum(income, 8.0)))
            step = np.floor((income / 2.0**octave - 1.0) * 2**14)
            return np.where(income < 8.0, turn * first, first + (octave - 3) * 2**14 + step).astype(int)
        return ((budgets.position[b, self.cell] + turn) / budgets.positions[b] * 2**19).astype(int)

    def members(self):
        """Persons by kind: of the old, the head becomes one at 65; a new household has no other."""
        rows = self.rows
        old, was_old = self.age >= 65, rows.age >= 65
        elderly = np.where(self.renewed, old, rows.elderly + old - was_old)
        return {
            Per.HOUSEHOLD: np.ones(len(old)),
            Per.PERSON: rows.persons,
            Per.ELDERLY: elderly,
            Per.CHILD: rows.children,
            Per.ADULT: np.maximum(rows.persons - elderly - rows.children, 1.0),
        }

    def _pass_a_year(self, t):
        tables, ids = self.tables, self.rows.household_id
        when = tables.first_year + t
        u = uniforms(tables, ids, when, Purpose.YEAR)
        innovation, self.transitory = pair_of_normals(u[0], u[1])
        self.luck_of_moves = u[2]
        self.persistent = self.rho * self.persistent + np.sqrt(1.0 - self.rho**2) * innovation
        self.age = np.minimum(self.age + 1, 120)
        dissolved = u[3] < tables.renewal[self.age]
        u = uniforms(tables, ids, when, Purpose.RENEWAL)
        new_fixed, new_persistent = pair_of_normals(u[0], u[1])
        young, old = tables.young
        kept, fresh = tables.inheritance, np.sqrt(1.0 - tables.inheritance**2)
        self.age = np.where(dissolved, young + (u[2] * (old - young + 1)).astype(int), self.age)
        self.fixed = np.where(dissolved, kept * self.fixed + fresh * new_fixed, self.fixed)
        self.persistent = np.where(dissolved, kept * self.persistent + fresh * new_persistent, self.persistent)
        self.renewed |= dissolved
        self.gap_left[dissolved] = 0.0
        self.stock[:, dissolved] = 0.0

    def _change_places(self, t, ledger):
        rows, tables, moves, drift = self.rows, self.tables, self.tables.moves, self.tables.drift
        old = self.cell
        self._move(t, self.luck_of_moves < drift.probability[t, old], drift.destination, drift.assimilation)
        for m, lever in enumerate(moves.gate.lever):
            if self.active[lever]:
                old = self.cell
                new = moves.destination[m, old] * tables.bands + old % tables.bands
                asking = (moves.gate.rate[m, t, old] > 0.0) & (new != old)
                nothing = np.zeros(len(old))
                moved = self.served(moves.gate, m, t, asking, nothing, nothing, ledger, ends=new)
                self._move(t, moved, moves.destination[m], moves.assimilation[m])
                reached = np.transpose([rows.weight, rows.weight * rows.persons])[moved]
                np.add.at(ledger[lever][:, :2], new[moved], reached)
        self.gap_left = np.maximum(self.gap_left - 1.0, 0.0)

    def _move(self, t, who, destination, assimilation):
        tables, x, old = self.tables, self.rank + self.rows.shift, self.cell
        market_growth = (tables.composition * tables.growth[t, :, :3]).sum(axis=1)
        new = destination[old] * tables.bands + old % tables.bands
        moved = who & (new != old)
        jump = look_up(tables, old, x) + np.log(market_growth[old])
        jump -= look_up(tables, new, x) + np.log(market_growth[new])
        still = np.maximum(self.gap_left - 1.0, 0.0) * self.gap_step
        self.gap_step = np.where(moved, (jump + still) / assimilation, self.gap_step)
        self.gap_left = np.where(moved, assimilation, self.gap_left)
        self.place = np.where(moved, destination[old], self.place)


def run(rows: Rows, tables: Tables, scenario: int):
    """Return income (T, N), cell (T, N), ledger (L, T, C, columns) and queues of one scenario, in natural units."""
    twin = Twin(rows, tables, scenario)
    years = [twin.year(t) for t in range(tables.growth.shape[0])]
    ledger = [[ledger[lever] for _, _, ledger in years] for lever in range(len(tables.purpose))]
    income, cell = (np.array([year[k] for year in years]) for k in (0, 1))
    ledger = np.array(ledger).reshape(len(tables.purpose), len(years), -1, len(Ledger))
    return income, cell, ledger, twin.queues


def natural(ledger):
    """Turn the kernel's whole numbers (..., columns of Ledger) into households, persons and yuan."""
    return ledger * np.array([*(2 * [WEIGHT_UNIT]), *(4 * [MONEY_UNIT]), *(4 * [WEIGHT_UNIT])])
