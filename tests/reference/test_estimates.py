"""Standard errors and intervals against closed forms, a slow twin of the design, and the identities they must keep."""

import re
from functools import partial

import numpy as np
import pytest
from scipy.stats import beta, t

from incomesim import measures
from incomesim.measures import BadDesign, Design, Scale, SingleCluster, estimate, estimate_difference, estimate_ratio
from incomesim.measures.inference.design import variance_of_total
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def sample():
    """Rows in clusters of 3 in strata of 5, with weights."""
    rng = np.random.default_rng(8)
    income = rng.lognormal(0.0, 0.7, 120) * np.repeat(rng.lognormal(0.0, 0.4, 40), 3)
    return income, rng.uniform(0.5, 2.0, 120), np.repeat(np.arange(8), 15), np.repeat(np.arange(40), 3)


def test_the_mean_of_a_simple_sample():
    income = np.random.default_rng(1).lognormal(0.0, 0.8, 50)
    found = estimate(measures.mean, income)
    error = income.std(ddof=1) / np.sqrt(50)
    assert found.standard_error == pytest.approx(error, rel=1e-12)
    reach = t.ppf(0.975, 49) * error
    assert (found.low, found.high) == pytest.approx((income.mean() - reach, income.mean() + reach))
    assert found.degrees_of_freedom == 49
    assert found.scale is Scale.PLAIN
    share = estimate(measures.share_between, income, lower=0.0, upper=1.0)
    p = np.mean(income < 1.0)
    assert share.standard_error == pytest.approx(np.sqrt(p * (1 - p) / 49), rel=1e-12)


@pytest.mark.parametrize(
    "measure", [measures.gini, measures.theil, measures.mld, measures.cv], ids=lambda m: m.__name__
)
def test_large_samples_have_the_error_of_theory(measure):
    """Exponential incomes: variances of sqrt(n) times the estimate, from the moments of the influence functions."""
    income = -np.log1p(-(np.arange(200_000) + 0.5) / 200_000)
    # Gini: E[(2 x F - 2 L' - ...)^2] = 1/12 (Gastwirth 1972); T: pi^2/3 - 3; MLD: pi^2/6 - 1; CV: mu_4 = 9 and so on: 1
    expected = {
        measures.gini: 1 / 12,
        measures.theil: np.pi**2 / 3 - 3,
        measures.mld: np.pi**2 / 6 - 1,
        measures.cv: 1.0,
    }
    found = estimate(measure, income).standard_error * np.sqrt(len(income))
    assert found == pytest.approx(np.sqrt(expected[measure]), rel=2e-2)


def slow_variance(values, stratum, cluster, share):
    total = 0.0
    for h in np.unique(stratum):
        inside = [values[(stratum == h) & (cluster == c)].sum() for c in np.unique(cluster[stratum == h])]
        total += (1 - share) * len(inside) * np.var(inside, ddof=1)
    return total


@pytest.mark.parametrize("share", [None, 0.3])
def test_strata_and_clusters_as_in_the_books(sample, share):
    income, weight, stratum, cluster = sample
    design = Design(stratum.astype(str), cluster % 5, None if share is None else np.full(120, share))
    found = estimate(measures.gini, income, weight, design=design)
    values = weight * measures.influence(measures.gini, income, weight)
    expected = slow_variance(values, stratum, cluster, share or 0.0)
    assert found.standard_error == pytest.approx(np.sqrt(expected), rel=1e-12)
    assert found.degrees_of_freedom == 40 - 8


@pytest.mark.parametrize(("share", "error"), [(None, 0.7412683), ([5 / 15] * 5 + [3 / 12] * 3, 0.6160407)])
def test_the_example_of_stata_and_of_survey(share, error):
    """`svy: mean x` of fpc.dta (Stata Survey Data Reference Manual, svyset; data set `fpc` of survey for R)."""
    x, stratum, weight = [2.8, 4.1, 6.8, 6.8, 9.2, 3.7, 6.6, 4.2], [1] * 5 + [2] * 3, [3] * 5 + [4] * 3
    found = estimate(measures.mean, x, weight, design=Design(stratum, fpc=share))
    assert found.value == pytest.approx(5.448148, abs=5e-7)
    assert found.standard_error == pytest.approx(error, abs=5e-8)
    assert found.degrees_of_freedom == 6


def test_the_total_of_a_systematic_sample():
    """Lehtonen & Pahkinen, Practical Methods for Design and Analysis of Complex Surveys, table 2.6; svy: total of Stata."""
    unemployed = np.array([4123, 721, 194, 129, 239, 61, 262, 166])
    variance = variance_of_total(4.0 * unemployed, Design([1, 1, 2, 2, 2, 2, 2, 2], fpc=[8 / 32] * 8))
    assert np.sqrt(variance) == pytest.approx(11801.49, abs=5e-3)


def test_rows_in_any_order_weights_of_any_scale(sample):
    income, weight, stratum, cluster = sample
    order = np.random.default_rng(4).permutation(120)
    found = estimate(measures.mld, income, weight, design=Design(stratum, cluster))
    other = estimate(measures.mld, income[order], 7 * weight[order], design=Design(stratum[order], cluster[order]))
    assert (found.value, found.standard_error) == pytest.approx((other.value, other.standard_error), rel=1e-12)


def test_persons_of_a_household_are_one_cluster():
    """Every household twice: with the household as cluster nothing changes, with persons alone it looks surer."""
    income = np.random.default_rng(2).lognormal(0.0, 0.8, 300)
    households = estimate(measures.gini, income)
    twice, home = np.repeat(income, 2), np.repeat(np.arange(300), 2)
    together = estimate(measures.gini, twice, design=Design(clusters=home))
    assert together.standard_error == pytest.approx(households.standard_error, rel=1e-12)
    assert together.degrees_of_freedom == households.degrees_of_freedom
    assert estimate(measures.gini, twice).standard_error < 0.75 * households.standard_error


def test_a_part_of_the_population_keeps_the_design(sample):
    """The mean of a part is a ratio of totals: its error has the clusters without anybody of the part too."""
    income, weight, stratum, cluster = sample
    where = (np.arange(120) % 7 < 2) & (cluster % 5 != 2)
    design = Design(stratum, cluster)
    found = estimate(measures.mean, income, weight, design=design, where=where)
    mean = np.average(income[where], weights=weight[where])
    residual = np.where(where, weight * (income - mean), 0.0) / weight[where].sum()
    assert found.value == pytest.approx(mean)
    assert found.standard_error == pytest.approx(np.sqrt(slow_variance(residual, stratum, cluster, 0.0)), rel=1e-12)
    assert found.degrees_of_freedom == len(np.unique(cluster[where])) - 8
    alone = Design(stratum[where], cluster[where])
    assert found.standard_error != estimate(measures.mean, income[where], weight[where], design=alone).standard_error


@pytest.mark.parametrize("single", [SingleCluster.CERTAINTY, SingleCluster.GRAND_MEAN])
def test_a_few_rows_of_a_large_sample(sample, single):
    """Groups of ranked people are summed up from their own rows: the same as with all others there at weight 0."""
    income, weight, stratum, cluster = sample
    design = Design(np.where(cluster == 3, 99, stratum), cluster, single=single)
    group = np.where(np.isin(np.arange(120), [0, 4, 7, 9, 20, 50]), 0, 1)
    for d in (design, Design()):
        for code, part in enumerate(measures.rank_groups(measures.rank(income, weight), group, number=2)):
            found = estimate(measures.gini, part, design=d)
            values = weight * (group == code) * measures.influence(measures.gini, part)
            assert found.standard_error == pytest.approx(np.sqrt(variance_of_total(values, d)), rel=1e-12)
            assert found == estimate(measures.gini, income, weight, where=group == code, design=d)


def test_the_difference_of_the_same_rows(sample):
    income, weight, stratum, cluster = sample
    design = Design(stratum, cluster)
    taxed = income - 0.3 * np.maximum(income - 1.0, 0.0)
    found = estimate_difference(measures.gini, income, taxed, weight, design=design)
    influence = measures.influence(measures.gini, taxed, weight) - measures.influence(measures.gini, income, weight)
    assert found.standard_error == pytest.approx(np.sqrt(slow_variance(weight * influence, stratum, cluster, 0.0)))
    before, after = (estimate(measures.gini, y, weight, design=design) for y in (income, taxed))
    assert found.value == pytest.approx(after.value - before.value)
    apart = measures.difference_of_independent(before, after)
    assert apart.standard_error == pytest.approx(np.hypot(before.standard_error, after.standard_error))
    assert apart.degrees_of_freedom <= 64
    assert found.standard_error < 0.6 * apart.standard_error
    nothing = estimate_difference(measures.gini, income, income, weight, design=design)
    assert (nothing.value, nothing.standard_error, nothing.low) == (0.0, 0.0, 0.0)


def test_samples_without_a_row_in_common_differ_as_independent_ones(sample):
    """One design for both, each row with weight 0 in the other, as in a rotating panel."""
    income, weight, *_ = sample
    first, half = np.arange(120) < 60, np.arange(120) // 60
    both = estimate_difference(
        measures.mld, income, income, weight * first, weight_after=weight * ~first, design=Design(half)
    )
    alone = [estimate(measures.mld, income[part], weight[part]) for part in (first, ~first)]
    assert both.standard_error == pytest.approx(measures.difference_of_independent(*alone).standard_error, rel=1e-12)
    assert both.degrees_of_freedom == 118


def test_ratio_of_town_to_country(sample):
    """The ratio of two means of one sample, by the formula of the ratio of ratios."""
    income, weight, stratum, cluster = sample
    town = cluster % 2 == 0
    found = estimate_ratio(
        measures.mean, income, income, weight * ~town, weight_after=weight * town, design=Design(stratum, cluster)
    )
    means = [np.average(income[part], weights=weight[part]) for part in (~town, town)]
    assert found.value == pytest.approx(means[1] / means[0])
    relative = weight * np.where(
        town,
        (income - means[1]) / means[1] / weight[town].sum(),
        -(income - means[0]) / means[0] / weight[~town].sum(),
    )
    expected = found.value * np.sqrt(slow_variance(relative, stratum, cluster, 0.0))
    assert found.standard_error == pytest.approx(expected)
    assert found.low * found.high == pytest.approx(found.value**2)
    assert found.scale is Scale.LOG


def test_intervals_stay_in_the_range():
    income = [1.0, 1.0, 1.0, 2.0, 2.0, 90.0]
    gini, theil = estimate(measures.gini, income), estimate(measures.theil, income)
    assert gini.scale is Scale.LOGIT
    assert 0.0 < gini.low < gini.value < gini.high < 1.0
    assert gini.value + 2.5 * gini.standard_error > 1.0  # the plain one would leave it
    assert theil.scale is Scale.LOG
    assert 0.0 < theil.low < theil.value < theil.high
    odds = [value / (1.0 - value) for value in (gini.low, gini.value, gini.high)]
    assert odds[1] ** 2 == pytest.approx(odds[0] * odds[2])
    assert estimate(measures.gini, [-1.0, 2.0, 3.0, 5.0]).scale is Scale.PLAIN  # it may be above 1
    many = np.random.default_rng(1).lognormal(0.0, 0.5, 20_000)
    for measure in (measures.gini, measures.mld, measures.mean):  # where errors are small all scales agree
        found = estimate(measure, many)
        assert found.high - found.low == pytest.approx(2.0 * 1.96 * found.standard_error, rel=1e-3)


def test_nobody_seen_is_not_nobody_there():
    """Of 100 people none is poor: exact limits of a share (Clopper & Pearson 1934)."""
    income = np.linspace(1.0, 2.0, 100)
    poor = estimate(measures.fgt, income, line=0.5, order=0)
    others = estimate(measures.share_between, income, lower=0.5, upper=3.0)
    assert poor.scale is others.scale is Scale.NONE_SEEN
    assert (poor.low, poor.high) == (0.0, pytest.approx(beta.ppf(0.975, 1, 100), rel=1e-12))
    assert (others.low, others.high) == (pytest.approx(beta.ppf(0.025, 100, 1), rel=1e-12), 1.0)
    for measure in (
        partial(measures.sen),
        partial(measures.chakravarty, order=0.5),
        partial(measures.affluence_gap, order=1),
    ):
        line = 5.0 if measure.func is measures.affluence_gap else 0.5
        assert estimate(measure, income, line=line).high == poor.high  # no larger than the share of people
    assert not np.signbit(measures.chu(income, line=0.5, order=0.5) + measures.chu(income, line=0.5, order=0))
    homes = estimate(measures.fgt, income, line=0.5, order=0, design=Design(clusters=np.arange(100) // 5))
    assert homes.high == pytest.approx(beta.ppf(0.975, 1, 20), rel=1e-12)


def test_a_stratum_with_one_cluster(sample):
    income, weight, stratum, cluster = sample
    lonely = np.where(cluster == 0, 99, stratum)
    with pytest.raises(BadDesign, match=r"1 of 9 strata have one cluster.*CERTAINTY"):
        estimate(measures.mean, income, weight, design=Design(lonely, cluster))
    certain, middle = (
        estimate(measures.mean, income, weight, design=Design(lonely, cluster, single=single)).standard_error
        for single in (SingleCluster.CERTAINTY, SingleCluster.GRAND_MEAN)
    )
    values = weight * measures.influence(measures.mean, income, weight)
    rest = cluster != 0
    assert certain**2 == pytest.approx(slow_variance(values[rest], lonely[rest], cluster[rest], 0.0))
    assert middle**2 - certain**2 == pytest.approx(values[~rest].sum() ** 2)  # influence sums to 0, so does the mean
    taken = Design(lonely, cluster, np.where(cluster == 0, 1.0, 1e-9))
    assert estimate(measures.mean, income, weight, design=taken).standard_error == pytest.approx(certain)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: estimate(measures.mean, [1.0]), BadDesign, "found 1 row"),
        (lambda: estimate(measures.mean, [1.0, 2.0], [1.0, 0.0]), BadDesign, "0 degrees of freedom"),
        (lambda: estimate(measures.mean, [1.0, 2.0], design=Design(clusters=[1, 2, 3])), BadDesign, "3 rows.*have 2"),
        (lambda: estimate(measures.mean, [1.0, 2.0], design=Design([1, 1], [1, 2, 3])), BadDesign, "shapes"),
        (lambda: estimate(measures.mean, [1.0, 2.0], design=Design(clusters=["a", None])), BadDesign, "1 rows have no"),
        (lambda: estimate(measures.mean, [1.0, 2.0], design=Design(fpc=[20, 20])), BadDesign, "found 20 to 20"),
        (lambda: estimate(measures.mean, [1.0, 2.0], design=Design(fpc=[0.1, 0.2])), BadDesign, "one share"),
        (lambda: estimate(measures.mean, [1.0, 2.0], level=95), BadDesign, "such as 0.95"),
        (lambda: estimate(measures.mean, [1.0, 2.0], lin=3), TypeError, "lin"),
        (lambda: estimate(measures.mean, [1.0, 2.0], where=[1, 0]), measures.UndefinedMeasure, "one bool"),
        (lambda: estimate_difference(measures.mean, [1.0], [1.0, 2.0]), measures.UndefinedMeasure, "as many"),
        (lambda: estimate_ratio(measures.mean, [-1.0, 0.5], [1.0, 2.0]), measures.UndefinedMeasure, "both above 0"),
    ],
)
def test_what_has_no_error_is_an_error(call, error, words):
    with pytest.raises(error, match=words):
        call()


def test_a_measure_with_its_parameters_fixed(sample):
    income, weight, *_ = sample
    poor = estimate(partial(measures.fgt, line=0.8, order=1), income, weight)
    assert poor == estimate(measures.fgt, income, weight, line=0.8, order=1)


def test_the_page_of_standard_errors_runs():
    page = (ROOT / "docs" / "standard_errors.md").read_text(encoding="utf-8")
    names: dict[str, object] = {}
    for block in re.findall(r"```python\n(.*?)```", page, re.DOTALL):
        exec(block, names)
    calls = re.findall(r"^\| [^|]*\| `((?:\w+_replicates|Design)\(.*?\))` \|", page, re.MULTILINE)
    assert len(calls) == 11
    public = {name for name in measures.__all__ if name.endswith("_replicates")}
    assert public == {call.split("(")[0] for call in calls if "replicates" in call}
