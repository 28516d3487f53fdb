"""Mobility: closed forms against other ones and scipy, the estimator against what made the panel."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import multivariate_normal, norm

from incomesim.mobility import (
    compare_with_published,
    correlation_at,
    estimate_mobility,
    exit_probability,
    implied_correlation,
    joint_below,
    list_contradictions,
    stay_probability,
    transition_matrix,
)
from incomesim.mobility.minimum_distance import fit_process
from incomesim.mobility.moments import autocovariances
from incomesim.mobility.panel import read_panel
from incomesim.mobility.ranks import normal_ranks
from incomesim.scenario.model import Mobility, Process
from tests.panels import draw_ranks, panel_of
from tests.reference.small_world import make_rows, make_tables, run

CORRELATIONS = [-0.7, 0.0, 0.2, 0.6, 0.95]


@pytest.mark.parametrize("correlation", CORRELATIONS)
def test_joint_below_is_the_bivariate_normal(correlation):
    points = [-2.5, -0.8416212335729143, -0.3, 0.0, 0.4, 1.9]
    a, b = np.meshgrid(points, points)
    cov = [[1.0, correlation], [correlation, 1.0]]
    expected = multivariate_normal.cdf(np.stack([a, b], axis=-1), cov=cov)
    np.testing.assert_allclose(joint_below(a, b, correlation), expected, atol=2e-15)


@pytest.mark.parametrize("correlation", [-1.0, *CORRELATIONS, 1.0])
def test_joint_below_at_its_ends(correlation):
    """Quadrants by Sheppard's formula; infinite limits leave one normal."""
    assert joint_below(0.0, 0.0, correlation) == pytest.approx(0.25 + np.arcsin(correlation) / (2 * np.pi), abs=1e-15)
    np.testing.assert_allclose(joint_below(np.inf, [-1.0, 0.0, 2.0], correlation), norm.cdf([-1.0, 0.0, 2.0]))
    np.testing.assert_array_equal(joint_below([-np.inf, -np.inf], [1.0, np.inf], correlation), 0.0)
    assert joint_below(0.3, 1.1, correlation) == pytest.approx(
        norm.cdf(0.3) - joint_below(0.3, -1.1, -correlation), abs=1e-15
    )


@pytest.mark.parametrize("correlation", [0.0, 0.3, 0.9])
def test_transitions_between_fifths(correlation):
    matrix = transition_matrix(correlation)
    np.testing.assert_allclose(matrix.sum(axis=0), 1.0)
    np.testing.assert_allclose(matrix.sum(axis=1), 1.0)
    np.testing.assert_allclose(np.diag(matrix), [stay_probability(correlation, fifth) for fifth in range(1, 6)])
    cov = [[1.0, correlation], [correlation, 1.0]]
    second = multivariate_normal.cdf(norm.ppf([0.4, 0.8]), cov=cov, lower_limit=norm.ppf([0.2, 0.6]))
    assert matrix[1, 3] == pytest.approx(5.0 * second, abs=1e-14)


def test_nobody_moves_and_all_is_shuffled():
    np.testing.assert_allclose(transition_matrix(1.0), np.eye(5), atol=1e-15)
    np.testing.assert_allclose(transition_matrix(0.0, 4), 0.25)
    assert exit_probability(1.0, 0.1) == pytest.approx(0.0, abs=1e-15)
    assert exit_probability(0.0, 0.1) == pytest.approx(0.9)
    with pytest.raises(ValueError, match="1 to 5"):
        stay_probability(0.5, 0)
    with pytest.raises(ValueError, match="between 0 and 1"):
        exit_probability(0.5, 1.0)


@pytest.mark.parametrize(("stay", "correlation"), [(0.25, 0.12), (0.31, 0.26), (0.36, 0.36)])
def test_correlations_that_published_stay_rates_ask_for(stay, correlation):
    assert implied_correlation(lambda r: stay_probability(r, 1), stay) == pytest.approx(correlation, abs=0.005)


def test_a_share_that_no_process_has():
    assert implied_correlation(lambda r: stay_probability(r, 3), 0.19) is None


MOBILITY = Mobility(
    urban=Process(persistence=0.91, fixed=0.02, transitory=0.05),
    rural=Process(persistence=0.87, fixed=0.0, transitory=0.05),
    reason="test",
)


def test_published_facts_beside_a_scenario():
    table = compare_with_published(MOBILITY, poor=0.12).set_index(["fact", "residence", "period"])
    assert len(table) == 10
    leave = table.loc[("leave poverty, 1 year", "rural", "CFPS 2010s")]
    assert leave["published"] == 0.372
    assert leave["implied"] == pytest.approx(exit_probability(0.95 * 0.87, 0.12))
    assert exit_probability(leave["correlation_implied"], 0.12) == pytest.approx(0.372)
    bottom = table.loc[("stay bottom, 11 years", "urban", "2000-2011")]
    assert bottom["correlation"] == pytest.approx(0.02 + 0.93 * 0.91**11)
    assert bottom["correlation_low"] < bottom["correlation_implied"] < bottom["correlation_high"]
    assert bottom["difference"] == bottom["implied"] - 0.36
    assert table["source"].str.startswith("http").all()


def test_facts_that_no_process_meets_together_are_named():
    rural, urban = list_contradictions()
    assert rural.startswith("rural 1989-2000")
    assert "stay bottom, 11 years 0.25: 0.11 to 0.13; stay 2nd, 11 years 0.26: 0.52 to 0.56" in rural
    assert urban.startswith("urban 1989-2000")


def test_ranks_by_hand():
    """Weights 1, 2, 1, 4 with the middle incomes equal, and a pool of two."""
    income, weight = np.array([5.0, 9.0, 9.0, 50.0, 1.0, 2.0]), np.array([1.0, 2.0, 1.0, 4.0, 1.0, 1.0])
    ranks = normal_ranks(income, weight, np.array([1, 1, 1, 1, 0, 0]))
    score, people = norm.ppf([1 / 16, 5 / 16, 5 / 16, 12 / 16]), weight[:4] / 8.0
    score = score - people @ score
    np.testing.assert_allclose(ranks, np.append(score / np.sqrt(people @ score**2), [-1.0, 1.0]))


def test_errors_are_those_of_the_moments_carried_through_the_fit():
    """The sandwich against the fit itself, moved by a little in each moment."""
    lag, weight = np.arange(1, 7), np.array([6.0, 5.0, 4.0, 3.0, 2.0, 1.0])
    moments = 0.2 + 0.6 * 0.7**lag
    covariance = 1e-4 * 0.5 ** np.abs(np.subtract.outer(lag, lag)) * np.sqrt(np.outer(lag, lag))
    fitted = fit_process(lag, moments, covariance, weight)
    step = 1e-4
    moved = [fit_process(lag, moments + side * step * np.eye(6)[k], covariance, weight).value
             for k in range(6) for side in (1.0, -1.0)]  # fmt: skip
    slopes = (np.array(moved[::2]) - np.array(moved[1::2])).T / (2.0 * step)
    np.testing.assert_allclose(fitted.errors, np.sqrt(np.diag(slopes @ covariance @ slopes.T)), rtol=1e-3)
    np.testing.assert_allclose(fitted.value, [0.7, 0.2, 0.6, 0.2], atol=1e-6)


@pytest.mark.parametrize("correlation", [0.3, 0.9])
def test_error_of_a_rank_correlation(correlation):
    """(1 - r^2) / sqrt(n) for normal scores (Klaassen & Wellner 1997); known ranks would give sqrt(1 + r^2)."""
    ranks = draw_ranks(np.random.default_rng(3), 40_000, 2, correlation, 0.0, 0.0)
    (panel,) = read_panel(panel_of(ranks), None)
    moments = autocovariances(panel)
    expected = (1.0 - correlation**2) / np.sqrt(40_000)
    assert np.sqrt(moments.covariance[0, 0]) == pytest.approx(expected, rel=0.03)
    np.testing.assert_allclose(moments.influence.sum(axis=0), 0.0, atol=1e-9)


def test_the_process_of_the_kernel_is_found_again():
    persistence, fixed, persistent, transitory = 0.8, 0.2, 0.65, 0.15
    tables = make_tables(years=9, mobility=((persistence, fixed, persistent, transitory),))
    (fit,) = estimate_mobility(panel_of(np.log(run(make_rows(20_000), tables).income[0]).T)).groups
    truth = np.array([persistence, fixed, persistent, transitory])
    assert (np.abs(fit.fitted.value - truth) < 4.0 * fit.fitted.errors).all()
    assert (fit.fitted.errors < [0.02, 0.05, 0.05, 0.01]).all()
    assert fit.test.freedom == 5
    assert fit.test.p_value > 1e-3
    np.testing.assert_allclose(fit.moments["fitted"], [correlation_at(fit.process, lag) for lag in range(1, 9)])


def test_another_process_is_rejected():
    """Ranks of two kinds of households, the persistence of one of them negative, are no member of the family."""
    generator = np.random.default_rng(5)
    usual = draw_ranks(generator, 6_000, 8, 0.9, 0.0, 0.0)
    swinging = draw_ranks(generator, 6_000, 8, -0.9, 0.0, 0.0)
    (fit,) = estimate_mobility(panel_of(np.vstack([usual, swinging]))).groups
    assert fit.test is None or fit.test.p_value < 1e-6


def test_cells_are_ranked_apart():
    """Differences between cells that never change would otherwise count as a fixed part."""
    ranks = draw_ranks(np.random.default_rng(8), 4_000, 8, 0.7, 0.2, 0.2)
    cell = np.repeat(np.arange(4_000) % 2, 8)
    panel = panel_of(ranks).assign(cell=cell)
    panel["income_per_head"] *= np.where(cell == 1, 5.0, 1.0)
    (apart,) = estimate_mobility(panel).groups
    (together,) = estimate_mobility(panel.drop(columns="cell")).groups
    assert abs(apart.fitted.value[1] - 0.2) < 4.0 * apart.fitted.errors[1]
    assert together.fitted.value[1] > 0.5


def test_households_that_come_and_go():
    """Missing years and unequal weights change the error, not what is estimated."""
    generator = np.random.default_rng(11)
    panel = panel_of(draw_ranks(generator, 8_000, 8, 0.75, 0.25, 0.15))
    panel["weight"] = np.repeat(generator.lognormal(0.0, 0.8, 8_000), 8)
    part = panel[generator.random(len(panel)) < 0.6]
    (fit,) = estimate_mobility(part).groups
    assert (np.abs(fit.fitted.value - [0.75, 0.25, 0.6, 0.15]) < 4.0 * fit.fitted.errors).all()
    assert fit.rows == len(part)
    assert isinstance(fit.moments, pd.DataFrame)
    assert fit.moments["pairs"].iloc[0] == (part.groupby("household")["year"].diff() == 1).sum()
