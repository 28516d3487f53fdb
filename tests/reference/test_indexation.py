"""Amounts that follow incomes of the baseline, by hand from the baseline's own summary."""

import numpy as np
import pytest
from pydantic import ValidationError

from incomesim.baseline import find_baseline, plan_run
from incomesim.estimate import estimate
from incomesim.plan import make_plan
from incomesim.policy import IncomeFloor, WageGrowth
from incomesim.scenario import read_scenario
from incomesim.simulation import simulate
from incomesim.testing import check_lever
from tests.conftest import one_file_text
from tests.reference.small_world import run

COMMON = {"years": "2022..2024", "reason": "a test"}
RELATIVE = IncomeFloor.model_validate(
    {"lever": "income_floor", "name": "relative", "line": {"share_of_median": 0.4}, **COMMON}
)
INDEXED = IncomeFloor(lever="income_floor", name="indexed", line=9_000.0, indexation="median_income", **COMMON)
WAGES = WageGrowth(lever="wage_growth", name="wages", extra_growth=0.01, cost=50.0, indexation="mean_income", **COMMON)


@pytest.fixture(scope="module")
def known(result):
    """Mean and median of everybody in the baseline, as the summary has them: they are the same with any policy."""
    table = result.summary.query("by == 'all' and scenario == 'baseline'").pivot_table("value", "year", "measure")
    return table["mean"].to_numpy(), table["median"].to_numpy()


@pytest.fixture(scope="module")
def case(scenario):
    return scenario.with_levers([RELATIVE, INDEXED, WAGES])


def test_amounts_stay_at_the_same_share_of_the_baseline(case, population, facts, known):
    mean, median = known
    plan = plan_run(case, population, facts, threads=2)
    indexed, relative = plan.tables.floors.line[:, :, 0]  # in the order of names
    at_work = np.array([0, 0, 1, 1, 1, 0])
    np.testing.assert_allclose(relative, 0.4 * median * at_work, rtol=1e-12)
    np.testing.assert_allclose(indexed, 9_000.0 * median / median[2] * at_work, rtol=1e-12)
    np.testing.assert_allclose(WAGES.amounts(plan.ground), np.maximum(mean / mean[2], 1.0), rtol=1e-12)
    lowest = run(plan.source.rows(0, 4_000), plan.tables).income[1].min(axis=1)
    np.testing.assert_allclose(lowest[2:5], relative[2:5], rtol=1e-12)


def test_the_same_bits_on_any_number_of_threads(case, population, facts):
    bare = make_plan(case.model_copy(update={"policy": []}), population, facts)
    one, other = (find_baseline(bare, threads=threads) for threads in (1, 3))
    np.testing.assert_array_equal(one.mean, other.mean)
    np.testing.assert_array_equal(one.median, other.median)


def test_the_pass_is_made_where_it_is_needed_told_and_estimated(scenario, case):
    small = case.model_copy(update={"population": case.population.model_copy(update={"households": 2_000})})
    stages = set()
    floor = small.model_copy(update={"policy": [RELATIVE]})
    run_with = simulate(floor, progress=lambda stage, *_: stages.add(stage))
    assert "baseline" in stages
    assert (run_with.ledger.query("year in (2022, 2024)")["received_yuan"] > 0).all()
    assert not scenario.needs_baseline
    some, more = (
        estimate(scenario.model_copy(update={"policy": policy})).seconds
        for policy in (scenario.policy[:3], case.policy)
    )
    assert more - some == pytest.approx(0.7 * 12_000 * (0.03e-6 + 6 * 0.05e-6))


def test_without_the_pass_nothing_is_guessed(case, population, facts):
    with pytest.raises(ValueError, match="incomes of the baseline are not known"):
        make_plan(case, population, facts)


def test_it_is_a_lever_like_others_and_is_read():
    for lever in (RELATIVE, INDEXED, WAGES):
        check_lever(lever)
    text = one_file_text()
    line = "    line: 7_400\n    indexation: 0.03\n"
    read = read_scenario(text.replace(line, "    line: {share_of_median: 0.4}\n"))
    assert read.policy[0].line == RELATIVE.line
    assert "40% of the baseline's median" in read.policy[0].sentence().english


def test_a_relative_line_has_no_indexation_beside_it():
    with pytest.raises(ValidationError, match="leave it out"):
        IncomeFloor.model_validate(RELATIVE.model_dump() | {"indexation": "prices"})
