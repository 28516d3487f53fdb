"""Replicate weights: exact for totals, near the linearised error for everything smooth, the formulas of the books."""

from functools import partial

import numpy as np
import pytest

from incomesim import measures
from incomesim.measures import BadDesign, Centre, Design, estimate, estimate_difference, replicate_estimate
from incomesim.measures.inference.design import variance_of_total


def total(values, weight):
    return float((values * weight).sum())


@pytest.fixture(scope="module")
def sample():
    """Sixteen strata of two clusters with five rows each, in no order."""
    rng = np.random.default_rng(6)
    stratum, cluster = np.repeat(np.arange(16), 10), np.repeat(np.arange(32), 5)
    income = rng.lognormal(0.0, 0.6, 160) * np.repeat(rng.lognormal(0.0, 0.3, 32), 5)
    order = rng.permutation(160)
    return income[order], rng.uniform(0.5, 2.0, 160), Design(stratum[order], cluster[order])


def bootstrap(rows, design, number):
    return measures.bootstrap_replicates(rows, design, number=number, random=np.random.default_rng(12))


@pytest.mark.parametrize(
    "replicates",
    [
        measures.jackknife_replicates,
        measures.balanced_replicates,
        partial(measures.balanced_replicates, fay=0.3),
    ],
)
def test_totals_have_exactly_the_variance_of_the_design(sample, replicates):
    income, weight, design = sample
    found = replicate_estimate(total, income, weight, replicates=replicates(160, design))
    assert found.standard_error**2 == pytest.approx(variance_of_total(income * weight, design), rel=1e-12)
    assert found.degrees_of_freedom == 16


def test_shares_drawn_count(sample):
    income, weight, design = sample
    part = Design(design.strata, design.clusters, np.full(160, 0.4))
    whole = variance_of_total(income * weight, design)
    jackknife = replicate_estimate(total, income, weight, replicates=measures.jackknife_replicates(160, part))
    drawn = replicate_estimate(total, income, weight, replicates=bootstrap(160, part, 3_000))
    assert jackknife.standard_error**2 == pytest.approx(0.6 * whole, rel=1e-12)
    assert drawn.standard_error == pytest.approx(np.sqrt(0.6 * whole), rel=0.05)


@pytest.mark.parametrize("measure", [measures.gini, measures.mld, partial(measures.share, lower=0.8, upper=1.0)])
def test_jackknife_halves_bootstrap_and_linearisation_agree(sample, measure):
    income, weight, design = sample
    expected = estimate(measure, income, weight, design=design)
    for replicates, near in (
        (measures.jackknife_replicates(160, design), 0.1),
        (measures.balanced_replicates(160, design, fay=0.5), 0.1),
        (bootstrap(160, design, 1_000), 0.15),
    ):
        found = replicate_estimate(measure, income, weight, replicates=replicates)
        assert found.standard_error == pytest.approx(expected.standard_error, rel=near)
        assert (found.value, found.scale) == (pytest.approx(expected.value), expected.scale)


def test_the_jackknife_of_a_mean_is_that_of_the_book():
    """JK1 of a mean is s / sqrt(n); for a ratio of two means with weights it differs, and the formula is by hand."""
    income = np.random.default_rng(3).lognormal(0.0, 0.8, 40)
    found = replicate_estimate(measures.mean, income, replicates=measures.jackknife_replicates(40))
    assert found.standard_error == pytest.approx(income.std(ddof=1) / np.sqrt(40), rel=1e-12)
    left_out = np.array([measures.gini(np.delete(income, row)) for row in range(40)])
    full = np.sqrt(39 / 40 * ((left_out - measures.gini(income)) ** 2).sum())
    middle = np.sqrt(39 / 40 * ((left_out - left_out.mean()) ** 2).sum())
    jackknife = partial(replicate_estimate, measures.gini, income, replicates=measures.jackknife_replicates(40))
    assert jackknife().standard_error == pytest.approx(full, rel=1e-9)
    assert jackknife(centre=Centre.MEAN_OF_REPLICATES).standard_error == pytest.approx(middle, rel=1e-9)
    assert middle < full


@pytest.mark.parametrize("rows", [9, 15, 31])
def test_successive_differences(rows):
    """For a total: half the squared differences of neighbours on the circle (Fay & Train 1995)."""
    income = np.random.default_rng(4).lognormal(0.0, 0.8, rows)
    replicates = measures.successive_difference_replicates(rows, number=32)
    found = replicate_estimate(total, income, np.ones(rows), replicates=replicates)
    expected = 0.5 * ((income - np.roll(income, 1)) ** 2).sum()
    assert found.standard_error**2 == pytest.approx(expected, rel=1e-12)


def test_a_systematic_sample_of_a_long_list():
    """More rows than signs: still the variance of neighbours, as far as 64 replicates tell it."""
    trend = 25.0 * (1.0 - np.cos(np.linspace(0.0, 2.0 * np.pi, 5_000)))  # a list that ends as it begins
    income = np.random.default_rng(5).lognormal(0.0, 0.3, 5_000) + trend
    replicates = measures.successive_difference_replicates(5_000, number=64)
    found = replicate_estimate(measures.mean, income, replicates=replicates).standard_error
    noise = np.std(income - trend) / np.sqrt(5_000)
    assert found == pytest.approx(noise, rel=0.3)
    assert found < 0.05 * estimate(measures.mean, income).standard_error


def test_replicate_weights_of_the_data(sample):
    income, weight, design = sample
    own = measures.balanced_replicates(160, design, fay=0.3)
    table = np.column_stack([own.weight(k, weight) for k in range(own.number)])
    given = measures.given_replicates(table, weight, coefficient=1 / (own.number * 0.7**2), degrees_of_freedom=16)
    found, expected = (replicate_estimate(measures.gini, income, weight, replicates=r) for r in (given, own))
    assert (found.standard_error, found.high) == pytest.approx((expected.standard_error, expected.high), rel=1e-12)


def test_the_paired_difference_and_several_variables(sample):
    income, weight, design = sample
    after = 0.9 * income + 0.1 * measures.mean(income, weight)
    replicates = measures.jackknife_replicates(160, design)
    found = measures.replicate_difference(measures.gini, income, after, weight, replicates=replicates)
    expected = estimate_difference(measures.gini, income, after, weight, design=design)
    assert found.value == pytest.approx(expected.value)
    assert found.standard_error == pytest.approx(expected.standard_error, rel=0.1)

    def change(before, after, weight):
        return measures.gini(after, weight) - measures.gini(before, weight)

    same = replicate_estimate(change, (income, after), weight, replicates=replicates)
    assert same.standard_error == pytest.approx(found.standard_error, rel=1e-9)


def test_bootstrap_draws_one_less_than_there_are_in_each_stratum():
    design = Design([0, 1, 1, 0, 0, 1, 1])  # three and four, in turn
    replicates = bootstrap(7, design, 2_000)
    drawn = np.array([replicates.factors(k) for k in range(2_000)]) * np.array([2 / 3, 3 / 4])[design.strata]
    np.testing.assert_allclose(drawn[:, [0, 3, 4]].sum(axis=1), 2.0)
    np.testing.assert_allclose(drawn[:, [1, 2, 5, 6]].sum(axis=1), 3.0)
    np.testing.assert_allclose(drawn, drawn.round(), atol=1e-12)
    np.testing.assert_allclose(drawn.mean(axis=0), np.array([2 / 3, 3 / 4])[design.strata], atol=0.06)


def test_bootstrap_repeats_with_its_seed(sample):
    income, weight, design = sample
    errors = {
        replicate_estimate(measures.median, income, weight, replicates=bootstrap(160, design, 50)).standard_error
        for _ in range(2)
    }
    assert len(errors) == 1


def test_imputations_by_rubin():
    """Three imputations worked by hand: W = 0.05, B = 0.01, T = 0.05 + 4/3 0.01."""
    parts = [
        measures.Estimate(v, s**0.5, 0.0, 0.0, 0.95, 50, measures.Scale.PLAIN)
        for v, s in ((1.0, 0.04), (1.1, 0.05), (1.2, 0.06))
    ]
    found = measures.combine_imputations(parts)
    assert found.value == pytest.approx(1.1)
    assert found.standard_error**2 == pytest.approx(0.05 + 4 / 3 * 0.01)
    missing = 4 / 3 * 0.01 / (0.05 + 4 / 3 * 0.01)
    observed = 51 / 53 * 50 * (1 - missing)
    assert found.degrees_of_freedom == pytest.approx(1 / (missing**2 / 2 + 1 / observed))
    same = measures.combine_imputations([parts[0]] * 5)
    assert same.standard_error == pytest.approx(0.2)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: measures.balanced_replicates(6, Design([1, 1, 1, 2, 2, 2])), "found 3 to 3 clusters"),
        (lambda: measures.balanced_replicates(2, Design([1, 1]), fay=1.0), "fay is 1"),
        (lambda: measures.jackknife_replicates(3, Design([1, 1, 2])), "1 strata have one cluster"),
        (lambda: measures.jackknife_replicates(4, Design([1, 1, 1])), "3 rows, found 4"),
        (lambda: measures.successive_difference_replicates(9, number=80), "power of 2"),
        (lambda: measures.successive_difference_replicates(4, Design([1, 1, 2, 2]), number=8), "leave these out"),
        (lambda: bootstrap(4, Design([1, 1, 1, 1]), 1), "two replicates or more"),
        (lambda: measures.given_replicates(np.ones(3), np.ones(3), coefficient=1), "expected"),
        (lambda: measures.given_replicates(np.ones((2, 5)), [1.0, 0.0], coefficient=1), "weight 0"),
        (
            lambda: replicate_estimate(measures.gini, [1.0, 2.0], replicates=measures.jackknife_replicates(3)),
            "of 3 rows",
        ),
        (lambda: measures.combine_imputations([]), "two or more"),
    ],
)
def test_what_does_not_fit_is_an_error(call, words):
    with pytest.raises(BadDesign, match=words):
        call()


def test_a_replicate_without_meaning_says_which():
    income = [1.0, -0.9, 0.3]
    with pytest.raises(measures.UndefinedMeasure, match="in replicate 0: the mean income is"):
        replicate_estimate(measures.gini, income, replicates=measures.jackknife_replicates(3))


def test_replicate_weights_below_0_are_not_left_out_in_silence():
    """As the American Community Survey has some; a measure of one's own, of totals, may take them."""
    table = np.array([[2.0, 1.0], [1.0, 2.0], [-0.1, 1.0]])
    given = measures.given_replicates(table, np.ones(3), coefficient=0.5)
    with pytest.raises(measures.UndefinedMeasure, match="in replicate 0: 1 weights are negative"):
        replicate_estimate(measures.mean, [1.0, 2.0, 3.0], replicates=given)
    own = replicate_estimate(lambda x, w: np.average(x, weights=w), [1.0, 2.0, 3.0], replicates=given)
    assert own.standard_error == pytest.approx(np.sqrt(0.5 * ((3.7 / 2.9 - 2.0) ** 2 + 0.0)))


def test_who_does_not_count_says_nothing_of_the_scale():
    income, weight = [1.0, 2.0, 4.0, -5.0], [1.0, 1.0, 1.0, 0.0]
    found = replicate_estimate(measures.gini, income, weight, replicates=measures.jackknife_replicates(4))
    assert found.scale is estimate(measures.gini, income, weight).scale is measures.Scale.LOGIT
