"""Nearly equal incomes and incomes of 0 lose no digits: against 60 digits of Python's decimals."""

import math
from decimal import Decimal, localcontext

import numpy as np
import pytest

from incomesim import measures
from incomesim.measures.ranked import LARGE

INCOMES = {
    "a million and a little": [1e6, 1e6 + 1, 1e6 + 2, 1e6 + 3],
    "next to one another": [1.0, 1.0 + 2**-40, 1.0 + 3 * 2**-42],
    "one far below": [1e6, 1e6 + 1, 1e6 + 2, 1e-3],
    "one hundredth apart": [100.0, 101.0, 99.2, 100.5],
}


def exact(income):
    """Every measure in decimals, from its formula as it stands in books."""
    x = sorted(map(Decimal, income))
    n = Decimal(len(x))
    mean = sum(x) / n
    r = [y / mean for y in x]
    log = [y.ln() for y in r]
    middle = sum(log) / n

    def power(a):
        return sum((Decimal(a) * z).exp() for z in log) / n

    yield measures.theil, {}, sum(a * b for a, b in zip(r, log, strict=True)) / n
    yield measures.mld, {}, -middle
    yield measures.j_divergence, {}, sum((a - 1) * b for a, b in zip(r, log, strict=True)) / n
    yield measures.cv, {}, (sum((a - 1) ** 2 for a in r) / n).sqrt()
    yield measures.variance_of_logs, {}, sum((z - middle) ** 2 for z in log) / n
    for alpha in ("-1", "0.25", "0.75", "2"):
        a = Decimal(alpha)
        yield measures.ge, {"alpha": float(alpha)}, (power(alpha) - 1) / (a * (a - 1))
    yield measures.atkinson, {"epsilon": 1.0}, 1 - middle.exp()
    for epsilon in ("0.5", "2"):
        a = 1 - Decimal(epsilon)
        yield measures.atkinson, {"epsilon": float(epsilon)}, 1 - (power(a).ln() / a).exp()
    difference = sum(abs(a - b) for a in x for b in x) / n**2
    yield measures.gini, {}, difference / (2 * mean)
    yield measures.hoover, {}, sum(abs(a - 1) for a in r) / n / 2
    kappa = Decimal.from_float(1e-6)
    yield measures.kolm, {"kappa": 1e-6}, (sum((kappa * (mean - y)).exp() for y in x) / n).ln() / kappa


@pytest.mark.parametrize("name", INCOMES)
def test_against_decimals(name):
    with localcontext(prec=60):
        for measure, parameters, value in exact(INCOMES[name]):
            found = measure(INCOMES[name], **parameters)
            assert found == pytest.approx(float(value), rel=1e-11, abs=0.0), (measure.__name__, parameters)


def test_theil_of_a_million_and_a_little():
    """The figure that a naive mean of r log r misses in its tenth digit."""
    assert measures.theil(INCOMES["a million and a little"]) == pytest.approx(6.24998125004432e-13, rel=1e-12, abs=0.0)


def test_a_large_and_nearly_equal_population_has_no_less_than_nothing():
    income = 50_000.0 + np.random.default_rng(5).normal(0, 1e-3, 10_000)
    variance = np.var(income - 50_000.0)
    expected = variance / 50_000.0**2 / 2
    for measure in (measures.theil, measures.mld):
        assert measure(income) == pytest.approx(expected, rel=1e-5, abs=0.0)


def test_many_rows_say_what_their_few_incomes_say():
    """A mean that is rounded a little would be seen in whatever is divided by ranks near 0 and 1."""
    draws = np.random.default_rng(4)
    income, weight = 1e6 + draws.integers(0, 4, 200_000), draws.uniform(0.1, 3.0, 200_000)
    levels = np.unique(income)
    together = [math.fsum(weight[income == level]) for level in levels]
    for measure in (measures.hoover, measures.bonferroni, measures.de_vergottini, measures.zenga, measures.gini):
        assert measure(income, weight) == pytest.approx(measure(levels, together), rel=1e-11, abs=0.0), measure


def test_incomes_of_0():
    """Where a measure takes them they are people like others: the sums as they stand in books."""
    income, weight = np.array([0.0, 0.0, 1.0, 3.0, 8.0]), np.array([1.0, 2.0, 3.0, 1.0, 1.0])
    r, w = income * weight.sum() / (weight @ income), weight / weight.sum()
    for alpha in (0.25, 0.75, 2.0, 3.0):
        expected = (w @ r**alpha - 1) / (alpha * (alpha - 1))
        assert measures.ge(income, weight, alpha=alpha) == pytest.approx(expected, rel=1e-13)
    assert measures.theil(income, weight) == pytest.approx(w[2:] @ (r[2:] * np.log(r[2:])), rel=1e-13)
    assert measures.atkinson(income, weight, epsilon=0.5) == pytest.approx(1 - (w @ np.sqrt(r)) ** 2, rel=1e-13)
    assert measures.ge([0.0, 0.0, 6.0], alpha=1.0) == pytest.approx(np.log(3))


@pytest.mark.parametrize("spread", [1e-5, 1e-3, 1e-2, 0.09, 0.3])
def test_of_large_arrays(spread):
    """The same incomes many times over, around a centre whose inverse is not a float64: one pass, or one with care."""
    few = [49_999.0 * (1.0 + spread * step) for step in (-1.0, -0.25, 0.0, 0.5, 0.75)]
    with localcontext(prec=60):
        wanted = {measure: float(value) for measure, parameters, value in exact(few) if not parameters}
    people = measures.rank(np.random.default_rng(1).permutation(np.tile(few, LARGE // 5 + 1)))
    for measure in (measures.theil, measures.mld, measures.j_divergence, measures.cv, measures.variance_of_logs):
        assert measure(people) == pytest.approx(wanted[measure], rel=2e-13, abs=0.0), measure.__name__
