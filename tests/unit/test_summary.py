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
    return output.income[s, t], output.rows.weight * output.rows.persons * plan.residents[t], output.cell[s, t]


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


def test_ledger_knows_years_and_costs(result, scenario):
    ledger = result.ledger.set_index(["lever", "year"])
    for lever in scenario.policy:
        for year in (2020, 2021):
            assert ledger.loc[(lever.name, year), ["households_reached", "persons_reached", "paid_yuan"]].eq(0).all()
        row = ledger.loc[lever.name, 2024]
        assert row["households_reached"] < row["persons_reached"] < 6 * row["households_reached"]
        cost = lever.delivery(row["households_reached"], row["received_yuan"])
        assert row["delivery_yuan"] == pytest.approx(cost)


def test_a_lever_that_has_ended_reaches_nobody_but_its_gains_go_on(scenario):
    from incomesim import simulate

    farm = next(lever for lever in scenario.policy if lever.lever == "farm_income")
    ended = farm.model_copy(update={"years": range(2021, 2023), "phase_in": 1})
    ledger = simulate(scenario.model_copy(update={"policy": [ended]})).ledger.set_index("year")
    assert ledger.loc[2022, "households_reached"] > 0
    assert (ledger.loc[2023:, ["households_reached", "paid_yuan"]] == 0).all(axis=None)
    assert ledger.loc[2023, "gained_yuan"] > 0.9 * ledger.loc[2022, "gained_yuan"]


def hundredths(y, w):
    order = np.argsort(y)
    money = np.concatenate([[0], np.cumsum((w * y)[order])])
    people_below = np.concatenate([[0], np.cumsum(w[order])])
    return np.diff(np.interp(np.linspace(0, people_below[-1], 101), people_below, money))


@pytest.mark.parametrize(("name", "before", "after"), [("policy", (0, 5), (1, 5)), ("baseline", (0, 0), (0, 5))])
def test_growth_incidence(plan, output, result, name, before, after):
    curve = result.curves.query("curve == 'growth_incidence' and by == 'all' and scenario == @name")
    old, new = (hundredths(*people(plan, output, *which)[:2]) for which in (before, after))
    scale = plan.residents[before[1]] / plan.residents[after[1]]
    np.testing.assert_allclose(curve["value"], new * scale / old - 1, rtol=1e-6, atol=1e-9)


def test_lorenz_of_the_last_year(plan, output, result):
    curve = result.curves.query("curve == 'lorenz' and by == 'all' and scenario == 'policy' and year == 2025")
    y, w, _ = people(plan, output, 1, 5)
    np.testing.assert_allclose(np.diff(curve["value"]), hundredths(y, w) / (w * y).sum(), rtol=1e-7, atol=1e-12)


@pytest.mark.parametrize(
    ("kind", "name", "before", "after"),
    [("policy", "policy", (0, 5), (1, 5)), ("years", "baseline", (0, 0), (0, 5)), ("years", "policy", (1, 0), (1, 5))],
)
def test_transitions_from_whom_to_whom(plan, output, result, kind, name, before, after):
    def fifth(s, t):
        y, w, _ = people(plan, output, s, t)
        order = np.argsort(y)
        place = np.empty(len(y))
        place[order] = (np.cumsum(w[order]) - w[order] / 2) / w.sum()
        return (place * 5).astype(int), w

    (origin, weight), (destination, _) = fifth(*before), fifth(*after)
    counts = np.zeros((5, 5))
    np.add.at(counts, (origin, destination), weight)
    table = result.transitions.query("kind == @kind and scenario == @name")
    found = table.pivot(index="origin", columns="destination", values="share")
    np.testing.assert_allclose(found, counts / counts.sum(axis=1, keepdims=True), atol=1e-9)


def test_path_is_that_of_the_baseline(plan, output, result):
    y, w, cell = people(plan, output, 0, 5)
    residence = np.unravel_index(cell, plan.ground.shape)[1]
    for code, name in enumerate(("urban", "rural")):
        here = residence == code
        row = result.path.set_index(["residence", "year"]).loc[(name, 2025)]
        assert row["simulated"] == pytest.approx(np.average(y[here], weights=w[here]), rel=1e-7)


@pytest.mark.parametrize("setting", ["policy[6].rate=1.0", "urbanisation.rate=1.0"])
def test_a_country_that_empties_has_no_rows_rather_than_nan(setting, tmp_path):
    from incomesim import load_scenario, simulate
    from tests.conftest import SCENARIO

    result = simulate(load_scenario(SCENARIO, ["population.households=3000", setting]))
    left = result.summary.query("scenario == 'policy' and year == 2025 and by == 'residence' and subgroup == 'rural'")
    assert set(left["measure"]) == {"persons", "households"}
    assert (left["value"] == 0).all()
    assert np.isfinite(result.summary["value"]).all()
    assert np.isfinite(result.path["simulated"]).all()
    result.save(tmp_path / "out")
    assert (tmp_path / "out" / "report.html").exists()
