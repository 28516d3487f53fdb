"""Earnings that answer to the floor and to taxes: closed forms, accounting, and nothing where nobody responds."""

import numpy as np
import pytest
from pydantic import ValidationError

from incomesim.ageing import age
from incomesim.kernel.tables import Ledger, Per, Totals
from incomesim.policy import Contribution, IncomeFloor, IncomeTax, Response
from incomesim.scenario import list_assumptions
from incomesim.tabulate import keep_ledger
from incomesim.testing import check_lever
from tests.reference import twin
from tests.reference.small_world import X, make_floors, make_gate, make_rows, make_tables, make_taxes, run
from tests.reference.test_levers import compute_with, yearly_difference
from tests.reference.test_taxes import QUICK
from tests.reference.twin import natural

RESPONSE = Response(elasticity=0.2, lowest=0.4, reason="made up for a test")
COMMON = {"years": "2022..2025", "reason": "made up for a test", "response": RESPONSE}
FLOOR = IncomeFloor(
    lever="income_floor", name="floor", line=12_000.0, withdrawal=0.5, take_up=0.8,
    target={"with_members": ["children"]}, inclusion_error=0.1, paid_in_error=100.0, **COMMON,
)  # fmt: skip
CONTRIBUTION = Contribution(
    lever="contribution",
    name="contribution",
    rate=0.05,
    floor=10_000.0,
    cap=40_000.0,
    phase_in=2,
    **COMMON | {"response": RESPONSE.model_copy(update={"lowest": 0.96})},
)
TAX = IncomeTax(lever="income_tax", name="tax", deduction=20_000.0, operating=0.5, phase_in=4, **COMMON)
LEVERS = [FLOOR, CONTRIBUTION, TAX]


def silent(lever):
    return lever.model_copy(update={"response": None})


@pytest.fixture(scope="module")
def together(scenario, population, facts):
    case = scenario.model_copy(update={"policy": LEVERS})
    return (case, *compute_with(case, population, facts))


@pytest.mark.parametrize(("withdrawal", "factor", "bounded"), [(0.5, 0.5**0.2, 0), (1.0, 0.4**0.2, 1)])
def test_a_floor_by_hand(plan, withdrawal, factor, bounded):
    """Wage and operating income are 80 % of what is earned; the line is 10,000 yuan; one is above it."""
    lever = FLOOR.model_copy(update={"withdrawal": withdrawal})
    (made,) = lever.compile(plan.ground).floors
    assert made.effort == pytest.approx(factor - 1.0)
    every = np.ones((1, 1, 1))
    floors = make_floors(
        make_gate([0], every), 10_000.0 * every, np.array([withdrawal]), np.zeros((1, 1)), made.effort, made.beyond
    )
    rows = make_rows(3)
    own = np.array([4_000.0, 9_000.0, 10_000.1 / withdrawal])
    rows.rank[:] = np.log(own) - 9.0
    output = run(rows, make_tables(years=1, quantiles=[X + 9.0], levers=1, floors=floors))
    earned = own * [0.8 * factor + 0.2, 0.8 * factor + 0.2, 1.0]
    benefit = np.maximum(10_000.0 - withdrawal * earned, 0.0) * [1, 1, 0]
    np.testing.assert_allclose(output.income[1, 0], earned + benefit, rtol=1e-9)
    ledger = natural(output.ledger[1, 0, 0])
    assert ledger[Ledger.GAINED] == pytest.approx((earned - own).sum(), abs=0.02)
    assert ledger[Ledger.RECEIVED] == pytest.approx(benefit.sum(), abs=0.02)
    assert ledger[Ledger.BOUNDED] == 2 * bounded
    assert ledger[Ledger.HOUSEHOLDS] == 2


def rate(taxable):
    """Marginal rate of the published tables."""
    return next(rate for limit, rate, _ in QUICK if taxable <= limit) if taxable > 0 else 0.0


@pytest.mark.parametrize("wage", [15_000, 30_000, 61_000, 90_000, 180_000, 250_000, 600_000, 1_500_000])
def test_the_ratio_of_an_income_tax(plan, wage):
    """A deduction of 20,000 in place of 60,000, in force by a quarter more each year; operating income counts by half."""
    (made,) = TAX.compile(plan.ground).taxes
    for t, phase in enumerate([0, 0, 0.25, 0.5, 0.75, 1.0]):
        old = rate(wage - 60_000)
        new = old + phase * (rate(wage - 20_000) - old)
        expected = [((1 - part * new) / (1 - part * old)) ** 0.2 - 1 for part in (1.0, 0.5)]
        change = made.effort[t][wage > made.threshold[t]].sum(axis=0)
        np.testing.assert_allclose(change, expected, atol=1e-12)
    assert not made.beyond.any()


def test_beyond_the_range_in_both_directions(plan):
    """A tax of 90 % of the next yuan leaves a tenth; one that takes 45 % off again leaves 1 / 0.55 of what was left."""
    narrow = RESPONSE.model_copy(update={"lowest": 0.6})
    steep = {"brackets": [{"above": 0.0, "rate": 0.9}], "replaces": "nothing"}
    levers = [
        IncomeTax(lever="income_tax", name="steep", **steep, **COMMON),
        IncomeTax(
            lever="income_tax", name="none", brackets=[{"above": 0.0, "rate": 0.0}], **COMMON | {"response": narrow}
        ),
    ]
    for lever, wage, factor in zip(levers, (70_000.0, 1_200_000.0), (0.4**0.2, 0.6**-0.2), strict=True):
        (made,) = lever.compile(plan.ground).taxes
        above = wage > made.threshold[3]
        assert made.beyond[3][above].sum() == 1.0
        np.testing.assert_allclose(made.effort[3][above].sum(axis=0), [factor - 1.0, 0.0], atol=1e-12)
    assert made.beyond[3][made.threshold[3] < 100_000].sum() == 0.0


def test_a_contribution_as_it_is_phased_in(plan):
    """Half of it takes 2.5 % of the next yuan between floor and cap, all of it 5 %, more than the study has seen."""
    (made,) = CONTRIBUTION.compile(plan.ground).taxes
    factor = [1.0, 1.0, 0.975**0.2, 0.96**0.2, 0.96**0.2, 0.96**0.2]
    np.testing.assert_allclose(made.effort[:, 0, 0], np.array(factor) - 1.0, atol=1e-15)
    np.testing.assert_array_equal(made.effort[:, 1], -made.effort[:, 0])
    np.testing.assert_array_equal(made.beyond, np.outer([0, 0, 0, 1, 1, 1], [1, -1]))


def test_a_contribution_by_hand():
    """Below the floor, between, above the cap: only between them is the next yuan worth less; a loss stays a loss."""
    every = np.ones((1, 1, 1))
    effort = np.array([-0.1, 0.1])[None, None, :, None] * [1.0, 1.0]
    taxes = make_taxes(
        make_gate([0], every), np.array([3]), np.array([[1.0, 0.0, 0.0, 0.0]]), np.array([int(Per.ADULT)]), every,
        np.array([[[10_000.0, 40_000.0]]]), np.array([[[0.05, -0.05]]]), effort, np.array([[[1.0, -1.0]]]),
    )  # fmt: skip
    rows = make_rows(3)._replace(market_tilt=np.array([[1.0, 1.0, 1.0], [1.0, -0.5, 1.0], [1.0, 1.0, 1.0]]))
    wage = np.array([5_000.0, 20_000.0, 60_000.0])
    own = np.array([2.0, 0.55 / 0.5, 2.0]) * wage  # wages are half of it, or 0.5 of 0.5 - 0.15 + 0.2
    rows.rank[:] = np.log(own) - 10.0
    output = run(rows, make_tables(years=1, quantiles=[X + 10.0], levers=1, taxes=taxes))
    expected = own - [0.0, 2_000.0 + 0.05 * 8_000.0, 0.05 * 30_000.0]
    np.testing.assert_allclose(output.income[1, 0], expected, rtol=1e-9)
    ledger = natural(output.ledger[1, 0, 0])
    assert ledger[Ledger.HOUSEHOLDS] == 2
    assert ledger[Ledger.BOUNDED] == 1
    assert ledger[Ledger.GAINED] == pytest.approx(-2_000.0, abs=0.02)
    assert ledger[Ledger.COLLECTED] == pytest.approx(400.0 + 1_500.0, abs=0.02)


def test_all_together_equal_the_twin(together):
    _, plan, output = together
    income, _, ledger, _ = twin.run(output.rows, plan.tables, 1)
    np.testing.assert_allclose(output.income[1], income, rtol=1e-12)
    rounding = 0.005 * len(output.rows.age)
    np.testing.assert_allclose(natural(output.sums.ledger[1]), ledger, rtol=1e-9, atol=rounding)


def test_what_is_earned_less_is_in_the_ledger(together):
    case, plan, output = together
    money = natural(output.ledger[1]).sum(axis=0)
    more = money[:, Ledger.RECEIVED] + money[:, Ledger.GAINED] - money[:, Ledger.COLLECTED]
    np.testing.assert_allclose(more, yearly_difference(plan, output), rtol=1e-6, atol=100.0)
    by_source = (output.totals[1] - output.totals[0]).sum(axis=1)[:, Totals.WAGE :] * 0.01
    np.testing.assert_allclose(by_source[:, :2].sum(axis=1), money[:, Ledger.GAINED], rtol=1e-6, atol=100.0)
    assert not by_source[:, 2].any()
    table = keep_ledger(case, plan, age(plan, output.sums)).query("year >= 2022").set_index("lever")
    assert (table["gained_yuan"] < -1e5).all()
    bounded = table.loc["contribution"].set_index("year")["bounded_share"]
    assert bounded[2022] == 0.0
    assert bounded[2023:].between(0.1, 0.999).all()  # not those above the cap
    assert (table.drop("contribution")["bounded_share"] == 0.0).all()


@pytest.mark.parametrize("lever", LEVERS, ids=lambda lever: lever.name)
def test_without_elasticity_no_bit_changes(scenario, population, facts, lever):
    still = lever.model_copy(update={"response": RESPONSE.model_copy(update={"elasticity": 0.0})})
    one, other = (
        compute_with(scenario.model_copy(update={"policy": [each]}), population, facts)[1]
        for each in (still, silent(lever))
    )
    for found, expected in zip(one.sums, other.sums, strict=True):
        np.testing.assert_array_equal(found, expected)
    assert one.ledger[1, 0, :, Ledger.HOUSEHOLDS].any()


@pytest.mark.parametrize("lever", LEVERS, ids=lambda lever: lever.name)
def test_the_contract(lever):
    check_lever(lever)


def test_its_reason_is_listed(scenario):
    listed = {each.where: each for each in list_assumptions(scenario.model_copy(update={"policy": [TAX]}), ())}
    assert listed["policy[0].response"].value == "elasticity 0.2; lowest 0.4"
    assert "response" not in listed["policy[0]"].value


@pytest.mark.parametrize("wrong", [{"lowest": 0.0}, {"lowest": 1.0}, {"elasticity": -0.1}, {"reason": ""}])
def test_what_makes_no_sense_is_refused(wrong):
    with pytest.raises(ValidationError):
        Response.model_validate(RESPONSE.model_dump() | wrong)
