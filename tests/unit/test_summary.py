"""The tables of a run against the same figures worked out by hand from incomes and weights."""

import numpy as np
import pytest

from incomesim.plan import SCENARIOS


@pytest.fixture(scope="module")
def value(result):
    table = result.summary.set_index(["year", "scenario", "by", "subgroup", "measure"])["value"]
    assert not table.index.has_duplicates
    return table.to_dict()


def people(plan, output, s, t):
    return output.income[s, t], plan.rows.weight * plan.rows.persons * plan.residents[t], output.cell[s, t]


def weighted_quantile(y, w, p):
    order = np.argsort(y)
    return y[order][np.searchsorted(np.cumsum(w[order]), p * w.sum())]


@pytest.mark.parametrize("s", [0, 1])
@pytest.mark.parametrize("t", [0, 5])
def test_all(plan, output, value, s, t):
    y, w, _ = people(plan, output, s, t)
    where = (2020 + t, SCENARIOS[s], "all", "all")
    assert value[(*where, "persons")] == pytest.approx(w.sum(), rel=1e-12)
    mean = np.average(y, weights=w)
    assert value[(*where, "mean")] == pytest.approx(mean, rel=1e-12)
    median = weighted_quantile(y, w, 0.5)
    assert value[(*where, "median")] == pytest.approx(median, rel=1e-9)
    assert value[(*where, "p90_p10")] == pytest.approx(weighted_quantile(y, w, 0.9) / weighted_quantile(y, w, 0.1))
    assert value[(*where, "theil")] == pytest.approx(np.average(y / mean * np.log(y / mean), weights=w))
    assert value[(*where, "mean_log_deviation")] == pytest.approx(np.average(np.log(mean / y), weights=w))
    order = np.argsort(y)
    cumulated = np.concatenate([[0], np.cumsum((w * y)[order])]) / (w * y).sum()
    shares = np.concatenate([[0], np.cumsum(w[order])]) / w.sum()
    assert value[(*where, "gini")] == pytest.approx(1 - np.sum((cumulated[1:] + cumulated[:-1]) * np.diff(shares)))
    top, bottom = 1 - np.interp(0.8, shares, cumulated), np.interp(0.2, shares, cumulated)
    assert value[(*where, "s80_s20")] == pytest.approx(top / bottom)
    assert value[(*where, "fgt0_median_60")] == pytest.approx(w[y < 0.6 * median].sum() / w.sum())
    assert value[(*where, "middle_oecd")] == pytest.approx(w[(y >= 0.75 * median) & (y < 2 * median)].sum() / w.sum())


def test_lines_move_with_prices(plan, output, value):
    """Line of 2020 and the official middle income of 2018, in prices of 2023."""
    y, w, _ = people(plan, output, 0, 3)
    where = (2023, "baseline", "all", "all")
    line = 5_842 * 1.009 * 1.02 * 1.002
    assert value[(*where, "fgt0_guarantee_line")] == pytest.approx(w[y < line].sum() / w.sum())
    gap = np.where(y < line, (line - y) / line, 0.0)
    assert value[(*where, "fgt1_guarantee_line")] == pytest.approx(np.average(gap, weights=w))
    assert value[(*where, "fgt2_guarantee_line")] == pytest.approx(np.average(gap**2, weights=w))
    prices = 1.029 * 1.025 * 1.009 * 1.02 * 1.002
    middle = (3 * y >= 100_000 * prices) & (3 * y < 500_000 * prices)
    assert value[(*where, "middle_nbs")] == pytest.approx(w[middle].sum() / w.sum())
    prices = 1.009 * 1.02 * 1.002
    middle = (3 * y >= 200_000 * prices) & (3 * y < 600_000 * prices)
    assert value[(*where, "middle_zhejiang")] == pytest.approx(w[middle].sum() / w.sum())


def test_gaps_and_subgroups(plan, output, value):
    y, w, cell = people(plan, output, 1, 5)
    region, residence, group, _ = np.unravel_index(cell, plan.ground.shape)
    where = (2025, "policy", "all", "all")
    mean = {r: np.average(y[residence == r], weights=w[residence == r]) for r in (0, 1)}
    assert value[(*where, "urban_rural_ratio")] == pytest.approx(mean[0] / mean[1], rel=1e-7)
    median = {r: weighted_quantile(y[residence == r], w[residence == r], 0.5) for r in (0, 1)}
    assert value[(*where, "urban_rural_ratio_median")] == pytest.approx(median[0] / median[1])
    heads = np.bincount(region, w)
    means = np.bincount(region, w * y) / heads
    relative = means / np.average(means, weights=heads)
    assert value[(*where, "region_max_min")] == pytest.approx(means.max() / means.min(), rel=1e-7)
    variation = np.sqrt(np.average((relative - 1) ** 2, weights=heads))
    assert value[(*where, "region_variation")] == pytest.approx(variation, rel=1e-6)
    between = np.average(relative * np.log(relative), weights=heads)
    assert value[(*where, "region_theil_between")] == pytest.approx(between, rel=1e-5)
    needy = group == plan.ground.groups.index("needy_able")
    found = value[2025, "policy", "group", "needy_able", "mean"]
    assert found == pytest.approx(np.average(y[needy], weights=w[needy]))


def test_difference_is_policy_minus_baseline(result):
    wide = result.summary.pivot(index=["year", "by", "subgroup", "measure"], columns="scenario", values="value")
    assert (wide["difference"] == wide["policy"] - wide["baseline"]).all()
    assert (wide.loc[[2020, 2021], "difference"] == 0).all()
    assert (wide.loc[2025, "difference"] != 0).mean() > 0.8


def test_subgroups_add_up(result):
    table = result.summary.query("measure in ['persons', 'households'] and scenario != 'difference'")
    sums = table.groupby(["measure", "year", "scenario", "by"])["value"].sum().unstack("by")
    for by in ("region", "residence", "group"):
        np.testing.assert_allclose(sums[by], sums["all"], rtol=1e-12)


def test_every_number_is_finite(result):
    for name in ("summary", "curves", "transitions", "fit", "path"):
        table = getattr(result, name)
        assert np.isfinite(table.select_dtypes("number").to_numpy(float)).all(), name


def test_every_subgroup_has_every_measure_that_means_something_there(result):
    counts = result.summary.groupby(["by", "subgroup"])["measure"].nunique()
    assert counts["all", "all"] == counts.max()
    assert (counts >= counts.max() - 5).all()


def test_transitions_are_shares(result):
    rows = result.transitions.groupby(["kind", "scenario", "origin"])["share"].sum()
    np.testing.assert_allclose(rows, 1.0)


def test_ledger_adds_up(result):
    ledger = result.ledger
    np.testing.assert_allclose(ledger["paid_yuan"], ledger["received_yuan"] + ledger["delivery_yuan"])
    reached = ledger[ledger["households_reached"] > 0]
    np.testing.assert_allclose(reached["cost_per_household_yuan"], reached["paid_yuan"] / reached["households_reached"])
    assert ledger["non_poor_share"].dropna().between(0, 1).all()
    assert set(ledger["lever"]) == set(result.levers["name"])


def test_path_of_the_first_year_is_the_published_one(result):
    first = result.path.query("year == 2020")
    np.testing.assert_allclose(first["simulated"], first["target"], rtol=1e-7)
    assert result.path["relative_difference"].abs().max() < 0.03


def test_assumptions_include_levers_and_method(result):
    where = set(result.assumptions["where"])
    assert {"method", "policy[0]", "population.groups.researchers", "population.ages", "prices[0]"} <= where
    assert (result.assumptions["reason"].str.len() > 0).all()
