"""Who is in a target, and the order of the mechanisms, in cases that can be counted by hand."""

import numpy as np
import pytest
from pydantic import ValidationError

from incomesim.errors import InvalidInput
from incomesim.kernel.tables import Accelerations, Gains, Grants, Ledger
from incomesim.policy import (
    GroupMobility,
    IncomeFloor,
    PublicJobs,
    PublicServices,
    TargetedTransfer,
    TaxRelief,
    WageGrowth,
)
from tests.reference.small_world import make_floors, make_gate, make_rows, make_tables, make_taxes, run
from tests.reference.test_levers import compute_with
from tests.reference.twin import natural

COMMON = {"years": "2022..2025", "reason": "made up for a test"}


def transfer(target, **more):
    return TargetedTransfer.model_validate(
        {"lever": "targeted_transfer", "name": "t", "amount": 600.0, "per": "household", "target": target}
        | COMMON
        | more
    )


def served(scenario, population, facts, *levers):
    plan, output = compute_with(scenario.model_copy(update={"policy": list(levers)}), population, facts)
    return plan, output, output.income[1] > output.income[0]


def old_in(output, t):
    """Persons of 65 and over in households that have not been replaced."""
    rows = output.rows
    return rows.elderly + (rows.age + t >= 65) - (rows.age >= 65)


def test_households_with_old_persons_and_children(scenario, population, facts):
    _, output, paid = served(scenario, population, facts, transfer({"with_members": ["elderly", "children"]}))
    rows = output.rows
    young = rows.age + 5 < 60  # never replaced in six years
    expected = (old_in(output, 3) > 0) & (rows.children > 0)
    assert 0 < expected[young].sum() < (rows.children > 0)[young].sum()
    np.testing.assert_array_equal(paid[3][young], expected[young])
    children_only = served(scenario, population, facts, transfer({"with_members": ["children"]}))[2]
    np.testing.assert_array_equal(children_only[2], rows.children > 0)


@pytest.mark.parametrize(("measured", "year"), [("this_year", 0), ("last_year", -1), (2021, None)])
def test_income_is_that_of_the_stated_year(scenario, population, facts, measured, year):
    target = {"residence": "rural", "ceiling": 15_000.0, "measured": measured}
    plan, output, paid = served(scenario, population, facts, transfer(target, amount=1.0))
    rural = np.indices(plan.ground.shape)[1].ravel()[output.cell[0]] == 1
    for t in range(2, 6):
        when = 1 if year is None else t + year
        # a yuan a household moves nobody across the ceiling but for rounding
        expected = rural[t] & (output.income[0, when] <= 15_000.0 * plan.ground.price_level[when])
        assert np.count_nonzero(paid[t] != expected) <= 2
        assert 0.02 < expected.mean() < 0.6


def test_movers_are_those_who_were_poor_in_the_year_before(scenario, population, facts):
    lever = GroupMobility.model_validate(
        {"lever": "group_mobility", "name": "m", "to": "skilled_workers", "rate": 1.0, "cost": 0.0, **COMMON}
        | {"target": {"groups": ["needy_able"], "ceiling": 12_000.0, "measured": "last_year"}, "years": 2022}
    )
    plan, output, _ = served(scenario, population, facts, lever)
    group = np.unravel_index(output.cell[:, 2], plan.ground.shape)[2]
    needy = group[0] == plan.ground.groups.index("needy_able")
    poor = output.income[0, 1] <= 12_000.0 * plan.ground.price_level[1]
    np.testing.assert_array_equal(group[1] != group[0], needy & poor)
    ledger = natural(output.ledger[1, 0, 2])
    assert ledger[Ledger.ENTITLED] == ledger[Ledger.HOUSEHOLDS] > 0


def test_those_who_grow_faster_are_the_same_for_ever(scenario, population, facts):
    lever = WageGrowth.model_validate(
        {"lever": "wage_growth", "name": "w", "extra_growth": 0.05, "cost": 0.0, **COMMON}
        | {"target": {"ceiling": 20_000.0, "measured": 2021}}
    )
    plan, output, gains = served(scenario, population, facts, lever)
    poor = output.income[0, 1] <= 20_000.0 * plan.ground.price_level[1]
    for t in range(2, 6):
        np.testing.assert_array_equal(gains[t], poor)


def test_floor_pays_some_above_the_line_by_error(scenario, population, facts):
    lever = IncomeFloor.model_validate(
        {"lever": "income_floor", "name": "f", "line": 9_000.0, "take_up": 0.8, "target": {"residence": "rural"}}
        | {"inclusion_error": 0.03, "paid_in_error": 1_500.0, **COMMON}
    )
    plan, output, paid = served(scenario, population, facts, lever)
    more = output.income[1] - output.income[0]
    rural = np.indices(plan.ground.shape)[1].ravel()[output.cell[0]] == 1
    for t in range(2, 6):
        below = rural[t] & (output.income[0, t] < 9_000.0)
        above = rural[t] & ~below
        np.testing.assert_allclose(more[t][above & paid[t]], 1_500.0, rtol=1e-9)
        np.testing.assert_allclose((output.income[1, t])[below & paid[t]], 9_000.0, rtol=1e-12)
        assert paid[t][above].mean() == pytest.approx(0.03, abs=0.012)
        ledger = natural(output.ledger[1, 0, t])
        weight = output.rows.weight
        assert ledger[Ledger.ENTITLED] == pytest.approx(weight[below].sum())
        assert ledger[Ledger.IN_ERROR] == pytest.approx(weight[above & paid[t]].sum())
        assert ledger[Ledger.HOUSEHOLDS] == pytest.approx(weight[paid[t]].sum())
    assert not paid[:, ~rural.any(axis=0)].any()


@pytest.mark.parametrize(
    ("kind", "numbers"),
    [
        (PublicJobs, {"lever": "public_jobs", "coverage": 0.5, "wage": 9_000.0}),
        (PublicServices, {"lever": "public_services", "value": 900.0, "per": "household", "take_up": 0.5}),
    ],
)
def test_nobody_is_served_by_error_outside_the_years_of_a_lever(scenario, population, facts, kind, numbers):
    more = {"name": "l", "years": 2023, "target": {"ceiling": 15_000.0}, "inclusion_error": 0.1}
    lever = kind.model_validate(COMMON | numbers | more)
    _, output = compute_with(scenario.model_copy(update={"policy": [lever]}), population, facts)
    changed = (output.income[-1] != output.income[0]).any(axis=1)
    assert changed.tolist() == [False, False, False, True, False, False]


def test_mechanisms_act_in_their_order():
    """Wages 500 of market income 1000: growth, then gain, then grant, then tax, then floor, each on what came before."""
    every = np.ones((1, 1, 1))

    def gate(lever):
        return make_gate([lever], every)

    rows = make_rows(1)
    rows.rank[:] = 0.0
    tables = make_tables(
        years=1,
        quantiles=[np.full(193, np.log(1000.0))],
        mobility=((0.0, 1.0, 0.0, 0.0),),
        levers=5,
        accelerations=Accelerations(gate(0), np.array([0]), 1.2 * every),
        gains=Gains(gate(1), np.array([np.log(1.5)]), np.array([1.0])),
        grants=Grants(gate(2), np.array([0]), np.array([0]), 100.0 * every, np.array([False])),
        taxes=make_taxes(
            gate(3), np.array([3]), np.array([[1.0, 0.0, 0.0, 0.0]]), np.array([0]), every, 200.0 * every, 0.5 * every
        ),
        floors=make_floors(gate(4), 1500.0 * every, np.array([0.5]), np.zeros((1, 1))),
    )
    wage = 500.0 * 1.2 * 1.5 + 100.0
    other = 500.0 * 1.5
    before_floor = wage + other - 0.5 * (wage - 200.0)
    expected = before_floor + 1500.0 - 0.5 * before_floor
    assert run(rows, tables).income[1, 0, 0] == pytest.approx(expected, rel=1e-12)


WRONG = [
    ({"target": {"measured": "last_year"}}, "neither target.ceiling nor a budget"),
    ({"target": {"ceiling": 9e3, "measured": 2022}}, "expected a year before 2022, when it begins"),
    ({"inclusion_error": 0.1}, "the target leaves nobody in its cells out"),
    ({"budget": {"yuan": 1e6, "order": "poorest"}}, "poorest_first"),
]


@pytest.mark.parametrize(("parts", "message"), WRONG)
def test_what_can_be_wrong_with_a_target(parts, message):
    with pytest.raises(ValidationError, match=message):
        transfer(parts.pop("target", {}), **parts)


@pytest.mark.parametrize(
    ("kind", "data", "message"),
    [
        (GroupMobility, {"lever": "group_mobility", "to": "a", "rate": 0.1, "cost": 0.0}, "they move before the income"),
        (WageGrowth, {"lever": "wage_growth", "extra_growth": 0.1, "cost": 0.0}, "must be the same from year to year"),
        (TaxRelief, {"lever": "tax_relief", "share": 0.1, "limit": 1e5, "budget": {"yuan": 1e6, "order": "random"}}, "a law"),
        (IncomeFloor, {"lever": "income_floor", "line": 1e3, "paid_in_error": 10.0}, "inclusion_error is 0"),
        (IncomeFloor, {"lever": "income_floor", "line": 1e3, "inclusion_error": 0.1, "target": {}}, "no paid_in_error"),
    ],
)  # fmt: skip
def test_what_a_lever_cannot_go_by(kind, data, message):
    with pytest.raises(ValidationError, match=message):
        kind.model_validate({"name": "x", "target": {"ceiling": 9e3}, **COMMON} | data)


@pytest.mark.parametrize(
    ("target", "order", "message"),
    [
        ({"ceiling": 9e3, "measured": 2019}, "random", "expected a year of the run, 2020..2025"),
        ({}, ["dong", "skilled"], 'found the region or group "skilled"'),
    ],
)
def test_what_does_not_fit_the_scenario(scenario, target, order, message):
    with pytest.raises(InvalidInput, match=message):
        scenario.with_levers([transfer(target, budget={"yuan": 1e6, "order": order})])
