"""Concentration, progressivity and redistribution against published numbers, closed forms and sums over pairs."""

import numpy as np
import pytest

from incomesim import measures


def pairwise_concentration(amount, rank_by, weight):
    """Mean over pairs of (amount of the higher - amount of the lower) / 2 / mean: O(n^2), ties add nothing."""
    pairs = (
        np.outer(weight, weight) * np.sign(rank_by[:, None] - rank_by[None, :]) * (amount[:, None] - amount[None, :])
    )
    return pairs.sum() / (2 * weight.sum() ** 2 * np.average(amount, weights=weight))


@pytest.fixture(scope="module")
def people():
    """Incomes with ties, a tax that re-ranks, weights."""
    rng = np.random.default_rng(5)
    income = rng.lognormal(10, 0.8, 300).round(-3) + 1_000.0
    tax = np.maximum(0.25 * (income - 15_000), 0) + rng.uniform(0, 3_000, 300).round()
    return tax, income, rng.integers(1, 6, 300).astype(float)


def test_deaths_of_children_in_india_1982_to_1992():
    """O'Donnell, van Doorslaer, Wagstaff & Lindelow (2008), Analyzing Health Equity (World Bank), table 8.1: -0.1694."""
    births, mortality = [29_939, 28_776, 26_528, 24_689, 19_739], [154.7, 152.9, 119.5, 86.9, 54.3]
    assert measures.concentration(mortality, [1, 2, 3, 4, 5], births) == pytest.approx(-0.1694, abs=5e-5)
    p, share = measures.concentration_curve(mortality, [1, 2, 3, 4, 5], births, points=3)
    assert share[1] > p[1]  # more deaths among the poor


def test_concentration_is_a_mean_over_pairs(people):
    tax, income, weight = people
    expected = pairwise_concentration(tax, income, weight)
    assert measures.concentration(tax, income, weight) == pytest.approx(expected, abs=1e-12)
    assert measures.concentration(income, income, weight) == pytest.approx(measures.gini(income, weight), abs=1e-12)
    assert measures.extended_concentration(tax, income, weight, nu=2) == pytest.approx(expected, abs=1e-12)
    p, curve = measures.concentration_curve(tax, income, weight, points=200_001)
    assert 1 - 2 * np.trapezoid(curve, p) == pytest.approx(expected, abs=1e-8)


@pytest.mark.parametrize("nu", [2.5, 3.0, 6.0])
def test_extended_concentration_is_the_integral_of_the_curve(people, nu):
    """1 - nu (nu - 1) times the integral of (1 - p)^(nu - 2) L(p) (Wagstaff 2002)."""
    tax, income, weight = people
    p, curve = measures.concentration_curve(tax, income, weight, points=400_001)
    middle, height = (p[1:] + p[:-1]) / 2, (curve[1:] + curve[:-1]) / 2
    expected = 1 - nu * (nu - 1) * np.mean((1 - middle) ** (nu - 2) * height)
    assert measures.extended_concentration(tax, income, weight, nu=nu) == pytest.approx(expected, abs=2e-5)


def test_erreygers_of_having_and_of_lacking_differ_in_sign(people):
    _, income, weight = people
    health = np.random.default_rng(1).uniform(0.1, 1.0, len(income))
    index = measures.erreygers(health, income, weight, lowest=0.0, highest=1.0)
    assert measures.erreygers(1 - health, income, weight, lowest=0.0, highest=1.0) == pytest.approx(-index, abs=1e-12)
    mean = np.average(health, weights=weight)
    assert index == pytest.approx(4 * mean * measures.concentration(health, income, weight), abs=1e-12)
    # the richer half has all, the poorer nothing: the most there can be
    assert measures.erreygers([0, 0, 1, 1], [1, 2, 3, 4], lowest=0, highest=1) == pytest.approx(1.0)


def test_identities_of_redistribution(people):
    """V = t/(1-t) K, RE = V - R (Reynolds & Smolensky 1977; Kakwani 1984)."""
    tax, income, weight = people
    split = measures.redistribution(income, income - tax, weight)
    rate = np.dot(weight, tax) / np.dot(weight, income)
    assert split.vertical == pytest.approx(rate / (1 - rate) * measures.kakwani(tax, income, weight), abs=1e-12)
    assert split.effect == pytest.approx(split.vertical - split.reranking, abs=1e-12)
    assert split.effect == pytest.approx(measures.gini(income, weight) - measures.gini(income - tax, weight), abs=1e-12)
    assert split.reranking > 1e-6  # this tax makes people overtake
    assert measures.reynolds_smolensky(income, income - tax, weight) == split.vertical
    kakwani = pairwise_concentration(tax, income, weight) - pairwise_concentration(income, income, weight)
    assert measures.kakwani(tax, income, weight) == pytest.approx(kakwani, abs=1e-12)


def test_kakwani_is_twice_the_area_under_the_progressivity_curve(people):
    tax, income, weight = people
    p, curve = measures.progressivity_curve(tax, income, weight, points=200_001)
    assert 2 * np.trapezoid(curve, p) == pytest.approx(measures.kakwani(tax, income, weight), abs=1e-8)


def test_a_regressive_tax_worked_by_hand():
    """Incomes 1, 2, 7 and taxes 1, 1, 1: C_T = 0, G = 0.4; the tax is in the order of neither."""
    assert measures.kakwani([1, 1, 1], [1, 2, 7]) == pytest.approx(-0.4)
    # Suits: shares of income 0.1, 0.3, 1 and of tax 1/3, 2/3, 1
    area = (0.1 * 1 / 3 + 0.2 * (1 / 3 + 2 / 3) + 0.7 * (2 / 3 + 1)) / 2
    assert measures.suits([1, 1, 1], [1, 2, 7]) == pytest.approx(1 - 2 * area)
    assert measures.suits([0, 0, 1], [1, 1, 1e9]) == pytest.approx(0.0, abs=1e-8)  # the richest has all, pays all
    assert measures.suits([0, 0, 5], [1, 1, 1]) == 0.0  # equals share: all of one income
    assert measures.musgrave_thin([1, 3], [2, 2]) == pytest.approx(1 / 0.75)


def test_a_proportional_tax_is_neutral(people):
    _, income, weight = people
    tax = 0.3 * income
    assert measures.kakwani(tax, income, weight) == pytest.approx(0.0, abs=1e-12)
    assert measures.suits(tax, income, weight) == pytest.approx(0.0, abs=1e-12)
    assert measures.musgrave_thin(income, income - tax, weight) == pytest.approx(1.0, abs=1e-12)
    assert measures.redistribution(income, income - tax, weight).effect == pytest.approx(0.0, abs=1e-12)


def test_unequal_treatment_of_equals(people):
    """Aronson, Johnson & Lambert (1994): RE = V - H - R; with exact equals V and R + H are those of two terms."""
    tax, income, weight = people
    after = income - tax
    plain = measures.redistribution(income, after, weight)
    exact = measures.aronson_johnson_lambert(income, after, weight, width=0.0)
    assert exact.vertical == pytest.approx(plain.vertical, abs=1e-12)
    assert exact.horizontal + exact.reranking == pytest.approx(plain.reranking, abs=1e-12)
    bands = measures.aronson_johnson_lambert(income, after, weight, width=10_000.0)
    assert bands.effect == pytest.approx(plain.effect, abs=1e-12)
    band = np.floor(income / 10_000)
    horizontal = sum(
        weight[here].sum() / weight.sum() * np.dot(weight[here], after[here]) / np.dot(weight, after)
        * measures.gini(after[here], weight[here])
        for here in (band == one for one in np.unique(band))
    )  # fmt: skip
    assert bands.horizontal == pytest.approx(horizontal, abs=1e-12)
    assert bands.reranking > -1e-12


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: measures.concentration([1, -1], [1, 2]), "mean amount is 0"),
        (lambda: measures.concentration([1, 2, 3], [1, 2]), r"amount \(3,\), rank_by \(2,\)"),
        (lambda: measures.kakwani([1, np.nan], [1, 2]), "1 of 2 rows of amount are missing"),
        (lambda: measures.extended_concentration([1, 2], [1, 2], nu=1), "above 1"),
        (lambda: measures.erreygers([0, 2], [1, 2], lowest=0, highest=1), "amounts run from 0 to 2"),
        (lambda: measures.suits([1, 1], [-1, 4]), "negative incomes"),
        (lambda: measures.musgrave_thin([-3, 5], [1, 1]), "Gini before is 2"),
        (lambda: measures.aronson_johnson_lambert([1, 2], [1, 2], width=-1), "width -1"),
        (lambda: measures.redistribution([1, 2], [1, 2], [0, 0]), "nobody"),
    ],
)
def test_what_has_no_meaning_is_an_error(call, words):
    with pytest.raises(measures.UndefinedMeasure, match=words):
        call()
