"""The shipped scenarios run; and groups, regions and bands are data: others run too, or say why not."""

import copy

import numpy as np
import pytest
import yaml

from incomesim import InvalidInput, load_scenario, read_scenario, simulate
from incomesim.plan import make_plan
from tests.conftest import SCENARIO, SMALL, shipped_data, without_services
from tests.reference.small_world import run

FOLDER = SCENARIO.parent
SAMPLES = sorted((FOLDER / "panzhihua").glob("*.yaml"))
WHOLE = sorted(FOLDER.glob("*.yaml"))


@pytest.mark.parametrize("file", [*WHOLE, *SAMPLES], ids=lambda file: file.stem)
def test_every_shipped_file_is_a_scenario_in_which_every_lever_can_act(file):
    """Warnings are errors here, so none is idle; and every lever has its place in the plan where there is one."""
    scenario = load_scenario(file)
    assert all(lever.reason for lever in scenario.policy)
    if file.stem.startswith("panzhihua") or file in SAMPLES:
        assert all(lever.sample and lever.lead and lever.list and lever.funded_by for lever in scenario.policy)


def test_the_plan_is_its_eight_samples_and_each_is_one():
    """A sample that the plan forgets, or a lever that says it belongs to another one."""
    plan = load_scenario(SCENARIO).policy
    alone = {file.stem: load_scenario(file).policy for file in SAMPLES}
    assert alone.pop("place") == []
    assert len(alone) == 8
    assert {lever.name for levers in alone.values() for lever in levers} == {lever.name for lever in plan}
    assert {stem: {lever.sample for lever in levers} for stem, levers in alone.items()} == {
        "farmers_and_villages": {"农民农村"},
        "four_modernisations": {"四化同步"},
        "governance": {"社会治理"},
        "income_distribution": {"收入分配"},
        "public_services": {"公共服务"},
        "reform": {"改革探索"},
        "regional_balance": {"区域协调"},
        "spiritual_wealth": {"精神富足"},
    }


@pytest.mark.parametrize("name", ["reference", "zhejiang-2023"])
def test_every_lever_of_another_place_reaches_somebody(name):
    """Nine groups of one's own; households of a survey file."""
    settings = [] if name == "reference" else ["population.households=4000"]
    result = simulate(load_scenario(FOLDER / f"{name}.yaml", settings))
    ledger = result.ledger.groupby("lever")["households_reached"].sum()
    assert len(ledger) > 5
    assert (ledger > 0).all()
    effect = result.summary.query("by == 'all' and measure == 'gini' and scenario == 'difference'")
    assert effect.set_index("year")["value"].iloc[-1] < 0


def test_the_order_of_files_changes_no_bit(tmp_path, scenario, population, facts, output):
    """`output` is that of the shipped order, of the same households."""
    listed = "".join(f"  - {file}\n" for file in reversed(SAMPLES))
    (tmp_path / "back.yaml").write_text(f"incomesim: 1\ntitle: {scenario.title}\ninclude:\n{listed}", "utf-8")
    back = without_services(load_scenario(tmp_path / "back.yaml", SMALL))
    assert back.policy != scenario.policy
    assert back.model_dump(exclude={"policy"}) == scenario.model_dump(exclude={"policy"})
    plan = make_plan(back, population, facts)
    found = run(plan.source.rows(0, plan.source.number), plan.tables)
    np.testing.assert_array_equal(found.income, output.income)
    places = [[lever.name for lever in back.policy].index(lever.name) for lever in scenario.policy]
    np.testing.assert_array_equal(found.ledger[:, places], output.ledger)


def one_group(data):
    only = {
        "label": "全部",
        "share": {"urban": 1.0, "rural": 1.0},
        "income": {"urban": 1.0, "rural": 1.0},
        "reason": "-",
    }
    data["population"]["groups"] = {"everybody": only}
    data["policy"] = [lever for lever in data["policy"] if lever["lever"] in ("income_floor", "urbanisation")]


def one_region(data):
    data["population"]["regions"] = {"renhe": data["population"]["regions"]["renhe"]}
    for group in data["population"]["groups"].values():
        group.pop("concentration", None)
    named = ("income_floor", "training", "group_mobility", "startup_support")  # for whatever county
    data["policy"] = [lever for lever in data["policy"] if lever["lever"] in named]


def two_bands(data):
    data["population"]["ages"] |= {
        "starts": [60], "urban": [0.75, 0.25], "rural": [0.7, 0.3], "income": [1.0, 0.9], "transfers": [0.6, 2.6],
        "size": [1.05, 0.85], "wages": [1.0, 0.45],
    }  # fmt: skip


def a_county_all_in_town(data):
    data["population"]["regions"]["dong"]["urban_share"] = 1.0


def everything_in_full(data):
    for lever in data["policy"]:
        if lever["lever"] not in ("employment_service", "income_floor"):  # one must say whom it is for, of two
            lever.pop("target", None)  # lines for all the higher takes back the lower
            lever.pop("inclusion_error", None)  # of those who are not in the target
        lever["years"] = "2020..2025"
        full = {"coverage": 1.0, "take_up": 1.0, "completion": 1.0, "rate": 0.33, "fade": 1.0}
        lever |= {key: value for key, value in full.items() if key in lever}
        if lever["lever"] == "industry_cluster":  # there are three, with places for everybody together
            lever["coverage"] = 0.33


def five_floors(data):
    floor = data["policy"][0]
    data["policy"] = [
        {**copy.deepcopy(floor), "name": f"floor {n}", "line": 7_000 + 500 * n, "withdrawal": 0.5} for n in range(5)
    ]


def simulate_with(change):
    data = shipped_data()
    data["population"]["households"] = 4_000
    change(data)
    return simulate(read_scenario(yaml.safe_dump(data, allow_unicode=True, sort_keys=False)))


@pytest.mark.parametrize(
    "change", [one_group, one_region, two_bands, a_county_all_in_town, everything_in_full, five_floors]
)
def test_runs_and_narrows_the_gap(change, tmp_path):
    result = simulate_with(change)
    assert np.isfinite(result.summary["value"]).all()
    assert result.fit["relative_difference"].abs().max() < 0.02
    effect = result.summary.query("by == 'all' and measure == 'gini' and year == 2025 and scenario == 'difference'")
    assert effect["value"].item() < 0
    result.save(tmp_path / "out")


def test_nobody_in_the_country_is_refused():
    def all_in_town(data):
        one_region(data)
        data["population"]["regions"]["renhe"]["urban_share"] = 1.0
        data["policy"] = []  # else levers for the country are named: they reach nobody

    with pytest.raises(InvalidInput, match="no rural residents"):
        simulate_with(all_in_town)
