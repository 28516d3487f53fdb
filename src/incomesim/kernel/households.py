"""Synthetic households from their addresses: a household is a function of the seed and its id.

So a population is never held: the rows of a range are made when the range is computed, and thrown away.
Cells are dealt out in a low-discrepancy order (multiples of the golden ratio), so that even a small
sample has each cell in its due proportion. Within a range, households stand in the order of their cells,
which brings neighbours in the tables together; no number depends on it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from incomesim.compiled.arithmetic import exp
from incomesim.compiled.compile import entry, inlined, stage
from incomesim.kernel.philox import address, draw_words, fill_normals, fill_uniforms
from incomesim.kernel.tables import WEIGHT_UNIT, Integers, Purpose, Reals, Rows, Words

__all__ = [
    "BLOCK",
    "LIVES_WITH_PARENT_FROM",
    "OLD",
    "Calibration",
    "Columns",
    "Draft",
    "Recipe",
    "deal_cells",
    "empty_columns",
    "fill_rows",
    "make_households",
    "new_draft",
]

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)  # 2^64 / golden ratio
GUIDE_BITS = 12
_GUIDE_SHIFT = np.uint64(64 - GUIDE_BITS)
_HOUSEHOLD = np.uint64(Purpose.HOUSEHOLD)
_RANK = np.uint64(Purpose.RANK)
_ROUND = 6755399441055744.0  # 1.5 * 2^52
_LARGEST_LOG_WEIGHT = 50.0
LIVES_WITH_PARENT_FROM = 35
OLD = 65
BLOCK = 512


class Calibration(NamedTuple):
    """What the weight of a household is, given its traits: base * exp(sum of what its traits add).

    Sides are town and country (2). Groups (G) are those of a side by income per head, of households or of persons.
    """

    base: float
    resident: Reals  # (regions, 2) for each person
    source: Reals  # (2, 4) for each yuan of wage, operating, property, transfer income
    income: Reals  # (regions,) for each yuan of income
    group: Reals  # (2, G) for a household in the group, or for each person of it
    group_income: Reals  # (2, G) for each person that the household's income exceeds its members by
    group_mean: Reals  # (2, G) yuan per head
    group_limit: Reals  # (2, G - 1) lowest income per head of the second, third, ... group
    of_persons: bool  # whether groups are of persons
    key_group: Reals  # (2, key groups) for a household of the key group, where their shares are published
    band: Reals  # (2, bands) with a head of the age band, likewise
    size: Reals  # (2, sizes) of the size, likewise
    elderly: float  # for each person of 65 and over
    children: float  # for each person below 15


class Recipe(NamedTuple):
    """What households are made by. Cells are numbered region x residence x group x age band."""

    seed: np.uint64
    region: Integers  # (C,)
    side: Integers  # (C,) 0 town, 1 country
    place: Integers  # (C,) cell without its age band
    band: Integers  # (C,)
    limit: Words  # (C - 1,) lowest number, of 2^64, dealt to the second, third, ... cell
    guide: Integers  # (2^GUIDE_BITS,) cell of the lowest number with these leading bits
    size_limit: Reals  # (C, sizes - 1) share of households of the cell with up to 1, 2, ... persons
    size_shift: Reals  # (2, sizes) added to the rank in the quantile table
    lowest_age: Integers  # (bands,)
    highest_age: Integers  # (bands,)
    with_parent: float  # chance that a younger head lives with an old parent
    couple: float  # chance that an old head has an old spouse
    child: float  # chance that a further member is a child
    first_node: float
    nodes_per_unit: float
    quantiles: Reals  # (C, K) log market income per head
    composition: Reals  # (C, 3)
    transfer_level: Reals  # (C,) yuan per head
    transfer_spread: float  # standard deviation of log transfers
    calibration: Calibration


class Columns(NamedTuple):
    """Households of a range, (N,) each. Incomes are yuan of the household and year."""

    household_id: Words
    weight: Reals
    cell: Integers
    age: Integers
    persons: Integers
    elderly: Integers
    children: Integers
    wage: Reals
    operating: Reals
    owned: Reals
    transfer: Reals
    rank: Reals
    shift: Reals


def empty_columns(number: int) -> Columns:
    """Return room for so many households."""
    reals, integers = np.float64, np.int64
    return Columns(
        household_id=np.empty(number, np.uint64),
        weight=np.empty(number, reals),
        cell=np.empty(number, integers),
        age=np.empty(number, integers),
        persons=np.empty(number, integers),
        elderly=np.empty(number, integers),
        children=np.empty(number, integers),
        wage=np.empty(number, reals),
        operating=np.empty(number, reals),
        owned=np.empty(number, reals),
        transfer=np.empty(number, reals),
        rank=np.empty(number, reals),
        shift=np.empty(number, reals),
    )


class Draft(NamedTuple):
    """Work space for a block of households, and for dealing a range."""

    words: Words  # (4, B)
    uniform: Reals  # (4, B)
    normal: Reals  # (2, B)
    low: Reals  # (B,)
    high: Reals  # (B,)
    fraction: Reals  # (B,)
    node: Integers  # (B,)
    log_weight: Reals  # (B,)
    counts: Integers  # (C + 1,)


def new_draft(recipe: Recipe) -> Draft:
    """Return work space for blocks of households."""
    block = BLOCK
    return Draft(
        np.empty((4, block), np.uint64),
        np.empty((4, block)),
        np.empty((2, block)),
        np.empty(block),
        np.empty(block),
        np.empty(block),
        np.empty(block, np.int64),
        np.empty(block),
        np.empty(len(recipe.quantiles) + 1, np.int64),
    )


@entry
def make_households(start: int, recipe: Recipe, draft: Draft, columns: Columns) -> None:
    """Make the households start, start + 1, ... as many as `columns` has room for, in the order of their cells."""
    _deal(start, recipe.limit, recipe.guide, draft.counts, columns.household_id, columns.cell)
    number, block = columns.cell.shape[0], draft.low.shape[0]
    for first in range(0, number, block):
        part = _part(columns, first, min(first + block, number))
        _draw(recipe.seed, part, draft)
        _compose(recipe, part, draft)
        _place_in_table(recipe, part, draft)
        _earn(recipe, part, draft)
        _weigh(recipe, part, draft)


@inlined
def _part(columns: Columns, first: int, last: int) -> Columns:
    return Columns(
        columns.household_id[first:last],
        columns.weight[first:last],
        columns.cell[first:last],
        columns.age[first:last],
        columns.persons[first:last],
        columns.elderly[first:last],
        columns.children[first:last],
        columns.wage[first:last],
        columns.operating[first:last],
        columns.owned[first:last],
        columns.transfer[first:last],
        columns.rank[first:last],
        columns.shift[first:last],
    )


def deal_cells(shares: Reals) -> tuple[Words, Integers]:
    """Return `limit` and `guide` of a recipe that gives each cell its share (C,) of households."""
    whole = np.cumsum(shares / shares.sum()) * 2.0**64
    limit = np.array([min(int(number), 2**64 - 1) for number in whole[:-1]], np.uint64)
    lowest = np.arange(2**GUIDE_BITS, dtype=np.uint64) << np.uint64(64 - GUIDE_BITS)
    return limit, np.searchsorted(limit, lowest, side="right")


@inlined
def _cell_of(household: np.uint64, limit: Words, guide: Integers) -> int:
    """Deal a household to a cell."""
    dealt = np.uint64(household * _GOLDEN)
    cell = guide[dealt >> _GUIDE_SHIFT]
    while cell < limit.shape[0] and limit[cell] <= dealt:
        cell += 1
    return cell  # type: ignore[no-any-return]


@stage
def _deal(start: int, limit: Words, guide: Integers, count: Integers, household_id: Words, cell: Integers) -> None:
    """Write ids and cells, sorted by cell and then by id."""
    n = cell.shape[0]
    count[:] = 0
    for i in range(n):
        count[_cell_of(np.uint64(start + i), limit, guide) + 1] += 1
    for c in range(1, count.shape[0]):
        count[c] += count[c - 1]
    for i in range(n):
        c = _cell_of(np.uint64(start + i), limit, guide)
        household_id[count[c]] = np.uint64(start + i)
        cell[count[c]] = c
        count[c] += 1


@stage
def _draw(seed: np.uint64, columns: Columns, draft: Draft) -> None:
    """Four uniforms (age, size, old parent or spouse, children) and two normals (rank, transfers)."""
    n = columns.cell.shape[0]
    when = address(0, 0)
    draw_words(seed, columns.household_id, when, _HOUSEHOLD, draft.words, n)
    for k in range(4):
        fill_uniforms(draft.words, k, draft.uniform[k], n)
    draw_words(seed, columns.household_id, when, _RANK, draft.words, n)
    fill_normals(draft.words, 0, draft.normal[0], draft.normal[1], n)
    for i in range(n):
        columns.rank[i] = draft.normal[0, i]


@stage
def _compose(recipe: Recipe, columns: Columns, draft: Draft) -> None:
    """Size of the household, age of its head, and how many of it are old or children."""
    uniform = draft.uniform
    persons, age, shift = columns.persons, columns.age, columns.shift
    for i in range(persons.shape[0]):
        limits = recipe.size_limit[columns.cell[i]]
        size = 0
        for k in range(limits.shape[0]):
            size += 1 if uniform[1, i] >= limits[k] else 0
        persons[i] = size + 1
        shift[i] = recipe.size_shift[recipe.side[columns.cell[i]], size]
        band = recipe.band[columns.cell[i]]
        years = recipe.highest_age[band] - recipe.lowest_age[band] + 1
        age[i] = recipe.lowest_age[band] + np.int64(uniform[0, i] * years)
    for i in range(persons.shape[0]):
        old, together = age[i] >= OLD, persons[i] > 1
        may_live_with = (not old) & (age[i] >= LIVES_WITH_PARENT_FROM) & together
        parent = 1 if may_live_with & (uniform[2, i] < recipe.with_parent) else 0
        spouse = 1 if old & together & (uniform[2, i] < recipe.couple) else 0
        columns.elderly[i] = (1 if old else 0) + spouse + parent
        room = max(persons[i] - 2 - parent, 0)
        columns.children[i] = np.int64(room * recipe.child + uniform[3, i])


@stage
def _place_in_table(recipe: Recipe, columns: Columns, draft: Draft) -> None:
    """Read the quantile table of the cell at the household's rank, shifted for its size."""
    n = columns.cell.shape[0]
    rank, shift, cell = columns.rank, columns.shift, columns.cell
    node, fraction, low, high = draft.node, draft.fraction, draft.low, draft.high
    first, per_unit, last = recipe.first_node, recipe.nodes_per_unit, float(recipe.quantiles.shape[1] - 2)
    for i in range(n):
        position = (rank[i] + shift[i] - first) * per_unit
        shifted = min(max(position - 0.5, 0.0), last) + _ROUND
        fraction[i] = position - (shifted - _ROUND)
    for i in range(n):
        position = (rank[i] + shift[i] - first) * per_unit
        shifted = min(max(position - 0.5, 0.0), last) + _ROUND
        node[i] = np.float64(shifted).view(np.int64) & np.int64(0xFFFFFFFF)
    for i in range(n):
        of_cell = recipe.quantiles[cell[i]]
        low[i] = of_cell[node[i]]
        high[i] = of_cell[node[i] + 1]


@stage
def _earn(recipe: Recipe, columns: Columns, draft: Draft) -> None:
    """Incomes by source."""
    n = columns.cell.shape[0]
    wage, operating, owned, transfer = columns.wage, columns.operating, columns.owned, columns.transfer
    persons, cell, low, high = columns.persons, columns.cell, draft.low, draft.high
    fraction, normal, spread = draft.fraction, draft.normal[1], recipe.transfer_spread
    for i in range(n):
        low[i] = exp(low[i] + fraction[i] * (high[i] - low[i])) * persons[i]
    for i in range(n):
        high[i] = exp(spread * normal[i] - 0.5 * (spread * spread)) * persons[i]
    for i in range(n):
        of_cell = recipe.composition[cell[i]]
        wage[i] = low[i] * of_cell[0]
        operating[i] = low[i] * of_cell[1]
        owned[i] = low[i] * of_cell[2]
        transfer[i] = high[i] * recipe.transfer_level[cell[i]]


@stage
def _weigh(recipe: Recipe, columns: Columns, draft: Draft) -> None:
    """How many households it stands for: a whole multiple of WEIGHT_UNIT."""
    calibration = recipe.calibration
    wage, operating, owned, transfer = columns.wage, columns.operating, columns.owned, columns.transfer
    log_weight, weight, low = draft.log_weight, columns.weight, draft.low
    for i in range(weight.shape[0]):
        side, region = recipe.side[columns.cell[i]], recipe.region[columns.cell[i]]
        persons = float(columns.persons[i])
        income = wage[i] + operating[i] + owned[i] + transfer[i]
        group = 0
        for k in range(calibration.group_limit.shape[1]):
            group += 1 if income >= calibration.group_limit[side, k] * persons else 0
        of_source = calibration.source[side]
        counted = persons if calibration.of_persons else 1.0
        more = calibration.resident[region, side] * persons + calibration.group[side, group] * counted
        more += calibration.group_income[side, group] * (income / calibration.group_mean[side, group] - persons)
        more += calibration.income[region] * income + of_source[0] * wage[i] + of_source[1] * operating[i]
        more += of_source[2] * owned[i] + of_source[3] * transfer[i]
        more += calibration.key_group[side, recipe.place[columns.cell[i]] % calibration.key_group.shape[1]]
        more += calibration.band[side, recipe.band[columns.cell[i]]] + calibration.size[side, columns.persons[i] - 1]
        more += calibration.elderly * columns.elderly[i] + calibration.children * columns.children[i]
        log_weight[i] = more
    for i in range(weight.shape[0]):
        low[i] = calibration.base * exp(min(max(log_weight[i], -_LARGEST_LOG_WEIGHT), _LARGEST_LOG_WEIGHT))
    for i in range(weight.shape[0]):
        weight[i] = ((low[i] * (1.0 / WEIGHT_UNIT) + _ROUND) - _ROUND) * WEIGHT_UNIT


@entry
def fill_rows(columns: Columns, recipe: Recipe, rows: Rows) -> None:
    """Fill what the yearly step reads and the columns have in another form."""
    n = columns.cell.shape[0]
    for i in range(n):
        rows.persons[i] = columns.persons[i]
    for i in range(n):
        rows.residual[i] = 0.0
    for i in range(n):
        rows.place[i] = recipe.place[columns.cell[i]]
        rows.process[i] = recipe.side[columns.cell[i]]
        rows.transfer_tilt[i] = recipe.transfer_level[columns.cell[i]]
    for i in range(n):
        rows.transfer_tilt[i] = columns.transfer[i] / (rows.persons[i] * rows.transfer_tilt[i])
