"""What must not change the bits: threads, blocks, the sample beyond, levers that are not there."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incomesim.engine import compute
from incomesim.plan import make_plan
from incomesim.simulation import build_population
from tests.reference.small_world import run


def same_bits(one, other):
    for a, b in zip(one, other, strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_threads(plan, output, threads):
    same_bits(output.sums, compute(plan.source, plan.tables, threads=threads))


@settings(deadline=None, max_examples=12)
@given(block=st.integers(1, 3000), size=st.integers(100, 20_000), threads=st.integers(1, 3))
def test_blocks_and_ranges(plan, output, block, size, threads):
    found = compute(plan.source, plan.tables, threads=threads, block=block, largest=size)
    same_bits(output.sums, found)


@settings(deadline=None, max_examples=10)
@given(seed=st.integers(0, 2**32 - 1))
def test_order_of_households(plan, output, seed):
    rows = np.random.default_rng(seed).permutation(plan.source.number)
    found = run(type(output.rows)(*(f[rows] if f.ndim == 1 else f for f in output.rows)), plan.tables)
    np.testing.assert_array_equal(found.income, output.income[:, :, rows])
    same_bits(found.sums, output.sums)


@settings(deadline=None, max_examples=5)
@given(cuts=st.lists(st.integers(0, 12_000), max_size=6), seed=st.integers(0, 2**32 - 1))
def test_sums_of_parts_merge_in_any_order(plan, output, cuts, seed):
    limits = [0, *sorted(cuts), plan.source.number]
    parts = [run(plan.source.rows(a, b), plan.tables).sums for a, b in pairwise(limits) if b > a]
    np.random.default_rng(seed).shuffle(parts)
    for part in parts[1:]:
        parts[0].add(part)
    same_bits(parts[0], output.sums)


def test_doubling_the_sample_leaves_the_first_half_unchanged(scenario, facts, output):
    wanted = scenario.population.model_copy(update={"households": 2 * scenario.population.households})
    larger = scenario.model_copy(update={"population": wanted})
    plan = make_plan(larger, build_population(larger, facts)[0], facts)
    found = run(plan.source.rows(0, plan.source.number), plan.tables)
    half = scenario.population.households
    assert found.income.shape[2] == 2 * half
    kept = np.argsort(found.rows.household_id)[:half]
    order = np.argsort(output.rows.household_id)
    np.testing.assert_array_equal(found.income[:, :, kept], output.income[:, :, order])
    np.testing.assert_array_equal(found.cell[:, :, kept], output.cell[:, :, order])


def test_another_seed_gives_other_paths(scenario, population, facts, output):
    other = make_plan(scenario.model_copy(update={"seed": scenario.seed + 1}), population, facts)
    found = run(other.source.rows(0, other.source.number), other.tables)
    np.testing.assert_allclose(found.income[0, 0], output.income[0, 0], rtol=1e-13)  # same households
    assert (found.income[0, 1] != output.income[0, 1]).mean() > 0.99


def run_with(scenario, population, facts, policy):
    plan = make_plan(scenario.model_copy(update={"policy": policy}), population, facts)
    return run(plan.source.rows(0, plan.source.number), plan.tables)


def test_without_policy_both_scenarios_are_the_same(scenario, population, facts):
    found = run_with(scenario, population, facts, [])
    np.testing.assert_array_equal(found.income[0], found.income[1])


def test_the_baseline_does_not_depend_on_the_policy(scenario, population, facts, output):
    found = run_with(scenario, population, facts, scenario.policy[:2])
    np.testing.assert_array_equal(found.income[0], output.income[0])
    np.testing.assert_array_equal(found.cell[0], output.cell[0])


def test_order_of_levers_in_the_file_does_not_matter(scenario, population, facts, output):
    backwards = run_with(scenario, population, facts, scenario.policy[::-1])
    np.testing.assert_array_equal(backwards.income, output.income)
    np.testing.assert_array_equal(backwards.ledger, output.ledger[:, ::-1])


@pytest.mark.parametrize(
    ("added", "most"),
    [
        ("rural minimum living guarantee", 0.08),
        ("skill training for low earners", 0.08),
        ("mango and early-vegetable brands", 0.30),
        ("from needy to skilled worker", 0.08),
        ("settling in town", 0.08),
        ("care allowance for poor old people", 0.08),
    ],
)
def test_adding_a_lever_changes_only_those_it_reaches(scenario, population, facts, output, added, most):
    """Draws belong to households and to names of levers: whom a new lever leaves alone keeps every bit."""
    rest = [lever for lever in scenario.policy if lever.name != added]
    without = run_with(scenario, population, facts, rest)
    changed = (without.income[1] != output.income[1]).any(axis=0)
    assert 0 < changed.mean() < most


def test_a_lever_for_the_same_households_moves_nobody_else(scenario, population, facts):
    """Two moves out of one group: who goes by the first alone still goes when the second is there."""
    first, second = (
        next(lever for lever in scenario.policy if lever.name == name)
        for name in ("small start-ups", "settling in town")
    )
    second = second.model_copy(update={"target": first.target, "rate": 0.3})
    alone = run_with(scenario, population, facts, [second])
    both = run_with(scenario, population, facts, [first, second])
    by_first = run_with(scenario, population, facts, [first])
    untouched = (by_first.income[1] == by_first.income[0]).all(axis=0)
    np.testing.assert_array_equal(both.income[1][:, untouched], alone.income[1][:, untouched])
