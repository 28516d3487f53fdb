"""Pareto tails: the estimator against its closed form and laeken's, replacement against the distribution it stands for."""

import numpy as np
import pytest

from incomesim import measures
from incomesim.measures import UndefinedMeasure
from tests.reference.test_peers import SAMPLE

LAEKEN = (2.05852331735, 1.98692739522)
ALPHA = 2.5
PARETO = (1.0 - (np.arange(100_000) + 0.5) / 100_000) ** (-1 / ALPHA)


def test_exponent():
    assert measures.pareto_alpha(PARETO, threshold=1.0) == pytest.approx(ALPHA, rel=2e-5)
    assert measures.pareto_alpha(PARETO, threshold=2.0) == pytest.approx(ALPHA, rel=2e-3)
    coded = np.minimum(PARETO, 3.0)
    assert measures.pareto_alpha(coded, threshold=1.0, top_code=3.0) == pytest.approx(ALPHA, rel=1e-3)
    assert measures.pareto_alpha(PARETO, threshold=1.0, top_code=3.0) == measures.pareto_alpha(
        coded, threshold=1.0, top_code=3.0
    )
    assert measures.pareto_alpha([1.0, 2.0, 2.0, 3.0], threshold=2.0) == pytest.approx(1 / np.log(1.5))
    assert measures.pareto_alpha(coded, threshold=1.0) > 1.05 * ALPHA  # taken at its word, a top code thins the tail


def test_laeken_agrees():
    """R laeken 0.5.2, thetaHill(x, x0 = 40000, w = w)."""
    assert measures.pareto_alpha(SAMPLE[0], threshold=40_000) == pytest.approx(LAEKEN[0], rel=1e-11)
    assert measures.pareto_alpha(*SAMPLE, threshold=40_000) == pytest.approx(LAEKEN[1], rel=1e-11)


def test_replaced_top_is_the_tail():
    """A top code of 3 is undone: Gini, mean and shares are those of the whole distribution again."""
    back = measures.replace_top(np.minimum(PARETO, 3.0), start=3.0, alpha=ALPHA)
    np.testing.assert_array_equal(back[PARETO < 3.0], PARETO[PARETO < 3.0])
    assert measures.mean(back) == pytest.approx(ALPHA / (ALPHA - 1), rel=1e-4)
    assert measures.gini(back) == pytest.approx(1 / (2 * ALPHA - 1), rel=1e-4)
    assert measures.share(back, lower=0.99, upper=1.0) == pytest.approx(0.01 ** (1 - 1 / ALPHA), rel=1e-3)


def test_rows_and_weights_at_the_top():
    income, weight = np.array([5.0, 1.0, 9.0, 5.0, 7.0]), np.array([1.0, 4.0, 0.5, 0.0, 2.0])
    back = measures.replace_top(income, weight, start=4.0, alpha=3.0)
    assert (back[1], back[3]) == (1.0, 5.0)  # below the start; nobody
    assert 4.0 < back[0] < back[4] < back[2]
    assert np.average(back, weights=weight * (income > 4)) == pytest.approx(4.0 * 3.0 / 2.0)
    twice = measures.replace_top(np.repeat(income, 2), np.repeat(weight, 2), start=4.0, alpha=3.0)
    assert twice[:2].mean() == pytest.approx(back[0])
    np.testing.assert_array_equal(measures.replace_top(income, start=10.0, alpha=3.0), income)


def test_refused():
    with pytest.raises(UndefinedMeasure, match="alpha 1, expected"):
        measures.replace_top(PARETO, start=2.0, alpha=1.0)
    with pytest.raises(UndefinedMeasure, match="threshold 3 and top code 2"):
        measures.pareto_alpha(PARETO, threshold=3.0, top_code=2.0)
    with pytest.raises(UndefinedMeasure, match="nobody is between"):
        measures.pareto_alpha([1.0, 2.0], threshold=5.0)
