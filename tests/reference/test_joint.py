"""The joint table of households: all margins met, and the same as iterative proportional fitting where that serves."""

import numpy as np
import pytest

from incomesim import load_scenario
from incomesim.errors import InvalidInput, Unreachable
from incomesim.population import compare_with_facts
from incomesim.population.joint import join_households, place_residents
from incomesim.population.margins import fit_margins
from incomesim.population.synthesis import synthesise
from incomesim.published import read_facts
from incomesim.simulation import build_population, show_population
from tests.places import GROUPS, LORENZ, MEAN, SIZES, place_scenario, write_place


@pytest.fixture(scope="module")
def scenario(tmp_path_factory):
    return load_scenario(place_scenario(write_place(tmp_path_factory.mktemp("joint") / "place")))


@pytest.fixture(scope="module")
def facts(scenario):
    return read_facts(scenario.population.place, 2020)


@pytest.fixture(scope="module")
def joint(scenario, facts):
    return join_households(scenario.population, facts, place_residents(scenario.population, facts))


def test_persons_by_region_and_residence(joint):
    persons = joint.households.sum(axis=(2, 3)) @ np.arange(1, 7)
    np.testing.assert_allclose(persons, [[450_000, 150_000], [150_000, 250_000]], rtol=1e-9)


def test_households_by_group_age_and_size(joint):
    by_side = joint.households.sum(axis=0)
    for r, side in enumerate(("urban", "rural")):
        whole = by_side[r].sum()
        groups = by_side[r].sum(axis=(1, 2)) / whole
        np.testing.assert_allclose(groups, [shares[r] for _, *shares in GROUPS.values()], rtol=1e-9)
        np.testing.assert_allclose(by_side[r].sum(axis=(0, 2)) / whole, [0.18, 0.57, 0.25], rtol=1e-9)
        np.testing.assert_allclose(by_side[r].sum(axis=(0, 1)) / whole, SIZES[side], rtol=1e-9)


def test_a_share_within_a_region(joint):
    west = joint.households[1, 1]
    assert west[0].sum() / west.sum() == pytest.approx(0.8, rel=1e-9)


def test_raking_of_household_margins_is_iterative_proportional_fitting(scenario, facts, joint):
    """Region x group of the country, by the other program from the raked one's own seed and margins."""
    table = joint.households[:, 1].sum(axis=(2, 3))
    again = fit_margins(np.ones_like(table) * [[1.0], [1.0]], table.sum(axis=1), table.sum(axis=0))
    assert not np.allclose(again, table)  # the share within West bends it away from independence
    odds = table[0, 0] * table[1, 1] / (table[0, 1] * table[1, 0])
    np.testing.assert_allclose(
        fit_margins(np.array([[odds, 1.0], [1.0, 1.0]]), table.sum(axis=1), table.sum(axis=0)), table, rtol=1e-8
    )


def test_lorenz_curve_means_and_everything_else_are_met(scenario, facts):
    _, sample, blueprint = build_population(scenario, facts)
    fit = {(row.item, row.area): row for row in compare_with_facts(sample, blueprint, scenario.population, facts)}
    for (item, _), row in fit.items():
        tolerance = {"joint": 0.02, "weights": 0.02 if "group" in item else 1e-6}.get(row.role)
        if tolerance is not None:
            assert row.reached == pytest.approx(row.target, rel=tolerance), row
    income = sample.disposable() / sample.persons
    for r, side in enumerate(("urban", "rural")):
        here = sample.residence == r
        order = np.argsort(income[here], kind="stable")
        persons = (sample.weight * sample.persons)[here][order]
        money = np.cumsum(persons * income[here][order])
        below = np.interp(list(LORENZ[side]), np.cumsum(persons) / persons.sum(), money / money[-1])
        np.testing.assert_allclose(below, list(LORENZ[side].values()), atol=2e-3)
        assert money[-1] / persons.sum() == pytest.approx(MEAN[side], rel=1e-9)


def test_a_mean_size_that_published_sizes_contradict_is_compared_and_named(scenario, facts):
    """2.6 persons are published; the sizes give 2.57 and 2.9 persons in town and country."""
    portrait = show_population(scenario)
    row = next(row for row in portrait.fit if row.item == "persons per household")
    residents = np.array([600_000, 400_000])
    sizes = np.array([np.arange(1, 7) @ shares for shares in SIZES.values()])
    assert row.role == "compared"
    assert row.reached == pytest.approx(residents.sum() / (residents / sizes).sum(), rel=1e-6)
    assert [found for found in portrait.contradictions if found.what.startswith("persons per household")]


def test_all_means_one_row_for_each_household_of_the_joint_table(scenario, facts, joint):
    wanted = scenario.population.model_copy(update={"households": "all"})
    population = build_population(scenario.model_copy(update={"population": wanted}), facts)[0]
    assert population.source.number == round(joint.households.sum())


def test_incomes_of_some_regions_only_are_compared_and_not_called_met(tmp_path):
    row = ("income", "East", "", "", "", "", "", 60_000, "yuan per head and year")
    scenario = load_scenario(place_scenario(write_place(tmp_path / "place", lambda figures: [*figures, row])))
    portrait = show_population(scenario)
    (found,) = [row for row in portrait.fit if row.area == "East" and row.item == "income per head"]
    assert found.role == "compared"
    assert [each for each in portrait.contradictions if "income per head, East" in each.what]


def test_labels_that_the_tables_do_not_have(tmp_path):
    folder = write_place(tmp_path / "place")

    def other(data):
        data["population"]["ages"]["starts"] = [40, 60]
        data["population"]["groups"]["farmers"]["label"] = "农户"

    with pytest.raises(InvalidInput) as invalid:
        load_scenario(place_scenario(folder, other))
    text = str(invalid.value)
    assert "shares of households by age are published, but lack urban 22-39" in text
    assert "a share of households is published for the group 农民, which the scenario has not" in text


@pytest.mark.parametrize(
    ("replace", "message"),
    [
        ({("household_share", "West", "rural", "农民"): 1.0}, "share of households, region West"),
        ({("household_share", "", "rural", "农民"): 0.0, ("household_share", "", "rural", "其他"): 1.0}, "share"),
    ],
)  # fmt: skip
def test_margins_that_cannot_be_are_named(tmp_path, replace, message):
    def change(figures):
        return [(*row[:7], replace.get(row[:4], row[7]), row[8]) for row in figures]

    scenario = load_scenario(place_scenario(write_place(tmp_path / "place", change)))
    with pytest.raises(Unreachable, match=message):
        synthesise(scenario.population, read_facts(scenario.population.place, 2020))


def test_what_is_published_is_left_out_and_what_is_not_stands_in_the_scenario(tmp_path):
    folder = write_place(tmp_path / "place")

    def both(data):
        data["population"]["regions"]["east"]["urban_share"] = 0.7
        data["population"]["urban_share"] = "official"

    with pytest.raises(InvalidInput) as invalid:
        load_scenario(place_scenario(folder, both))
    text = str(invalid.value)
    assert "population.regions.east.urban_share: the figure is published for the place; leave it out" in text
    assert 'population.urban_share: found "official", but no urban share of Made-up place is published for 2020' in text
    write_place(folder, lambda figures: [row for row in figures if row[0] != "household_share"])
    with pytest.raises(InvalidInput, match=r"population\.groups\.farmers: `share` is missing; it is not published"):
        load_scenario(place_scenario(folder))


def test_a_year_without_enough_figures(tmp_path):
    folder = write_place(tmp_path / "place", lambda figures: [row for row in figures if row[0] != "lorenz"])
    with pytest.raises(InvalidInput, match="have no urban income by groups or Lorenz curve, rural income by groups"):
        load_scenario(place_scenario(folder))


def test_a_portrait_of_it(scenario):
    portrait = show_population(scenario)
    assert portrait.pyramid["households"].sum() == pytest.approx(
        portrait.margins.query("by == 'size'")["households"].sum()
    )
    assert set(portrait.lorenz["series"]) == {"households", "published"}
    assert portrait.tiles["persons"].sum() == pytest.approx(1_000_000)
    named = [found.what for found in portrait.contradictions]
    assert not any("residents" in what for what in named)


def test_incomes_of_regions_in_town_and_country_are_met_in_proportion(tmp_path):
    figures = {
        ("East", "urban"): 42_000,
        ("East", "rural"): 18_000,
        ("West", "urban"): 34_000,
        ("West", "rural"): 18_000,
    }
    rows = [("income", *where, "", "", "", "", value, "yuan per head and year") for where, value in figures.items()]
    scenario = load_scenario(place_scenario(write_place(tmp_path / "place", lambda known: [*known, *rows])))
    portrait = show_population(scenario)
    for (region, residence), value in figures.items():
        (row,) = [row for row in portrait.fit if row.area == f"{region} {residence}" and row.item == "income per head"]
        assert row.reached == pytest.approx(value, rel=0.02), row  # they agree with the mean of 40,000 in town
        assert row.role == "shape"


def test_regions_that_a_scenario_leaves_out_are_named(tmp_path):
    def east_only(data):
        del data["population"]["regions"]["west"]

    folder = write_place(
        tmp_path / "place", lambda figures: [row for row in figures if row[1] != "West" or row[0] == "residents"]
    )
    portrait = show_population(load_scenario(place_scenario(folder, east_only)))
    (found,) = [found for found in portrait.contradictions if "leaves out West" in found.what]
    assert (found.published, found.implied) == (1_000_000, 600_000)
