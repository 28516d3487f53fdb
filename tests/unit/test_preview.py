"""What is expected of levers before a run, beside what the run comes to."""

import json

import numpy as np
import pandas as pd
import pytest

from incomesim import load_scenario
from incomesim.errors import UnfinishedPhaseIn
from incomesim.policy import Budget, Ground, IncomeFloor, Target, benefit, chance
from incomesim.preview import preview
from tests.reference.test_lever_formulas import CLUSTER, SERVICE
from tests.unit.test_cli import SCENARIO, SMALL, command

__all__ = ["command"]


def test_a_preview_is_near_what_the_run_comes_to(scenario, result):
    """Apart from chance, ageing, other levers, and those a lever has reached before."""
    expected = preview(scenario).dropna(subset="paid_yuan")
    ledger = result.ledger.set_index(["lever", "year"]).loc[list(zip(expected["lever"], expected["year"], strict=True))]
    weight = 482_951 / 12_000
    reached, paid = ledger["households_reached"].to_numpy(), ledger["paid_yuan"].to_numpy()
    allowed = 5 * np.sqrt(weight * expected["reached"]) + 0.12 * expected["reached"]
    assert ((expected["reached"] - reached).abs() < allowed).all(), pd.DataFrame(
        {"run": reached, "preview": expected["reached"]}
    )
    assert ((expected["paid_yuan"] / expected["reached"]) / (paid / reached)).between(0.8, 1.25).all()
    assert (expected["reached"] <= expected["households"]).all()


def test_shares_of_the_pool(scenario):
    """Those of the target; of a cluster that is being built the stage of the year; of a service those below the ceiling."""
    city = CLUSTER.model_copy(update={"target": Target(), "years": range(2022, 2024)})
    free = SERVICE.model_copy(update={"target": SERVICE.target.model_copy(update={"ceiling": None})})
    some = SERVICE.model_copy(update={"name": "some", "budget": Budget(yuan=1e6, order="random"), "indexation": 0.1})
    with pytest.warns(UnfinishedPhaseIn, match="at 67%"):
        case = scenario.with_levers([city, free, some])
    table = preview(case).set_index("lever")
    assert table.loc["cluster", "year"] == 2023
    assert table.loc["cluster", "households"] == pytest.approx(482_951, rel=0.01)
    np.testing.assert_allclose(table["share"].iloc[:2], [0.8 / 3, 0.2])
    np.testing.assert_allclose(table["reached"], table["share"] * table["households"])
    assert table.loc["some", "reached"] < table.loc["service", "reached"]
    assert table["budget_yuan"].isna().tolist() == [True, True, False]
    assert table.loc["some", "budget_yuan"] == 1e6
    assert table.loc["service", "paid_yuan"] == pytest.approx(600.0 * table.loc["service", "reached"] / 0.4)


def test_errors_of_a_floor_are_reached_and_paid_what_it_pays_them():
    """Above the line the amount paid in error, and where there is none nobody, though some below it are let in."""
    ground = Ground(
        years=range(2021, 2023), regions=("hill",), groups=("all",), band_starts=(), price_level=np.ones(2)
    )  # fmt: skip
    common = {"lever": "income_floor", "name": "f", "years": "2021..2022", "line": 5_000.0, "reason": "a test"}
    paying = IncomeFloor(**common, take_up=0.8, inclusion_error=0.1, paid_in_error=300.0, indexation=0.1)
    strict = IncomeFloor(**common, inclusion_error=0.1, target=Target(ceiling=4_000.0))
    income, cell = np.array([3_000.0, 4_500.0, 6_000.0]), np.ones(3, np.int64)
    for lever, share, yuan in (
        (paying, [0.8, 0.8, 0.1], [2_500.0, 1_000.0, 330.0]),
        (strict, [1.0, 0.1, 0.0], [2_000.0, 500.0, 0.0]),
    ):
        (entry,) = lever.compile(ground).floors
        np.testing.assert_allclose(chance(entry, lever, ground, 1, cell, income, income), share)
        np.testing.assert_allclose(benefit(entry, 1, cell, income), yuan)


def test_check_prints_it(command):
    code, out, err = command("check", SCENARIO, "--preview", *SMALL)
    assert code == 0, err
    assert "settling in" in out  # a long name goes on in the next line
    code, out, _ = command("check", SCENARIO, "--preview", "--json", *SMALL)
    rows = json.loads(out, parse_constant=pytest.fail)["preview"]  # no NaN
    full = {lever.name: lever.years[0] + lever.phase_in - 1 for lever in load_scenario(SCENARIO).policy}
    assert {row["lever"]: row["year"] for row in rows} == full
    assert rows[0]["budget_yuan"] is None
