"""Services in kind: what they add to extended income, and that disposable income does not know of them."""

import numpy as np
import pytest

from incomesim import measures
from incomesim.ageing import age
from incomesim.kernel.tables import Grants, Ledger, Per, Totals
from incomesim.plan import make_plan
from incomesim.policy import Floor, Grant, Mechanisms, PublicServices, TargetedTransfer
from incomesim.tabulate import keep_ledger
from tests.reference import test_grants, test_taxes, twin
from tests.reference.small_world import X, make_floors, make_gate, make_rows, make_tables, run
from tests.reference.test_levers import compute_with

COMMON = {"lever": "public_services", "years": "2022..2024", "reason": "made up for a test"}
CARE = PublicServices(
    name="care", per="elderly", value=2_400.0, phase_in=2, indexation=0.1, take_up=0.6, administration=0.1,
    target={"residence": "rural", "ceiling": 20_000.0}, **COMMON,
)  # fmt: skip
SCHOOLS = PublicServices(name="a school", per="child", value=3_000.0, **COMMON)
LEVERS = [CARE, SCHOOLS]
LOOKING_BACK = TargetedTransfer(
    lever="targeted_transfer", name="help", years="2023..2025", per="household", amount=1_000.0, reason="a test",
    target={"ceiling": 12_000.0, "measured": "last_year"},
)  # fmt: skip


@pytest.fixture(scope="module")
def package(scenario):
    return [*scenario.policy, *test_grants.LEVERS, *test_taxes.LEVERS, LOOKING_BACK]


@pytest.fixture(scope="module")
def served(scenario, population, facts, package):
    case = scenario.model_copy(update={"policy": [*package, *LEVERS]})
    return (case, *compute_with(case, population, facts))


def test_a_gini_by_hand():
    """Four households of two: 10 to 40 thousand yuan a head, a floor of 12 and schools of 4 thousand a child."""
    everywhere = np.ones((1, 1, 1))
    floors = make_floors(make_gate([0], everywhere), 12_000.0 * everywhere, np.array([1.0]), np.zeros((1, 1)))
    schools = Grants(
        make_gate([1], everywhere), np.array([3]), np.array([int(Per.CHILD)]), 4_000.0 * everywhere, np.array([False])
    )
    rows = make_rows(4, persons=2.0)
    rows.rank[:] = np.log([10_000, 20_000, 30_000, 40_000]) - 10.0
    rows.children[:] = [1, 1, 2, 1]
    active = np.array([[False, False], [True, False], [True, True]])
    tables = make_tables(
        years=1, quantiles=[X + 10.0], levers=2, active=active, floors=floors, services=schools
    )  # fmt: skip
    output = run(rows, tables)
    thousands = np.array([[10, 20, 30, 40], [12, 20, 30, 40], [14, 22, 34, 42]])
    np.testing.assert_allclose(output.income[:, 0] / 1_000, thousands, rtol=1e-9)
    # half the mean of |difference| over the mean: 94 and 96 over the six pairs
    assert measures.gini(output.income[1, 0]) == pytest.approx(2 * 94 / (2 * 16 * 25.5))
    assert measures.gini(output.income[2, 0]) == pytest.approx(2 * 96 / (2 * 16 * 28))
    money = output.sums.histogram[..., 1].sum(axis=(1, 2, 3))
    np.testing.assert_allclose(money, 100 * 2_000 * thousands.sum(axis=1), rtol=1e-9)
    ledger = twin.natural(output.ledger[:, :, 0])[..., Ledger.RECEIVED]
    np.testing.assert_allclose(ledger, [[0, 0], [4_000, 0], [4_000, 20_000]], rtol=1e-7)


def test_extended_income_equals_the_twin(served):
    _, plan, output = served
    assert plan.scenarios == ("baseline", "policy", "extended")
    income, cell, ledger, _ = twin.run(output.rows, plan.tables, 2)
    np.testing.assert_array_equal(output.cell[2], cell)
    np.testing.assert_allclose(output.income[2], income, rtol=1e-12)
    rounding = 0.005 * len(output.rows.age)
    np.testing.assert_allclose(twin.natural(output.sums.ledger[2]), ledger, rtol=1e-9, atol=rounding)


def test_disposable_income_does_not_see_them(served, scenario, population, facts, package):
    """Every sum of the baseline and the policy has the same bits as without services; other levers do the same."""
    _, plan, output = served
    without_plan, without = compute_with(scenario.model_copy(update={"policy": package}), population, facts)
    assert without_plan.scenarios == ("baseline", "policy")
    assert plan.tables.fineness == without_plan.tables.fineness
    np.testing.assert_array_equal(output.income[:2], without.income)
    np.testing.assert_array_equal(output.cell[2], without.cell[1])
    for name in ("histogram", "strata", "below", "totals", "changes", "joint"):
        np.testing.assert_array_equal(getattr(output.sums, name)[:2], getattr(without.sums, name))
    for s in (1, 2):
        np.testing.assert_array_equal(output.sums.ledger[s, : len(package)], without.sums.ledger[1])
    assert not output.sums.ledger[1, len(package) :].any()


def test_what_they_add_is_in_the_ledger(served):
    case, plan, output = served
    more = output.totals[2] - output.totals[1]
    given = output.sums.ledger[2, -2:, ..., Ledger.RECEIVED].sum(axis=0)
    others = [Totals.HOUSEHOLDS, Totals.PERSONS, Totals.WAGE, Totals.OPERATING, Totals.PROPERTY]
    assert not more[..., others].any()
    np.testing.assert_allclose(more[..., Totals.TRANSFER], given, rtol=1e-6, atol=100)
    assert (given[2:5].sum(axis=1) > 0).all()
    assert not given[[0, 1, 5]].any()
    table = keep_ledger(case, plan, age(plan, output.sums))
    served_by = table["kind"] == "public_services"
    assert not table.loc[~served_by, "in_kind_yuan"].any()
    assert not table.loc[served_by, "received_yuan"].any()
    assert table.loc[served_by, "in_kind_yuan"].gt(0).sum() == 6
    np.testing.assert_allclose(
        table["paid_yuan"], table[["received_yuan", "in_kind_yuan", "delivery_yuan"]].sum(axis=1)
    )
    care = table[table["lever"] == "care"]
    np.testing.assert_allclose(care["delivery_yuan"], 0.1 * care["in_kind_yuan"])


def test_formulas(scenario, population, facts):
    """Yuan of each household after the docstring; alone, the lever finds incomes of the baseline before it."""
    plan, output = compute_with(scenario.model_copy(update={"policy": LEVERS[:1]}), population, facts)
    luck = twin.uniforms(plan.tables, output.rows.household_id, 0, plan.tables.purpose[0])[0]
    rural = np.indices(plan.ground.shape)[1].ravel()[output.cell[0]] == 1
    more = (output.income[2] - output.income[0]) * output.rows.persons
    slow = twin.Twin(output.rows, plan.tables, 0)
    for t, phase in enumerate([0, 0, 0.5, 1, 1, 0]):
        slow.year(t)
        poor = output.income[0, t] <= 20_000.0 * plan.ground.price_level[t]
        elderly = slow.members()[Per.ELDERLY] * (rural[t] & poor & (luck < 0.6 * phase))
        np.testing.assert_allclose(more[t], 2_400.0 * 1.1 ** (t - 2) * elderly, atol=1e-6)


def test_bits_depend_neither_on_order_nor_on_blocks(served, population, facts):
    case, _, output = served
    backwards = case.model_copy(update={"policy": case.policy[::-1]})
    plan_backwards = make_plan(backwards, population, facts)
    found = run(output.rows, plan_backwards.tables, block=100)
    np.testing.assert_array_equal(found.income, output.income)
    np.testing.assert_array_equal(found.ledger, output.ledger[:, ::-1])


def test_without_value_nothing_changes(scenario, population, facts):
    case = scenario.model_copy(update={"policy": [SCHOOLS.model_copy(update={"value": 0.0})]})
    _, output = compute_with(case, population, facts)
    np.testing.assert_array_equal(output.income[2], output.income[0])
    assert not output.ledger.any()


def test_a_lever_gives_in_kind_or_changes_disposable_income(plan):
    (service,) = SCHOOLS.compile(plan.ground).services
    floor = Floor(service.amount, 1.0, 1.0)
    assert isinstance(service, Grant)
    with pytest.raises(ValueError, match="found services beside other mechanisms, expected either"):
        Mechanisms(services=(service,), floors=(floor,))
