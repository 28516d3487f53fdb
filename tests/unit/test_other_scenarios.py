"""Groups, regions and bands are data: scenarios unlike the shipped one run, or say why not."""

import copy

import numpy as np
import pytest
import yaml

from incomesim import InvalidInput, read_scenario, simulate
from incomesim.scenario.text import read_file
from tests.conftest import SCENARIO


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
    data["policy"] = [lever for lever in data["policy"] if lever["lever"] != "farm_income"]


def two_bands(data):
    data["population"]["ages"] |= {
        "starts": [60], "urban": [0.75, 0.25], "rural": [0.7, 0.3], "income": [1.0, 0.9], "transfers": [0.6, 2.6],
        "size": [1.05, 0.85], "wages": [1.0, 0.45],
    }  # fmt: skip


def a_county_all_in_town(data):
    data["population"]["regions"]["dong"]["urban_share"] = 1.0


def everything_in_full(data):
    for lever in data["policy"]:
        if lever["lever"] != "income_floor":  # the higher of two lines for all takes back the lower one
            lever.pop("target", None)
        lever["years"] = "2020..2025"
        full = {"coverage": 1.0, "take_up": 1.0, "completion": 1.0, "rate": 0.33, "fade": 1.0}
        lever |= {key: value for key, value in full.items() if key in lever}


def five_floors(data):
    floor = data["policy"][0]
    data["policy"] = [
        {**copy.deepcopy(floor), "name": f"floor {n}", "line": 7_000 + 500 * n, "withdrawal": 0.5} for n in range(5)
    ]


def run(change):
    data = copy.deepcopy(read_file(SCENARIO).data)
    data["population"]["households"] = 4_000
    change(data)
    return simulate(read_scenario(yaml.safe_dump(data, allow_unicode=True, sort_keys=False)))


@pytest.mark.parametrize(
    "change", [one_group, one_region, two_bands, a_county_all_in_town, everything_in_full, five_floors]
)
def test_runs_and_narrows_the_gap(change, tmp_path):
    result = run(change)
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
        run(all_in_town)
