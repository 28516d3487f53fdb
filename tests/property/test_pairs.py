"""Axioms of measures of two variables, of groups and of two distributions."""

from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incomesim import measures

quick = settings(deadline=None, max_examples=20)
incomes = st.integers(1, 40).map(float) | st.floats(0.01, 1e4)
panels = st.lists(st.tuples(incomes, incomes, st.integers(1, 9), st.integers(0, 2)), min_size=3, max_size=25).map(
    lambda rows: tuple(np.array(column) for column in zip(*rows, strict=True))
)


def near(value):
    return pytest.approx(value, rel=1e-8, abs=1e-9)


def differ(before, after):
    """Ties on the whole of a side leave correlations without meaning."""
    return len(set(before)) > 1 and len(set(after)) > 1


RELATIVE = [
    measures.concentration,
    partial(measures.extended_concentration, nu=3.0),
    measures.kakwani,
    measures.suits,
    measures.musgrave_thin,
    measures.reynolds_smolensky,
    partial(measures.king, aversion=1.0),
    partial(measures.upward_rank_mobility, lower=0.0, upper=1.0, by=0.1),
]
ASSOCIATION = [measures.hart, measures.elasticity_of_income, measures.rank_rank_slope, measures.spearman]


@pytest.mark.parametrize("measure", [*RELATIVE, *ASSOCIATION])
@quick
@given(rows=panels, factor=st.sampled_from([0.25, 2.0, 8.0]), seed=st.integers(0, 99))
def test_scale_replication_anonymity(measure, rows, factor, seed):
    """Powers of two scale without rounding, so ties stay ties."""
    before, after, weight, _ = rows
    if measure in ASSOCIATION and not differ(before, after):
        return
    value = measure(before, after, weight)
    assert np.isfinite(value)
    assert measure(before * factor, after * factor, weight) == near(value)
    assert measure(before, after, weight * factor) == near(value)
    assert measure(np.repeat(before, weight), np.repeat(after, weight)) == near(value)
    order = np.random.default_rng(seed).permutation(len(before))
    assert measure(before[order], after[order], weight[order]) == near(value)
    padded = [np.append(column, extra) for column, extra in ((before, 7.0), (after, 5.0), (weight, 0))]
    assert measure(*padded) == near(value)


@pytest.mark.parametrize(
    "measure", [*RELATIVE, *ASSOCIATION, measures.winners, measures.fields_ok, measures.redistribution]
)
@pytest.mark.parametrize(
    ("first", "second", "weight", "words"),
    [
        ([1.0, np.nan, 2.0], [1.0, 2.0, 3.0], None, "missing or infinite"),
        ([1.0, 2.0, 3.0], [1.0, np.inf, 3.0], None, "missing or infinite"),
        ([1.0, 2.0, 3.0], [1.0, 2.0], None, "shape"),
        ([1.0, 2.0, 3.0], [1.0, 2.0, 3.0], [1.0, -1.0, 1.0], "not be negative|not negative"),
        ([1.0, 2.0, 3.0], [1.0, 2.0, 3.0], [1.0, np.nan, 1.0], "finite"),
        ([1.0, 2.0, 3.0], [1.0, 2.0, 3.0], [0.0, 0.0, 0.0], "nobody"),
        ([], [], None, "nobody"),
    ],
)
def test_bad_columns_are_refused(measure, first, second, weight, words):
    with pytest.raises(measures.UndefinedMeasure, match=words):
        measure(first, second, weight)


@quick
@given(rows=panels)
def test_redistribution_adds_up(rows):
    before, after, weight, _ = rows
    split = measures.redistribution(before, after, weight)
    assert split.reranking >= -1e-12
    assert split.effect == near(split.vertical - split.reranking)
    for width in (0.0, 3.0):
        parts = measures.aronson_johnson_lambert(before, after, weight, width=width)
        assert parts.effect == near(split.effect)
        assert parts.horizontal >= -1e-12
        assert parts.reranking >= -1e-12


@quick
@given(rows=panels)
def test_decompositions_by_group_add_up(rows):
    income, _, weight, group = rows
    gini = measures.gini(income, weight)
    split = measures.decompose_gini(income, group, weight)
    assert split.within + split.between + split.overlap == near(gini)
    assert min(split.within, split.between, split.overlap) >= 0.0
    strata = measures.stratify_gini(income, group, weight)
    assert strata.within + strata.between == near(gini)
    assert strata.between <= split.between + 1e-12  # Yitzhaki & Lerman 1991
    for alpha in (0.0, 1.0, 2.0):
        one = measures.decompose_ge(income, np.zeros(len(income)), weight, alpha=alpha)
        parts = measures.decompose_ge(income, group, weight, alpha=alpha)
        assert parts.total == pytest.approx(one.total, rel=1e-7, abs=1e-9)
        assert parts.within >= -1e-9
        assert parts.between <= measures.largest_between(income, group, weight, alpha=alpha) + 1e-9
        single = measures.decompose_ge(income, np.arange(len(income)), weight, alpha=alpha)
        assert single.within == near(0.0)


@quick
@given(rows=panels)
def test_shapley_is_symmetric_and_adds_up(rows):
    one, other, weight, _ = rows
    sources = {"one": one, "two": other, "three": one, "nothing": np.zeros(len(one))}
    for absent in measures.Absent:
        found = measures.shapley_by_source(measures.gini, sources, weight, absent=absent)
        assert found.part_of.sum() == near(found.total - found.without)
        assert found.part_of[0] == near(found.part_of[2])  # the same source twice
        assert found.part_of[3] == near(0.0)
    by_gini = measures.decompose_gini_by_source(sources, weight)
    assert by_gini.total == near(measures.gini(2 * one + other, weight))
    assert by_gini.part_of[0] == near(by_gini.part_of[2])


@quick
@given(rows=panels, line=st.floats(0.1, 100.0), order=st.integers(0, 2))
def test_changes_add_up(rows, line, order):
    before, after, weight, _ = rows
    old, new = measures.rank(before, weight), measures.rank(after, weight)
    poverty = partial(measures.fgt, line=line, order=order)
    change = poverty(new) - poverty(old)
    assert measures.shapley_growth_redistribution(poverty, old, new).change == near(change)
    for reference in measures.Reference:
        assert measures.datt_ravallion(poverty, old, new, reference=reference).change == near(change)
    assert measures.decompose_fgt(before, rows[3], weight, line=line, order=order).total == near(poverty(old))
    found = measures.winners(before, after, weight)
    assert found.gained - found.lost == near(measures.mean(new) - measures.mean(old))
    moved = measures.fields_ok(before, after, weight)
    assert moved.total == near(found.gained + found.lost)
    assert moved.growth == near(abs(found.gained - found.lost))


@quick
@given(rows=panels, order=st.integers(1, 3))
def test_dominance_of_what_is_added(rows, order):
    """More for everybody dominates; the same distribution in other rows is the same; turned round the verdict turns."""
    before, after, weight, _ = rows
    old, new = measures.rank(before, weight), measures.rank(after, weight)
    more = measures.rank(before * 1.25, weight)
    assert measures.stochastic_dominance(more, old, order=order).verdict is measures.Verdict.FIRST
    same = np.repeat(before, weight)[::-1]
    assert measures.stochastic_dominance(old, same, order=order).verdict is measures.Verdict.EQUAL
    assert measures.lorenz_dominance(more, same).verdict is measures.Verdict.EQUAL
    turned = {measures.Verdict.FIRST: measures.Verdict.SECOND, measures.Verdict.SECOND: measures.Verdict.FIRST}
    one = measures.stochastic_dominance(old, new, order=order)
    other = measures.stochastic_dominance(new, old, order=order)
    assert other.verdict is turned.get(one.verdict, one.verdict)
    assert other.crossings == pytest.approx(one.crossings)
    if order < 3 and one.verdict is measures.Verdict.FIRST:  # a lower order decides the higher ones
        assert measures.stochastic_dominance(old, new, order=order + 1).verdict is measures.Verdict.FIRST


@quick
@given(rows=panels, number=st.integers(2, 5))
def test_transitions(rows, number):
    before, after, weight, _ = rows
    start, end = (measures.quantile_groups(income, weight, number=number) for income in (before, after))
    if len(set(start)) < number:
        return
    matrix = measures.transition_matrix(start, end, weight, number=number)
    np.testing.assert_allclose(matrix.sum(axis=1), 1.0)
    np.testing.assert_array_equal(measures.transition_matrix(start, start, weight, number=number), np.eye(number))
    assert measures.prais_shorrocks(matrix) == near((1 - measures.immobility_ratio(matrix)) * number / (number - 1))
    assert 0 <= measures.bartholomew(matrix) <= number - 1
