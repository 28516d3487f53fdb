"""Influence functions against the derivative taken by numbers, and against closed forms where a density enters."""

from functools import partial

import numpy as np
import pytest
from scipy.stats import norm

from incomesim import measures
from incomesim.measures import influence

SMOOTH = [
    measures.cv,
    measures.gini,
    measures.mean,
    measures.mld,
    measures.theil,
    partial(measures.fgt, line=1.0, order=0),
    partial(measures.fgt, line=1.0, order=2),
    partial(measures.mean_between_ranks, lower=0.8, upper=1.0),
    partial(measures.share, lower=0.3, upper=0.77),
    partial(measures.share, lower=0.9, upper=1.0),
    partial(measures.share_between, lower=0.6, upper=2.0),
    partial(measures.share_ratio, top=0.1, bottom=0.4),
]
SIGMA = 0.8


def named(measure):
    return measure.func.__name__ if isinstance(measure, partial) else measure.__name__


@pytest.fixture(scope="module")
def sample():
    """With ties, weights and rows of weight 0, in no order."""
    rng = np.random.default_rng(3)
    return rng.lognormal(0.0, SIGMA, 60).round(1) + 0.1, rng.integers(0, 6, 60).astype(float)


def by_numbers(measure, income, weight, step=1e-5):
    found = np.zeros(len(income))
    for row in np.flatnonzero(weight):
        change = np.zeros(len(income))
        change[row] = step
        found[row] = (measure(income, weight + change) - measure(income, weight - change)) / (2.0 * step)
    return found


@pytest.mark.parametrize("measure", SMOOTH, ids=named)
def test_influence_is_the_derivative(measure, sample):
    income, weight = sample
    found = influence(measure, income, weight)
    np.testing.assert_allclose(found, by_numbers(measure, income, weight), rtol=1e-6, atol=1e-8)
    assert (weight * found).sum() == pytest.approx(0.0, abs=1e-12)


# with a density: the influence in a lognormal population, in closed form


def lognormal_quantile(p):
    return np.exp(SIGMA * norm.ppf(p))


def lognormal_density(income):
    return norm.pdf(np.log(income) / SIGMA) / (SIGMA * income)


def of_quantile(income, p):
    cut = lognormal_quantile(p)
    return (p - (income <= cut)) / lognormal_density(cut)


def of_quantile_ratio(income, upper, lower):
    above, below = lognormal_quantile(upper), lognormal_quantile(lower)
    return above / below * (of_quantile(income, upper) / above - of_quantile(income, lower) / below)


def of_share_around_median(income, lower, upper):
    inside = (income >= lower) & (income < upper)
    fixed = inside - (norm.cdf(np.log(upper) / SIGMA) - norm.cdf(np.log(lower) / SIGMA))
    crossing = upper * lognormal_density(upper) - lower * lognormal_density(lower)
    return fixed + crossing * of_quantile(income, 0.5)


@pytest.mark.parametrize(
    ("measure", "expected"),
    [
        (partial(measures.quantile, p=0.1), partial(of_quantile, p=0.1)),
        (measures.median, partial(of_quantile, p=0.5)),
        (partial(measures.quantile, p=0.95), partial(of_quantile, p=0.95)),
        (partial(measures.quantile_ratio, upper=0.9, lower=0.1), partial(of_quantile_ratio, upper=0.9, lower=0.1)),
        (
            partial(measures.share_around_median, lower=0.75, upper=2.0),
            partial(of_share_around_median, lower=0.75, upper=2.0),
        ),
    ],
    ids=lambda value: value.func.__name__ if isinstance(value, partial) else None,
)
def test_influence_with_a_density(measure, expected):
    rng = np.random.default_rng(5)
    income, weight = rng.lognormal(0.0, SIGMA, 100_000), rng.uniform(0.5, 1.5, 100_000)
    found = influence(measure, income, weight)
    assert (weight * found).sum() == pytest.approx(0.0, abs=1e-9)
    scaled = found * weight.sum()
    truth = expected(income)
    assert np.mean(np.abs(scaled - truth)) < 0.05 * np.mean(np.abs(truth))


def test_rows_of_equal_income_have_equal_influence_in_any_order(sample):
    income, weight = sample
    order = np.random.default_rng(1).permutation(len(income))
    for measure in (*SMOOTH, measures.median):
        found = influence(measure, income, weight)
        np.testing.assert_allclose(influence(measure, income[order], weight[order]), found[order], atol=1e-12)
        for level in np.unique(income):
            rows = (income == level) & (weight > 0.0)
            assert np.ptp(found[rows], axis=0) < 1e-12 if rows.any() else True


def test_a_tenth_of_the_people_at_one_income_do_not_disturb_the_balance():
    income = np.append(np.random.default_rng(2).lognormal(0.0, 0.6, 900), np.full(100, 1.0))
    weight = np.ones(1_000)
    assert measures.median(income) == 1.0
    assert (weight * influence(measures.median, income, weight)).sum() == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: influence(measures.gini, [1.0, 2.0], line=3), TypeError, "line"),
        (lambda: influence(measures.fgt, [1.0, 2.0]), TypeError, "line"),
        (lambda: influence(np.mean, [1.0, 2.0]), TypeError, "replicate weights"),
        (lambda: influence(partial(measures.fgt, [1.0]), [1.0, 2.0]), TypeError, "by name"),
        (lambda: influence(measures.gini, measures.rank([1.0, 2.0]), [1.0, 1.0]), TypeError, "leave `weight` out"),
        (lambda: influence(measures.cv, [2.0, 2.0]), measures.UndefinedMeasure, "all incomes are equal"),
        (lambda: influence(measures.median, [1.0] * 9), measures.UndefinedMeasure, "no density"),
        (lambda: influence(measures.quantile, [1.0, 2.0], p=1.0), measures.UndefinedMeasure, "highest income"),
        (lambda: influence(measures.mld, [0.0, 2.0]), measures.UndefinedMeasure, "above 0"),
    ],
)
def test_what_has_no_influence_is_an_error(call, error, words):
    with pytest.raises(error, match=words):
        call()
