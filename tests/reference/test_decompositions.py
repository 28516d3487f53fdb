"""Inequality and poverty by group, by source, and over time, against sums over pairs and definitions."""

from functools import partial
from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from incomesim import measures


@pytest.fixture(scope="module")
def people():
    rng = np.random.default_rng(8)
    group = rng.choice(["east", "north", "west"], 240, p=[0.5, 0.3, 0.2])
    income = rng.lognormal(9, 0.7, 240).round(-2) * np.select([group == "east", group == "north"], [1.6, 0.8], 1.0)
    return income, group, rng.integers(0, 5, 240).astype(float)


def generalised_entropy(income, weight, alpha):
    x = income / np.average(income, weights=weight)
    if alpha == 0:
        return np.average(-np.log(x), weights=weight)
    if alpha == 1:
        return np.average(x * np.log(x), weights=weight)
    return (np.average(x**alpha, weights=weight) - 1) / (alpha * (alpha - 1))


@pytest.mark.parametrize("alpha", [-1.0, 0.0, 0.5, 1.0, 2.0])
def test_entropy_by_group_is_that_of_parts_and_of_means(people, alpha):
    income, group, weight = people
    split = measures.decompose_ge(income, group, weight, alpha=alpha)
    assert split.labels == ("east", "north", "west")
    assert split.total == pytest.approx(generalised_entropy(income, weight, alpha), abs=1e-12)
    smoothed = np.array([split.means[split.labels.index(label)] for label in group])
    assert split.between == pytest.approx(generalised_entropy(smoothed, weight, alpha), abs=1e-12)
    for label, people_share, money, within in zip(
        split.labels, split.people, split.money, split.within_of, strict=True
    ):
        here = group == label
        own = generalised_entropy(income[here], weight[here], alpha)
        assert within == pytest.approx(people_share ** (1 - alpha) * money**alpha * own, abs=1e-12)
    assert split.people.sum() == pytest.approx(1.0)
    assert split.money.sum() == pytest.approx(1.0)
    # most between: the groups as if people were sorted into them, by the order of their means
    order = np.argsort(income, kind="stable")
    cuts = np.cumsum(split.people[np.argsort(split.means)])
    rank = np.cumsum(weight[order]) / weight.sum()
    sorted_into = np.searchsorted(cuts, rank - 1e-9)
    means = [np.average(income[order][sorted_into == k], weights=weight[order][sorted_into == k]) for k in range(3)]
    by_hand = generalised_entropy(np.array(means)[sorted_into], weight[order], alpha)
    most = measures.largest_between(income, group, weight, alpha=alpha)
    assert most == pytest.approx(by_hand, rel=0.02)  # by hand nobody is divided
    assert split.between <= most <= split.total


def test_labels_of_any_kind(people):
    income, group, weight = people
    expected = measures.decompose_ge(income, group, weight, alpha=0.0)
    kinds = pd.Categorical(group, categories=["west", "nobody", "east", "north"])
    split = measures.decompose_ge(pd.Series(income), pd.Series(kinds), weight, alpha=0.0)
    assert split.labels == ("west", "east", "north")
    assert split.total == pytest.approx(expected.total, abs=1e-14)
    codes = pd.factorize(group, sort=True)[0]
    assert measures.decompose_ge(measures.rank(income, weight), codes, alpha=0.0).labels == (0, 1, 2)
    with pytest.raises(measures.UndefinedMeasure, match="1 people have no label"):
        measures.decompose_ge([1.0, 2.0], ["a", None], alpha=0.0)
    with pytest.raises(measures.UndefinedMeasure, match="3 labels of groups for 2 incomes"):
        measures.decompose_ge([1.0, 2.0], ["a", "b", "c"], alpha=0.0)


def test_a_group_that_has_nothing():
    split = measures.decompose_ge([0.0, 0.0, 1.0, 3.0], ["a", "a", "b", "b"], alpha=1.0)
    assert split.total == pytest.approx(measures.theil([0.0, 0.0, 1.0, 3.0]), abs=1e-14)
    assert split.within_of[0] == 0.0
    with pytest.raises(measures.UndefinedMeasure, match="above 0"):
        measures.decompose_ge([0.0, 0.0, 1.0, 3.0], ["a", "a", "b", "b"], alpha=0.0)


def mean_difference(one, one_weight, other, other_weight):
    return np.average(np.abs(one[:, None] - other[None, :]), weights=np.outer(one_weight, other_weight))


def test_gini_by_group_over_pairs(people):
    """Dagum (1997): D = (d - p) / (d + p), d and p means over the pairs in which one or the other has more."""
    income, group, weight = people
    split = measures.decompose_gini(income, group, weight)
    assert split.within + split.between + split.overlap == pytest.approx(measures.gini(income, weight), abs=1e-12)
    mean = np.average(income, weights=weight)
    for i, one in enumerate(split.labels):
        for j, other in enumerate(split.labels):
            a, b = (income[group == label] for label in (one, other))
            v, w = (weight[group == label] for label in (one, other))
            gross = split.people[i] * split.people[j] * mean_difference(a, v, b, w) / (2 * mean)
            if i == j:
                assert split.within_of[i] == pytest.approx(gross, abs=1e-12)
                continue
            assert split.between_pairs[i, j] + split.overlap_pairs[i, j] == pytest.approx(gross, abs=1e-12)
            more = np.average(np.maximum(a[:, None] - b[None, :], 0), weights=np.outer(v, w))
            less = np.average(np.maximum(b[None, :] - a[:, None], 0), weights=np.outer(v, w))
            assert split.distances[i, j] == pytest.approx(abs(more - less) / (more + less), abs=1e-12)
    assert split.between == pytest.approx(measures.gini(split.means, split.people), abs=1e-12)
    apart = measures.decompose_gini([1, 2, 10, 20], ["a", "a", "b", "b"])
    assert apart.overlap == pytest.approx(0.0, abs=1e-15)


def test_gini_by_strata(people):
    """Yitzhaki & Lerman (1991): G = sum s O G + between, O = cov(y, rank among all) / cov(y, rank inside)."""
    income, group, weight = people
    split = measures.stratify_gini(income, group, weight)
    assert split.within + split.between == pytest.approx(measures.gini(income, weight), abs=1e-12)
    heavier = np.array([(weight * ((income < y) + 0.5 * (income == y))).sum() for y in income]) / weight.sum()
    for label, overlapping, money, within in zip(
        split.labels, split.overlapping, split.money, split.within_of, strict=True
    ):
        here = (group == label) & (weight > 0)
        y, w = income[here], weight[here]
        inside = np.array([(w * ((y < v) + 0.5 * (y == v))).sum() for v in y]) / w.sum()
        expected = np.cov(y, heavier[here], aweights=w)[0, 1] / np.cov(y, inside, aweights=w)[0, 1]
        assert overlapping == pytest.approx(expected, rel=1e-10)
        assert within == pytest.approx(money * overlapping * measures.gini(y, w), abs=1e-12)
    # strata that do not overlap: between is the Gini of means, overlapping the share of people
    apart = measures.stratify_gini([1, 2, 10, 20, 30], ["a", "a", "b", "b", "b"])
    np.testing.assert_allclose(apart.overlapping, apart.people)
    assert apart.between == pytest.approx(measures.gini(apart.means, apart.people))
    with pytest.raises(measures.UndefinedMeasure, match="everybody in a has the same income"):
        _ = measures.stratify_gini([1, 1, 2, 3], ["a", "a", "b", "b"]).overlapping


@pytest.mark.parametrize("order", [0, 1, 2])
def test_poverty_by_group_adds_up(people, order):
    income, group, weight = people
    split = measures.decompose_fgt(income, group, weight, line=6_000, order=order)
    assert split.total == pytest.approx(measures.fgt(income, weight, line=6_000, order=order), abs=1e-14)
    assert split.share_of.sum() == pytest.approx(1.0)
    west = group == "west"
    assert split.fgt_of[2] == pytest.approx(measures.fgt(income[west], weight[west], line=6_000, order=order))
    with pytest.raises(measures.UndefinedMeasure, match="nobody is poor"):
        _ = measures.decompose_fgt(income, group, weight, line=1, order=order).share_of


@pytest.fixture(scope="module")
def sources():
    rng = np.random.default_rng(4)
    wage = rng.lognormal(9, 0.6, 200).round(-2)
    transfer = np.maximum(6_000 - wage, 0) * 0.5
    return pd.DataFrame(
        {"wage": wage, "property": rng.exponential(900, 200).round(), "transfer": transfer, "tax": -0.1 * wage}
    )


def test_gini_by_source(sources):
    """Lerman & Yitzhaki (1985), against ranks; elasticities against a finite change."""
    weight = np.random.default_rng(2).integers(1, 4, len(sources)).astype(float)
    split = measures.decompose_gini_by_source(sources, weight)
    income = sources.sum(axis=1).to_numpy()
    assert split.sources == ("wage", "property", "transfer", "tax")
    assert split.total == pytest.approx(measures.gini(income, weight), abs=1e-12)
    assert split.share_of.sum() == pytest.approx(1.0)
    np.testing.assert_allclose(split.share_of * split.gini_of * split.correlation_of, split.part_of, atol=1e-15)
    assert split.gini_of[0] == pytest.approx(measures.gini(sources["wage"], weight), abs=1e-12)
    assert split.correlation_of[2] < 0 < split.correlation_of[1] <= 1
    assert split.part_of[1] == pytest.approx(
        split.share_of[1] * measures.concentration(sources["property"], income, weight), abs=1e-12
    )
    for name, elasticity in zip(split.sources, split.elasticity_of, strict=True):
        more = [measures.gini(income + step * sources[name].to_numpy(), weight) for step in (1e-6, -1e-6)]
        assert elasticity == pytest.approx((more[0] - more[1]) / 2e-6 / split.total, abs=1e-4)
    assert split.elasticity_of.sum() == pytest.approx(0.0, abs=1e-12)
    with pytest.raises(measures.UndefinedMeasure, match="source gift is the same for all"):
        _ = measures.decompose_gini_by_source({"wage": [1, 2], "gift": [1, 1]}).correlation_of
    with pytest.raises(measures.UndefinedMeasure, match="source none has a mean of 0"):
        _ = measures.decompose_gini_by_source({"wage": [1, 2], "none": [0, 0]}).gini_of


def test_variation_by_source(sources):
    """Shorrocks (1982): shares cov(source, income) / var(income)."""
    split = measures.decompose_variation_by_source(sources)
    income = sources.sum(axis=1)
    assert split.total == pytest.approx(measures.cv(income) ** 2, rel=1e-12)
    np.testing.assert_allclose(
        split.share_of, [sources[name].cov(income) / income.var() for name in sources], rtol=1e-10
    )
    assert split.share_of.sum() == pytest.approx(1.0)


@pytest.mark.parametrize("absent", list(measures.Absent))
def test_shapley_by_source_is_the_mean_over_all_orders(sources, absent):
    """The definition: what a source adds when it comes in, averaged over the 24 orders of coming in."""
    sources = sources.assign(tax=sources["transfer"].to_numpy()[::-1])
    found = measures.shapley_by_source(measures.gini, sources, absent=absent)
    table = sources.to_numpy().T
    means = table.mean(axis=1) if absent is measures.Absent.EQUALISED else np.zeros(4)

    def value(present):
        if not present:
            return 0.0
        return measures.gini(sum(table[k] if k in present else np.full(table.shape[1], means[k]) for k in range(4)))

    expected = np.zeros(4)
    for order in permutations(range(4)):
        for place, player in enumerate(order):
            expected[player] += (value(order[: place + 1]) - value(order[:place])) / 24
    np.testing.assert_allclose(found.part_of, expected, atol=1e-12)
    assert found.part_of.sum() == pytest.approx(measures.gini(sources.sum(axis=1)), abs=1e-12)


def test_shapley_of_poverty_starts_from_what_is_without_sources():
    poverty = partial(measures.fgt, line=10.0, order=1)
    found = measures.shapley_by_source(poverty, {"a": [2, 8], "b": [4, 4]}, absent=measures.Absent.ZERO)
    assert (found.without, found.total) == (1.0, pytest.approx(0.2))
    assert found.part_of.sum() == pytest.approx(-0.8)
    with pytest.raises(measures.UndefinedMeasure, match="17 players, expected 1 to 16"):
        measures.shapley(lambda present: 0.0, 17)


def test_growth_and_redistribution_of_lognormals():
    """A lognormal by its mean and sigma in closed form: headcount Phi((log z - log mean + sigma^2 / 2) / sigma)."""
    p = (np.arange(200_000) + 0.5) / 200_000
    (old_mean, old_sigma), (new_mean, new_sigma), line = (2.0, 0.8), (2.6, 0.9), 1.0

    def incomes(mean, sigma):
        return measures.rank(mean * np.exp(sigma * norm.ppf(p) - sigma**2 / 2))

    def head(mean, sigma):
        return norm.cdf((np.log(line / mean) + sigma**2 / 2) / sigma)

    poverty = partial(measures.fgt, line=line, order=0)
    old, new = incomes(old_mean, old_sigma), incomes(new_mean, new_sigma)
    first = measures.datt_ravallion(poverty, old, new, reference=measures.Reference.FIRST)
    growth = head(new_mean, old_sigma) - head(old_mean, old_sigma)
    spread = head(old_mean, new_sigma) - head(old_mean, old_sigma)
    assert first.growth == pytest.approx(growth, abs=2e-4)
    assert first.redistribution == pytest.approx(spread, abs=2e-4)
    change = head(new_mean, new_sigma) - head(old_mean, old_sigma)
    assert first.change == pytest.approx(change, abs=2e-4)
    last = measures.datt_ravallion(poverty, old, new, reference=measures.Reference.LAST)
    assert last.residual == pytest.approx(-first.residual, abs=1e-12)  # as in Datt & Ravallion (1992)
    assert last.growth == pytest.approx(head(new_mean, new_sigma) - head(old_mean, new_sigma), abs=2e-4)
    middle = measures.shapley_growth_redistribution(poverty, old, new)
    assert middle.growth == pytest.approx((first.growth + last.growth) / 2, abs=1e-12)
    assert middle.redistribution == pytest.approx((first.redistribution + last.redistribution) / 2, abs=1e-12)
    assert middle.change == pytest.approx(first.change, abs=1e-12)


def test_change_of_mean_log_deviation(people):
    """Mookherjee & Shorrocks (1982): each term alone where nothing else changes."""
    income, group, weight = people
    before = measures.rank(income, weight)
    east = group == "east"
    richer = measures.decompose_mld_change(
        before, group, measures.rank(np.where(east, 1.1, 1.0) * income, weight), group
    )
    assert (richer.inside, richer.sizes_inside, richer.sizes_between) == pytest.approx((0, 0, 0), abs=1e-12)
    assert richer.incomes == pytest.approx(richer.change, rel=0.02)
    moved = measures.decompose_mld_change(
        before, group, measures.rank(income, np.where(east, 1.2, 1.0) * weight), group
    )
    assert (moved.inside, moved.incomes) == pytest.approx((0, 0), abs=1e-12)
    both = measures.rank(income**1.1, np.where(east, 1.1, 1.0) * weight)
    change = measures.decompose_mld_change(before, group, both, group)
    assert change.change == pytest.approx(measures.mld(both) - measures.mld(before), abs=1e-12)
    assert abs(change.residual) < 0.02 * abs(change.change)
    sizes, mlds = [], []
    for income_then, weight_then in ((income, weight), (income**1.1, np.where(east, 1.1, 1.0) * weight)):
        parts = [group == label for label in ("east", "north", "west")]
        sizes.append(np.array([weight_then[part].sum() for part in parts]) / weight_then.sum())
        mlds.append(np.array([measures.mld(income_then[part], weight_then[part]) for part in parts]))
    assert change.inside == pytest.approx((sizes[0] + sizes[1]) / 2 @ (mlds[1] - mlds[0]), abs=1e-12)
    assert change.sizes_inside == pytest.approx((mlds[0] + mlds[1]) / 2 @ (sizes[1] - sizes[0]), abs=1e-12)
    with pytest.raises(measures.UndefinedMeasure, match="expected the same"):
        measures.decompose_mld_change(before, group, before, np.where(east, "south", group))
