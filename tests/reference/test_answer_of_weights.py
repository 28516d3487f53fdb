"""What a household more does to synthetic weights, against weights that are fitted again and limits that are moved."""

from functools import cache

import numpy as np
import pytest

from incomesim import load_scenario
from incomesim.population import answer, answer_of_weights, draw_households, find_weights, synthesise
from incomesim.population.known_traits import group_by_limits, list_multipliers, traits_by_margin
from incomesim.population.made_households import list_households
from incomesim.published import read_facts
from tests.conftest import SCENARIO

NUMBER = 3_000


@cache
def tables():
    """What populations of Panzhihua are made from."""
    scenario = load_scenario(SCENARIO)
    facts = read_facts(scenario.population.place, scenario.years[0])
    return synthesise(scenario.population, facts), scenario.population, facts


def made(number, seed=1):
    population, _ = draw_households(*tables(), seed, number)
    return population.source


@pytest.fixture(scope="module")
def source():
    return made(NUMBER)


def test_steps_are_those_of_weights_that_are_fitted_again(monkeypatch):
    """With limits of income groups that stay, for a household of each kind: in town and country, poor and rich."""
    source = made(NUMBER)
    recipe = source.recipe
    households = list_households(recipe, 0, NUMBER)
    monkeypatch.setattr(answer, "_limits", lambda _: ())
    found = answer_of_weights(source, [(0, NUMBER)], 1)
    group = group_by_limits(households, recipe.calibration)
    traits = traits_by_margin(households, group, recipe)
    margins = {name: (totals, *traits[name]) for name, totals in find_weights._totals(*tables())}
    fixed = find_weights._Ranked(group, recipe.calibration.group_limit)
    for c in (0, 700, 1_500, 2_999):
        each = []
        for side in (1.0, -1.0):
            base = np.full(NUMBER, recipe.calibration.base)
            base[c] *= 1.0 + 1e-3 * side
            multipliers = find_weights._fit(base, margins, households, fixed)
            log_weight = sum(multipliers[name][number] * value for name, (_, number, value) in margins.items())
            each.append(log_weight)
        slope = (each[0] - each[1]) / 2e-3
        assert np.abs(slope).max() > 1e-4
        np.testing.assert_allclose(found.trait.T @ found.step[:, c], slope, rtol=1e-3, atol=1e-5 * np.abs(slope).max())


def test_what_a_limit_moves_is_what_its_neighbours_have_on_either_side_of_it(source):
    """Weights of the rule with the limit moved to either end of the neighbours that are looked at."""
    recipe, calibration = source.recipe, source.recipe.calibration
    households = list_households(recipe, 0, NUMBER)
    own = answer._list_traits(households, group_by_limits(households, calibration), recipe)
    multiplier = np.nan_to_num(np.concatenate([m[m != 0.0] for m in list_multipliers(calibration).values()]))
    per_head = households.disposable() / households.persons
    for limit in list(answer._limits(calibration))[::3]:
        found = answer._answer_at(limit, households, own, multiplier, recipe)
        near = found.trait != 0.0
        reach = np.abs(per_head[near] - limit.income).max() * (1.0 + 1e-9)
        totals, weights = [], []
        for side in (1.0, -1.0):
            limits = calibration.group_limit.copy()
            limits[limit.side, limit.group] += side * reach
            other = recipe._replace(calibration=calibration._replace(group_limit=limits))
            moved = list_households(other, 0, NUMBER)
            weights.append(moved.weight)
            totals.append(answer._list_traits(moved, group_by_limits(moved, other.calibration), other).T @ moved.weight)
        mass = households.persons[near].sum() if calibration.of_persons else near.sum()
        size = np.abs(own).T @ households.weight
        np.testing.assert_allclose(found.moved * mass / size, (totals[0] - totals[1]) / size, rtol=1e-4, atol=1e-7)
        np.testing.assert_allclose(
            found.trait * mass * households.weight, weights[0] - weights[1], atol=1e-4 * households.weight.mean()
        )
        assert found.step.sum() == pytest.approx(0.0, abs=1e-9 * NUMBER)
        assert (found.step[(per_head < limit.income) & (households.residence == limit.side)] < 0.0).all()
        assert (found.step[households.residence != limit.side] == 0.0).all()


def test_what_weights_meet_does_not_move(source):
    """A household more adds to totals what the others then lack."""
    found = answer_of_weights(source, [(0, NUMBER)], 1)
    households = list_households(source.recipe, 0, NUMBER)
    for value in (households.persons, households.disposable() * (households.residence == 0), np.ones(NUMBER)):
        direct = households.weight * value
        through_weights = (found.trait @ direct) @ found.step
        assert np.abs(direct + through_weights).max() < 1e-6 * np.abs(direct).max()


def test_every_second_household_says_the_same(source):
    """Half of the households know half of what adds up, of half the totals."""
    whole, half = (answer_of_weights(source, [(0, NUMBER)], every) for every in (1, 2))
    assert whole.times == half.times == 1.0
    households = list_households(source.recipe, 0, NUMBER)
    rich = (households.disposable() > 80_000.0 * households.persons).astype(float)
    effect = ((whole.trait @ (rich * households.weight)) @ whole.step)[::2]
    of_half = (half.trait @ (rich * households.weight)[::2]) @ half.step
    assert np.corrcoef(effect, of_half)[0, 1] > 0.95
    assert np.polyfit(effect, of_half, 1)[0] == pytest.approx(1.0, abs=0.2)


def test_a_sample_without_anybody_in_the_country(source):
    """Households stand in the order of their cells: the first few live in one."""
    ranges = [(0, NUMBER)]
    everybody = list_households(source.recipe, 0, NUMBER)
    last_of_town = np.flatnonzero(everybody.residence == 1)[0]
    found = answer_of_weights(source, ranges, NUMBER)  # one household, in town
    assert last_of_town > 0
    assert np.isfinite(found.step).all()
    assert np.isfinite(found.trait).all()
