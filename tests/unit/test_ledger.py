"""The ledger as tables: a small one by hand, and that totals are the sums of their parts."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from incomesim.kernel.tables import MONEY_UNIT, WEIGHT_UNIT, Ledger
from incomesim.policy import Ground, IncomeFloor, IncomeTax, Training
from incomesim.report.balance import tabulate_balance_by_payer, tabulate_effects
from incomesim.report.ledger import tabulate_ledger_by_year, tabulate_places, tabulate_targets, tabulate_totals
from incomesim.report.summary_lookup import look_up_summary
from incomesim.tabulate import balance_budget, divide_ledger, keep_ledger, label_names, total_ledger, weigh_effects
from tests.fake_result import fake_result

LEVER, PLACE = ["year", "lever"], ["region", "group"]
COUNTS = {
    "households_reached": "household_cases",
    "persons_reached": "person_cases",
    "households_entitled": "entitled_cases",
    "households_in_error": "error_cases",
    "households_turned_away": "turned_away_cases",
    "households_bounded": "bounded_cases",
}
MONEY = [
    "paid_yuan", "received_yuan", "in_kind_yuan", "delivery_yuan", "gained_yuan", "collected_yuan", "net_cost_yuan",
    "to_non_poor_yuan",
]  # fmt: skip

GROUND = Ground(
    years=range(2021, 2024), regions=("hill", "plain"), groups=("needy", "other"), band_starts=(60,),
    price_level=np.ones(3),
)  # fmt: skip
FLOOR = IncomeFloor(
    lever="income_floor", name="floor", years="2021..2022", line=5_000.0, administration=0.1, indexation=0.1,
    budget={"yuan": 2_500.0, "order": "random"},
    funded_by="county", list="key_task", reason="a test",
)  # fmt: skip
COURSES = Training(
    lever="training", name="courses", years="2022..2023", coverage=0.1, premium=0.1, cost=300.0, completion=0.5,
    fade=0.0, indexation=0.1, reason="a test",
)  # fmt: skip
TAX = IncomeTax(
    lever="income_tax", name="tax", years="2022..2023", funded_by="city", deduction=50_000.0, reason="a test"
)


def made_by_hand():
    """A scenario of three levers, and what the kernel could have counted in four cells of it."""
    counted = np.zeros((2, 3, 3, GROUND.cells, len(Ledger)), np.int64)

    def put(lever, year, cell, **amounts):
        for name, amount in amounts.items():
            unit = MONEY_UNIT if name in ("received", "gained", "to_non_poor", "collected") else WEIGHT_UNIT
            counted[1, lever, year - 2021, np.ravel_multi_index(cell, GROUND.shape), Ledger[name.upper()]] = round(
                amount / unit
            )

    # cells are region, residence (0 is town), group, age band
    put(0, 2022, (0, 1, 0, 1), households=3, persons=6, received=1_000.0, to_non_poor=250.0, entitled=4, in_error=1,
        bounded=2)  # fmt: skip
    put(0, 2022, (0, 0, 0, 1), households=2, persons=5, received=400.0)
    put(0, 2022, (0, 0, 0, 0), entitled=1, turned_away=1)
    put(0, 2022, (1, 1, 1, 0), households=4, persons=4, received=100.01, to_non_poor=100.01)
    put(0, 2023, (1, 1, 1, 0), households=4, persons=4)  # after its years: nobody
    put(1, 2023, (1, 0, 1, 0), households=10, persons=30, gained=5_000.0, to_non_poor=1_000.0)
    put(2, 2022, (1, 0, 1, 0), households=10, persons=30, collected=2_000.0, entitled=10)  # a law
    factor = np.ones((3, GROUND.strata))
    factor[1] = [1.0, 2.0, 1.0, 1.5]  # town below 60, town 60 and over, country below 60, country 60 and over
    factor[2] = 0.5
    scenario = SimpleNamespace(policy=[FLOOR, COURSES, TAX])
    aged = SimpleNamespace(sums=SimpleNamespace(ledger=counted), factor=factor)
    return scenario, SimpleNamespace(ground=GROUND), aged


def test_a_small_ledger_by_hand():
    parts = divide_ledger(*made_by_hand()).set_index([*LEVER, *PLACE])
    assert len(parts) == 4
    hill = parts.loc[2022, "floor", "hill", "needy"]
    assert hill[["households_reached", "persons_reached"]].tolist() == [1.5 * 3 + 2.0 * 2, 1.5 * 6 + 2.0 * 5]
    assert hill[["received_yuan", "delivery_yuan", "paid_yuan"]].tolist() == [2_300.0, 230.0, 2_530.0]
    assert hill["leakage"] == 375.0 / 2_300.0
    assert hill[["households_entitled", "households_in_error", "households_turned_away"]].tolist() == [7.0, 1.5, 1.0]
    assert hill["coverage_of_target"] == (8.5 - 1.5) / 7.0
    assert hill["inclusion_error_share"] == 1.5 / 8.5
    assert hill["bounded_share"] == 3.0 / 8.5
    assert hill["cost_per_household_yuan"] == 2_530.0 / 8.5
    plain = parts.loc[2022, "floor", "plain", "other"]
    assert plain[["received_yuan", "delivery_yuan", "paid_yuan"]].tolist() == [100.01, 10.0, 110.01]  # to the fen

    ledger = keep_ledger(*made_by_hand()).set_index(LEVER)
    assert len(ledger) == 9
    floor = ledger.loc[2022, "floor"]
    assert floor[["households_reached", "persons_reached"]].tolist() == [12.5, 23.0]
    assert floor[["received_yuan", "delivery_yuan", "paid_yuan"]].tolist() == [2_400.01, 240.0, 2_640.01]
    assert floor["leakage"] == 475.01 / 2_400.01
    assert (ledger.loc[2023, "floor"][[*COUNTS, *MONEY]] == 0.0).all()
    courses = ledger.loc[2023, "courses"]  # 5 of 10 completed, at prices a year after the first
    assert courses[["households_reached", "delivery_yuan"]].tolist() == [5.0, 3_300.0]
    assert courses["leakage"] == 0.2
    tax = ledger.loc[2022, "tax"]
    assert tax[["collected_yuan", "net_cost_yuan", "paid_yuan"]].tolist() == [2_000.0, -2_000.0, 0.0]
    assert np.isnan(tax["leakage"])
    assert np.isnan(tax["coverage_of_target"])
    budget = ledger[["budget_yuan", "unspent_yuan"]].dropna()
    assert budget.index.tolist() == [(2021, "floor"), (2022, "floor")]
    assert budget.to_numpy().tolist() == [[2_500.0, 2_500.0], [2_750.0, 109.99]]


def test_totals_and_balance_by_hand():
    ledger = keep_ledger(*made_by_hand())
    totals = total_ledger(ledger).set_index(["by", "value", "year"])
    assert set(totals.loc["funded_by"].index.unique("value")) == {"county", "city", "not stated"}
    everything = totals.loc["all", "all", 2022]
    assert everything[["levers", "household_cases", "paid_yuan", "collected_yuan", "net_cost_yuan"]].tolist() == [
        3, 22.5, 2_640.01, 2_000.0, 640.01,
    ]  # fmt: skip
    assert totals.loc["family", "lift", 2023]["cost_per_case_yuan"] == 660.0
    assert totals.loc["list", "not stated", 2022]["levers"] == 2

    numbers = {"persons": 100.0, "mean": 20_000.0}
    rows = [
        (year, scenario, "all", "all", measure, value if scenario == "baseline" else 9.0)
        for year in GROUND.years
        for scenario in ("baseline", "policy")
        for measure, value in numbers.items()
    ]
    summary = pd.DataFrame(rows, columns=["year", "scenario", "by", "subgroup", "measure", "value"])
    balance = balance_budget(ledger, summary).set_index(["year", "payer"])
    paid = {"county": 2_640.01, "city": 0.0, "not stated": 0.0, "all payers": 2_640.01}
    assert balance.loc[2022]["paid_yuan"].to_dict() == paid
    assert balance.loc[2022]["balance_yuan"].to_dict() == {
        "county": -2_640.01, "city": 2_000.0, "not stated": 0.0, "all payers": -640.01,
    }  # fmt: skip
    together = balance.loc[2022, "all payers"]
    assert together[["finance_yuan", "package_cost_yuan"]].tolist() == [2_000.0, 2_640.01]
    assert together["financed_share"] == 2_000.0 / 2_640.01
    assert together["balance_per_person_yuan"] == -6.4001
    assert together["balance_share_of_income"] == pytest.approx(-640.01 / 2e6, rel=1e-15)


def test_effects_are_set_against_what_was_paid_in_the_year_and_to_date():
    ledger = pd.DataFrame(
        {"year": [2021, 2022, 2022, 2023], "paid_yuan": [0.0, 1e8, 1e8, 0.0], "in_kind_yuan": [0.0] * 4}
    )
    rows = [(year, "difference", "all", "all", "gini", -0.01, "index", 1e-6) for year in (2021, 2022, 2023)]
    rows += [
        (2022, "difference", "region", "hill", "gini", -0.5, "index", 0.0),
        (2022, "policy", "all", "all", "gini", 0.4, "index", 1e-6),
        (2022, "difference", "all", "all", "theil", -0.3, "index", 1e-6),
    ]
    columns = ["year", "scenario", "by", "subgroup", "measure", "value", "unit", "bound"]
    table = weigh_effects(ledger, pd.DataFrame(rows, columns=columns)).set_index("year")
    assert table.index.tolist() == [2022, 2023]
    assert table["per_100_million_yuan_to_date"].tolist() == [-0.005, -0.005]
    assert table.loc[2022, "per_100_million_yuan"] == -0.005
    assert np.isnan(table.loc[2023, "per_100_million_yuan"])


def test_services_in_kind_are_set_against_extended_income_alone():
    """What they cost changes no disposable income: the effect on that is due to the cash."""
    ledger = pd.DataFrame(
        {"year": [2021, 2022, 2022], "paid_yuan": [4e8, 1e8, 4e8], "in_kind_yuan": [3e8, 0.0, 3e8]}
    )  # fmt: skip
    rows = [
        (year, scenario, "all", "all", "gini", effect, "index", 0.0)
        for year in (2021, 2022)
        for scenario, effect in (("difference", -0.01), ("extended_difference", -0.09))
    ]
    columns = ["year", "scenario", "by", "subgroup", "measure", "value", "unit", "bound"]
    table = weigh_effects(ledger, pd.DataFrame(rows, columns=columns)).set_index(["scenario", "year"])
    assert table["paid_to_date_yuan"].to_dict() == {
        ("policy", 2022): 1e8, ("extended", 2021): 4e8, ("extended", 2022): 9e8,
    }  # fmt: skip
    assert table.loc[("policy", 2022), "per_100_million_yuan"] == -0.01
    assert table.loc[("extended", 2022), "per_100_million_yuan_to_date"] == -0.01


def fen(table):
    """Money as whole numbers of Python, which add up without error."""
    return table[MONEY].mul(100.0).round().astype("int64")


def test_totals_are_the_sums_of_their_parts(result):
    factors = result.ageing.query("total == 'stratum' and year == 2025")["factor"]
    assert factors.nunique() > 1  # households of town and country stand for different numbers
    ledger, parts = result.ledger.set_index(LEVER), result.ledger_by_region_and_group
    added = fen(parts).groupby([parts[key] for key in LEVER]).sum().reindex(ledger.index, fill_value=0)
    pd.testing.assert_frame_equal(added, fen(ledger))
    people = parts.groupby(LEVER)[list(COUNTS)].sum().reindex(ledger.index, fill_value=0.0)
    pd.testing.assert_frame_equal(people, ledger[list(COUNTS)], rtol=1e-12)
    totals = result.ledger_totals
    whole = totals[totals["by"] == "all"].set_index("year")
    pd.testing.assert_frame_equal(fen(result.ledger).groupby(result.ledger["year"]).sum(), fen(whole))
    for by in ("funded_by", "list", "lead", "sample", "family"):
        of_values = totals[totals["by"] == by]
        pd.testing.assert_frame_equal(fen(of_values).groupby(of_values["year"]).sum(), fen(whole))
        cases = of_values.groupby("year")[["levers", *COUNTS.values()]].sum()
        pd.testing.assert_frame_equal(cases, whole[["levers", *COUNTS.values()]], rtol=1e-12)
    for table in (result.ledger, parts, totals):
        money = fen(table)
        assert (money["paid_yuan"] == money["received_yuan"] + money["in_kind_yuan"] + money["delivery_yuan"]).all()
        assert (money["net_cost_yuan"] == money["paid_yuan"] - money["collected_yuan"]).all()
    balance = result.balance.set_index("year")
    each, together = balance[balance["payer"] != "all payers"], balance[balance["payer"] == "all payers"]
    for column in ("paid_yuan", "collected_yuan", "balance_yuan", "package_cost_yuan", "finance_yuan"):
        np.testing.assert_allclose(each.groupby("year")[column].sum(), together[column], rtol=1e-12)
    np.testing.assert_allclose(together["balance_yuan"], -whole["net_cost_yuan"], rtol=1e-12)


def test_coverage_is_a_share_in_every_part(result):
    """Who moves is entitled where he would go, so no part has more reached than entitled."""
    ledger, parts = result.ledger, result.ledger_by_region_and_group
    floors = ledger[ledger["kind"] == "income_floor"].query("year >= 2022")
    assert floors["coverage_of_target"].between(0.7, 0.9).all()  # take-up is 0.8
    assert parts["coverage_of_target"].dropna().between(0.0, 1.0 + 1e-12).all()
    moves = parts["kind"].isin(["group_mobility", "startup_support", "urbanisation"])
    assert (parts.loc[moves, "households_entitled"] > 0.0).all()
    assert parts.loc[parts["households_entitled"] > 0.0, "coverage_of_target"].notna().all()
    moved = ledger[ledger["kind"] == "urbanisation"].query("year >= 2022")
    assert moved["coverage_of_target"].between(0.003, 0.02).all()  # 0.8 % of the country a year


def test_whole_numbers_add_up_without_ageing_to_the_bit():
    scenario, plan, aged = made_by_hand()
    aged.factor[:] = 1.0
    parts, ledger = (make(scenario, plan, aged).groupby(LEVER) for make in (divide_ledger, keep_ledger))
    for column in COUNTS:
        added = parts[column].sum()
        pd.testing.assert_series_equal(added, ledger[column].sum().reindex(added.index), check_exact=True)


def test_without_levers_there_are_tables_without_rows():
    _, plan, aged = made_by_hand()
    aged.sums.ledger = aged.sums.ledger[:, :0]
    nothing = SimpleNamespace(policy=[])
    ledger = keep_ledger(nothing, plan, aged)
    assert ledger.empty
    assert divide_ledger(nothing, plan, aged).empty
    assert total_ledger(ledger).empty


def test_the_report_names_payers_and_lists_in_both_languages(scenario):
    labels = label_names(scenario)
    assert labels["county"] == "县（区）级"
    fake = fake_result()
    fake.labels.update(labels)
    lookup = look_up_summary(fake)
    shown = {
        "totals": tabulate_totals(fake),
        "by year": tabulate_ledger_by_year(fake),
        "places": tabulate_places(fake, lookup),
        "balance": tabulate_balance_by_payer(fake),
        "targets": tabulate_targets(fake),
        "effects": tabulate_effects(fake, lookup.years),
    }
    texts = {name: {(cell.text, cell.chinese) for row in table.rows for cell in row} for name, table in shown.items()}
    totals = {
        ("By payer", "按资金来源"), ("County", "县（区）级"), ("Key task", "重点任务"), ("Raise the floor", "消底"),
        ("Not stated", "未注明"), ("市民政局", ""), ("All levers", "合计"),
    }  # fmt: skip
    assert totals <= texts["totals"]
    assert ("Enterprise", "企业") in texts["by year"]
    assert ("Miyi", "米易县") in texts["places"]
    assert ("All payers", "合计") in texts["balance"]
    assert ("Gini coefficient", "基尼系数") in texts["effects"]
    for table in shown.values():
        assert {len(row) for row in table.rows} == {len(table.headers)}


def test_the_report_says_of_no_law_that_nobody_is_entitled():
    fake = fake_result()
    law = fake.ledger["households_reached"] > 0.0
    fake.ledger.loc[law, ["households_entitled", "households_in_error"]] = 0.0
    shown = tabulate_targets(fake).rows
    assert {row[2].text for row in shown} == {"–"}
    assert "0" not in {row[3].text for row in shown}
