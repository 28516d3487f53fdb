"""What the kernel adds up, against the incomes of every household.

The kernel keeps scenarios with levers as differences from the baseline, in whole numbers; here everything
is counted once more, household by household.
"""

import numpy as np
import pytest

from incomesim.kernel.shapes import JOINT_FINENESS, count_bins
from incomesim.kernel.tables import MONEY_UNIT, WEIGHT_UNIT, Accelerations, Change, Pair, Totals
from tests.reference.binning import find_bins
from tests.reference.small_world import X, make_gate, make_rows, make_tables, run


@pytest.fixture(scope="module", params=[0, 1])
def scenario_number(request):
    return request.param


def by_cell(cell, cells, where, number, values):
    kept = where >= 0
    return np.bincount((cell * number + where)[kept], values[kept], cells * number).reshape(cells, number)


@pytest.mark.parametrize("t", [0, 3, 5])
def test_histogram(plan, output, scenario_number, t):
    s, fineness, cells = scenario_number, plan.tables.fineness, plan.ground.cells
    persons = output.rows.weight * output.rows.persons
    income, cell, number = output.income[s, t], output.cell[s, t], count_bins(fineness)
    found = output.sums.histogram[s, t]
    bins = find_bins(income, fineness)
    np.testing.assert_array_equal(found[..., 0] * WEIGHT_UNIT, by_cell(cell, cells, bins, number, persons))
    money = by_cell(cell, cells, bins, number, persons * income)
    np.testing.assert_allclose(found[..., 1] * MONEY_UNIT, money, atol=0.02 * len(cell), rtol=1e-12)


@pytest.mark.parametrize("t", [0, 5])
def test_finer_histograms_by_stratum(plan, output, scenario_number, t):
    s, fineness = scenario_number, plan.tables.stratum_fineness
    number = count_bins(fineness)
    persons = output.rows.weight * output.rows.persons
    _, residence, _, band = np.unravel_index(output.cell[s, t], plan.ground.shape)
    stratum = residence * 3 + band
    bins, found = find_bins(output.income[s, t], fineness), output.sums.strata[s, t]
    assert fineness == 9
    np.testing.assert_array_equal(found[..., 0] * WEIGHT_UNIT, by_cell(stratum, 6, bins, number, persons))
    money = by_cell(stratum, 6, bins, number, persons * output.income[s, t])
    np.testing.assert_allclose(found[..., 1] * MONEY_UNIT, money, atol=0.02 * len(stratum), rtol=1e-12)


@pytest.mark.parametrize("t", [0, 5])
def test_those_below_a_line_within_its_bin(plan, output, scenario_number, t):
    s, fineness, cells = scenario_number, plan.tables.fineness, plan.ground.cells
    persons = output.rows.weight * output.rows.persons
    income, cell = output.income[s, t], output.cell[s, t]
    for z, line in enumerate(plan.tables.lines[t]):
        where = np.where((find_bins(income, fineness) == find_bins(line, fineness)) & (income < line), 0, -1)
        expected = by_cell(cell, cells, where, 1, persons)[:, 0]
        np.testing.assert_array_equal(output.sums.below[s, t, :, z, 0] * WEIGHT_UNIT, expected)


@pytest.mark.parametrize("t", [0, 5])
def test_totals(plan, output, scenario_number, t):
    s, cells, rows = scenario_number, plan.ground.cells, output.rows
    cell, found = output.cell[s, t], output.totals[s, t]
    persons, money = rows.weight * rows.persons, rows.weight * rows.persons * output.income[s, t]
    np.testing.assert_array_equal(found[:, Totals.HOUSEHOLDS] * WEIGHT_UNIT, np.bincount(cell, rows.weight, cells))
    np.testing.assert_array_equal(found[:, Totals.PERSONS] * WEIGHT_UNIT, np.bincount(cell, persons, cells))
    in_all = found[:, Totals.WAGE :].sum(axis=1)
    np.testing.assert_allclose(in_all * MONEY_UNIT, np.bincount(cell, money, cells), atol=0.02 * len(cell))
    np.testing.assert_array_equal(in_all, output.sums.histogram[s, t, :, :, 1].sum(axis=1))


def check_changes(output, cells):
    rows = output.rows
    persons = rows.weight * rows.persons
    before, after = output.income
    for t in range(len(before)):
        more, cell, found = after[t] - before[t], output.cell[0, t], output.sums.changes[1, t]
        for who, people, yuan in (
            (more > 0, Change.PERSONS_GAINING, Change.GAINED),
            (more < 0, Change.PERSONS_LOSING, Change.LOST),
        ):
            expected = np.bincount(cell, persons * who, cells)
            np.testing.assert_array_equal(found[:, people] * WEIGHT_UNIT, expected)
            money = np.bincount(cell, persons * np.abs(more) * who, cells)
            np.testing.assert_allclose(found[:, yuan] * MONEY_UNIT, money, atol=0.04 * len(cell))
    assert (output.sums.changes[0] == 0).all()


def test_those_who_gain(plan, output):
    check_changes(output, plan.ground.cells)


def test_those_who_lose():
    """Operating income falls by a third for half of the households."""
    years = 2
    losses = Accelerations(make_gate([0], np.ones((1, years, 1)), 0.5), np.array([1]), np.full((1, years, 1), 0.7))
    tables = make_tables(years=years, quantiles=[0.5 * X + 10.0], levers=1, accelerations=losses)
    output = run(make_rows(2000, persons=2.0), tables)
    check_changes(output, 1)
    share = output.sums.changes[1, 0, 0, Change.PERSONS_LOSING] / output.totals[1, 0, 0, Totals.PERSONS]
    assert 0.4 < share < 0.6


@pytest.mark.parametrize(("s", "pair"), [(0, Pair.FIRST_YEAR), (1, Pair.FIRST_YEAR), (1, Pair.BASELINE)])
def test_pairs_of_incomes(output, s, pair):
    number = count_bins(JOINT_FINENESS)
    origin = output.income[s, 0] if pair == Pair.FIRST_YEAR else output.income[0, -1]
    start, end = find_bins(origin, JOINT_FINENESS), find_bins(output.income[s, -1], JOINT_FINENESS)
    persons = output.rows.weight * output.rows.persons
    expected = np.bincount(start * number + end, persons, number * number).reshape(number, number)
    np.testing.assert_array_equal(output.sums.joint[s, pair] * WEIGHT_UNIT, expected)
