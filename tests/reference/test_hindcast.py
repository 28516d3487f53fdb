"""The hindcast: it knows nothing of later distributions, its naive forecasts are what they say, and it is written whole."""

import json

import numpy as np
import pytest

from incomesim import load_scenario
from incomesim.errors import InvalidInput
from incomesim.experiment import hindcast
from incomesim.forecasts import FORECASTS
from incomesim.published import Key, read_place
from incomesim.report.hindcast import write_hindcast

YEARS = "2015..2017"
SMALL = ["population.households=5000", f"years={YEARS}"]


@pytest.fixture(scope="module")
def china():
    return read_place("china")


@pytest.fixture(scope="module")
def found(china):
    return hindcast(load_scenario(china.hindcast, SMALL))


def test_published_figures_of_later_years_do_not_reach_the_model(china, found, tmp_path):
    """Groups, medians and the Gini coefficient of later years, and means of everybody, changed beyond recognition."""
    folder = tmp_path / "changed"
    folder.mkdir()
    (folder / "place.csv").write_text("key,value\nextends,china\n")
    rows = ["item,residence,part,year,value,unit,source"]
    for key, fact in china.facts.items():
        told = key.item in ("group_income", "median_income", "gini") or (key.item == "income" and not key.residence)
        if key.year in (2016, 2017) and told and not key.region:
            changed = 0.9 * fact.value
            rows.append(f"{key.item},{key.residence},{key.part},{key.year},{changed},{fact.unit},x")
    (folder / "changed.csv").write_text("\n".join(rows) + "\n")
    other = read_place(folder)
    again = hindcast(load_scenario(other.hindcast, [*SMALL, f"population.place={folder}"]))
    np.testing.assert_array_equal(again.table["model"], found.table["model"])
    np.testing.assert_array_equal(again.table["model_from_first_year"], found.table["model_from_first_year"])
    assert again.verdict != found.verdict


def test_the_first_year_is_the_population_beside_its_own_tables(found):
    first = found.table[(found.table["year"] == 2015) & found.table["area"].isin(["urban", "rural"])]
    groups = first[first["measure"] == "group_income"]
    np.testing.assert_allclose(groups["model"], groups["published"], rtol=0.01)  # met by the weights
    ratio = found.table.query("year == 2015 and measure == 'urban_rural_ratio'").iloc[0]
    assert ratio["model"] == pytest.approx(ratio["published"], rel=1e-6)


def test_naive_forecasts(china, found):
    mean = {
        (area, year): china.facts[Key("income", residence=area, year=year)].value
        for area in ("urban", "rural", "")
        for year in (2015, 2017)
    }
    row = found.table.query("year == 2017 and measure == 'group_income' and area == 'rural' and part == '2/5'").iloc[0]
    first = china.facts[Key("group_income", residence="rural", part="2/5", year=2015)].value
    assert row["no_change_in_shape"] == pytest.approx(first * mean["rural", 2017] / mean["rural", 2015])
    assert row["scaled_by_mean"] == pytest.approx(first * mean["", 2017] / mean["", 2015])
    gini = found.table.query("year == 2017 and measure == 'gini'").iloc[0]
    assert gini["no_change_in_shape"] == gini["scaled_by_mean"] == 0.462


def test_errors_are_means_over_later_years(found):
    later = found.table.query("year > 2015 and measure == 'median_income' and area == 'urban'")
    row = found.errors.query("measure == 'median_income' and area == 'urban'").iloc[0]
    assert row["figures"] == 2
    for name in FORECASTS:
        assert row[name] == pytest.approx((later[name] / later["published"] - 1.0).abs().mean())


def test_growth_by_source_reaches_each_residence(found):
    """Wages, transfers and the rest grow apart; the mean of town follows its published growth but for who moves in."""
    ratio = found.table.query("measure == 'urban_rural_ratio'").set_index("year")
    np.testing.assert_allclose(ratio["model"], ratio["published"], rtol=0.02)


def test_a_folder_of_it(found, tmp_path):
    write_hindcast(found, tmp_path / "out")
    names = {str(file.relative_to(tmp_path / "out")) for file in (tmp_path / "out").rglob("*") if file.is_file()}
    assert {"forecasts.csv", "errors.csv", "fit.csv", "figures/hindcast.svg", "figures/hindcast.png"} <= names
    about = json.loads((tmp_path / "out" / "manifest.json").read_text("utf-8"))
    assert about["verdict"] == found.verdict
    assert "income per head by source, town and country (2016-2017)" in about["told_of_later_years"]


def test_nothing_published_later_and_policy_are_refused(china, found):
    growth = "growth=[{year: 2021, urban: 0.0, rural: 0.0, reason: '-'}]"
    prices = (
        "prices=[" + ", ".join(f"{{year: {year}, inflation: 0.0, reason: '-'}}" for year in range(2019, 2022)) + "]"
    )
    alone = load_scenario(china.hindcast, ["years=2020..2021", growth, prices])
    with pytest.raises(InvalidInput, match="found no distribution published"):
        hindcast(alone)
    lever = "policy=[{lever: urbanisation, name: a, years: 2016, rate: 0.1, assimilation: 1, cost: 0.0, reason: '-'}]"
    with pytest.raises(InvalidInput, match="found levers, expected none"):
        hindcast(load_scenario(china.hindcast, [*SMALL, lever]))
