"""Mobility against published numbers, closed forms and definitions."""

from functools import partial

import numpy as np
import pytest
from scipy.stats import norm, spearmanr

from incomesim import measures

# Transitions of income per head between quintiles, 48 states of the USA, 1929 to 2009, from the documentation of
# giddy.mobility.markov_mobility (PySAL), which prints P .19759, D .60685, L2 .03978 and, from ORIGIN, B2 .04637.
STATES = [
    [0.91011236, 0.0886392, 0.00124844, 0.0, 0.0],
    [0.09972299, 0.78531856, 0.11080332, 0.00415512, 0.0],
    [0.0, 0.10125, 0.78875, 0.1075, 0.0025],
    [0.0, 0.00417827, 0.11977716, 0.79805014, 0.07799443],
    [0.0, 0.0, 0.00125156, 0.07133917, 0.92740926],
]
ORIGIN = [0.1, 0.2, 0.2, 0.4, 0.1]

INDICES = [
    measures.prais_shorrocks,
    measures.determinant_mobility,
    measures.shorrocks_determinant,
    measures.eigenvalue_mobility,
]


def test_states_of_the_usa():
    assert measures.prais_shorrocks(STATES) == pytest.approx(0.19759, abs=5e-6)
    assert measures.determinant_mobility(STATES) == pytest.approx(0.60685, abs=5e-6)
    assert measures.eigenvalue_mobility(STATES) == pytest.approx(0.03978, abs=5e-6)
    assert measures.bartholomew(STATES, ORIGIN) / 4 == pytest.approx(0.04637, abs=5e-6)
    assert measures.shorrocks_determinant(STATES) == pytest.approx(1 - (1 - 0.606848546) ** 0.25, abs=1e-8)
    assert measures.immobility_ratio(STATES) == pytest.approx(1 - 0.8 * 0.19759, abs=5e-6)


@pytest.mark.parametrize("index", INDICES)
@pytest.mark.parametrize("groups", [2, 5, 10])
def test_nobody_moves_and_perfect_mobility(index, groups):
    assert index(np.eye(groups)) == pytest.approx(0.0, abs=1e-12)
    assert index(np.full((groups, groups), 1 / groups)) == pytest.approx(1.0, abs=0.02)  # rounding ** (1 / 9)
    with pytest.raises(measures.UndefinedMeasure, match="add up to 1"):
        index(np.full((groups, groups), 0.3))


def test_bartholomew_counts_groups():
    assert measures.bartholomew(np.eye(4)) == 0.0
    assert measures.bartholomew(np.eye(4)[::-1]) == pytest.approx((3 + 1 + 1 + 3) / 4)
    assert measures.bartholomew(np.eye(4)[::-1], [1, 0, 0, 0]) == 3.0
    with pytest.raises(measures.UndefinedMeasure, match="shares of origin"):
        measures.bartholomew(np.eye(4), [1, 1, 0, 0])


def test_equals_are_in_one_group_whatever_the_order_of_rows():
    income = [0.0, 0.0, 0.0, 1.0, 2.0, 3.0]
    assert measures.quantile_groups(income, number=3).tolist() == [0, 0, 0, 1, 2, 2]
    with pytest.raises(measures.UndefinedMeasure, match="found groups of destination from 0 to 5"):
        measures.transition_matrix([0, 1], [0, 5], number=2)


@pytest.fixture(scope="module")
def panel():
    """Log incomes of two years with correlation 0.6 and a fall in spread, with weights."""
    rng = np.random.default_rng(7)
    first = rng.normal(size=20_000)
    second = 0.6 * first + 0.8 * rng.normal(size=20_000)
    return np.exp(0.8 * first), np.exp(0.5 * second), rng.integers(1, 4, 20_000).astype(float)


def test_persistence_of_a_bivariate_lognormal(panel):
    """Correlation r of logs: Hart 1 - r, elasticity r s2 / s1, Spearman and rank slope 6/pi asin(r/2)."""
    before, after, weight = panel
    assert measures.hart(before, after, weight) == pytest.approx(0.4, abs=0.02)
    assert measures.elasticity_of_income(before, after, weight) == pytest.approx(0.6 * 0.5 / 0.8, abs=0.02)
    ranks = 6 / np.pi * np.arcsin(0.3)
    assert measures.rank_rank_slope(before, after, weight) == pytest.approx(ranks, abs=0.02)
    assert measures.spearman(before, after, weight) == pytest.approx(ranks, abs=0.02)


def test_spearman_and_elasticity_agree_with_scipy_and_numpy(panel):
    before, after, _ = (column[:500].round(1) + 0.05 for column in panel)
    assert measures.spearman(before, after) == pytest.approx(spearmanr(before, after).statistic, abs=1e-12)
    slope = np.polyfit(np.log(before), np.log(after), 1)[0]
    assert measures.elasticity_of_income(before, after) == pytest.approx(slope, abs=1e-10)
    assert measures.hart(before, after) == pytest.approx(
        1 - np.corrcoef(np.log(before), np.log(after))[0, 1], abs=1e-10
    )
    rank = [((y < x) + 0.5 * (y == x)).mean() for y in (before, after) for x in y]
    slope = np.polyfit(rank[:500], rank[500:], 1)[0]
    assert measures.rank_rank_slope(before, after) == pytest.approx(slope, abs=1e-10)


def test_upward_rank_mobility_by_hand():
    before, after = [1, 2, 3, 4, 5], [4, 1, 2, 3, 5]  # ranks .1 .3 .5 .7 .9 -> .7 .1 .3 .5 .9
    ask = partial(measures.upward_rank_mobility, before, after)
    assert ask(lower=0.0, upper=0.5, by=0.0) == pytest.approx(1 / 3)
    assert ask(lower=0.0, upper=0.2, by=0.5) == 1.0
    assert ask(lower=0.0, upper=0.2, by=0.7) == 0.0
    assert measures.upward_rank_mobility(before, before, lower=0.0, upper=1.0, by=0.0) == 0.0  # staying is not rising
    with pytest.raises(measures.UndefinedMeasure, match="nobody has a rank before"):
        ask(lower=0.15, upper=0.2, by=0.0)


def test_movement_by_hand():
    """Fields & Ok (1996): total 10/4; the mean grows by 0.5, and losers lose 4 in all."""
    found = measures.fields_ok([10, 10, 10, 10], [14, 12, 7, 9])
    assert (found.total, found.growth, found.transfer) == pytest.approx((10 / 4, 0.5, 8 / 4))
    shrinking = measures.fields_ok([14, 12, 7, 9], [10, 10, 10, 10])
    assert (shrinking.growth, shrinking.transfer) == pytest.approx((0.5, 2.0))
    logs = measures.fields_ok_log([1.0, np.e], [np.e**3, np.e])
    assert (logs.growth, logs.transfer) == pytest.approx((1.5, 0.0))


def test_king_by_hand():
    """King (1983): the poorest of before stands where the richest of after did: (|1-3| + 0 + |3-1|) / 3 / mean 2."""
    assert measures.king([1, 2, 3], [3, 2, 1], aversion=0.5) == pytest.approx(1 - np.exp(-0.5 * (4 / 3) / 2))
    assert measures.king([1, 2, 3], [2, 4, 60], aversion=5) == 0.0
    assert measures.king([1, 2], [5, 1], [1, 3], aversion=1) == pytest.approx(
        measures.king([1, 2, 2, 2], [5, 1, 1, 1], aversion=1)
    )


def test_longer_incomes(panel):
    before, after, weight = panel
    both = [before, after]
    whole = measures.gini(before + after, weight)
    parts = [measures.gini(income, weight) for income in both]
    money = np.array([np.dot(weight, income) for income in both])
    rigid = measures.shorrocks_rigidity(measures.gini, both, weight)
    assert rigid == pytest.approx(whole / (money @ parts / money.sum()), abs=1e-12)
    assert rigid < 1
    assert measures.fields_equaliser(measures.gini, both, weight) == pytest.approx(1 - whole / parts[0], abs=1e-12)
    better = measures.chakravarty_dutta_weymark(measures.gini, both, weight)
    assert better == pytest.approx((1 - whole) / (1 - parts[0]) - 1, abs=1e-12)
    still = [before, 1.3 * before, 0.2 * before]
    assert measures.shorrocks_rigidity(measures.theil, still, weight) == pytest.approx(1.0, abs=1e-12)
    assert measures.fields_equaliser(measures.theil, still, weight) == pytest.approx(0.0, abs=1e-12)
    assert measures.chakravarty_dutta_weymark(measures.gini, still, weight) == pytest.approx(0.0, abs=1e-12)
    with pytest.raises(measures.UndefinedMeasure, match="at least two"):
        measures.fields_equaliser(measures.gini, [before])


def test_mobility_of_ranks_of_a_normal_panel(panel):
    """Fifths of the bivariate normal: the share that stays at the bottom, by simulation of the copula's formula."""
    before, after, weight = panel
    groups = [measures.quantile_groups(income, weight) for income in (before, after)]
    matrix = measures.transition_matrix(*groups, weight)
    x = norm.ppf((np.arange(4_000) + 0.5) / 4_000 * 0.2)
    stay = norm.cdf((norm.ppf(0.2) - 0.6 * x) / 0.8).mean()
    assert matrix[0, 0] == pytest.approx(stay, abs=0.02)
    assert matrix[4, 4] == pytest.approx(stay, abs=0.02)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: measures.hart([0, 1], [1, 2]), "logs need incomes above 0"),
        (lambda: measures.spearman([1, 1], [1, 2]), "all are equal on one side"),
        (lambda: measures.fields_ok_log([1, -1], [1, 2]), "lowest is -1"),
        (lambda: measures.king([1, 2], [1, 2], aversion=-1), "aversion -1"),
        (lambda: measures.king([1, 2], [-1, 1], aversion=1), "mean amount is 0"),
        (lambda: measures.shorrocks_rigidity(measures.gini, [[1, 1], [2, 2]]), "nothing that could be rigid"),
        (lambda: measures.prais_shorrocks([[1.0]]), "m of at least 2"),
    ],
)
def test_what_has_no_meaning_is_an_error(call, words):
    with pytest.raises(measures.UndefinedMeasure, match=words):
        call()
