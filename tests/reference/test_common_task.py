"""The common task against a slow twin with the same draws, and against the same algorithm in C."""

import shutil

import numpy as np
import pytest
from benchmarks.c_twin import compile_c

from incomesim import measures
from incomesim.bench import gini_by_year
from incomesim.kernel.bins import bin_edges
from incomesim.kernel.common_task import FINENESS, advance_common_task, empty_histogram, new_common_work
from incomesim.kernel.tables import MONEY_UNIT, WEIGHT_UNIT, Purpose
from tests.reference import twin

SEED, HOUSEHOLDS, YEARS = 20222025, 3001, 40
WEIGHT = 1.0 + np.arange(HOUSEHOLDS) % 7 / 8


def kernel(first_id=0, weight=WEIGHT, block=256, years=YEARS, work=None):
    histogram = empty_histogram(years)
    advance_common_task(first_id, weight, np.uint64(SEED), work or new_common_work(block), histogram)
    return histogram


def draws(household, year, purpose):
    u = [(word + 0.5) / 2.0**32 for word in twin.philox(SEED, household, 0, year, purpose)]
    return [*twin.pair_of_normals(u[0], u[1]), u[2]]


def slow(years=YEARS):
    """Income (T, N) and who is in work (T, N), as the task is told."""
    household = np.arange(HOUSEHOLDS)
    permanent = draws(household, 0, Purpose.START)[0] * 0.1 / np.sqrt(1 - 0.95**2)
    in_work = np.ones(HOUSEHOLDS, bool)
    incomes, states = [], []
    for year in range(1, years + 1):
        innovation, transitory, luck = draws(household, year, Purpose.YEAR)
        in_work = np.where(in_work, luck >= 0.05, luck < 0.3)
        permanent = 0.95 * permanent + 0.1 * innovation
        incomes.append(10_000 * np.where(in_work, np.exp(permanent + 0.2 * transitory), 0.3))
        states.append(in_work)
    return np.array(incomes), np.array(states)


@pytest.fixture(scope="module")
def incomes():
    return slow()


def test_states_and_incomes_of_every_year(incomes):
    """The work space keeps the last block, so a block of all households shows every one of them."""
    for years in range(1, YEARS + 1, 3):
        work = new_common_work(HOUSEHOLDS)
        kernel(work=work, years=years)
        np.testing.assert_array_equal(work.in_work == 1.0, incomes[1][years - 1])
        np.testing.assert_allclose(work.income, incomes[0][years - 1], rtol=1e-12)


def test_histogram(incomes):
    """Equal but for incomes so near to an edge, or to half a fen, that rounding decides."""
    low, _ = bin_edges(FINENESS)
    expected = np.zeros((YEARS, len(low), 2), np.int64)
    for t, income in enumerate(incomes[0]):
        where = np.searchsorted(low, income, side="right") - 1
        np.add.at(expected[t, :, 0], where, np.int64(WEIGHT / WEIGHT_UNIT))
        np.add.at(expected[t, :, 1], where, np.int64(np.rint(WEIGHT * income / MONEY_UNIT)))
    found = kernel()
    np.testing.assert_array_equal(found[..., 0].sum(axis=1), int(WEIGHT.sum() / WEIGHT_UNIT))
    near = np.abs(incomes[0][:, :, None] / low[np.searchsorted(low, incomes[0])][:, :, None] - 1).min() < 1e-12
    assert near or (found[..., 0] == expected[..., 0]).all()
    assert (found != expected).mean() < 1e-4
    assert np.abs(found[..., 1] - expected[..., 1])[found[..., 0] == expected[..., 0]].max() <= 1


def test_bounds_hold_the_exact_gini(incomes):
    for income, bounded in zip(incomes[0], gini_by_year(kernel()), strict=True):
        exact = measures.gini(income, WEIGHT)
        assert bounded.low <= exact <= bounded.high
        assert bounded.bound < 2e-5


@pytest.mark.parametrize("block", [1, 7, 256, 1000])
def test_any_division_gives_the_same_bits(block):
    parts = [kernel(start, WEIGHT[start:stop], block) for start, stop in ((0, 500), (500, 501), (501, HOUSEHOLDS))]
    np.testing.assert_array_equal(sum(parts), kernel())


@pytest.mark.skipif(shutil.which("gcc") is None, reason="there is no gcc")
@pytest.mark.parametrize("households", [1, 255, HOUSEHOLDS])
def test_the_same_bits_in_c(households, tmp_path):
    sum_households = compile_c(tmp_path)
    found = sum_households(WEIGHT[:households], YEARS, SEED)
    np.testing.assert_array_equal(found, kernel(weight=WEIGHT[:households]))
