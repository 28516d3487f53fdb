"""Mechanism 4 in small cases that can be counted by hand, and the accounting of the levers on it."""

import numpy as np
import pytest
from pydantic import ValidationError

from incomesim.kernel.tables import Grants, Ledger, Per, Totals
from incomesim.policy import CollectiveDividend, PublicJobs, SocialPension, TargetedTransfer
from tests.reference.small_world import make_gate, make_rows, make_tables, run
from tests.reference.test_levers import compute_with, yearly_difference
from tests.reference.twin import natural, uniforms

COMMON = {"years": "2022..2025", "reason": "made up for a test"}
LEVERS = [
    SocialPension(lever="social_pension", name="pension", monthly=50.0, indexation=0.05, **COMMON),
    TargetedTransfer(
        lever="targeted_transfer", name="children", per="child", amount=1_200.0, take_up=0.8, inclusion_error=0.1,
        target={"ceiling": 20_000.0}, administration=0.05, **COMMON,
    ),
    PublicJobs(
        lever="public_jobs", name="jobs", coverage=0.3, wage=9_600.0, phase_in=3, target={"ceiling": 20_000.0}, **COMMON
    ),
    CollectiveDividend(
        lever="collective_dividend", name="dividend", amount=200.0, indexation=0.1, coverage=0.5, cost=500.0, **COMMON
    ),
]  # fmt: skip
SOURCE = {"pension": "TRANSFER", "children": "TRANSFER", "jobs": "WAGE", "dividend": "PROPERTY"}
named = pytest.mark.parametrize("lever", LEVERS, ids=lambda lever: lever.name)


def grants(years, per, *, amount=1.0, ceiling=np.inf, take_up=1.0, inclusion=0.0, earned=False):
    every = np.ones((1, years, 1))
    gate = make_gate([0], every, take_up, error=inclusion, ceiling=ceiling)
    return Grants(gate, np.array([3]), np.array([int(per)]), amount * every, np.array([earned]))


def given(rows, years=1, **numbers):
    """Yuan per household and year that a grant adds."""
    output = run(rows, make_tables(years=years, levers=1, grants=grants(years, **numbers)))
    return (output.income[1] - output.income[0]) * rows.persons, output


def test_an_amount_is_paid_for_each_of_those_it_is_for():
    rows = make_rows(300, persons=5.0)
    rows.elderly[:], rows.children[:] = np.arange(300) % 3, np.arange(300) % 4
    for per, count in (
        (Per.HOUSEHOLD, 1.0), (Per.PERSON, 5.0), (Per.ELDERLY, rows.elderly), (Per.CHILD, rows.children)
    ):  # fmt: skip
        more, output = given(rows, per=per, amount=2.5)
        np.testing.assert_allclose(more[0], 2.5 * np.broadcast_to(count, 300), atol=1e-12)
        assert natural(output.ledger[1, 0, 0])[Ledger.HOUSEHOLDS] == np.count_nonzero(count * np.ones(300))


def test_heads_become_old_and_take_the_old_with_them():
    """Heads of 63 with one old person turn 65 in the third year; those who dissolve leave a young household."""
    rows = make_rows(4, persons=3.0)._replace(age=np.array([63, 63, 70, 30]))
    rows.elderly[:] = [0, 1, 2, 1]
    assert given(rows, years=3, per=Per.ELDERLY)[0].round(9).tolist() == [[0, 1, 2, 1], [0, 1, 2, 1], [1, 2, 2, 1]]
    renewal = np.where(np.arange(121) >= 71, 1.0, 0.0)
    tables = make_tables(years=2, levers=1, grants=grants(2, Per.ELDERLY), renewal=renewal)
    output = run(rows, tables)
    more = (output.income[1] - output.income[0]) * 3.0
    assert more.round(9).tolist() == [[0, 1, 2, 1], [0, 1, 0, 1]]


def test_ceiling_take_up_and_error_select_always_the_same():
    rows = make_rows(20_000)
    base = {"per": Per.HOUSEHOLD, "ceiling": 1.0, "years": 2}
    more, output = given(rows, take_up=0.6, inclusion=0.2, **base)
    poor = output.income[0] <= 1.0
    assert abs((more > 0)[poor].mean() - 0.6) < 0.02
    assert abs((more > 0)[~poor].mean() - 0.2) < 0.02
    half = given(rows, take_up=0.3, inclusion=0.0, **base)[0] > 0
    assert not half[~poor].any()
    assert ((more > 0) | ~half)[poor].all()  # who is served when few are, is served when more are
    stayed = poor[0] & poor[1]
    np.testing.assert_array_equal(more[0][stayed] > 0, more[1][stayed] > 0)


def test_what_is_earned_is_not_received():
    rows = make_rows(100)
    for earned, account in ((True, Ledger.GAINED), (False, Ledger.RECEIVED)):
        ledger = natural(given(rows, per=Per.HOUSEHOLD, amount=2.0, earned=earned)[1].ledger[1, 0, 0])
        assert ledger[[Ledger.RECEIVED, Ledger.GAINED]].sum() == ledger[account] == 200.0


PROMISED = {
    "children": lambda rows, poor, rural, luck, year: 1_200 * rows.children * (luck < np.where(poor, 0.8, 0.1)),
    "jobs": lambda rows, poor, rural, luck, year: 9_600 * (poor & (luck < 0.3 * min(1.0, (year - 2021) / 3))),
    "dividend": lambda rows, poor, rural, luck, year: (
        200 * 1.1 ** (year - 2022) * rows.persons * (rural & (luck < 0.5))
    ),
}
"""Yuan of each household by the lever's docstring. The pension has a test of its own."""


@named
def test_accounting_of_the_levers(scenario, population, facts, lever):
    """Everything a household has more stands in the ledger and in the totals of its source, and is what was promised."""
    plan, output = compute_with(scenario.model_copy(update={"policy": [lever]}), population, facts)
    ledger = natural(output.ledger[1, 0])
    paid = ledger[:, Ledger.GAINED if lever.name == "dividend" else Ledger.RECEIVED]
    assert (paid[:2] == 0).all()
    np.testing.assert_allclose(paid, yearly_difference(plan, output), rtol=1e-6)
    by_source = (output.totals[1] - output.totals[0]).sum(axis=1)[:, Totals.WAGE :] * 0.01
    place = Totals[SOURCE[lever.name]] - Totals.WAGE
    np.testing.assert_allclose(by_source[:, place], paid, rtol=1e-6)
    assert (np.delete(by_source, place, axis=1) == 0).all()
    luck = uniforms(plan.tables, output.rows.household_id, 0, plan.tables.purpose[0])[0]
    rural = np.indices(plan.ground.shape)[1].ravel()[output.cell[0]] == 1
    for t in range(2, 6) if lever.name in PROMISED else ():
        poor = output.income[0, t] <= 20_000.0 * plan.ground.price_level[t]
        promised = PROMISED[lever.name](output.rows, poor, rural[t], luck, 2020 + t)
        np.testing.assert_allclose(paid[t], (output.rows.weight * promised).sum(), rtol=1e-6)


def test_pension_of_the_first_year(scenario, population, facts):
    lever = LEVERS[0].model_copy(update={"years": range(2020, 2021)})
    _, output = compute_with(scenario.model_copy(update={"policy": [lever]}), population, facts)
    expected = 12 * 50.0 * (output.rows.weight * output.rows.elderly).sum()
    np.testing.assert_allclose(natural(output.ledger[1, 0, 0])[Ledger.RECEIVED], expected, rtol=1e-7)


def test_order_of_levers_does_not_matter(scenario, population, facts):
    policy = [*LEVERS, scenario.policy[0]]
    forwards = compute_with(scenario.model_copy(update={"policy": policy}), population, facts)[1]
    backwards = compute_with(scenario.model_copy(update={"policy": policy[::-1]}), population, facts)[1]
    np.testing.assert_array_equal(forwards.income, backwards.income)
    np.testing.assert_array_equal(forwards.ledger, backwards.ledger[:, ::-1])


NOTHING = {"pension": "monthly", "children": "amount", "jobs": "coverage", "dividend": "amount"}


@named
def test_a_zero_lever_changes_nothing(scenario, population, facts, lever):
    zero = lever.model_copy(update={NOTHING[lever.name]: 0.0})
    _, output = compute_with(scenario.model_copy(update={"policy": [zero]}), population, facts)
    np.testing.assert_array_equal(output.income[0], output.income[1])
    assert (output.ledger[1] == 0).all()


def test_townspeople_have_no_collective():
    with pytest.raises(ValidationError, match="only rural households belong to a collective"):
        CollectiveDividend.model_validate(LEVERS[3].model_dump() | {"target": {"residence": "urban"}})
