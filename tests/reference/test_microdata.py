"""Households of a file against the file itself: the first year gives it back, and the dynamics keep its shape."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.special import ndtr, ndtri
from scipy.stats import kstest

from incomesim.engine import compute, trace
from incomesim.fields import SOURCES
from incomesim.kernel.tables import MONEY_UNIT, WEIGHT_UNIT, Totals
from incomesim.plan import make_plan
from incomesim.population.rank_tables import (
    BIN_WIDTH,
    BINS,
    FIRST_NODE,
    NODES_PER_UNIT,
    bin_of,
    edges_in_tables,
    place_in_table,
    quantile_tables,
)
from incomesim.population.split_income import split_income
from incomesim.population.synthesis import NODES
from tests.household_files import FEW, columns_of, few, read, write


def plain_tables(count):
    """Tables of cells in which income has nothing to do with size."""
    nodes = FIRST_NODE + np.arange(NODES) / NODES_PER_UNIT
    return quantile_tables(count, np.tile(ndtr(nodes), (int(np.prod(count.shape[:-1])), 1)))


@pytest.fixture(scope="module")
def mixed(sample, population):
    """The synthetic sample with households of every kind: without income, with losses, in debt, alike."""
    columns = columns_of(sample, population.cells)
    kind = columns["household_id"] % 20
    for source in SOURCES[:3]:
        columns[source][kind == 0] = 0.0
    columns["transfer"][kind == 1] *= -0.2
    columns["operating"][kind == 2] = -0.3 * columns["wage"][kind == 2]  # a loss that is kept
    columns["operating"][kind == 3] = -3.0 * columns["wage"][kind == 3]  # a large one
    for source in SOURCES:
        columns[source][kind == 4] = 0.0  # nothing at all
    columns["wage"][kind == 5], columns["operating"][kind == 5] = 0.0, -5_000.0
    columns["wage"][kind == 6] = 60_000.0 * columns["persons"][kind == 6]  # many with the same
    columns["wage"][kind == 7] = 29_000_000.0
    return columns


def first_year(file, scenario, facts):
    """Rows, incomes by source (4, N) and disposable income (N,) of the first year, in the order of the ids."""
    population, holdings = read(scenario, file, scenario.seed)
    plan = make_plan(scenario, population, facts)
    parts = []
    for limits in population.source.ranges(1):
        rows = population.source.rows(*limits)
        _, traced = trace(rows, plan.tables)
        parts.append((rows, by_source(rows, plan.tables), traced.income[0, 0] * rows.persons))
    ids = np.concatenate([rows.household_id for rows, *_ in parts])
    order = np.argsort(ids)
    sources = np.concatenate([found for _, found, _ in parts], axis=1)[:, order]
    return holdings, plan, ids[order], sources, np.concatenate([income for *_, income in parts])[order]


def by_source(rows, tables):
    """Incomes of the first year as docs/method.md says them, household by household; (4, N) yuan."""
    found = np.empty((4, len(rows.age)))
    for i in range(len(rows.age)):
        cell = rows.place[i] * tables.bands + np.searchsorted(tables.band_starts, rows.age[i], side="right")
        position = (rows.rank[i] + rows.shift[i] - tables.first_node) * tables.nodes_per_unit
        node = min(max(int(np.floor(position)), 0), tables.quantiles.shape[1] - 2)
        table = tables.quantiles[cell]
        log_income = table[node] + (position - node) * (table[node + 1] - table[node]) + rows.residual[i]
        share = tables.composition[cell] * rows.market_tilt[:, i]
        found[:3, i] = share / share.sum() * np.exp(log_income) * rows.persons[i]
        found[3, i] = tables.transfer_level[cell] * rows.transfer_tilt[i] * rows.persons[i]
    return found


def test_first_year_is_the_file(sample, population, scenario, facts, tmp_path):
    columns = columns_of(sample, population.cells)
    file = write(tmp_path / "sample.parquet", columns, 1_700)
    holdings, _, ids, sources, income = first_year(file, scenario, facts)
    np.testing.assert_array_equal(ids, columns["household_id"])
    for source, found in zip(SOURCES, sources, strict=True):
        np.testing.assert_allclose(found, columns[source], rtol=1e-12)
    np.testing.assert_allclose(income, sample.disposable(), rtol=1e-12)
    made = read(scenario, file, scenario.seed)[0]
    parts = [made.source.rows(*limits) for limits in made.source.ranges(1)]
    order = np.argsort(np.concatenate([rows.household_id for rows in parts]))
    for name in ("elderly", "children"):
        found = np.concatenate([getattr(rows, name) for rows in parts])[order]
        np.testing.assert_array_equal(found, columns[name], err_msg=name)
    for found, expected in zip(vars(made.make_up).values(), vars(population.make_up).values(), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-12)
    assert holdings.rows == len(sample)
    assert holdings.households == sample.weight.sum()
    assert holdings.without_market.sum() == holdings.large_losses.sum() == 0


def test_first_year_is_the_file_however_incomes_lie(mixed, scenario, facts, tmp_path):
    """Disposable income of all; the sources of all but those with losses that are too large, or no market income."""
    holdings, _, ids, sources, income = first_year(write(tmp_path / "mixed.parquet", mixed), scenario, facts)
    expected = np.array([mixed[source] for source in SOURCES])
    size = np.abs(expected).sum(axis=0) + mixed["persons"]
    assert (np.abs(income - expected.sum(axis=0)) <= 1e-12 * size).all()
    apart = np.isin(ids % 20, [0, 3, 4, 5])
    assert (np.abs(sources - expected) <= 1e-12 * size)[:, ~apart].all()
    no_market = ids % 20 == 4
    np.testing.assert_allclose(sources[:3, no_market].sum(axis=0), mixed["persons"][no_market], rtol=1e-12)
    assert (sources[1, ids % 20 == 2] < 0).all()
    assert holdings.without_market[0] == np.isin(ids % 20, [0, 4]).sum()
    weight = mixed["weight"][ids % 20 == 3].sum() + mixed["weight"][ids % 20 == 5].sum()
    assert holdings.large_losses[1] * WEIGHT_UNIT <= weight


def test_kernel_adds_up_what_the_file_holds(mixed, scenario, facts, tmp_path):
    population, holdings = read(scenario, write(tmp_path / "mixed.parquet", mixed), scenario.seed)
    plan = make_plan(scenario, population, facts)
    totals = compute(plan.source, plan.tables, threads=2).totals[0, 0]
    np.testing.assert_array_equal(totals[:, : Totals.WAGE], holdings.totals[:, : Totals.WAGE])
    money = totals[:, Totals.WAGE :].sum(axis=1) - holdings.totals[:, Totals.WAGE :].sum(axis=1)
    assert (np.abs(money) <= 4 * len(mixed["age"])).all()  # rounded to a fen each
    yuan = sum((mixed[source] * mixed["weight"]).sum() for source in SOURCES)
    assert holdings.totals[:, Totals.WAGE :].sum() * MONEY_UNIT == pytest.approx(yuan, rel=1e-9)


def test_row_groups_and_threads_change_no_bit(mixed, scenario, facts, tmp_path):
    reference = None
    for size, threads in ((100_000, 1), (997, 1), (997, 3), (4_000, 2)):
        file = write(tmp_path / f"{size}.parquet", mixed, size)
        plan = make_plan(scenario, read(scenario, file, scenario.seed)[0], facts)
        sums = compute(plan.source, plan.tables, threads=threads)
        reference = reference or (plan.tables, sums)
        np.testing.assert_array_equal(plan.tables.quantiles, reference[0].quantiles)
        np.testing.assert_array_equal(plan.tables.transfer_level, reference[0].transfer_level)
        for one, other in zip(sums, reference[1], strict=True):
            np.testing.assert_array_equal(one, other)


def still(scenario):
    """The scenario without growth by cell, moves, levers; heads stay in their band in the years looked at."""
    rate = scenario.urbanisation.model_copy(update={"rate": 0.0})
    hazards = scenario.renewal.model_copy(
        update={"hazards": [scenario.renewal.hazards[0].model_copy(update={"rate": 0.0})]}
    )
    return scenario.model_copy(update={"policy": [], "urbanisation": rate, "renewal": hazards})


def test_the_distribution_of_a_cell_stays(scenario, facts, tmp_path):
    """An eighth have no market income and some 9 % the same: both shares, and the rest, are there five years later."""
    number = 40_000
    draw = np.random.default_rng(1)
    income = np.exp(10.0 + 0.7 * draw.normal(size=number))
    kind = draw.uniform(size=number)
    income[kind < 0.125] = 0.0
    income[kind > 0.91] = 24_000.0
    nothing = np.zeros(number)
    columns = few(
        number, wage=income, operating=nothing, property=nothing, transfer=nothing, persons=np.ones(number, int)
    )  # the last one lives in the country
    population, _ = read(scenario, write(tmp_path / "cell.parquet", columns, 8_192), scenario.seed, **FEW)
    tables = make_plan(still(scenario), population, facts).tables
    growth = tables._replace(growth=np.ones_like(tables.growth))
    rows = [population.source.rows(*limits) for limits in population.source.ranges(1)]
    rank = np.concatenate([part.rank for part in rows])
    assert kstest(rank, "norm").statistic < 0.4 / NODES_PER_UNIT  # between two nodes of the table lie so many at most
    later = np.concatenate([trace(part, growth)[1].income[0, -1] for part in rows])
    assert (later < 100.0).mean() == pytest.approx(0.125, abs=0.012)
    assert (np.abs(later / 24_000.0 - 1.0) < 0.02).mean() > 0.09
    quantile = np.linspace(0.15, 0.98, 60)
    np.testing.assert_allclose(np.quantile(later, quantile), np.quantile(income, quantile), rtol=0.04)


def test_cells_nobody_lives_in_borrow():
    count = np.zeros((2, 2, 2, 2, BINS), np.int64)
    count[0, 0, 0, 0, 1000] = 5  # urban, first group, young
    count[1, 1, 0, 1, 1200] = 7  # rural, first group, old
    tables = plain_tables(count).reshape(2, 2, 2, 2, -1)
    assert (np.diff(tables) > 0).all()
    for cell in ((1, 0, 0, 0), (1, 0, 0, 1), (0, 0, 1, 1)):
        np.testing.assert_array_equal(tables[cell], tables[0, 0, 0, 0])
    np.testing.assert_array_equal(tables[0, 1, 1, 0], tables[1, 1, 0, 1])
    count[1, 1] = 0
    assert (plain_tables(count).reshape(2, 2, 2, 2, -1)[:, 1] == tables[0, 0, 0, 0]).all()


def test_transfers_change_with_what_is_received_in_the_cell_within_bounds(scenario, tmp_path):
    """1,000 received per head below 35, 2,000 from 35, 9,000 from 60, one household each; what is paid does not count."""
    columns = few(
        5,
        age=[30, 40, 70, 70, 40],
        persons=[1] * 5,
        transfer=[1_000.0, 2_000.0, 18_000.0, -9_000.0, 5_250.0],
        weight=[1.0] * 5,
    )
    cells = read(scenario, write(tmp_path / "few.parquet", columns), **FEW)[0].cells
    everybody = 26_250 / 5
    urban, rural = cells.transfer_level.reshape(2, 3)
    np.testing.assert_allclose(urban, [everybody / 2, everybody / 2, 9_000.0])
    np.testing.assert_allclose(rural, everybody)  # the young and old borrow


def test_a_large_cell_gets_its_quantiles():
    """A standard normal in steps of a bin about log income 10: the table is 10 + x."""
    from scipy.special import ndtr

    edges = np.arange(BINS + 1) * BIN_WIDTH
    count = np.rint(np.diff(ndtr(edges - 10.0)) * 1e15).astype(np.int64)
    x = FIRST_NODE + np.arange(193) / NODES_PER_UNIT
    table = plain_tables(count.reshape(1, 1, 1, 1, -1))[0]
    inner = np.abs(x) < 4.5
    np.testing.assert_allclose(table[inner], 10.0 + x[inner], atol=1e-4)


@settings(deadline=None, max_examples=200)
@given(
    where=st.lists(st.tuples(st.integers(0, BINS - 1), st.integers(1, 2**40)), min_size=1, max_size=12),
    within=st.floats(0.0, 0.999),
    luck=st.floats(1e-10, 1.0 - 1e-10),
)
def test_table_and_residual_give_the_income_back(where, within, luck):
    count = np.zeros((1, 1, 1, 1, BINS), np.int64)
    for b, weight in where:
        count[..., b] += weight
    tables = plain_tables(count)
    edges, nothing = edges_in_tables(tables), np.zeros(len(where))
    log_income = (np.array([b for b, _ in where]) + within) * BIN_WIDTH
    cell = np.zeros(len(where), np.int64)
    rank, residual = place_in_table(log_income, cell, nothing, np.full(len(where), luck), tables, edges)
    assert np.isfinite(rank).all()
    x = FIRST_NODE + np.arange(193) / NODES_PER_UNIT
    np.testing.assert_allclose(np.interp(rank, x, tables[0]) + residual, log_income, atol=2e-12)
    share = count[0, 0, 0, 0, bin_of(log_income)] / count.sum()
    held = (share > 0.03) & (np.abs(rank) < 5.5)  # more than a node of the table
    assert (np.abs(residual[held]) <= BIN_WIDTH + 1e-6).all()


@settings(deadline=None, max_examples=200)
@given(
    income=arrays(np.float64, (4, 5), elements=st.floats(-3e7, 3e7, allow_subnormal=False)),
    persons=arrays(np.float64, 5, elements=st.integers(1, 12)),
)
def test_the_parts_of_an_income_add_up(income, persons):
    split = split_income(income, persons)
    assert (split.market >= persons).all()
    size = np.abs(income).sum(axis=0) + persons
    assert (np.abs(split.market + split.carried - income.sum(axis=0)) <= 1e-15 * 8 * size).all()
    kept = ~(split.without_market | split.large_loss)
    np.testing.assert_array_equal(split.sources[:, kept], income[:3, kept])
    np.testing.assert_array_equal(split.carried[kept], income[3, kept])
    assert (np.abs(split.sources / split.market).sum(axis=0) <= 3.0 + 1e-12).all()  # no share out of all proportion


def test_ranks_are_spread_over_what_is_theirs():
    """A quarter of a cell with one income has the lowest quarter of ranks, evenly."""
    count = np.zeros((1, 1, 1, 1, BINS), np.int64)
    count[..., 0], count[..., 1500] = 1, 3
    tables = plain_tables(count)
    luck = (np.arange(1000) + 0.5) / 1000
    nothing = np.zeros(1000)
    rank, _ = place_in_table(nothing, np.zeros(1000, np.int64), nothing, luck, tables, edges_in_tables(tables))
    np.testing.assert_allclose(rank[50:950], ndtri(luck * 0.25)[50:950], atol=0.06)


def test_the_mean_over_persons_stays_where_income_goes_with_size(scenario, facts, tmp_path):
    """Household income independent of size: per head the large are poor. Ranks must not forget the size."""
    rng = np.random.default_rng(8)
    rows = 12_000
    persons = rng.integers(1, 7, rows)
    columns = few(rows) | {
        "residence": np.array(["urban", "rural"])[np.arange(rows) % 2], "persons": persons,
        "wage": np.round(rng.lognormal(10.0, 0.5, rows)), "operating": np.zeros(rows), "property": np.zeros(rows),
        "transfer": np.ones(rows), "age": np.full(rows, 40), "weight": np.full(rows, 10.0),
    }  # fmt: skip
    write(tmp_path / "sizes.parquet", columns)
    still = scenario.model_copy(
        update={"policy": [], "urbanisation": scenario.urbanisation.model_copy(update={"rate": 0.0})}
    )
    population, _ = read(still, tmp_path / "sizes.parquet", still.seed, **FEW)
    plan = make_plan(still, population, facts)
    growth = np.ones_like(plan.tables.growth)
    rows_of = population.source.rows(*population.source.ranges(1)[0])
    traced = trace(rows_of, plan.tables._replace(growth=growth, renewal=np.zeros_like(plan.tables.renewal)))[1]
    mean = np.average(traced.income[0], axis=1, weights=rows_of.persons)
    np.testing.assert_allclose(mean / mean[0], 1.0, atol=0.015)
    assert np.corrcoef(rows_of.persons, rows_of.rank)[0, 1] == pytest.approx(0.0, abs=0.03)
    assert np.corrcoef(rows_of.persons, rows_of.shift)[0, 1] < -0.9
