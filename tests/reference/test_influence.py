"""Influence functions against the derivative taken by numbers, and against closed forms where a density enters."""

import re
from functools import partial
from inspect import isfunction, signature

import numpy as np
import pytest
from scipy.stats import norm

from incomesim import measures
from incomesim.measures import influence
from incomesim.measures.inference.rules import PAIR_RULES, RULES
from tests.conftest import ROOT

SMOOTH = [
    measures.absolute_gini,
    measures.bonferroni,
    measures.cv,
    measures.de_vergottini,
    measures.gini,
    measures.gini_corrected_for_weights,
    measures.hoover,
    measures.j_divergence,
    measures.mean,
    measures.mld,
    measures.palma,
    measures.raffinetti_gini,
    measures.theil,
    measures.variance_of_logs,
    measures.zenga,
    partial(measures.affluence_concave, line=1.5, order=2),
    partial(measures.affluence_gap, line=1.5, order=0),
    partial(measures.affluence_gap, line=1.5, order=0.5),
    partial(measures.affluence_convex, line=1.5, order=2),
    partial(measures.atkinson, epsilon=0.5),
    partial(measures.atkinson, epsilon=1),
    partial(measures.atkinson, epsilon=2),
    partial(measures.chakravarty, line=1.05, order=0.5),
    partial(measures.chu, line=1.05, order=-1),
    partial(measures.chu, line=1.05, order=0),
    partial(measures.der, alpha=0, bandwidth=0.3),
    partial(measures.der, alpha=0.5, bandwidth=0.3),
    partial(measures.equally_distributed_equivalent, epsilon=0.5),
    partial(measures.fgt, line=1.0, order=0),
    partial(measures.fgt, line=1.0, order=0, or_equal=True),
    partial(measures.fgt, line=1.0, order=2),
    partial(measures.ge, alpha=-1),
    partial(measures.ge, alpha=0),
    partial(measures.ge, alpha=1),
    partial(measures.ge, alpha=2),
    partial(measures.income_share_between, lower=0.6, upper=2.0),
    partial(measures.kolm, kappa=1.5),
    partial(measures.mean_between_ranks, lower=0.8, upper=1.0),
    partial(measures.pareto_alpha, threshold=1.0),
    partial(measures.pareto_alpha, threshold=1.0, top_code=3.0),
    partial(measures.s_gini, nu=3.5),
    partial(measures.sen, line=1.05),
    partial(measures.share, lower=0.3, upper=0.77),
    partial(measures.share, lower=0.9, upper=1.0),
    partial(measures.share_between, lower=0.6, upper=2.0),
    partial(measures.share_ratio, top=0.1, bottom=0.4),
    partial(measures.sst, line=1.05),
    partial(measures.watts, line=1.05),
]
WITH_DENSITY = [
    measures.eurostat_s80_s20,
    measures.foster_wolfson,
    measures.lorenz_asymmetry,
    measures.median,
    measures.wolfson,
    partial(measures.arpr, of_median=0.5),
    partial(measures.arpt, of_median=0.5),
    partial(measures.income_share_around_median, lower=0.75, upper=2.0),
    partial(measures.quantile, p=0.1),
    partial(measures.quantile, p=0.95),
    partial(measures.quantile, p=0.5, kind=measures.QuantileType.TYPE_7),
    partial(measures.quantile_ratio, upper=0.9, lower=0.1),
    partial(measures.rmpg, of_median=0.6),
    partial(measures.share_around_median, lower=0.75, upper=2.0),
]
SIGMA = 0.8


def named(measure):
    if not isinstance(measure, partial):
        return measure.__name__
    return f"{measure.func.__name__}-{'-'.join(str(value) for value in measure.keywords.values())}"


@pytest.fixture(scope="module")
def sample():
    """With ties, weights and rows of weight 0, in no order."""
    rng = np.random.default_rng(3)
    return rng.lognormal(0.0, SIGMA, 60).round(1) + 0.1, rng.integers(0, 6, 60).astype(float)


def by_numbers(measure, income, weight, step=1e-5):
    found = np.zeros(len(weight))
    for row in np.flatnonzero(weight):
        change = np.zeros(len(weight))
        change[row] = step
        found[row] = (measure(income, weight + change) - measure(income, weight - change)) / (2.0 * step)
    return found


@pytest.mark.parametrize("measure", SMOOTH, ids=named)
def test_influence_is_the_derivative(measure, sample):
    income, weight = sample
    found = influence(measure, income, weight)
    np.testing.assert_allclose(found, by_numbers(measure, income, weight), rtol=1e-6, atol=1e-8)
    assert (weight * found).sum() == pytest.approx(0.0, abs=1e-12)


@pytest.fixture(scope="module")
def population():
    """Lognormal incomes, one at each of many ranks."""
    ranks = (np.arange(200_000) + 0.5) / 200_000
    return np.exp(SIGMA * norm.ppf(ranks))


@pytest.mark.parametrize("measure", WITH_DENSITY, ids=named)
def test_influence_with_a_density(measure, population):
    """Against what happens when people of one income come in, in a population that is all but continuous."""
    weight, found = np.ones(200_001), influence(measure, population)
    assert found.sum() == pytest.approx(0.0, abs=1e-9)
    before, income = measure(population), np.array([0.25, 0.45, 0.7, 0.95, 1.4, 1.9, 2.5, 6.0])
    weight[-1] = 200.0
    changes = np.array([measure(np.append(population, y), weight) - before for y in income]) / 200.0
    expected, near = changes * 200_000, found[np.searchsorted(population, income)] * 200_000
    np.testing.assert_allclose(near, expected, atol=0.05 * np.abs(expected).max())


def test_the_median_and_a_ratio_of_quantiles_in_closed_form():
    rng = np.random.default_rng(5)
    income, weight = rng.lognormal(0.0, SIGMA, 100_000), rng.uniform(0.5, 1.5, 100_000)

    def expected(p):
        cut = np.exp(SIGMA * norm.ppf(p))
        return cut, (p - (income <= cut)) * SIGMA * cut / norm.pdf(norm.ppf(p))

    (upper, of_upper), (lower, of_lower) = expected(0.9), expected(0.1)
    for measure, truth in (
        (measures.median, expected(0.5)[1]),
        (
            partial(measures.quantile_ratio, upper=0.9, lower=0.1),
            upper / lower * (of_upper / upper - of_lower / lower),
        ),
    ):
        found = influence(measure, income, weight) * weight.sum()
        assert np.mean(np.abs(found - truth)) < 0.05 * np.mean(np.abs(truth))


@pytest.mark.parametrize(
    "measure", [measures.chen_tsaur_rhai_gini, measures.raffinetti_gini, measures.gini, measures.absolute_gini]
)
def test_negative_incomes(measure):
    """With a Lorenz curve below 0, with ties across the rank where it comes back to 0, and without."""
    rng = np.random.default_rng(9)
    for income in (rng.normal(0.5, 1.0, 30).round(1), rng.normal(3.0, 0.5, 30)):
        weight = rng.integers(1, 5, 30).astype(float)
        found = influence(measure, income, weight)
        np.testing.assert_allclose(found, by_numbers(measure, income, weight), rtol=1e-5, atol=1e-7)
        assert (weight * found).sum() == pytest.approx(0.0, abs=1e-12)


def test_counts_are_a_chance_too(sample):
    income, weight = sample
    found = influence(measures.gini_corrected_for_counts, income, weight)
    expected = by_numbers(measures.gini_corrected_for_counts, income, weight)
    np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-8)


def test_every_number_of_people_has_an_influence_or_is_named_here():
    """These have replicate weights only; docs/standard_errors.md says so."""
    numbers = {
        name
        for name in measures.__all__
        if isfunction(function := getattr(measures, name))
        and signature(function).return_annotation == "float"
        and [*signature(function).parameters][1:3].count("weight")
    }
    known = {function.__name__ for function in (*RULES, *PAIR_RULES)}
    of_groups = {"largest_between", "theil_between", "weighted_variation"}
    of_periods = {"chakravarty_dutta_weymark", "fields_equaliser", "shorrocks_rigidity"}
    page = (ROOT / "docs" / "standard_errors.md").read_text(encoding="utf-8")
    said = set(re.findall(r"`(\w+)`", re.search(r"\n(`esteban_ray`.*?) have no influence", page, re.DOTALL)[1]))
    assert numbers - known - of_groups - of_periods == said


def test_every_rule_is_tested_and_takes_what_its_measure_takes():
    tested = {getattr(measure, "func", measure) for measure in (*SMOOTH, *WITH_DENSITY)}
    others = {measures.chen_tsaur_rhai_gini, measures.gini_corrected_for_counts}
    assert tested | others == set(RULES)
    for measure, rule in RULES.items():
        names = list(signature(measure).parameters)
        assert names[0:2] == ["income", "weight"]
        assert names[2:] == list(signature(rule.influence).parameters)[2:]


def test_rows_of_equal_income_have_equal_influence_in_any_order(sample):
    income, weight = sample
    order = np.random.default_rng(1).permutation(len(income))
    for measure in (*SMOOTH, measures.median):
        if measure is measures.gini_corrected_for_weights:
            continue  # which goes by the weight of each row
        found = influence(measure, income, weight)
        np.testing.assert_allclose(
            influence(measure, income[order], weight[order]), found[order], rtol=1e-9, atol=1e-12
        )
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
