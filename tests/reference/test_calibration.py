"""Calibration of weights against closed forms, another package, and its own slow twin."""

import numpy as np
import pytest

from incomesim import Margin, calibrate
from incomesim.kernel.raking import EXPONENTIAL, LINEAR, LOGIT, Distance, sum_tilted
from incomesim.population.known_total import KnownTotal
from incomesim.population.margins import fit_margins
from incomesim.population.weights import fit_weights, list_traits

RAKING = Distance(EXPONENTIAL, 0.0, np.inf)
METHODS = {"raking": None, "linear": None, "logit": (0.2, 4.0)}


def listed(table):
    """Traits (K, N) as sums take them: each total by a column of its own."""
    return list_traits([(np.full(table.shape[1], k), row) for k, row in enumerate(table)], table.shape[1])


def known(*values):
    return [KnownTotal(f"total {k}", "", "units", float(value)) for k, value in enumerate(values)]


def ratio_of(tilt, distance):
    """F(u) as Deville & Sarndal (1992) write it, cases 2, 1 and 6."""
    low, high = distance.lower, distance.upper
    if distance.kind == EXPONENTIAL:
        return np.exp(tilt)
    if distance.kind == LINEAR:
        return 1.0 + tilt
    a = (high - low) / ((1.0 - low) * (high - 1.0))
    grown = np.exp(a * tilt)
    return (low * (high - 1.0) + high * (1.0 - low) * grown) / ((high - 1.0) + (1.0 - low) * grown)


@pytest.mark.parametrize("distance", [RAKING, Distance(LINEAR, 0.0, np.inf), Distance(LOGIT, 0.4, 2.5)])
def test_sums_and_their_derivatives(distance):
    rng = np.random.default_rng(6)
    weight, table, multiplier = rng.uniform(1, 3, 50), rng.normal(size=(3, 50)), np.array([0.1, -0.9, 0.3])
    table[rng.uniform(size=table.shape) < 0.3] = 0.0

    def sums(at):
        tilted, total, slope = np.empty(50), np.empty(3), np.empty((3, 3))
        whole = sum_tilted(weight, listed(table), at, distance, tilted, total, slope)
        return tilted, total, slope, whole

    tilted, total, slope, _ = sums(multiplier)
    np.testing.assert_allclose(tilted, weight * ratio_of(multiplier @ table, distance), rtol=1e-12)
    np.testing.assert_allclose(total, table @ tilted, rtol=1e-12, atol=1e-12)
    for k, step in enumerate(np.identity(3) * 1e-5):
        (_, ahead, _, high), (_, behind, _, low) = sums(multiplier + step), sums(multiplier - step)
        np.testing.assert_allclose(slope[k], (ahead - behind) / 2e-5, rtol=1e-7, atol=1e-7)
        assert total[k] == pytest.approx((high - low) / 2e-5, rel=1e-7, abs=1e-7)


def test_raking_is_exponential_tilting():
    """One trait: the multiplier solves sum w exp(l x) x = total, here found by bisection."""
    from scipy.optimize import brentq

    x, w = np.array([1.0, 2.0, 5.0, 7.0]), np.array([3.0, 1.0, 2.0, 1.0])
    multiplier = brentq(lambda m: (w * np.exp(m * x)) @ x - 30.0, -5, 5, xtol=1e-14)
    np.testing.assert_allclose(fit_weights(w, listed(x[None]), known(30), RAKING).multiplier, [multiplier], rtol=1e-9)


def test_multipliers_are_those_that_the_totals_were_made_with():
    """Traits listed in any order, of which rows have some."""
    rng = np.random.default_rng(5)
    weight, wanted = rng.uniform(1, 3, 100), np.array([0.2, 0.0, -0.1, 0.3])
    trait = np.array([rng.permutation(4)[:2] for _ in range(100)]).T
    value = rng.uniform(0, 2, (2, 100))
    table = np.zeros((4, 100))
    np.put_along_axis(table, trait, value, axis=0)
    totals = known(*(table @ (weight * np.exp(wanted @ table))))
    fitted = fit_weights(weight, list_traits(zip(trait, value, strict=True), 100), totals, RAKING)
    np.testing.assert_allclose(fitted.multiplier, wanted, atol=1e-8)


@pytest.mark.parametrize("method", METHODS)
def test_post_stratification_is_ratio_adjustment(method):
    rng = np.random.default_rng(1)
    weight, county = rng.uniform(1, 3, 60), rng.integers(0, 3, 60)
    before = np.bincount(county, weight)
    wanted = before * [1.5, 0.8, 1.1]
    result = calibrate(
        weight,
        [Margin("households", dict(enumerate(wanted)), "households", by=county)],
        method=method,
        bounds=METHODS[method],
    )
    np.testing.assert_allclose(result.weight, weight * np.array([1.5, 0.8, 1.1])[county], rtol=1e-9)


def test_linear_calibration_is_the_regression_estimator():
    """w = d (1 + x' (sum d x x')^-1 (t - sum d x)), equation (2.9) of Deville & Sarndal with q = 1."""
    rng = np.random.default_rng(2)
    weight = rng.uniform(1, 3, 80)
    x = np.array([np.ones(80), rng.integers(1, 6, 80), rng.lognormal(10, 1, 80)])
    totals = x @ weight * [1.05, 1.1, 1.2]
    margins = [Margin(name, {"all": total}, "units", of=of) for name, total, of in zip("abc", totals, x, strict=True)]
    expected = weight * (1.0 + np.linalg.solve((x * weight) @ x.T, totals - x @ weight) @ x)
    np.testing.assert_allclose(calibrate(weight, margins, method="linear").weight, expected, rtol=1e-9)


def test_raking_of_a_table_is_iterative_proportional_fitting():
    """The table was fitted by ipfn 1.4.4 (convergence_rate 1e-14), too."""
    table = np.array([[40.0, 30, 20, 10], [35, 50, 100, 75], [30, 80, 70, 120]])
    rows, columns = np.array([150.0, 300, 400]), np.array([200.0, 140, 220, 290])
    row, column = np.indices(table.shape)
    result = calibrate(
        table.ravel(),
        [
            Margin("rows", dict(enumerate(rows)), "households", by=row.ravel()),
            Margin("columns", dict(enumerate(columns)), "households", by=column.ravel()),
        ],
    )
    np.testing.assert_allclose(result.weight.reshape(table.shape), fit_margins(table, rows, columns), rtol=1e-9)
    by_ipfn = [
        [81.16485207, 27.98771269, 25.59220863, 15.25522673],
        [59.17601822, 38.86743148, 106.6221552, 95.33439507],
        [59.65912971, 73.14485582, 87.78563617, 179.4103782],
    ]
    np.testing.assert_allclose(result.weight.reshape(table.shape), by_ipfn, rtol=1e-8)


def test_logit_weights_are_the_nearest_there_are():
    """Optimal by Kuhn and Tucker: totals are met, and F^-1 of the ratios is a sum of the traits."""
    rng = np.random.default_rng(3)
    weight, low, high = rng.uniform(1, 3, 200), 0.6, 1.9
    x = np.array([np.ones(200), rng.integers(1, 6, 200), rng.lognormal(1, 1, 200)])
    totals = x @ weight * [1.05, 1.1, 1.2]
    margins = [Margin(name, {"all": total}, "units", of=of) for name, total, of in zip("abc", totals, x, strict=True)]
    result = calibrate(weight, margins, method="logit", bounds=(low, high))
    ratio = result.weight / weight
    assert low < ratio.min() < ratio.max() < high
    np.testing.assert_allclose(x @ result.weight, totals, rtol=1e-9)
    steepness = (high - low) / ((1 - low) * (high - 1))
    tilt = np.log((ratio - low) * (high - 1) / ((high - ratio) * (1 - low))) / steepness
    inner = (ratio > low + 1e-6) & (ratio < high - 1e-6)
    multiplier = np.linalg.lstsq(x.T[inner], tilt[inner], rcond=None)[0]
    np.testing.assert_allclose(multiplier @ x[:, inner], tilt[inner], rtol=1e-6, atol=1e-6)


def test_totals_far_from_the_old_weights_are_met():
    """Weights of 1 to millions, at once."""
    rng = np.random.default_rng(4)
    x = np.array([np.ones(500), rng.integers(1, 6, 500), rng.lognormal(9, 1, 500)])
    totals = x.sum(axis=1) * [3e5, 3.3e5, 2.4e5]
    margins = [Margin(name, {"all": total}, "units", of=of) for name, total, of in zip("abc", totals, x, strict=True)]
    np.testing.assert_allclose(x @ calibrate(np.ones(500), margins).weight, totals, rtol=1e-9)
