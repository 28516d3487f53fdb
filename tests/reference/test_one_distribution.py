"""Measures of one distribution against their formulas written out, where closed forms do not reach."""

from itertools import combinations

import numpy as np
import pytest

from incomesim import measures

X, W = np.array([1.0, 2.0, 3.0, 4.0, 10.0]), np.array([1.0, 5.0, 2.0, 1.0, 1.0])
SPREAD = np.random.default_rng(8).lognormal(2, 1, 400)


@pytest.mark.parametrize(("kind", "method"), [(4, "interpolated_inverted_cdf"), (7, "linear")])
def test_quantiles_on_lines_are_those_of_numpy(kind, method):
    for p in (0.0, 0.03, 0.25, 0.5, 0.77, 1.0):
        found = measures.quantile(SPREAD, p=p, kind=measures.QuantileType(kind))
        assert found == pytest.approx(np.quantile(SPREAD, p, method=method), rel=1e-12)


def test_type_7_of_weights_goes_through_middles():
    found = measures.quantile([1.0, 2.0, 4.0], [1.0, 3.0, 2.0], p=(2.5 - 0.5) / 4.5, kind=measures.QuantileType.TYPE_7)
    assert found == pytest.approx(2.0)


def test_kolm_of_large_differences_does_not_overflow():
    assert measures.kolm([0.0, 2e4], kappa=1.0) == pytest.approx(1e4 - np.log(2))


def test_polarisation_of_a_density_by_all_pairs():
    h, apart = 0.4, np.abs(SPREAD[:, None] - SPREAD)
    density = np.exp(-0.5 * (apart / h) ** 2).mean(axis=1) / (h * np.sqrt(2 * np.pi))
    expected = np.mean(density**0.7 * apart.mean(axis=1)) * SPREAD.mean() ** -0.3
    assert measures.der(SPREAD, alpha=0.7, bandwidth=h) == pytest.approx(expected, rel=1e-12)


def test_the_median_of_the_poor_is_weighted():
    assert measures.rmpg([1.0, 2.0, 10.0, 11.0], [1.0, 3.0, 5.0, 1.0]) == pytest.approx(1 - 2 / 6)


def test_who_is_at_the_line_is_neither_poor_nor_rich():
    assert measures.affluence_gap(X, W, line=4, order=0) == pytest.approx(0.1)
    assert measures.affluence_convex(X, W, line=4, order=2) == pytest.approx(0.1 * (6 / 4) ** 2)
    assert measures.fgt(X, W, line=4, order=0) == pytest.approx(0.8)


@pytest.mark.parametrize("groups", [2, 3, 4])
def test_the_best_groups_of_all_there_are(groups):
    """With three groups and more several sets of borders may be the means beside them; only one is the best."""
    draws = np.random.default_rng(1)
    for _ in range(30):
        income, weight = np.sort(draws.integers(1, 30, 9).astype(float)), draws.choice([0.5, 1.0, 2.0, 3.0], 9)
        divided = []
        for cuts in combinations(range(1, 9), groups - 1):
            parts = np.split(np.arange(9), cuts)
            heads = np.array([weight[part].sum() for part in parts])
            means = np.array([weight[part] @ income[part] for part in parts]) / heads
            divided.append((measures.gini(means, heads), measures.esteban_ray(means, heads, alpha=1.3)))
        between = max(gini for gini, _ in divided)
        lost = measures.gini(income, weight) - between
        possible = [polarised - 0.5 * lost for gini, polarised in divided if gini > between - 1e-12]
        found = measures.esteban_gradin_ray(income, weight, alpha=1.3, beta=0.5, groups=groups)
        assert np.abs(np.array(possible) - found).min() < 1e-9
