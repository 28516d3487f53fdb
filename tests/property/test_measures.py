"""Axioms every measure of inequality, poverty and the middle must satisfy."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from incomesim import measures

INEQUALITY = [
    measures.gini,
    measures.theil,
    measures.mld,
    measures.cv,
]
people = st.lists(st.tuples(st.floats(0.01, 1e6), st.integers(1, 50)), min_size=2, max_size=30).map(
    lambda rows: (np.array([row[0] for row in rows]), np.array([float(row[1]) for row in rows]))
)
quick = settings(deadline=None, max_examples=60)


def near(value, tolerance=1e-9):
    return pytest.approx(value, rel=tolerance, abs=tolerance)


@pytest.mark.parametrize("measure", INEQUALITY)
@quick
@given(people=people, factor=st.floats(1e-3, 1e3))
def test_scale_invariance(measure, people, factor):
    income, weight = people
    assert measure(income * factor, weight) == near(measure(income, weight))
    assert measure(income, weight * factor) == near(measure(income, weight))


@pytest.mark.parametrize("measure", INEQUALITY)
@quick
@given(people=people)
def test_replication_and_weights_are_the_same(measure, people):
    income, weight = people
    assert measure(np.repeat(income, weight.astype(int))) == near(measure(income, weight))


@pytest.mark.parametrize("measure", INEQUALITY)
@quick
@given(people=people, seed=st.integers(0, 1000))
def test_anonymity(measure, people, seed):
    income, weight = people
    order = np.random.default_rng(seed).permutation(len(income))
    assert measure(income[order], weight[order]) == near(measure(income, weight))


@pytest.mark.parametrize("measure", INEQUALITY)
@quick
@given(people=people, data=st.data())
def test_a_transfer_from_richer_to_poorer_lowers_inequality(measure, people, data):
    income = people[0]
    rich, poor = int(np.argmax(income)), int(np.argmin(income))
    gap = income[rich] - income[poor]
    assume(gap > 1e-3 * income[rich])
    moved = gap * data.draw(st.floats(0.05, 0.5))
    after = income.copy()
    after[rich] -= moved
    after[poor] += moved
    assert measure(after) < measure(income)


@pytest.mark.parametrize("measure", INEQUALITY)
@quick
@given(people=people)
def test_bounds(measure, people):
    income, weight = people
    assert measure(income, weight) >= 0.0
    assert measure(np.full(len(income), income[0]), weight) == near(0.0, 1e-7)
    assert measures.gini(income, weight) < 1.0


@quick
@given(people=people, zeros=st.integers(1, 5))
def test_rows_of_weight_zero_do_not_count(people, zeros):
    income, weight = people
    padded = np.append(income, np.full(zeros, 1e9)), np.append(weight, np.zeros(zeros))
    for measure in (*INEQUALITY, measures.mean, measures.median):
        assert measure(*padded) == near(measure(income, weight))
    assert (measures.quantile_groups(*padded)[-zeros:] == -1).all()


groups = st.lists(st.tuples(st.floats(0.01, 1e5), st.integers(1, 9), st.integers(0, 3)), min_size=2, max_size=40).map(
    lambda rows: tuple(np.array(column) for column in zip(*rows, strict=True))
)


@quick
@given(rows=groups)
def test_decompositions_add_up(rows):
    income, weight, group = rows
    for whole, alpha in ((measures.theil, 1.0), (measures.mld, 0.0)):
        parts = measures.decompose_ge(income, group, weight, alpha=alpha)
        assert parts.within + parts.between == near(whole(income, weight))
        assert parts.within >= -1e-12
        assert parts.between >= -1e-12


@quick
@given(rows=groups)
def test_between_groups_from_means_alone(rows):
    income, weight, group = rows
    there = [code for code in range(4) if (group == code).any()]
    means = [np.average(income[group == code], weights=weight[group == code]) for code in there]
    heads = [weight[group == code].sum() for code in there]
    expected = measures.decompose_ge(income, group, weight, alpha=1.0).between
    assert measures.theil_between(means, heads) == near(expected, 1e-8)


@quick
@given(rows=groups, line=st.floats(1.0, 1e5), order=st.integers(0, 2))
def test_poverty_is_the_mean_of_that_of_groups(rows, line, order):
    income, weight, group = rows
    parts = [
        weight[group == code].sum()
        / weight.sum()
        * measures.fgt(income[group == code], weight[group == code], line=line, order=order)
        for code in range(4)
        if (group == code).any()
    ]
    whole = measures.fgt(income, weight, line=line, order=order)
    assert sum(parts) == near(whole)
    assert 0.0 <= whole <= 1.0


@quick
@given(rows=groups)
def test_groups_are_ranked_as_if_alone(rows):
    income, weight, group = rows
    whole = measures.rank(income, weight)
    for code, part in enumerate(measures.rank_groups(whole, group, number=4)):
        if part is None:
            assert not (group == code).any()
            continue
        alone = measures.rank(income[group == code], weight[group == code])
        np.testing.assert_array_equal(part.income, alone.income)
        np.testing.assert_array_equal(part.weight, alone.weight)
        np.testing.assert_array_equal(income[part.order], part.income)
        assert (group[part.order] == code).all()


@quick
@given(people=people)
def test_lorenz_is_convex_from_0_to_1_below_the_diagonal(people):
    p, share = measures.lorenz(*people)
    assert share[0] == 0.0
    assert share[-1] == near(1.0)
    assert (share <= p + 1e-12).all()
    assert (np.diff(share, 2) >= -1e-12).all()
    assert np.average(people[0], weights=people[1]) * share[50] >= 0.0


@quick
@given(people=people, p=st.floats(0.0, 1.0))
def test_quantile_divides_people(people, p):
    income, weight = people
    value = measures.quantile(income, weight, p=p)
    assert weight[income < value].sum() <= p * weight.sum() * (1 + 1e-9)
    assert weight[income <= value].sum() >= p * weight.sum() * (1 - 1e-9)


@quick
@given(people=people, cuts=st.tuples(st.floats(0, 1e6), st.floats(0, 1e6)))
def test_shares_between_limits_add_up(people, cuts):
    income, weight = people
    low, high = sorted(cuts)
    parts = [
        measures.share_between(income, weight, lower=a, upper=b)
        for a, b in ((-np.inf, low), (low, high), (high, np.inf))
    ]
    assert sum(parts) == near(1.0)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: measures.gini([]), "nobody"),
        (lambda: measures.gini([1.0, 2.0], [0.0, 0.0]), "nobody"),
        (lambda: measures.gini([1.0, np.nan]), "1 of 2 incomes are missing"),
        (lambda: measures.gini([1.0, np.inf]), "missing or infinite"),
        (lambda: measures.gini([1.0, 2.0], [1.0, -1.0]), "not negative"),
        (lambda: measures.gini([1.0, 2.0], [1.0]), "weights have shape"),
        (lambda: measures.gini([[1.0], [2.0]]), "one dimension"),
        (lambda: measures.gini([0.0, 0.0]), "mean income is 0"),
        (lambda: measures.gini([-2.0, 1.0]), "mean income is -0.5"),
        (lambda: measures.theil([-1.0, 5.0]), "negative incomes"),
        (lambda: measures.mld([0.0, 5.0]), "incomes above 0"),
        (lambda: measures.quantile([1.0], p=1.2), "between 0 and 1"),
        (lambda: measures.quantile_ratio([0.0, 0.0, 1.0], upper=0.9, lower=0.1), "lower quantile is 0"),
        (lambda: measures.share_ratio([0.0, 0.0, 0.0, 0.0, 1.0], top=0.2, bottom=0.2), "share of 0"),
        (lambda: measures.fgt([1.0], line=0.0, order=1), "a line above 0"),
        (lambda: measures.fgt([1.0], line=np.inf, order=1), "both finite"),
        (lambda: measures.max_min_ratio([0.0, 1.0]), "above 0"),
        (lambda: measures.growth_incidence([0.0, 1.0], [1.0, 1.0]), "lowest group"),
        (lambda: measures.transition_matrix([0, 0], [0, 1], number=2), "nobody starts in group 1"),
        (lambda: measures.rank_groups(measures.rank([1.0, 2.0]), [0, 2], number=2), "expected 0 to 1"),
    ],
)
def test_what_has_no_meaning_is_an_error(call, words):
    with pytest.raises(measures.UndefinedMeasure, match=words):
        call()


def test_ranked_incomes_bring_their_weights():
    with pytest.raises(TypeError, match="leave `weight` out"):
        measures.gini(measures.rank([1.0, 2.0]), [1.0, 1.0])
