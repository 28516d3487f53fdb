"""The same households in every format are the same result, and the first year is the file to the last fen."""

import numpy as np
import pytest

from incomesim.engine import compute
from incomesim.fields import RESIDENCES, SOURCES
from incomesim.kernel.tables import MONEY_UNIT, Totals
from incomesim.plan import make_plan
from tests.household_files import columns_of, read, write_as

ROWS = 4_000
FORMATS = ("parquet", "csv", "dta", "sav")


@pytest.fixture(scope="module")
def columns(sample, population):
    """Households with losses and without income too; weights and incomes in all their digits."""
    found = {name: values[:ROWS].copy() for name, values in columns_of(sample, population.cells).items()}
    kind = found["household_id"] % 20
    found["wage"][kind == 0] = 0.0
    found["operating"][kind == 1] = -0.3 * found["wage"][kind == 1]
    found["operating"][kind == 2] = -3.0 * found["wage"][kind == 2]
    found["transfer"][kind == 3] *= -0.2
    return found


def run(path, scenario, facts):
    population, holdings = read(scenario, path, scenario.seed)
    plan = make_plan(scenario, population, facts)
    return holdings, plan, compute(plan.source, plan.tables, threads=1)


@pytest.fixture(scope="module")
def reference(columns, scenario, facts, tmp_path_factory):
    return run(write_as(tmp_path_factory.mktemp("reference") / "survey.parquet", columns), scenario, facts)


def check_same(found, reference):
    _, plan, sums = found
    np.testing.assert_array_equal(plan.tables.quantiles, reference[1].tables.quantiles)
    np.testing.assert_array_equal(plan.tables.transfer_level, reference[1].tables.transfer_level)
    for one, other in zip(sums, reference[2], strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("kind", FORMATS[1:])
def test_every_format_gives_the_same_bits(kind, columns, reference, scenario, facts, tmp_path):
    check_same(run(write_as(tmp_path / f"survey.{kind}", columns), scenario, facts), reference)


def test_the_order_of_rows_changes_no_bit(columns, reference, scenario, facts, tmp_path, monkeypatch):
    monkeypatch.setattr("incomesim.population.whole_file._PART", 999)
    order = np.random.default_rng(1).permutation(ROWS)
    shuffled = {name: values[order] for name, values in columns.items()}
    check_same(run(write_as(tmp_path / "survey.csv", shuffled), scenario, facts), reference)


def test_sums_of_the_first_year_are_the_files_to_the_fen(columns, reference):
    """Whole fen of each row, added up by residence and by group in Python's own whole numbers."""
    holdings, plan, _ = reference
    totals = holdings.totals.reshape(*plan.ground.shape, len(Totals))
    names = {"residence": (RESIDENCES, (0, 2, 3)), "group": (plan.ground.groups, (0, 1, 3))}
    for column, (allowed, over) in names.items():
        found = totals.sum(axis=over)
        for place, name in enumerate(allowed):
            rows = np.flatnonzero(columns[column] == name)
            for number, source in enumerate(SOURCES):
                weight = np.rint(columns["weight"][rows] * 2**20) / 2**20
                fen = np.rint(weight * columns[source][rows] / MONEY_UNIT)
                assert int(found[place, Totals.WAGE + number]) == sum(map(int, fen))


def test_the_kernel_gives_the_first_year_back(columns, reference):
    holdings, _, sums = reference
    found, held = sums.totals[0, 0], holdings.totals
    np.testing.assert_array_equal(found[:, : Totals.WAGE], held[:, : Totals.WAGE])
    assert (np.abs(found[:, Totals.WAGE :].sum(axis=1) - held[:, Totals.WAGE :].sum(axis=1)) <= 4 * ROWS).all()
