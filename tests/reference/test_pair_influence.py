"""Influence functions of measures of two variables against the derivative taken by numbers."""

from functools import partial

import numpy as np
import pytest

from incomesim import measures
from incomesim.measures import Design, estimate, estimate_difference, influence
from incomesim.measures.inference.rules import PAIR_RULES
from tests.reference.test_influence import by_numbers, named

TAXES = [measures.concentration, measures.kakwani, measures.suits]
CHANGES = [
    measures.elasticity_of_income,
    measures.hart,
    measures.musgrave_thin,
    measures.rank_rank_slope,
    measures.reynolds_smolensky,
    measures.spearman,
]
MEASURES = [
    *TAXES,
    *CHANGES,
    partial(measures.erreygers, lowest=-1.0, highest=9.0),
    partial(measures.extended_concentration, nu=2.5),
]


@pytest.fixture(scope="module")
def sample():
    """Two variables that go together, with ties in both, weights, and rows of weight 0."""
    rng = np.random.default_rng(7)
    income = rng.lognormal(0.0, 0.7, 60).round(1) + 0.1
    return (0.2 * income**1.3 * rng.uniform(0.6, 1.4, 60)).round(1) + 0.1, income, rng.integers(0, 6, 60).astype(float)


@pytest.mark.parametrize("measure", MEASURES, ids=named)
def test_influence_is_the_derivative(measure, sample):
    first, second, weight = sample
    found = influence(measure, (first, second), weight)
    expected = by_numbers(lambda pair, w: measure(*pair, w), (first, second), weight)
    np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-8)
    assert (weight * found).sum() == pytest.approx(0.0, abs=1e-12)


def test_every_rule_is_tested():
    assert {getattr(measure, "func", measure) for measure in MEASURES} == set(PAIR_RULES)


def test_an_amount_that_ranks_itself_has_the_influence_of_the_gini(sample):
    _, income, weight = sample
    found = influence(measures.concentration, (income, income), weight)
    np.testing.assert_allclose(found, influence(measures.gini, income, weight), rtol=1e-9, atol=1e-14)


def test_estimates_of_pairs(sample):
    """The vertical effect is Kakwani's index times t / (1 - t); with t fixed so is its error. Parts and differences."""
    tax, income, _ = sample
    design, taxed = Design(clusters=np.arange(60) // 2), income - 0.3 * np.maximum(income - 1.0, 0.0)
    found = estimate(measures.reynolds_smolensky, (income, taxed), design=design)
    assert found.value == pytest.approx(measures.reynolds_smolensky(income, taxed))
    change = estimate_difference(measures.kakwani, (tax, income), (2.0 * tax, income), design=design)
    assert (change.value, change.standard_error) == pytest.approx((0.0, 0.0), abs=1e-12)
    where = income > 0.6
    part = estimate(measures.kakwani, (tax, income), where=where)
    assert part.value == pytest.approx(measures.kakwani(tax[where], income[where]))
    assert part.degrees_of_freedom == where.sum() - 1
    replicates = measures.jackknife_replicates(60, design)
    jackknife = measures.replicate_estimate(measures.reynolds_smolensky, (income, taxed), replicates=replicates)
    assert jackknife.standard_error == pytest.approx(found.standard_error, rel=0.15)


def test_one_variable_is_not_enough():
    with pytest.raises(TypeError, match=r"give \(tax, income\)"):
        influence(measures.kakwani, [1.0, 2.0])
