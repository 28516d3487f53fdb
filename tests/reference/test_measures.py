"""Measures against closed forms, worked examples, slow twins and independent libraries."""

import microdf
import numpy as np
import pytest
from ineqpy import inequality as ineqpy
from scipy.stats import lognorm, norm, pareto

from incomesim import measures

POINTS = 400_000
P = (np.arange(POINTS) + 0.5) / POINTS


@pytest.mark.parametrize("sigma", [0.2, 0.7, 1.2])
def test_lognormal(sigma):
    people = measures.rank(lognorm.ppf(P, sigma))
    assert measures.gini(people) == pytest.approx(2 * norm.cdf(sigma / np.sqrt(2)) - 1, rel=1e-4)
    assert measures.theil(people) == pytest.approx(sigma**2 / 2, rel=2e-3)
    assert measures.mld(people) == pytest.approx(sigma**2 / 2, rel=1e-3)
    assert measures.median(people) == pytest.approx(1.0, rel=1e-5)
    assert measures.mean(people) == pytest.approx(np.exp(sigma**2 / 2), rel=1e-3)
    assert measures.quantile_ratio(people, upper=0.9, lower=0.1) == pytest.approx(
        np.exp(2 * sigma * norm.ppf(0.9)), rel=1e-4
    )
    # Lorenz curve: Phi(Phi^-1(p) - sigma)
    p, share = measures.lorenz(people, points=21)
    np.testing.assert_allclose(share[1:-1], norm.cdf(norm.ppf(p[1:-1]) - sigma), atol=2e-4)
    expected = (1 - norm.cdf(norm.ppf(0.8) - sigma)) / norm.cdf(norm.ppf(0.2) - sigma)
    assert measures.share_ratio(people, top=0.2, bottom=0.2) == pytest.approx(expected, rel=2e-3)
    middle = norm.cdf(np.log(2) / sigma) - norm.cdf(np.log(0.75) / sigma)
    assert measures.share_around_median(people, lower=0.75, upper=2.0) == pytest.approx(middle, abs=1e-5)
    # headcount and gap below a line z: Phi(log z / s), and that minus the income share over z
    z = 0.6
    head = norm.cdf(np.log(z) / sigma)
    assert measures.fgt(people, line=z, order=0) == pytest.approx(head, abs=1e-5)
    gap = head - np.exp(sigma**2 / 2) * norm.cdf(np.log(z) / sigma - sigma) / z
    assert measures.fgt(people, line=z, order=1) == pytest.approx(gap, abs=1e-5)


@pytest.mark.parametrize("a", [2.5, 4.0])
def test_pareto(a):
    people = measures.rank(pareto.ppf(P, a))
    assert measures.gini(people) == pytest.approx(1 / (2 * a - 1), rel=2e-3)
    assert measures.theil(people) == pytest.approx(1 / (a - 1) - np.log(a / (a - 1)), rel=2e-2)
    assert measures.mld(people) == pytest.approx(np.log(a / (a - 1)) - 1 / a, rel=2e-3)
    assert measures.share(people, lower=0.9, upper=1.0) == pytest.approx(0.1 ** (1 - 1 / a), rel=2e-3)


def test_uniform():
    people = measures.rank(2.0 * P)
    assert measures.gini(people) == pytest.approx(1 / 3, rel=1e-6)
    assert measures.theil(people) == pytest.approx(np.log(2) - 0.5, rel=1e-5)
    assert measures.mld(people) == pytest.approx(1 - np.log(2), rel=1e-4)
    assert measures.cv(people) == pytest.approx(1 / np.sqrt(3), rel=1e-6)
    assert measures.fgt(people, line=0.5, order=2) == pytest.approx(0.25 / 3, rel=1e-4)
    assert measures.share(people, lower=0.0, upper=0.4) == pytest.approx(0.16, rel=1e-6)


@pytest.mark.parametrize(("poor", "ratio"), [(0.5, 3.0), (0.9, 20.0), (0.2, 1.5)])
def test_two_points(poor, ratio):
    """A share `poor` has 1, the rest `ratio`."""
    income, weight = [1.0, ratio], [poor, 1 - poor]
    mean = poor + (1 - poor) * ratio
    assert measures.gini(income, weight) == pytest.approx(poor - poor / mean)
    theil = poor / mean * np.log(1 / mean) + (1 - poor) * ratio / mean * np.log(ratio / mean)
    assert measures.theil(income, weight) == pytest.approx(theil)
    deviation = np.log(mean) - (1 - poor) * np.log(ratio)
    assert measures.mld(income, weight) == pytest.approx(deviation)


def test_worked_by_hand():
    income = [1.0, 2.0, 3.0, 4.0]
    assert measures.gini(income) == pytest.approx(0.25)
    assert measures.median(income) == 2.5
    assert measures.quantile(income, p=0.25) == 1.5
    assert measures.quantile(income, p=0.3) == 2.0
    assert measures.quantile(income, p=0.0) == 1.0
    assert measures.quantile(income, p=1.0) == 4.0
    assert measures.share(income, lower=0.0, upper=0.5) == pytest.approx(0.3)
    assert measures.share(income, lower=0.0, upper=0.375) == pytest.approx(0.2)  # the second person is divided
    assert measures.fgt(income, line=3.0, order=0) == 0.5  # nobody at the line is poor
    assert measures.fgt(income, line=3.0, order=1) == pytest.approx((2 / 3 + 1 / 3) / 4)
    assert measures.share_between(income, lower=2.0, upper=4.0) == 0.5
    assert measures.gini([0.0, 0.0, 0.0, 8.0]) == pytest.approx(0.75)
    assert measures.gini([5.0, 5.0]) == 0.0
    assert measures.theil([0.0, 2.0]) == pytest.approx(np.log(2))
    assert measures.gini([-1.0, 3.0]) == pytest.approx(1.0)
    assert measures.gini([-3.0, 5.0]) == pytest.approx(2.0)  # negative incomes may carry it beyond 1
    np.testing.assert_allclose(measures.group_means([1.0, 2.0, 3.0, 4.0], number=2), [1.5, 3.5])
    assert measures.max_min_ratio([2.0, 5.0]) == 2.5
    assert measures.weighted_variation([1.0, 3.0], [1.0, 1.0]) == pytest.approx(0.5)


def test_growth_incidence():
    p, growth = measures.growth_incidence(2.0 * P, 2.2 * P)
    np.testing.assert_allclose(growth, 0.1)
    assert (p[0], p[-1]) == (0.005, 0.995)


def test_transitions():
    rng = np.random.default_rng(3)
    income, weight = rng.lognormal(size=5000), rng.integers(1, 4, 5000).astype(float)
    fifths = measures.quantile_groups(income, weight)
    np.testing.assert_allclose(np.bincount(fifths, weight) / weight.sum(), 0.2, atol=1e-3)
    assert income[fifths == 0].max() <= income[fifths == 1].min()
    np.testing.assert_array_equal(measures.transition_matrix(fifths, fifths, weight), np.eye(5))
    swapped = measures.transition_matrix(fifths, 4 - fifths, weight)
    np.testing.assert_array_equal(swapped, np.eye(5)[::-1])


@pytest.fixture(scope="module")
def sample():
    rng = np.random.default_rng(11)
    return rng.lognormal(10, 0.8, 800).round(2), rng.integers(1, 6, 800).astype(float)


def test_gini_is_half_the_mean_difference(sample):
    income, weight = sample
    pairs = np.abs(income[:, None] - income[None, :]) * weight[:, None] * weight[None, :]
    mean = np.average(income, weights=weight)
    assert measures.gini(income, weight) == pytest.approx(pairs.sum() / weight.sum() ** 2 / mean / 2, rel=1e-12)


def test_microdf_agrees(sample):
    """microdf of PolicyEngine: weighted Gini, mean, shares of the top."""
    income, weight = sample
    series = microdf.MicroSeries(income, weights=weight)
    assert measures.gini(income, weight) == pytest.approx(series.gini(), rel=1e-10)
    assert measures.mean(income, weight) == pytest.approx(series.mean(), rel=1e-12)
    assert measures.share(income, weight, lower=0.9, upper=1.0) == pytest.approx(series.top_10_pct_share(), rel=5e-3)


def test_ineqpy_agrees(sample):
    """IneqPy: weighted Theil (its weighted Gini is another estimator, 0.0006 above microdf's here)."""
    income, weight = sample
    assert measures.theil(income, weight) == pytest.approx(ineqpy.theil(income, weight), rel=1e-9)
