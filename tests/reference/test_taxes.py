"""Mechanism 5 against tax tables worked out by hand, and the accounting of the levers on it."""

import numpy as np
import pytest
from pydantic import ValidationError

from incomesim.ageing import age
from incomesim.engine import compute
from incomesim.kernel.tables import Ledger, Per, Totals
from incomesim.policy import Contribution, IncomeTax, TaxRelief
from incomesim.policy.tax_schedule import LAW_2018
from incomesim.tabulate import keep_ledger
from incomesim.testing import check_lever
from tests.reference import twin
from tests.reference.small_world import X, make_gate, make_rows, make_tables, make_taxes, run
from tests.reference.test_grants import LEVERS as GRANTS
from tests.reference.test_levers import compute_with, yearly_difference
from tests.reference.twin import natural

COMMON = {"years": "2022..2025", "reason": "made up for a test"}
DEDUCTION = IncomeTax(lever="income_tax", name="deduction", deduction=30_000.0, **COMMON)
CONTRIBUTION = Contribution(
    lever="contribution", name="contribution", rate=0.02, floor=20_000.0, cap=60_000.0, indexation=0.1, **COMMON
)
RELIEF = TaxRelief(lever="tax_relief", name="relief", share=0.1, limit=20_000.0, phase_in=4, **COMMON)
LEVERS = [DEDUCTION, CONTRIBUTION, RELIEF]
named = pytest.mark.parametrize("lever", LEVERS, ids=lambda lever: lever.name)


def table_of(lever, ground):
    (tax,) = lever.compile(ground).taxes
    return tax.threshold, tax.step


# yearly taxable income, tax by the quick-deduction table that the tax authorities publish: income * rate - deduction
QUICK = [
    (36_000, 0.03, 0), (144_000, 0.10, 2_520), (300_000, 0.20, 16_920), (420_000, 0.25, 31_920),
    (660_000, 0.30, 52_920), (960_000, 0.35, 85_920), (np.inf, 0.45, 181_920),
]  # fmt: skip


def by_quick_deduction(taxable):
    rate, quick = next((rate, quick) for limit, rate, quick in QUICK if taxable <= limit)
    return max(taxable * rate - quick, 0.0)


@pytest.mark.parametrize("wage", [0, 59_999, 60_000, 96_000, 150_000, 204_000, 360_001, 600_000, 900_000, 1_500_000])
def test_the_law_is_the_published_table(plan, wage):
    law = IncomeTax(lever="income_tax", name="law", replaces="nothing", **COMMON)
    threshold, step = table_of(law, plan.ground)
    assert (step[0] * np.maximum(wage - threshold[0], 0)).sum() == pytest.approx(by_quick_deduction(wage - 60_000))


REFORM = {
    "lever": "income_tax", "name": "reform", "deduction": 72_000.0,
    "amendments": [
        {"year": 2023, "brackets": [{"above": 0.0, "rate": 0.05}, {"above": 100_000.0, "rate": 0.2}]},
        {"year": 2025, "deduction": 90_000.0},
    ],
    **COMMON,
}  # fmt: skip


@pytest.mark.parametrize("indexation", [0.0, 0.1])
@pytest.mark.parametrize("wage", [50_000, 66_000, 90_000, 180_000, 250_000, 600_000, 1_500_000])
def test_a_reform_by_year(plan, wage, indexation):
    """By hand: deduction of 2022, brackets of the law; from 2023 two brackets; from 2025 another deduction."""
    threshold, step = table_of(IncomeTax.model_validate(REFORM | {"indexation": indexation}), plan.ground)
    found = (step * np.maximum(wage - threshold, 0)).sum(axis=1)

    def two_brackets(taxable, limit):
        return 0.05 * min(max(taxable, 0), limit) + 0.2 * max(taxable - limit, 0)

    up = [(1.0 + indexation) ** years for years in range(4)]
    expected = [
        by_quick_deduction(wage - 72_000),
        two_brackets(wage - 72_000 * up[1], 100_000),
        two_brackets(wage - 72_000 * up[2], 100_000 * up[1]),
        two_brackets(wage - 90_000, 100_000 * up[2]),
    ]
    np.testing.assert_allclose(found[2:], np.array(expected) - by_quick_deduction(wage - 60_000), atol=1e-8)


def test_an_allowance_that_moves_with_prices(plan):
    """The schedule of the law, indexed: nothing changes in its first year, the law that is replaced stands still."""
    lever = IncomeTax(lever="income_tax", name="indexed", indexation="prices", **COMMON)
    threshold, step = table_of(lever, plan.ground)
    up = plan.ground.price_level / plan.ground.price_level[2]
    for wage in (50_000.0, 61_000.0, 100_000.0, 400_000.0):
        law = by_quick_deduction(wage - 60_000)
        expected = [up[t] * by_quick_deduction(wage / up[t] - 60_000) - law for t in range(2, 6)]
        np.testing.assert_allclose((step * np.maximum(wage - threshold, 0)).sum(axis=1)[2:], expected, atol=1e-8)
    assert (step[2] == 0).all()
    check_lever(lever)
    check_lever(IncomeTax.model_validate(REFORM))


def test_a_reform_by_year_equals_the_twin(scenario, population, facts):
    lever = IncomeTax.model_validate(REFORM | {"indexation": "prices"})
    plan, output = compute_with(scenario.model_copy(update={"policy": [lever]}), population, facts)
    income, *_ = twin.run(output.rows, plan.tables, 1)
    np.testing.assert_allclose(output.income[1], income, rtol=1e-12)
    assert (output.income[1, 2:] != output.income[0, 2:]).any(axis=1).all()


def test_a_change_at_the_top_is_for_the_top(plan):
    brackets = (*LAW_2018.brackets[:-1], LAW_2018.brackets[-1].model_copy(update={"rate": 0.5}))
    threshold, step = table_of(DEDUCTION.model_copy(update={"deduction": 60_000.0, "brackets": brackets}), plan.ground)
    assert threshold[0].tolist() == [1_020_000.0]
    assert step[0] == pytest.approx([0.05])


def test_what_is_taxed_is_divided_among_those_who_earn():
    """Households of four: with no, one old, two children, or nobody else of working age."""
    rows = make_rows(4, persons=4.0)
    rows.elderly[:], rows.children[:] = [0, 1, 0, 3], [0, 0, 2, 1]
    rows.rank[:] = 0.0
    every = np.ones((1, 1, 1))
    taxes = make_taxes(
        make_gate([0], every), np.array([3]), np.array([[1.0, 0.5, 0.0, 0.0]]), np.array([int(Per.ADULT)]), 0.5 * every,
        20_000.0 * every, 0.2 * every,
    )  # fmt: skip
    tables = make_tables(years=1, quantiles=[X / 2 + np.log(40_000.0)], mobility=((0.0, 1.0, 0.0, 0.0),))
    tables = tables._replace(taxes=taxes, purpose=np.array([2**16], np.uint64), active=np.array([[False], [True]]))
    output = run(rows, tables)
    base = 4 * 40_000.0 * (0.5 + 0.5 * 0.3)  # wage and half of operating income
    payers = np.array([4.0, 3.0, 2.0, 1.0])
    expected = 0.5 * payers * 0.2 * np.maximum(base / payers - 20_000.0, 0.0)
    np.testing.assert_allclose((output.income[0, 0] - output.income[1, 0]) * 4.0, expected, atol=1e-9)
    ledger = natural(output.ledger[1, 0, 0])
    assert ledger[Ledger.COLLECTED] == pytest.approx(expected.sum(), abs=0.03)
    assert ledger[Ledger.RECEIVED] == 0.0


@named
def test_accounting_of_the_levers(scenario, population, facts, lever):
    """What households have more is what they receive less what is collected, in one source, and so is the net cost."""
    case = scenario.model_copy(update={"policy": [lever]})
    plan, output = compute_with(case, population, facts)
    entries = natural(output.ledger[1, 0])
    assert (entries[:2] == 0).all()
    more = entries[:, Ledger.RECEIVED] - entries[:, Ledger.COLLECTED]
    assert (np.abs(more[2:]) > 1e5).all()
    np.testing.assert_allclose(more, yearly_difference(plan, output), rtol=1e-6, atol=100.0)
    by_source = (output.totals[1] - output.totals[0]).sum(axis=1)[:, Totals.WAGE :] * 0.01
    place = (Totals.OPERATING if lever is RELIEF else Totals.TRANSFER) - Totals.WAGE
    assert (np.delete(by_source, place, axis=1) == 0).all()
    table = keep_ledger(case, plan, age(plan, output.sums))
    np.testing.assert_allclose(table["net_cost_yuan"], table["paid_yuan"] - table["collected_yuan"])
    assert (table["collected_yuan"] > 0).any() == (lever is not RELIEF)
    assert (table["paid_yuan"] > 0).any() == (lever is RELIEF)


def test_relief_and_contribution_by_their_formulas(scenario, population, facts):
    for lever, t in ((RELIEF, 3), (CONTRIBUTION, 3)):
        plan, output = compute_with(scenario.model_copy(update={"policy": [lever]}), population, facts)
        rows, tables, cell = output.rows, plan.tables, output.cell[0, t]
        transfer = rows.transfer_tilt * tables.transfer_level[cell] * tables.growth[t, cell, 3]
        share = tables.composition[cell] * tables.growth[t, cell, :3]
        market = (output.income[0, t] - transfer) * rows.persons / share.sum(axis=1)
        more = (output.income[1, t] - output.income[0, t]) * rows.persons
        if lever is RELIEF:
            expected = 0.1 * 0.5 * np.minimum(market * share[:, 1], 20_000.0)
        else:
            elderly = rows.elderly + 0
            young = (elderly == 0) & (rows.age + t < 65) & (output.cell[0, t] == output.cell[0, 0])
            payers = np.maximum(rows.persons - elderly - rows.children, 1.0)
            paid = 0.02 * payers * np.clip(market * share[:, 0] / payers - 22_000.0, 0.0, 44_000.0)
            expected = np.where(young, -paid, more)
        np.testing.assert_allclose(more, expected, atol=1e-6)


@named
def test_a_tax_without_force_changes_nothing(scenario, population, facts, lever):
    zero = lever.model_copy(
        update={"deduction": {"deduction": 60_000.0}, "contribution": {"rate": 0.0}, "relief": {"share": 0.0}}[
            lever.name
        ]
    )
    _, output = compute_with(scenario.model_copy(update={"policy": [zero]}), population, facts)
    np.testing.assert_array_equal(output.income[1], output.income[0])
    assert (output.ledger[1] == 0).all()


def test_order_of_levers_does_not_matter(scenario, population, facts):
    policy = [*LEVERS, scenario.policy[0], scenario.policy[3]]
    forwards = compute_with(scenario.model_copy(update={"policy": policy}), population, facts)[1]
    backwards = compute_with(scenario.model_copy(update={"policy": policy[::-1]}), population, facts)[1]
    np.testing.assert_array_equal(forwards.income, backwards.income)
    np.testing.assert_array_equal(forwards.ledger, backwards.ledger[:, ::-1])


def test_bits_do_not_depend_on_blocks_and_threads(scenario, population, facts):
    plan, output = compute_with(scenario.model_copy(update={"policy": [*LEVERS, *GRANTS]}), population, facts)
    found = compute(plan.source, plan.tables, threads=3, block=37, largest=1_000)
    for one, other in zip(output.sums, found, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize(
    ("lever", "changes", "message"),
    [
        (DEDUCTION, {"deduction": 60_000.0}, "nothing would change"),
        (DEDUCTION, {"brackets": [{"above": 9.0, "rate": 0.1}, {"above": 0.0, "rate": 0.2}]}, "one above the other"),
        (DEDUCTION, {"amendments": [{"year": 2022, "deduction": 1.0}]}, "within the lever's years 2022..2025 after"),
        (DEDUCTION, {"amendments": [{"year": y, "deduction": 1.0} for y in (2024, 2023)]}, "each year once, rising"),
        (DEDUCTION, {"amendments": [{"year": 2023}]}, "without `deduction` or `brackets`"),
        (CONTRIBUTION, {"cap": 20_000.0}, "expected one above the floor"),
    ],
)
def test_what_makes_no_sense_is_refused(lever, changes, message):
    with pytest.raises(ValidationError, match=message):
        type(lever).model_validate(lever.model_dump() | changes)
