"""The formulas of the levers that use growth, gains and moves: their tables in slow loops, what they do in closed form."""

import numpy as np
import pytest

from incomesim.ageing import age
from incomesim.kernel.tables import Ledger, WageFloors
from incomesim.plan import make_plan
from incomesim.policy import (
    AchievementSharing,
    EmploymentService,
    IndustryCluster,
    MinimumWage,
    StartupSupport,
    Target,
    WageGrowth,
)
from incomesim.tabulate import keep_ledger
from tests.reference import twin
from tests.reference.small_world import X, make_gate, make_rows, make_tables, run

WHOLE = {"years": "2022..2024", "reason": "a test"}
RURAL = Target(residence="rural")

WAGES = WageGrowth(lever="wage_growth", name="wages", extra_growth=0.04, phase_in=2, target=RURAL, cost=100.0, **WHOLE)
SHARING = AchievementSharing(
    lever="achievement_sharing", name="sharing", source_of_income="property", share=0.3, phase_in=2, coverage=0.5,
    target=Target(groups=["researchers"]), cost=500.0, **WHOLE,
)  # fmt: skip
CLUSTER = IndustryCluster(
    lever="industry_cluster", name="cluster", coverage=0.4, premium=0.2, phase_in=3, cost=1000.0,
    target=Target(regions=["miyi", "xi"]), **WHOLE,
)  # fmt: skip
SERVICE = EmploymentService(
    lever="employment_service", name="service", coverage=0.5, success=0.4, premium=0.1, fade=0.5, cost=600.0,
    target=Target(groups=["needy_able"], ceiling=20_000.0), **WHOLE,
)  # fmt: skip
STARTUPS = StartupSupport(
    lever="startup_support", name="startups", to="small_entrepreneurs", rate=0.1, survival=0.5, cost=9000.0,
    target=Target(groups=["other"]), **WHOLE,
)  # fmt: skip
MINIMUM = MinimumWage(
    lever="minimum_wage", name="minimum", monthly=2_000.0, earners=0.6, part_time=0.5, compliance=0.8, phase_in=2,
    indexation=0.1, target=RURAL, cost=50.0, **WHOLE,
)  # fmt: skip
LEVERS = (WAGES, SHARING, CLUSTER, SERVICE, STARTUPS, MINIMUM)


@pytest.fixture(scope="module")
def compute_with(scenario, population, facts):
    def compute(*levers):
        case = scenario.model_copy(update={"policy": list(levers)})
        plan = make_plan(case, population, facts)
        return case, plan, run(plan.source.rows(0, plan.source.number), plan.tables)

    return compute


def test_all_together_equal_the_twin(compute_with):
    _, plan, output = compute_with(*LEVERS)
    income, cell, ledger, _ = twin.run(output.rows, plan.tables, 1)
    np.testing.assert_array_equal(output.cell[1], cell)
    np.testing.assert_allclose(output.income[1], income, rtol=1e-12)
    rounding = 0.005 * len(output.rows.age)
    np.testing.assert_allclose(twin.natural(output.sums.ledger[1]), ledger, rtol=1e-9, atol=rounding)


def in_cells(ground, lever, by_year, otherwise):
    """By year in the target, something else elsewhere."""
    return np.where(ground.members(lever.target), np.array(by_year)[:, None], otherwise)


def test_wages_grow_by_the_stated_rate_and_stay(plan):
    (made,) = WAGES.compile(plan.ground).accelerations
    level = [1, 1, 1.02, 1.02 * 1.04, 1.02 * 1.04**2, 1.02 * 1.04**2]
    np.testing.assert_allclose(made.factor, in_cells(plan.ground, WAGES, level, 1.0))
    assert (made.source, made.rate) == (0, 1.0)


@pytest.mark.parametrize(("source", "number"), [("wage", 0), ("property", 2)])
def test_sharing_raises_its_source_while_it_runs(plan, source, number):
    lever = SHARING.model_copy(update={"source_of_income": source})
    (made,) = lever.compile(plan.ground).accelerations
    np.testing.assert_allclose(made.factor, in_cells(plan.ground, lever, [1, 1, 1.15, 1.3, 1.3, 1], 1.0))
    assert (made.source, made.rate) == (number, 0.5)


def test_jobs_of_a_cluster_come_by_and_by_and_stay(plan):
    (made,) = CLUSTER.compile(plan.ground).accelerations
    np.testing.assert_allclose(made.factor, in_cells(plan.ground, CLUSTER, [1, 1, 1.2, 1.2, 1.2, 1.2], 1.0))
    np.testing.assert_allclose(made.rate, in_cells(plan.ground, CLUSTER, [0, 0, 0.4 / 3, 0.8 / 3, 0.4, 0.4], 0.0))


def test_a_minimum_wage_moves_with_its_index_and_ends(plan):
    (made,) = MINIMUM.compile(plan.ground).wage_floors
    year = 12 * 2_000.0
    minimum = [0, 0, year, 1.1 * year, 1.21 * year, 0]
    np.testing.assert_allclose(made.minimum, in_cells(plan.ground, MINIMUM, minimum, 0.0))
    np.testing.assert_allclose(made.rate, in_cells(plan.ground, MINIMUM, [0, 0, 0.4, 0.8, 0.8, 0], 0.0))
    assert (made.earners, made.part_time) == (0.6, 0.5)


def test_wages_are_lifted_to_a_minimum_by_hand():
    """Half of the members of 15 to 64 earn; 12,000 yuan a year each; below half of that a wage is left alone."""
    every = np.ones((1, 1, 1))
    wage = np.array([20_000.0, 20_000.0, 11_000.0, 7_000.0, 24_001.0, 14_000.0])
    persons, children = np.array([4.0, 4.0, 4.0, 1.0, 4.0, 4.0]), np.array([0, 2, 0, 0, 0, 0])
    lifted = np.array([24_000.0, 20_000.0, 11_000.0, 12_000.0, 24_001.0, 24_000.0])
    rows = make_rows(6, persons=1.0)._replace(persons=persons, children=children)
    rows.rank[:] = np.log(2.0 * wage / persons) - 10.0  # half of income is wages
    floors = WageFloors(make_gate([0], every), 12_000.0 * every, np.array([0.5]), np.array([0.5]))
    output = run(rows, make_tables(years=1, quantiles=[X + 10.0], levers=1, wage_floors=floors))
    np.testing.assert_allclose(output.income[1, 0] * persons, wage + lifted, rtol=1e-9)
    ledger = twin.natural(output.ledger[1, 0, 0])
    assert ledger[Ledger.HOUSEHOLDS] == ledger[Ledger.ENTITLED] == 3
    assert ledger[Ledger.GAINED] == pytest.approx((lifted - wage).sum(), abs=0.03)
    assert ledger[Ledger.RECEIVED] == 0.0


def test_who_has_a_job_in_the_cluster_keeps_it_and_is_counted_once(compute_with):
    case, plan, output = compute_with(CLUSTER)
    gains = output.income[1] > output.income[0]
    target = plan.ground.members(CLUSTER.target)[output.cell[1]]
    stays = target.all(axis=0) & (output.cell[0] == output.cell[0][0]).all(axis=0)
    shares = gains[:, stays].mean(axis=1)
    np.testing.assert_allclose(shares, [0, 0, 0.4 / 3, 0.8 / 3, 0.4, 0.4], atol=0.04)
    for t in range(2, 5):
        assert (gains[t + 1] | ~gains[t])[stays].all()
    households = twin.natural(output.ledger[1, 0])[:, Ledger.HOUSEHOLDS]
    np.testing.assert_allclose(households, (gains * output.rows.weight).sum(axis=1), rtol=1e-12)
    ledger = keep_ledger(case, plan, age(plan, output.sums))
    assert (ledger.query("year == 2025")["delivery_yuan"] == 0).all()  # it costs in its years, its jobs stay


@pytest.mark.parametrize("lever", [WAGES, SHARING, CLUSTER, MINIMUM], ids=lambda lever: lever.name)
def test_what_growth_levers_gain_is_the_difference(compute_with, lever):
    _, _, output = compute_with(lever)
    more = ((output.income[1] - output.income[0]) * output.rows.weight * output.rows.persons).sum(axis=1)
    assert more[2:5].min() > 0
    np.testing.assert_allclose(twin.natural(output.ledger[1, 0])[:, Ledger.GAINED], more, rtol=1e-6, atol=1.0)


def test_employment_service_places_a_share_of_those_below_the_ceiling(compute_with):
    _, plan, output = compute_with(SERVICE)
    ceiling = 20_000 * plan.ground.price_level
    eligible = plan.ground.members(SERVICE.target)[output.cell[0, 2]] & (output.income[0, 2] <= ceiling[2])
    gains = output.income[1, 2] > output.income[0, 2]
    assert not gains[~eligible].any()
    assert gains[eligible].mean() == pytest.approx(0.5 * 0.4, abs=0.05)
    cell = output.cell[0]
    gain = []
    for t in (2, 3):  # of those placed in the first year, and not again
        transfer = output.rows.transfer_tilt * plan.tables.transfer_level[cell[t]] * plan.tables.growth[t, cell[t], 3]
        gain.append(np.log((output.income[1, t] - transfer) / (output.income[0, t] - transfer))[gains])
    np.testing.assert_allclose(gain[0], 0.1, atol=1e-9)
    np.testing.assert_allclose(gain[1][cell[1, gains] == cell[3, gains]].min(), 0.05, atol=1e-9)
    assert SERVICE.delivery(40.0, 0.0) == pytest.approx(100 * 600)  # a hundred were served


def test_of_those_who_begin_a_business_the_survivors_move(compute_with):
    case, plan, output = compute_with(STARTUPS)
    moved = output.cell[1, 2] != output.cell[0, 2]
    pool = plan.ground.members(STARTUPS.target)[output.cell[0, 2]]
    assert not moved[~pool].any()
    assert moved[pool].mean() == pytest.approx(0.1 * 0.5, abs=0.01)
    group = np.indices(plan.ground.shape)[2].ravel()
    assert (group[output.cell[1, 2, moved]] == plan.ground.groups.index("small_entrepreneurs")).all()
    ledger = keep_ledger(case, plan, age(plan, output.sums)).query("year == 2022")
    np.testing.assert_allclose(ledger["paid_yuan"], 2 * 9000.0 * ledger["households_reached"])


def test_indexed_costs(compute_with):
    case, plan, output = compute_with(WAGES.model_copy(update={"indexation": 0.1}))
    ledger = keep_ledger(case, plan, age(plan, output.sums)).query("households_reached > 0")
    np.testing.assert_allclose(ledger["cost_per_household_yuan"], [100.0, 110.0, 121.0])


@pytest.mark.parametrize(
    ("lever", "zero"),
    [
        (WAGES, "extra_growth"),
        (SHARING, "share"),
        (CLUSTER, "premium"),
        (SERVICE, "premium"),
        (STARTUPS, "rate"),
        (MINIMUM, "monthly"),
    ],
    ids=lambda each: getattr(each, "name", each),
)
def test_without_force_nothing_changes_bit_for_bit(compute_with, lever, zero):
    _, _, output = compute_with(lever.model_copy(update={zero: 0.0}))
    np.testing.assert_array_equal(output.income[0], output.income[1])
    np.testing.assert_array_equal(output.cell[0], output.cell[1])
