"""The synthetic population against the published tables it is built on."""

import numpy as np
import pytest

from incomesim.errors import InvalidInput, Unreachable
from incomesim.kernel.households import _cell_of, deal_cells
from incomesim.population import compare_with_facts, draw_households, synthesise
from incomesim.population.margins import fit_margins
from incomesim.simulation import build_population


@pytest.fixture(scope="module", params=[3_000, 60_000])
def drawn(request, scenario, facts):
    wanted = scenario.population.model_copy(update={"households": request.param})
    return build_population(scenario.model_copy(update={"population": wanted}), facts)


@pytest.fixture(scope="module")
def households(drawn):
    return drawn[1]


@pytest.fixture(scope="module")
def fit(drawn, scenario, facts):
    return compare_with_facts(drawn[1], drawn[2], scenario.population, facts)


def test_published_means_are_met_to_rounding_and_fifths_within_two_percent(fit):
    for row in fit:
        tolerance = 0.02 if "group" in row.item else 1e-6
        assert row.reached == pytest.approx(row.target, rel=tolerance), row


def test_targets_are_the_published_figures(fit):
    """Written out here once more, from the statistical offices' publications."""
    rows = {(row.item, row.area): row.target for row in fit}
    assert rows["income per head", "urban"] == 44_209
    assert rows["income per head", "rural"] == 19_938
    assert rows["residents", "米易县"] == 227_011
    assert rows["persons per household", "Panzhihua"] == 2.51
    assert rows["residents of 65 and over", "Panzhihua"] == 0.1588
    # national fifths of 2020: 4,681.5 of a rural mean of 17,131.5; 15,597.7 of an urban mean of 43,833.8
    assert rows["income per head, group 1 of 5", "rural"] == pytest.approx(19_938 * 4_681.5 / 17_131.5, rel=1e-4)
    assert rows["income per head, group 1 of 5", "urban"] == pytest.approx(44_209 * 15_597.7 / 43_833.8, rel=1e-4)


def test_urban_share_is_what_the_city_publishes(households):
    """70.23 % in 2022, 70.78 % in 2023, half a point a year: about 69.3 % in 2020."""
    persons = households.persons * households.weight
    assert persons[households.residence == 0].sum() / persons.sum() == pytest.approx(0.693, abs=0.003)


def test_household_size_falls_with_income(households):
    income = households.disposable() / households.persons
    for residence in (0, 1):
        here = households.residence == residence
        low = here & (income < np.median(income[here]))
        mean = [np.average(households.persons[part], weights=households.weight[part]) for part in (low, here & ~low)]
        assert mean[0] > mean[1] + 0.2


def test_rows_are_possible_households(households):
    assert (households.workers + households.elderly + households.children == households.persons).all()
    assert (households.workers >= 0).all()
    assert (households.elderly[households.age >= 65] >= 1).all()
    assert (households.weight > 0).all()
    assert ((households.weight * 2**20) % 1 == 0).all()
    for source in (households.wage, households.operating, households.property, households.transfer):
        assert np.isfinite(source).all()
        assert (source > 0).all()


def test_weights_stay_near_one_another(households):
    weight = households.weight
    assert weight.sum() ** 2 / (weight**2).sum() > 0.9 * len(weight)


def test_rank_is_independent_of_cell_and_size(households):
    error = 6 / np.sqrt(len(households))
    for other in (households.persons, households.region, households.group, households.residence):
        assert abs(np.corrcoef(households.rank, other)[0, 1]) < error


def test_a_larger_sample_begins_with_the_smaller_one(scenario, facts, sample):
    blueprint = synthesise(scenario.population, facts)
    number = len(sample)
    _, larger = draw_households(blueprint, scenario.population, facts, scenario.seed, 2 * number)
    for name in ("age", "persons", "wage", "transfer", "rank", "elderly", "children", "group"):
        np.testing.assert_array_equal(getattr(larger, name)[:number], getattr(sample, name))


def change(scenario, path, value):
    """The scenario with one value of the population changed."""
    data = scenario.population.model_dump()
    part = data
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = value
    return scenario.model_copy(update={"population": type(scenario.population).model_validate(data)})


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (("ages", "transfers"), [0.01, 0.01, 9.0], "transfers leave no market income"),
        (("ages", "size"), [0.2, 3.0, 0.2], "persons on average"),
        (("ages", "urban"), [0.01, 0.01, 0.98], "age structure"),
    ],
)
def test_contradictions_with_published_tables_are_named(scenario, facts, path, value, words):
    with pytest.raises(InvalidInput, match=words):
        build_population(change(scenario, path, value), facts)


@pytest.mark.parametrize("shares", [[0.0, 0.5, 0.5], [0.5, 0.5, 0.0], [0.2, 0.0, 0.8], [1.0]])
def test_cells_are_dealt_in_proportion_and_empty_ones_to_nobody(shares):
    limit, guide = deal_cells(np.array(shares))
    with np.errstate(over="ignore"):  # the multiplication is meant to wrap around
        cells = np.array([_cell_of.py_func(np.uint64(i), limit, guide) for i in range(4000)])
    found = np.bincount(cells, minlength=len(shares)) / len(cells)
    np.testing.assert_allclose(found, shares, atol=1e-3)
    assert (found[np.array(shares) == 0.0] == 0.0).all()


def test_a_county_without_town(scenario, facts):
    """The first cells of all are empty."""
    _, sample, _ = build_population(change(scenario, ("regions", "dong", "urban_share"), 0.0), facts)
    assert not ((sample.region == 0) & (sample.residence == 0)).any()


def test_fit_margins_keeps_odds_ratios():
    seed = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 9.0]])
    table = fit_margins(seed, np.array([10.0, 20.0]), np.array([5.0, 15.0, 10.0]))
    np.testing.assert_allclose(table.sum(axis=1), [10, 20])
    np.testing.assert_allclose(table.sum(axis=0), [5, 15, 10])
    odds = table[0, 0] * table[1, 1] / (table[0, 1] * table[1, 0])
    assert odds == pytest.approx(seed[0, 0] * seed[1, 1] / (seed[0, 1] * seed[1, 0]))


def test_fit_margins_names_what_cannot_be():
    with pytest.raises(Unreachable, match="row sums"):
        fit_margins(np.ones((2, 2)), np.array([1.0, 2.0]), np.array([1.0, 3.0]))


@pytest.mark.parametrize("households", [1, 20])
def test_a_sample_too_small_is_refused_by_name(scenario, facts, households):
    wanted = scenario.population.model_copy(update={"households": households})
    with pytest.raises(InvalidInput, match=f"{households} households are too few"):
        build_population(scenario.model_copy(update={"population": wanted}), facts)
