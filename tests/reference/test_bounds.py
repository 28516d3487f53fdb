"""Measures of bins against those of the incomes in them: never further off than their bounds say."""

import itertools

import numba
import numpy as np
import pytest
from scipy.stats import lognorm, pareto

from incomesim import measures
from incomesim.kernel.bins import NOTHING, bin_edges, bin_of, zero_bin
from incomesim.kernel.tables import MONEY_UNIT, WEIGHT_UNIT
from incomesim.tabulate.people import below_lines, divide_bins
from tests.reference.binning import count, find_bins, put_into_bins, settle

FINENESS = 6
P = (np.arange(20_000) + 0.5) / 20_000
LOGNORMAL = lognorm.ppf(P, 0.9, scale=30_000)
SAMPLES = {
    "two points": ([9_000.0, 61_000.0], [3.0, 1.0]),
    "two points of one bin": ([30_000.0, 30_100.0], [1.0, 1.0]),
    "all equal": ([25_431.7] * 50, [1.5] * 50),
    "lognormal": (LOGNORMAL, np.ones(len(P))),
    "lognormal, weighted": (LOGNORMAL, np.random.default_rng(1).uniform(0.5, 40.0, len(P))),
    "uniform": (60_000.0 * P, np.ones(len(P))),
    "pareto": (np.minimum(pareto.ppf(P, 1.1, scale=8_000), 1.2e8), np.ones(len(P))),
    "with zeros": (np.where(P < 0.07, 0.0, LOGNORMAL), np.ones(len(P))),
    "mostly zeros": ([0.0, 0.0, 0.0, 12_000.0, 80_000.0], [5.0, 3.0, 1.0, 1.0, 2.0]),
    "near zero": (np.where(P < 0.01, 0.006 + 300 * P, LOGNORMAL), np.ones(len(P))),
    "with losses": (np.where(P < 0.03, -20_000.0 * P, LOGNORMAL), np.ones(len(P))),
    "with large losses": (np.where(P < 0.25, -1e5 * P, LOGNORMAL), np.ones(len(P))),
    "losses next to nothing": ([-3.0, -0.004, 0.0, 0.004, 3.0, 20_000.0], [1.0, 2.0, 3.0, 2.0, 1.0, 9.0]),
    "more lost than gained": ([-9_000.0, 4_000.0], [1.0, 1.0]),
    "one millionaire among a million": ([20_000.0, 21_000.0, 1e6], [499_999.0, 500_000.0, 1.0]),
}
RANKS = (0.0, 0.003, 0.01, 0.1, 0.2, 0.25, 0.5, 0.75, 0.9, 0.99, 1.0)
LINES = (5_842.0, 11_684.0, 30_050.0)


def asked(median):
    """Every measure that the tables of a run report, with its parameters; `median` may be bounded."""
    yield from ((measure, {}) for measure in (measures.mean, measures.median, measures.gini, measures.theil))
    yield from ((measure, {}) for measure in (measures.mld, measures.cv))
    for name in [
        "absolute_gini",
        "bonferroni",
        "chen_tsaur_rhai_gini",
        "de_vergottini",
        "hoover",
        "j_divergence",
        "raffinetti_gini",
        "zenga",
        "arpr",
        "arpt",
        "foster_wolfson",
        "palma",
        "wolfson",
    ]:
        yield getattr(measures, name), {}
    yield measures.s_gini, {"nu": 3.0}
    yield measures.kolm, {"kappa": 2e-4}
    yield measures.equally_distributed_equivalent, {"epsilon": 0.5}
    yield from ((measures.ge, {"alpha": alpha}) for alpha in (-1.0, 0.5, 2.0))
    yield from ((measures.atkinson, {"epsilon": epsilon}) for epsilon in (0.5, 1.0, 2.0))
    for line in (LINES[1], median * 0.5):
        yield measures.sst, {"line": line}
        yield measures.watts, {"line": line}
        yield measures.chakravarty, {"line": line, "order": 0.5}
        yield measures.chu, {"line": line, "order": 0.5}
    yield measures.quantile_ratio, {"upper": 0.9, "lower": 0.1}
    yield measures.share_ratio, {"top": 0.2, "bottom": 0.2}
    yield measures.share_around_median, {"lower": 0.75, "upper": 2.0}
    yield measures.share_between, {"lower": 33_333.3, "upper": 166_666.7}
    yield measures.share_between, {"lower": median * 0.75, "upper": median * 2.0}
    for order in (0, 1, 2):
        yield from ((measures.fgt, {"line": line, "order": order}) for line in LINES)
        yield from ((measures.fgt, {"line": median * share, "order": order}) for share in (0.4, 0.5, 0.6))
    for p in RANKS:
        yield measures.quantile, {"p": p}
        yield measures.share, {"lower": 0.0, "upper": p}
        yield measures.share, {"lower": p, "upper": 1.0}
    for lower in (0.0, 0.01, 0.5, 0.8, 0.99):
        yield measures.mean_between_ranks, {"lower": lower, "upper": lower + 0.01}
        yield measures.share, {"lower": lower, "upper": lower + 0.01}


def attempt(compute):
    try:
        return compute()
    except measures.UndefinedMeasure:
        return None


def compare(income, weight, people):
    """Yield measure, exact and bounded value of everything asked, where it has a meaning."""
    single = measures.rank(settle(income), weight)
    median = measures.median(single)
    questions = zip(asked(median), asked(measures.bounded(measures.median, people)), strict=True)
    for (measure, known), (_, parameters) in questions:
        exact = attempt(lambda m=measure, a=known: m(single, **a))
        found = attempt(lambda m=measure, a=parameters: measures.bounded(m, people, **a))
        yield measure, exact, found


def assert_holds(exact, found, scale):
    slack = 1e-9 * max(abs(exact), scale)
    assert all(np.isfinite([found.value, found.low, found.high]))
    assert found.low <= found.value <= found.high
    assert found.low - slack <= exact <= found.high + slack
    assert abs(found.value - exact) <= found.bound + slack


def scale_of(measure, income):
    """What rounding is relative to: for incomes the largest of them."""
    in_yuan = (
        measures.mean, measures.median, measures.quantile, measures.mean_between_ranks, measures.absolute_gini,
        measures.arpt, measures.equally_distributed_equivalent, measures.kolm,
    )  # fmt: skip
    return np.abs(income).max() if measure in in_yuan else 1.0


@pytest.mark.parametrize("fineness", [3, FINENESS])
@pytest.mark.parametrize("name", SAMPLES)
def test_no_measure_is_further_off_than_its_bounds(name, fineness):
    income, weight = map(np.array, SAMPLES[name])
    met = 0
    for measure, exact, found in compare(income, weight, put_into_bins(income, weight, fineness)):
        if exact is None:
            assert found is None, measure
        else:
            met += 1
            assert_holds(exact, found, scale_of(measure, income))
    assert met > 20


@pytest.mark.parametrize(
    ("name", "measure", "parameters", "largest"),
    [
        ("lognormal", measures.gini, {}, 1e-5),
        ("lognormal, weighted", measures.gini, {}, 1e-5),
        ("pareto", measures.gini, {}, 1e-5),
        ("uniform", measures.gini, {}, 1e-4),
        ("with losses", measures.gini, {}, 1e-4),
        ("lognormal", measures.theil, {}, 1e-4),
        ("lognormal", measures.mld, {}, 1e-4),
        ("lognormal", measures.share_ratio, {"top": 0.2, "bottom": 0.2}, 1e-2),
        ("lognormal", measures.share, {"lower": 0.0, "upper": 0.35}, 1e-4),
        ("lognormal", measures.mean, {}, 0.0),
        ("lognormal", measures.median, {}, 0.016 * 30_000),
        ("lognormal", measures.fgt, {"line": LINES[0], "order": 1}, 1e-4),
        ("lognormal", measures.mean_between_ranks, {"lower": 0.5, "upper": 0.51}, 0.004 * 30_000),
        ("one millionaire among a million", measures.gini, {}, 1e-3),
    ],
)
def test_bounds_are_narrow(name, measure, parameters, largest):
    people = put_into_bins(*map(np.array, SAMPLES[name]), FINENESS)
    assert measures.bounded(measure, people, **parameters).bound <= largest


def test_bounds_are_reached_by_incomes_in_the_same_bins():
    """So they cannot be narrower: everybody at the mean of the bin, or everybody at its ends."""
    people = put_into_bins(*map(np.array, SAMPLES["lognormal"]), FINENESS)
    for extreme, end in ((people.equal, "low"), (people.spread, "high")):
        again = put_into_bins(extreme.income, extreme.weight, FINENESS)
        np.testing.assert_allclose(again.money, people.money)
        for measure in (measures.gini, measures.theil, measures.mld):
            bound = getattr(measures.bounded(measure, people), end)
            assert measure(extreme.income, extreme.weight) == pytest.approx(bound, rel=1e-12)


def test_estimates_are_much_better_than_their_bounds_for_smooth_incomes():
    people = put_into_bins(LOGNORMAL, np.ones(len(P)), FINENESS)
    for measure in (measures.gini, measures.theil, measures.mld, measures.median):
        found = measures.bounded(measure, people)
        assert abs(found.value - measure(LOGNORMAL)) < 0.1 * found.bound


def test_finer_bins_narrow_the_bounds():
    bounds = [
        measures.bounded(measures.gini, put_into_bins(LOGNORMAL, np.ones(len(P)), fineness)).bound
        for fineness in (3, 4, 5, 6)
    ]
    assert all(fine < coarse / 3 for coarse, fine in itertools.pairwise(bounds))


def test_quantiles_at_the_border_of_bins():
    """Where a bin ends exactly at p, the quantile is the middle between its last and the next one's first income."""
    income, weight = np.array([1_000.0, 1_001.0, 3_000.0, 3_003.0]), np.ones(4)
    people = put_into_bins(income, weight, FINENESS)
    assert len(people.low) == 2
    found = measures.bounded(measures.median, people)
    assert found.low == pytest.approx(0.5 * (people.low[0] + people.low[1]))
    assert found.high == pytest.approx(0.5 * (people.high[0] + people.high[1]))
    assert found.low <= measures.median(income) == 2_000.5 <= found.high
    for p in (0.5 - 1e-9, 0.5 + 1e-9):
        found = measures.bounded(measures.quantile, people, p=p)
        assert found.low <= measures.quantile(income, p=p) <= found.high
        assert found.high - found.low < 60  # one bin, not the gap between two


def test_single_incomes_are_exact():
    income, weight = [1.0, 2.0, 7.0, 90.0], [3.0, 1.0, 1.0, 2.0]
    single = measures.rank(income, weight)
    for measure, exact, found in compare(income, weight, single):
        assert found.low == found.value == found.high == pytest.approx(exact, rel=1e-12, abs=1e-15), measure
    assert measures.bounded(measures.gini, income, weight=weight).value == measures.gini(income, weight)


def test_a_bounded_line_bounds_the_poverty_of_single_incomes():
    found = measures.bounded(measures.fgt, [1.0, 2.0, 7.0], line=measures.Bounded(3.0, 1.5, 8.0), order=0)
    assert (found.value, found.low, found.high) == pytest.approx((2 / 3, 1 / 3, 1.0))


@pytest.mark.parametrize("order", [1, 2])
def test_gaps_of_losses_shrink_when_the_line_rises(order):
    """Gaps are measured in lines: that of -1 is 2 for a line of 1, 1.5 for a line of 2."""
    line = measures.Bounded(1.5, 1.0, 2.0)
    for income in ([-1.0, 9.0], [-50.0, 1.2, 60.0]):
        found = measures.bounded(measures.fgt, income, line=line, order=order)
        for z in np.linspace(line.low, line.high, 11):
            assert found.low <= measures.fgt(income, line=z, order=order) * (1 + 1e-12)
            assert measures.fgt(income, line=z, order=order) <= found.high * (1 + 1e-12)


def test_incomes_from_0_up_leave_the_mean_log_deviation_unbounded():
    people = measures.binned([0.0, 100.0], [99.0, 200.0], [1.0, 1.0], [50.0, 150.0])
    with pytest.raises(measures.UndefinedMeasure, match="incomes above 0"):
        measures.bounded(measures.mld, people)
    theil = measures.bounded(measures.theil, people)
    assert theil.low <= measures.theil([50.0, 150.0]) <= theil.high
    assert theil.high == pytest.approx(measures.theil(people.spread))


def test_ratios_to_what_may_be_nothing_are_refused():
    people = measures.binned([0.0, 100.0], [99.0, 200.0], [1.0, 1.0], [50.0, 150.0])
    with pytest.raises(measures.UndefinedMeasure, match="may be as low as 0"):
        measures.bounded(measures.quantile_ratio, people, upper=0.9, lower=0.1)
    with pytest.raises(measures.UndefinedMeasure, match="a ratio needs"):
        measures.bounded(measures.share_ratio, people, top=0.2, bottom=0.2)


@pytest.mark.parametrize(
    ("low", "high", "weight", "money", "words"),
    [
        ([], [], [], [], "at least one bin"),
        ([1.0], [2.0], [0.0], [1.0], "somebody in every bin"),
        ([1.0], [np.inf], [1.0], [1.0], "finite"),
        ([np.nan], [2.0], [1.0], [1.0], "finite"),
        ([1.0], [2.0], [1.0], [np.nan], "finite"),
        ([2.0], [1.0], [1.0], [1.0], "rise"),
        ([1.0, 2.0], [2.0, 3.0], [1.0, 1.0], [1.5, 2.5], "overlap"),
        ([-1.0], [2.0], [1.0], [1.0], "across 0"),
        ([1.0], [2.0], [1.0, 1.0], [1.0], "one entry for each bin"),
    ],
)
def test_bins_that_cannot_be(low, high, weight, money, words):
    with pytest.raises(measures.UndefinedMeasure, match=words):
        measures.binned(low, high, weight, money)


def test_measures_without_a_rule_are_refused_by_name():
    with pytest.raises(TypeError, match=r"no bounds are known for lorenz; they are for .*gini"):
        measures.bounded(measures.lorenz, [1.0, 2.0])
    with pytest.raises(TypeError, match="leave `weight` out"):
        measures.bounded(measures.gini, measures.rank([1.0, 2.0]), weight=[1.0, 1.0])


@numba.njit
def bins_of(income, fineness):
    found = np.empty(len(income), np.int64)
    for i in range(len(income)):
        found[i] = bin_of(income[i], fineness)
    return found


@pytest.mark.parametrize("fineness", [3, 6, 7])
def test_the_kernel_finds_the_bin_that_the_edges_say(fineness):
    low, high = bin_edges(fineness)
    inside = np.concatenate([low, high, 0.5 * (low + high), [0.0, -0.0, 0.0049, -0.0049, NOTHING, -NOTHING, 8.0, -8.0]])
    rng = np.random.default_rng(2)
    inside = np.concatenate([inside, np.exp(rng.uniform(-6, 18, 5_000)) * rng.choice([-1.0, 1.0], 5_000)])
    np.testing.assert_array_equal(bins_of(inside, fineness), find_bins(inside, fineness))
    assert low[zero_bin(fineness)] == high[zero_bin(fineness)] == 0.0
    assert (bins_of(np.array([1e9, -1e9]), fineness) == [len(low) - 1, 0]).all()
    assert (bins_of(np.array([np.inf, -np.inf, np.nan]), fineness) == [len(low) - 1, 0, 0]).all()  # all are refused


DIVIDING = {
    "two in one bin, one alone": [5_000.0, 5_003.0, 9_000.0],
    "at edges of bins": [4_096.0, 8_192.0],
    "the same twice": [5_000.0, 5_000.0],
    "next to nothing": [0.004, NOTHING, 7.0],
    "beyond all incomes": [6_000.0, 2.0**27, 3e8],
    "none": [],
}


@pytest.mark.parametrize("fineness", [FINENESS, 10])
@pytest.mark.parametrize("name", DIVIDING)
def test_bins_divided_at_lines_make_shares_below_them_exact(name, fineness):
    """Those below a line are counted in the coarser bins, whichever bins are divided."""
    rng = np.random.default_rng(4)
    lines = np.array(DIVIDING[name])
    income = np.concatenate(
        [rng.uniform(4_900, 5_100, 300), rng.lognormal(9, 1, 300), [0.0] * 9, -rng.lognormal(5, 1, 9)]
    )
    income = np.round(income, 2)
    weight = rng.integers(1, 9, len(income)).astype(float)
    bins, of_line = find_bins(income, FINENESS), bins_of(lines, FINENESS)
    units = np.array([1 / WEIGHT_UNIT, 1 / MONEY_UNIT])
    stratum, factor = rng.integers(0, 3, len(income)), np.array([0.7, 1.0, 1.3])
    by_stratum = []
    for in_it in (stratum == k for k in range(3)):
        w = weight * in_it
        below = [
            [(v * (income < z) * (bins == b)).sum() for v in (w, w * income)]
            for z, b in zip(lines, of_line, strict=True)
        ]
        by_stratum.append(
            np.rint(np.reshape(sums, (-1, 2)) * units).astype(np.int64)
            for sums in (count(income, w, FINENESS), below, count(income, w, fineness))
        )
    coarse, inside, counts = map(np.stack, zip(*by_stratum, strict=True))
    people = divide_bins(counts, below_lines(coarse, inside, lines, FINENESS), lines, fineness, factor)
    weight = weight * factor[stratum]
    assert people.weight.sum() == pytest.approx(weight.sum(), rel=1e-14)
    for z in lines[lines >= NOTHING]:
        for order in (0, 1):
            found = measures.bounded(measures.fgt, people, line=z, order=order)
            assert found.bound == 0.0
            assert found.value == pytest.approx(measures.fgt(income, weight, line=z, order=order), rel=1e-9)
    found = measures.bounded(measures.gini, people)
    assert found.low <= measures.gini(income, weight) <= found.high


@pytest.mark.parametrize("name", SAMPLES)
def test_curves_are_what_is_said_of_single_ranks_to_the_bit(name):
    ranks = np.linspace(0.0, 1.0, 101)
    people = put_into_bins(*SAMPLES[name], FINENESS)
    after = put_into_bins(np.asarray(SAMPLES[name][0]) * 1.07 + 900.0, SAMPLES[name][1], FINENESS)
    for rank, *point in _points_of(lambda: measures.bounded_lorenz(people, ranks), ranks):
        single = measures.bounded(measures.share, people, lower=0.0, upper=rank)
        assert point == [single.value, single.low, single.high]
    known, growth = measures.bounded_growth(people, after, ranks)
    points = iter(zip(growth.value, growth.low, growth.high, growth.bound, strict=True))
    for lower, upper, there in zip(ranks[:-1], ranks[1:], known, strict=True):
        new, old = (
            measures.bounded(measures.mean_between_ranks, side, lower=lower, upper=upper) for side in (after, people)
        )
        assert there == (old.low > 0.0)
        if there:
            single = new / old - measures.exactly(1.0)
            assert next(points) == (single.value, single.low, single.high, single.bound)


def _points_of(curve, ranks):
    """Rank, value, lowest and highest; nothing where the curve has no meaning."""
    try:
        found = curve()
    except measures.UndefinedMeasure:
        return []
    return zip(ranks, found.value, found.low, found.high, strict=True)
