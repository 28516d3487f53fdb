"""Growth along the distribution, and dominance, against closed forms, definitions and fine grids."""

from functools import partial

import numpy as np
import pytest
from scipy.stats import lognorm

from incomesim import measures

FIRST, SECOND, EQUAL, NEITHER = measures.Verdict


def test_growth_of_places_and_of_people():
    """Poor and rich change places: nothing grows anonymously, the poor of before gain 300 % and the rich lose 75 %."""
    before, after = [1.0, 1.0, 4.0, 4.0], [4.0, 4.0, 1.0, 1.0]
    p, anonymous = measures.growth_incidence(before, after, number=4)
    np.testing.assert_allclose(anonymous, 0.0, atol=1e-15)
    np.testing.assert_allclose(p, [0.125, 0.375, 0.625, 0.875])
    _, by_origin = measures.growth_incidence_by_origin(before, after, number=2)
    np.testing.assert_allclose(by_origin, [3.0, -0.75])
    # equals share: the order of rows does not matter
    _, shared = measures.growth_incidence_by_origin([1, 1, 1, 1], [1, 2, 3, 2], number=2)
    np.testing.assert_allclose(shared, [1.0, 1.0])
    with pytest.raises(measures.UndefinedMeasure, match="lowest group has a mean of 0"):
        measures.growth_incidence_by_origin([0, 1], [1, 1], number=2)


def test_growth_by_origin_of_a_whole_is_that_of_the_mean():
    rng = np.random.default_rng(3)
    before, after, weight = rng.lognormal(size=90), rng.lognormal(size=90), rng.integers(1, 4, 90)
    _, growth = measures.growth_incidence_by_origin(before, after, weight, number=1)
    mean = np.average(after, weights=weight) / np.average(before, weights=weight) - 1
    assert growth[0] == pytest.approx(mean, abs=1e-12)


def test_pro_poor_growth():
    """Incomes 1, 2, 3, 10 to 1.5, 2, 6, 10, line 2.5: growth of the poor 50 % and 0; of places, not people."""
    assert measures.pro_poor_growth([1, 2, 3, 10], [6, 10, 1.5, 2], line=2.5) == pytest.approx(0.25)
    twice = measures.rank([1, 2, 3, 10], [2, 2, 2, 2])
    assert measures.pro_poor_growth(twice, [1.5, 2, 6, 10], line=2.5) == pytest.approx(0.25)
    assert measures.pro_poor_growth([1, 2.4], [1, 2, 3, 4], line=2) == pytest.approx(0.5)  # one place becomes two
    # all grow by 7 %: whatever the line
    rng = np.random.default_rng(3)
    income = rng.lognormal(size=300)
    for line in (0.3, 1.0, 5.0):
        assert measures.pro_poor_growth(income, 1.07 * income, line=line) == pytest.approx(0.07, abs=1e-12)
    with pytest.raises(measures.UndefinedMeasure, match="nobody was below"):
        measures.pro_poor_growth([1, 2], [1, 2], line=0.5)


def test_poverty_equivalent_growth():
    """Kakwani & Son (2008): growth for all alike is equivalent to itself; growth of the poor alone to more."""
    rng = np.random.default_rng(3)
    income = rng.lognormal(size=2_000)
    gap = partial(measures.fgt, line=1.0, order=1)
    neutral = measures.poverty_equivalent_growth(gap, income, 1.05 * income)
    assert neutral == pytest.approx(np.log(1.05), abs=1e-12)
    poor = np.where(income < 1.0, 1.05, 1.02) * income
    assert measures.poverty_equivalent_growth(gap, income, poor) > np.log(poor.mean() / income.mean())
    with pytest.raises(measures.UndefinedMeasure, match="poverty is 0"):
        measures.poverty_equivalent_growth(gap, [2.0, 3.0], [2.0, 3.0])


def test_shared_prosperity():
    """The poorest two of five grow by 50 %, all together from 20 to 22."""
    assert measures.shared_prosperity_premium([1, 1, 3, 5, 10], [1.5, 1.5, 3, 6, 10]) == pytest.approx(0.4)


def test_dominance_curves_are_poverty():
    """D^s(z) is z^(s-1) / (s-1)! times FGT s-1 (Davidson & Duclos 2000); poor is z or less at order 1."""
    rng = np.random.default_rng(3)
    income, weight = rng.lognormal(size=50), rng.integers(1, 4, 50)
    for order, factor in ((1, 1.0), (2, 1.3), (3, 1.3**2 / 2)):
        ask = partial(measures.fgt, income, weight, line=1.3, order=order - 1)
        found = measures.dominance_curve(income, weight, at=[1.3], order=order)
        assert found[0] == pytest.approx(factor * ask(), abs=1e-12)
    assert measures.dominance_curve([1, 2], at=[0, 1, 1.5, 2], order=1).tolist() == [0, 0.5, 0.5, 1]


@pytest.mark.parametrize("order", [1, 2, 3])
@pytest.mark.parametrize("upper", [np.inf, 1.5])
def test_verdicts_agree_with_a_fine_grid(order, upper):
    rng = np.random.default_rng(order)
    found = set()
    for _ in range(60):
        one, other = (rng.integers(0, 7, size).astype(float) / 2 for size in (4, 6))
        if min(one.min(), other.min()) >= upper:
            continue
        verdict = measures.stochastic_dominance(one, other, order=order, upper=upper)
        end = 200.0 if np.isinf(upper) else upper
        grid = np.unique(
            np.concatenate([np.linspace(0, min(end, 4), 4_001), np.linspace(4, end, 1_001)[: end > 4 and None]])
        )
        grid = grid[grid < upper] if order == 1 else grid[grid <= upper]
        power = order - 1

        def curve(y, grid=grid, power=power):
            return ((y[None, :] <= grid[:, None]) * np.maximum(grid[:, None] - y[None, :], 0) ** power).mean(axis=1)

        better = curve(other) - curve(one)
        positive, negative = (better > 1e-9).any(), (better < -1e-9).any()
        expected = {(1, 0): FIRST, (0, 1): SECOND, (0, 0): EQUAL, (1, 1): NEITHER}[int(positive), int(negative)]
        assert verdict.verdict is expected
        found.add(expected)
        told = np.sign(better) * (np.abs(better) > 1e-9)
        changes = np.flatnonzero(np.diff(told[told != 0]))
        assert len(verdict.crossings) == len(changes)
        for crossing in verdict.crossings:
            assert np.abs(better[np.abs(grid - crossing).argmin()]) < (1.1 if order == 1 else 0.2)
    assert len(found) >= 3


def test_third_order_curves_that_cross_twice_between_two_incomes():
    """D^3 of 1, 6, 11 less that of 2, 10 is (z^2 - 16 z + 62) / 12 between 6 and 10: roots 8 -+ sqrt(2), above 0 at both ends."""
    found = measures.stochastic_dominance([1, 6, 11], [2, 10], order=3)
    assert found.verdict is NEITHER
    assert found.crossings == pytest.approx((8 - np.sqrt(2), 8 + np.sqrt(2)), abs=1e-9)


def test_lorenz_curves_of_lognormals_do_not_cross():
    p = (np.arange(2_000) + 0.5) / 2_000
    narrow, wide = lognorm.ppf(p, 0.5), 9 * lognorm.ppf(p, 0.8)
    assert measures.lorenz_dominance(narrow, wide) == measures.Dominance(FIRST, ())
    assert measures.generalised_lorenz_dominance(narrow, wide).verdict is SECOND  # nine times richer
    assert measures.lorenz_dominance(narrow, np.repeat(3 * narrow, 2)) == measures.Dominance(EQUAL, ())
    apart = np.array([1.0, 3.0, 8.0])
    assert measures.absolute_lorenz_dominance(apart, apart + 5.0) == measures.Dominance(EQUAL, ())
    assert measures.absolute_lorenz_dominance(apart, 1.5 * apart).verdict is FIRST  # the same relatively, farther apart
    assert measures.lorenz_dominance(apart, apart + 5.0).verdict is SECOND
    # one more transfer among the richest, one less among the poorest: crosses between
    crossing = measures.lorenz_dominance([1.0, 4.0, 5.0], [2.0, 2.0, 6.0])
    assert crossing == measures.Dominance(NEITHER, (pytest.approx(0.5),))


def test_generalised_lorenz_is_second_order():
    rng = np.random.default_rng(9)
    verdicts = set()
    for _ in range(60):
        one, other = rng.integers(0, 6, 4), rng.integers(0, 6, 5)
        second = measures.stochastic_dominance(one, other, order=2).verdict
        assert measures.generalised_lorenz_dominance(one, other).verdict is second
        tip = measures.tip_dominance(one, other, line=50).verdict  # a line above all: gaps of all
        assert tip is second
        verdicts.add(second)
    assert len(verdicts) == 3


def test_tip_is_order_two_up_to_the_line():
    rng = np.random.default_rng(10)
    for _ in range(40):
        one, other = (rng.integers(0, 9, 6).astype(float) for _ in range(2))
        if min(one.min(), other.min()) < 4:
            expected = measures.stochastic_dominance(one, other, order=2, upper=4.0).verdict
            assert measures.tip_dominance(one, other, line=4.0).verdict is expected
    # the largest height is the poverty gap
    assert measures.tip_dominance([1, 9], [2, 9], line=4.0).verdict is SECOND


def test_rejecting_dominance():
    """Barrett & Donald (2003): what dominates is not rejected, what is dominated is; the seed decides alone."""
    rng = np.random.default_rng(12)
    rich, poor = rng.lognormal(0.4, 0.7, 400), rng.lognormal(0.0, 0.7, 300)
    for order in (1, 2, 3):
        ask = partial(measures.reject_dominance, order=order, replicates=99, random=np.random.default_rng(1))
        assert ask(rich, poor).p_value > 0.5
        assert ask(poor, rich).p_value < 0.02
        assert ask(poor, rich) == ask(poor, rich)
    largest = max(measures.dominance_curve(poor, at=poor, order=1) - measures.dominance_curve(rich, at=poor, order=1))
    statistic = measures.reject_dominance(poor, rich, order=1, replicates=1, random=np.random.default_rng(1)).statistic
    assert statistic == pytest.approx(np.sqrt(400 * 300 / 700) * largest, abs=1e-12)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: measures.stochastic_dominance([1], [2], order=4), "order 4, expected 1, 2 or 3"),
        (lambda: measures.stochastic_dominance([1], [2], order=1, upper=1), "nobody has less than 1"),
        (lambda: measures.lorenz_dominance([0], [2]), "mean income is 0"),
        (lambda: measures.tip_dominance([1], [2], line=0), "line 0"),
        (
            lambda: measures.reject_dominance([1], [2, 3], order=1, replicates=9, random=np.random.default_rng(1)),
            "of 1 and 2 rows",
        ),
    ],
)
def test_what_has_no_meaning_is_an_error(call, words):
    with pytest.raises(measures.UndefinedMeasure, match=words):
        call()
