"""Accounting of every lever, and that a lever without force changes nothing."""

import numpy as np
import pytest

from incomesim.ageing import age
from incomesim.kernel.tables import Ledger, Moves
from incomesim.plan import make_plan
from incomesim.tabulate import keep_ledger
from tests.reference.small_world import X, make_floors, make_gate, make_rows, make_tables, run
from tests.reference.twin import natural

YUAN = {"atol": 1e-2}


def only(scenario, kind, **changes):
    """The scenario with the first lever of a kind alone, changed."""
    lever = next(lever for lever in scenario.policy if lever.lever == kind)
    return scenario.model_copy(update={"policy": [lever.model_copy(update=changes)]})


def compute_with(scenario, population, facts):
    plan = make_plan(scenario, population, facts)
    return plan, run(plan.source.rows(0, plan.source.number), plan.tables)


def yearly_difference(plan, output):
    """Yuan that the policy scenario has more than the baseline, by year."""
    weight = output.rows.weight * output.rows.persons
    return ((output.income[1] - output.income[0]) * weight).sum(axis=1)


def test_floor_with_full_take_up_leaves_nobody_below_and_pays_what_they_get(scenario, population, facts):
    case = only(scenario, "income_floor", take_up=1.0)
    plan, output = compute_with(case, population, facts)
    rural = np.indices(plan.ground.shape)[1].ravel()[output.cell[1]] == 1
    line = plan.tables.floors.line[0]
    for t in range(len(plan.ground.years)):
        lines = line[t, output.cell[1, t]]
        assert (output.income[1, t] >= lines * (1 - 1e-12)).all()
        same = output.income[1, t] == output.income[0, t]
        assert same[~rural[t]].all()
    assert (output.income[0, -1][rural[-1]] < line[-1].max()).any()  # somebody was below
    aged = age(plan, output.sums)
    ledger = keep_ledger(case, plan, aged)
    factor = np.array([aged.factor[t][plan.ground.stratum[output.cell[1, t]]] for t in range(len(aged.factor))])
    more = (output.income[1] - output.income[0]) * output.rows.weight * output.rows.persons * factor
    np.testing.assert_allclose(ledger["received_yuan"], more.sum(axis=1), rtol=1e-6)
    np.testing.assert_allclose(ledger["paid_yuan"], ledger["received_yuan"] * (1 + case.policy[0].administration))
    assert (ledger.query("year < 2022")["paid_yuan"] == 0).all()


def test_floor_reaches_the_share_that_claims(scenario, population, facts):
    full = compute_with(only(scenario, "income_floor", take_up=1.0), population, facts)[1]
    half = compute_with(only(scenario, "income_floor", take_up=0.5), population, facts)[1]
    ratio = half.ledger[1, 0, 2:, 0].sum() / full.ledger[1, 0, 2:, 0].sum()
    assert 0.3 < ratio < 0.7
    claimed_in = (half.income[1] != half.income[0]).any(axis=0)
    assert claimed_in[(full.income[1] != full.income[0]).any(axis=0)].mean() < 0.8  # always the same ones


def test_withdrawal_below_one_leaves_part_of_own_income():
    floors = make_floors(make_gate([0], np.ones((1, 1, 1))), np.full((1, 1, 1), 1.0), np.array([0.5]), np.zeros((1, 1)))
    rows = make_rows(5000, persons=3.0)
    output = run(rows, make_tables(years=1, levers=1, floors=floors))
    own = output.income[0, 0]
    np.testing.assert_allclose(output.income[1, 0], own + np.maximum(1.0 - 0.5 * own, 0.0), rtol=1e-12)


def test_farm_income_gains_are_the_difference(scenario, population, facts):
    plan, output = compute_with(only(scenario, "farm_income", coverage=1.0, phase_in=1), population, facts)
    np.testing.assert_allclose(
        natural(output.ledger[1, 0])[:, Ledger.GAINED], yearly_difference(plan, output), rtol=1e-6
    )
    # 2.5 % a year on operating income, for four years
    factor = plan.tables.accelerations.factor[0]
    np.testing.assert_allclose(factor.max(axis=1), [1, 1, 1.025, 1.025**2, 1.025**3, 1.025**4])


def test_training_lifts_market_income_of_the_trained_by_its_premium(scenario, population, facts):
    case = only(scenario, "training", coverage=1.0, completion=1.0, phase_in=1, fade=0.0)
    plan, output = compute_with(case, population, facts)
    lever = case.policy[0]
    ceiling = lever.target.ceiling * plan.ground.price_level
    target = plan.ground.members(lever.target)
    t = 2
    eligible = target[output.cell[0, t]] & (output.income[0, t] <= ceiling[t])
    np.testing.assert_array_equal(output.income[1, t] != output.income[0, t], eligible)
    rows, tables = output.rows, plan.tables
    cell = output.cell[0, t]
    transfer = rows.transfer_tilt * tables.transfer_level[cell] * tables.growth[t, cell, 3]
    market = output.income[0, t] - transfer
    np.testing.assert_allclose(
        (output.income[1, t] - transfer)[eligible], market[eligible] * np.exp(lever.premium), rtol=1e-9
    )
    np.testing.assert_allclose(
        natural(output.ledger[1, 0])[:, Ledger.GAINED], yearly_difference(plan, output), rtol=1e-6, atol=1.0
    )


def test_training_fades(scenario, population, facts):
    """Trained in 2022 only: the gain in log points shrinks by the fade every year."""
    case = only(scenario, "training", coverage=1.0, completion=1.0, phase_in=1, fade=0.4, years=range(2022, 2023))
    plan, output = compute_with(case, population, facts)
    cell = output.cell[0]
    gain = np.empty(6)
    for t in range(6):
        transfer = output.rows.transfer_tilt * plan.tables.transfer_level[cell[t]] * plan.tables.growth[t, cell[t], 3]
        ratio = np.log((output.income[1, t] - transfer) / (output.income[0, t] - transfer))
        gain[t] = ratio.max()
    premium = case.policy[0].premium
    np.testing.assert_allclose(gain, [0, 0, premium, 0.6 * premium, 0.36 * premium, 0.216 * premium], atol=1e-9)


@pytest.mark.parametrize(("kind", "dimension"), [("group_mobility", 2), ("urbanisation", 1)])
def test_movers_are_counted_and_nobody_else_moves(scenario, population, facts, kind, dimension):
    case = only(scenario, kind)
    plan, output = compute_with(case, population, facts)
    code = np.indices(plan.ground.shape)[dimension].ravel()
    weight = output.rows.weight
    moved_by_policy = code[output.cell[1]] != code[output.cell[0]]
    households = natural(output.ledger[1, 0])[:, Ledger.HOUSEHOLDS]
    assert (households[:2] == 0).all()
    np.testing.assert_allclose(weight[moved_by_policy[2]].sum(), households[2], rtol=1e-12)
    never = ~moved_by_policy.any(axis=0)
    np.testing.assert_array_equal(output.income[1][:, never], output.income[0][:, never])
    pool = weight[plan.ground.members(case.policy[0].target)[output.cell[0, 2]]].sum()
    if kind == "urbanisation":
        pool = weight[code[output.cell[0, 2]] == 1].sum()
    expected = pool * case.policy[0].rate
    assert abs(households[2] - expected) < 6 * np.sqrt(expected * weight.mean())


def test_mover_takes_the_same_place_after_the_years_of_assimilation():
    """From a cell with log income x to one with 1 + x/2, over four years, in equal steps of the gap."""
    years = 7
    probability = np.zeros((1, years, 2))
    probability[0, 1, 0] = 1.0
    moves = Moves(make_gate([0], probability, probability, yearly=True), np.array([[1, 1]]), np.array([4]))
    tables = make_tables(
        years=years, quantiles=[X, 1.0 + X / 2.0], mobility=((0.0, 1.0, 0.0, 0.0),), levers=1, moves=moves
    )
    rows = make_rows(2000)
    output = run(rows, tables)
    x = rows.rank
    np.testing.assert_allclose(np.log(output.income[0]), np.tile(x, (years, 1)), atol=1e-12)
    gap = x - (1.0 + x / 2.0)
    for t, left in enumerate([None, 0.75, 0.5, 0.25, 0.0, 0.0, 0.0]):
        expected = x if left is None else 1.0 + x / 2.0 + left * gap
        np.testing.assert_allclose(np.log(output.income[1, t]), expected, atol=1e-12)


ZERO = {
    "income_floor": {"line": 0.0},
    "training": {"premium": 0.0},
    "farm_income": {"extra_growth": 0.0},
    "group_mobility": {"rate": 0.0},
    "urbanisation": {"rate": 0.0},
}


@pytest.mark.parametrize("kind", ZERO)
def test_a_zero_lever_changes_nothing_bit_for_bit(scenario, population, facts, kind):
    _, output = compute_with(only(scenario, kind, **ZERO[kind]), population, facts)
    np.testing.assert_array_equal(output.income[0], output.income[1])
    np.testing.assert_array_equal(output.cell[0], output.cell[1])
    assert (output.ledger[1, 0, :, Ledger.RECEIVED :] == 0).all()


@pytest.mark.parametrize("kind", ["income_floor", "training", "farm_income"])
def test_nobody_covered_is_the_same_as_no_lever(scenario, population, facts, kind):
    _, output = compute_with(
        only(scenario, kind, **({"take_up": 0.0} if kind == "income_floor" else {"coverage": 0.0})), population, facts
    )
    np.testing.assert_array_equal(output.income[0], output.income[1])
    assert (output.ledger[1] == 0).all()
