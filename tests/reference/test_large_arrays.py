"""The compiled loops for large arrays beside plain NumPy, on whatever may stand in data."""

from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incomesim import measures
from incomesim.compiled import threads
from incomesim.measures import UndefinedMeasure, narrowing, rank, rank_groups, ranked
from tests.elsewhere import OTHER_CODE, printed_under

ORDERED = [
    measures.gini, measures.absolute_gini, measures.median, measures.palma, measures.wolfson, measures.arpr,
    partial(measures.quantile, p=0.0), partial(measures.quantile, p=0.1), partial(measures.quantile, p=1.0),
    partial(measures.share, lower=0.2, upper=0.95), partial(measures.share_around_median, lower=0.75, upper=2.0),
    measures.bonferroni, measures.zenga, measures.de_vergottini, partial(measures.s_gini, nu=1.5),
]  # fmt: skip
WITHOUT_ORDER = [
    measures.mean, measures.theil, measures.mld, measures.cv, measures.hoover, measures.j_divergence,
    measures.variance_of_logs, partial(measures.ge, alpha=-1.0), partial(measures.ge, alpha=2.0), partial(measures.ge, alpha=1.7),
    partial(measures.atkinson, epsilon=0.5), partial(measures.atkinson, epsilon=2.0),
    *(partial(measures.fgt, line=12_000.0, order=order) for order in (0, 1, 2)),
    partial(measures.share_between, lower=0.0, upper=20_000.0), partial(measures.share_between, lower=9e3, upper=np.inf),
]  # fmt: skip


@pytest.fixture(autouse=True)
def _loops(monkeypatch):
    """Every array counts as large here."""
    monkeypatch.setattr(ranked, "LARGE", 0)
    monkeypatch.setattr(narrowing, "_FEW", 1_000)


def small(call):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ranked, "LARGE", 1 << 60)
        return call()


def outcome(measure, *people):
    try:
        return measure(*people)
    except UndefinedMeasure as reason:
        return str(reason)


def assert_agree(income, weight, tolerance=1e-12):
    in_order = rank(income, weight)
    assert np.array_equal(in_order.order, small(lambda: rank(income, weight).order))
    for measure in (*ORDERED, *WITHOUT_ORDER):
        plain = small(lambda measure=measure: outcome(measure, income, weight))
        for found in (outcome(measure, rank(income, weight)), outcome(measure, in_order)):
            if isinstance(plain, str):
                assert found == plain
            else:
                assert found == pytest.approx(plain, rel=tolerance, abs=tolerance), measure


ROWS = 20_001
DRAWS = np.random.default_rng(20)
INCOME, WEIGHT, LUCK = np.exp(DRAWS.normal(10.0, 0.8, ROWS)), DRAWS.uniform(0.5, 2.0, ROWS), DRAWS.random(ROWS)
DATA = {
    "lognormal": (INCOME, WEIGHT),
    "without weights": (INCOME, None),
    "weights of 0": (INCOME, np.where(LUCK < 0.3, 0.0, WEIGHT)),
    "ties": (np.round(INCOME, -3), WEIGHT),
    "zeros of both signs": (np.where(LUCK < 0.1, -0.0, np.where(LUCK < 0.2, 0.0, INCOME)), WEIGHT),
    "negative": (np.where(LUCK < 0.1, -INCOME / 9.0, INCOME), WEIGHT),
    "four incomes nearly equal": (1e6 + np.floor(4.0 * LUCK), WEIGHT),
    "all equal": (np.full(ROWS, 3.3), WEIGHT),
    "float32": (INCOME.astype(np.float32), WEIGHT),
    "next to nothing": (np.append(INCOME, 5e-320)[1:], WEIGHT),
    "next to nothing and nothing": (np.append(INCOME, [1e-300, 0.0])[2:], WEIGHT),
    "nothing": (np.zeros(ROWS), WEIGHT),
    "a mean below 0": (-INCOME, WEIGHT),
    "a mean that is no normal number": (np.append(np.zeros(ROWS), 1e-305), None),
    "the richest weigh nothing": (np.sort(INCOME), np.append(WEIGHT[1:], 1e-18)),
    "subnormal weights": (INCOME, WEIGHT * 1e-312),
    "in order, with a heavy tail": (np.sort(LUCK ** (-1.0 / 1.2)), WEIGHT),
    "few have anything": (np.where(LUCK < 0.999, 0.0, INCOME), WEIGHT),
    "those who are looked at are not like the others": (np.where(np.arange(ROWS) % 2, 1e4, 1e-3) * WEIGHT, WEIGHT),
    "one": ([5.0], [2.0]),
    "two": ([5.0, 1.0], [2.0, 3.0]),
}


@pytest.mark.parametrize("name", DATA)
@pytest.mark.filterwarnings("ignore:overflow")  # a power of next to nothing
def test_loops_agree_with_numpy(name):
    assert_agree(*DATA[name])


def test_nearly_equal_incomes_lose_no_digits():
    """Nor where the income that sums are taken around, of somebody without a weight, is far away."""
    few, often = 1e6 + np.arange(4.0), np.array([5_000.0, 4_000.0, 7_000.0, 4_000.0])
    income = np.append(np.repeat(few, often.astype(int)), np.full(ROWS, 1.9e6))
    weight = np.repeat([1.0, 0.0], [20_000, ROWS])
    for measure in (measures.theil, measures.mld, measures.cv, measures.variance_of_logs, measures.j_divergence):
        plain = small(lambda measure=measure: measure(few, often))
        for people in ((income, weight), (income[:20_000], None)):
            assert measure(*people) == pytest.approx(plain, rel=1e-11, abs=0.0), measure


def test_incomes_that_differ_in_bits_that_do_not_fit():
    """One income so high that of the others, nearly equal, too few bits are left beside the number of the row."""
    income = np.append(1e6 + LUCK * 1e-6, [1e99, -1e99])
    order = rank(income).order
    assert np.array_equal(order, np.argsort(income, kind="stable"))
    few = np.append(np.repeat(1e6 + 1e-9 * np.arange(20.0), 3)[::-1], [1e99, -1e99])
    assert np.array_equal(rank(np.tile(few, 999)).order, np.argsort(np.tile(few, 999), kind="stable"))


incomes = st.one_of(st.floats(-1e9, 1e9), st.sampled_from([0.0, -0.0, 1.0, 1.0 + 2**-52, 5e-324, 1e6, 2e6]))


@settings(deadline=None, max_examples=60)
@given(rows=st.lists(st.tuples(incomes, st.sampled_from([0.0, 0.25, 1.0, 3.0])), min_size=1, max_size=40))
def test_any_few_rows(rows):
    income, weight = map(np.array, zip(*rows, strict=True))
    if weight.any():
        plain = small(lambda: rank(income, weight))
        loops = rank(income, weight)
        assert np.array_equal(loops.order, plain.order)
        for p in (0.0, 0.25, 0.5, 1.0):
            assert measures.quantile(rank(income, weight), p=p) == measures.quantile(loops, p=p)
            assert measures.quantile(loops, p=p) == small(lambda p=p: measures.quantile(income, weight, p=p))
        scale = np.abs(income).max()
        expected = small(lambda: measures.absolute_gini(income, weight))
        assert measures.absolute_gini(loops) == pytest.approx(expected, abs=1e-14 * scale)


def test_quantiles_are_found_without_a_sort(monkeypatch):
    monkeypatch.setattr(narrowing, "_FEW", 10)
    for income, weight in (DATA["lognormal"], DATA["ties"], DATA["negative"], DATA["weights of 0"]):
        people, sorted_people = rank(income, weight), rank(income, weight)
        assert len(sorted_people.order) <= len(income)
        for p in (0.0, 0.003, 0.1, 0.5, 0.77, 1.0):
            assert measures.quantile(people, p=p) == measures.quantile(sorted_people, p=p)
        assert not people.is_sorted


def test_the_same_bits_on_any_number_of_threads(monkeypatch):
    income, weight = np.tile(INCOME, 20), np.tile(WEIGHT, 20)  # several pieces
    found = []
    for number in (1, 3):
        monkeypatch.setattr(threads, "available_threads", lambda number=number: number)
        unsorted, people = rank(income, weight), rank(income, weight)
        assert len(people.order)
        both = [measure(who) for measure in (*ORDERED, *WITHOUT_ORDER) for who in (unsorted, people)]
        found.append((both, people.order.tobytes()))
    assert found[0] == found[1]


def moments_of_zeros_and_others():
    """In hexadecimal, with several blocks and an end that does not fill a vector."""
    income, weight = np.where(LUCK < 0.1, 0.0, INCOME)[:5_001], WEIGHT[:5_001]
    return [measure(income, weight).hex() for measure in (measures.mean, measures.theil, measures.cv, measures.hoover)]


@pytest.mark.parametrize("setting", OTHER_CODE)
def test_the_same_bits_without_compiler_and_on_a_plain_processor(setting, tmp_path):
    code = "from tests.reference import test_large_arrays as t; print(t.with_loops())"
    assert printed_under(setting, code, tmp_path) == str(moments_of_zeros_and_others())


def with_loops():
    ranked.LARGE = 0
    return moments_of_zeros_and_others()


def test_groups_keep_the_order():
    group = (LUCK * 5).astype(int)
    parts = rank_groups(rank(INCOME, WEIGHT), group, number=6)
    assert parts[5] is None
    for code, part in enumerate(parts[:5]):
        alone = rank(INCOME[group == code], WEIGHT[group == code])
        assert np.array_equal(part.income, alone.income)
        assert (group[part.order] == code).all()
        for measure in (*ORDERED, *WITHOUT_ORDER):
            assert measure(part) == pytest.approx(measure(alone), rel=1e-13)


@pytest.mark.parametrize(
    ("income", "weight", "reason"),
    [
        ([1.0, np.nan], None, "1 of 2 incomes are missing"),
        ([1.0, np.inf], [1.0, 0.5], "1 of 2 incomes are missing"),
        ([1.0, 2.0], [1.0, -1.0], "not negative"),
        ([1.0, 2.0], [1.0, np.nan], "finite"),
        ([1.0, 2.0], [0.0, 0.0], "nobody"),
        ([1e308, -1e308], None, "too high"),
    ],
)
def test_what_is_refused_is_so_for_large_arrays(income, weight, reason):
    with pytest.raises(UndefinedMeasure, match=reason):
        rank(income, weight)


def test_what_is_missing_in_rows_of_weight_0_of_large_arrays_does_not_matter():
    weight = np.where(LUCK < 0.1, 0.0, WEIGHT)
    there = weight > 0.0
    found = measures.gini(np.where(there, INCOME, np.nan), weight)
    assert found == pytest.approx(measures.gini(INCOME[there], WEIGHT[there]), rel=1e-13)
