"""What the plan hands to the kernel, against the scenario and the published tables."""

import numba
import numpy as np
import pytest

from incomesim.paths import income_path, price_index
from incomesim.plan import lever_address, make_plan


def lever_of(scenario, kind):
    return next(lever for lever in scenario.policy if lever.lever == kind)


def test_growth_follows_the_published_series_then_the_assumptions(plan, scenario, facts):
    path = {(point.residence, point.year): point for point in income_path(scenario, facts)}
    assert path["urban", 2022].value == 50_214
    assert path["rural", 2023].value == 24_904
    assert path["urban", 2024].value == pytest.approx(52_172 * 1.043)
    assert path["rural", 2025].value == pytest.approx(24_904 * 1.064 * 1.060)
    assert path["rural", 2025].status == "assumed"
    residence = np.indices(plan.ground.shape)[1].ravel()
    for source in range(4):
        np.testing.assert_allclose(plan.tables.growth[2, residence == 0, source], 50_214 / 44_209)
        np.testing.assert_allclose(plan.tables.growth[2, residence == 1, source], 23_297 / 19_938)


def test_prices_forward_and_back(scenario):
    np.testing.assert_allclose(price_index(scenario, 2020)[:3], [1.0, 1.009, 1.009 * 1.020])
    np.testing.assert_allclose(price_index(scenario, 2018)[0], 1.029 * 1.025)
    np.testing.assert_allclose(price_index(scenario, 2022)[0], 1 / (1.009 * 1.020))


def test_residents_follow_the_published_totals(plan, facts):
    path = plan.totals.residents
    first = facts.total_residents[2020].value
    assert path[0] == 1.0
    assert path[2] == pytest.approx(1_216_000 / first)
    assert path[1] == pytest.approx((1 + path[2]) / 2)
    np.testing.assert_allclose(path[3:], 1_218_000 / first)


def test_hazards_begin_at_their_age(plan):
    hazard = plan.tables.renewal
    assert [hazard[age] for age in (59, 60, 69, 70, 79, 80, 120)] == [0, 0.010, 0.010, 0.035, 0.035, 0.090, 0.090]


def test_mobility_is_in_roots_of_shares(plan):
    np.testing.assert_allclose(plan.tables.mobility[0], [0.91, 0.02**0.5, 0.93**0.5, 0.05**0.5])


def test_line_of_a_floor_is_phased_in_and_indexed(plan, scenario):
    floor = lever_of(scenario, "income_floor").model_copy(update={"phase_in": 2})
    (made,) = floor.compile(plan.ground).floors
    rural = np.indices(plan.ground.shape)[1].ravel() == 1
    expected = [0, 0, 7_400 / 2, 7_400 * 1.03, 7_400 * 1.03**2, 7_400 * 1.03**3]
    np.testing.assert_allclose(made.line[:, rural], np.repeat(np.array(expected)[:, None], rural.sum(), axis=1))
    assert (made.line[:, ~rural] == 0).all()


def test_amounts_move_by_a_rate_or_with_prices(plan, scenario):
    floor = lever_of(scenario, "income_floor")
    np.testing.assert_allclose(floor.amounts(plan.ground), [1, 1, 1, 1.03, 1.03**2, 1.03**3])
    prices = floor.model_copy(update={"indexation": "prices"}).amounts(plan.ground)
    np.testing.assert_allclose(prices, [1, 1, 1, 1.002, 1.002**2, 1.002**2])


def test_urbanisation_takes_rural_households_only(plan, scenario):
    (made,) = lever_of(scenario, "urbanisation").compile(plan.ground).moves
    rural = np.indices(plan.ground.shape)[1].ravel() == 1
    assert (made.rate[:, ~rural] == 0).all()
    np.testing.assert_allclose(made.rate[2:, rural], 0.008)
    assert (made.rate[:2] == 0).all()


def test_cost_of_delivery(scenario):
    assert lever_of(scenario, "income_floor").delivery(10.0, 1000.0) == pytest.approx(40.0)
    assert lever_of(scenario, "training").delivery(10.0, 0.0) == pytest.approx(3_200 * 10 / 0.85)
    assert lever_of(scenario, "farm_income").delivery(10.0, 0.0) == 9_000
    assert lever_of(scenario, "group_mobility").delivery(10.0, 0.0) == 60_000
    assert lever_of(scenario, "urbanisation").delivery(10.0, 0.0) == 300_000


def test_members_of_a_target(plan, scenario):
    target = lever_of(scenario, "training").target
    _, _, group, band = np.indices(plan.ground.shape)
    wanted = np.isin(group, [plan.ground.groups.index(name) for name in ("needy_able", "other")]) & (band < 2)
    np.testing.assert_array_equal(plan.ground.members(target), wanted.ravel())


def test_addresses_belong_to_names():
    assert lever_address("a") != lever_address("b")
    assert lever_address("rural minimum living guarantee") == 100_422_320
    assert min(lever_address(str(n)) for n in range(1000)) >= 2**16


def test_without_levers_the_tables_are_of_the_same_kinds(plan, scenario, population, facts):
    """Else the kernel would be compiled a second time."""
    bare = make_plan(scenario.model_copy(update={"policy": []}), population, facts)
    assert numba.typeof(bare.tables) == numba.typeof(plan.tables)
