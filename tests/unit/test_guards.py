"""Levers that pass their pool, stand against each other, reach nobody or are taken back are told before the run."""

import warnings

import numpy as np
import pytest

from incomesim import guards
from incomesim.errors import InvalidInput, LeverWarning, OffsetLever, OverdrawnPool, UnfinishedPhaseIn, UnreachedLever
from incomesim.plan import make_plan
from incomesim.sample_size import choose_sample
from incomesim.scenario import load_scenario, read_scenario
from tests.conftest import SCENARIO, one_file_text
from tests.reference.small_world import make_tables

TEXT = one_file_text()
HEAD = TEXT[: TEXT.index("\npolicy:")].replace("households: all", "households: 12000") + "\npolicy:\n"
FIRST_LINE = HEAD.count("\n") + 1


def lever(kind, name, years="2022..2025", **values):
    body = "".join(f", {key}: {value}" for key, value in values.items())
    return f"  - {{lever: {kind}, name: {name}, years: {years}, reason: x{body}}}\n"


def move(name, group, to, rate, **more):
    return lever(
        "group_mobility",
        name,
        target=f"{{groups: [{group}], {more.pop('where', '')}}}",
        to=to,
        rate=rate,
        cost=1,
        **more,
    )


def problems(*levers):
    with pytest.raises(InvalidInput) as caught:
        read_scenario(HEAD + "".join(levers))
    return [str(problem) for problem in caught.value.problems]


def doubts(*levers):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        read_scenario(HEAD + "".join(levers))
    return [(each.category, str(each.message)) for each in caught]


UP = move("up", "needy_able", "skilled_workers", 0.6)
TAX = lever("income_tax", "one tax", deduction=72_000)
LINE = lever("income_floor", "one line", line=9_000)


@pytest.mark.parametrize(
    ("levers", "message"),
    [
        ([UP, move("start", "needy_able", "other", 0.5)],
         '"up" and "start" together move 110% of the same households in 2022 (dong, urban, needy_able, heads of 0 to 34)'),
        ([move("up", "needy_able", "other", 0.1), move("down", "other", "needy_able", 0.1, where="regions: [xi]")],
         'move households from needy_able to other and from other to needy_able in the same places in 2022..2025'),
        ([TAX, lever("income_tax", "other tax", years="2025", deduction=90_000, target="{residence: urban}")],
         'both replace the law of 2018 for the same people in 2025'),
        ([LINE, lever("income_floor", "another line", line=9_000)], "are the same measure twice"),
    ],
)  # fmt: skip
def test_contradictions_are_refused_at_both_lines(levers, message):
    found = problems(*levers)
    assert [problem.split(":")[1] for problem in found] == [str(FIRST_LINE), str(FIRST_LINE + 1)]
    assert all(message in problem for problem in found)


@pytest.mark.parametrize(
    "levers",
    [
        [UP, move("also up", "needy_able", "other", 0.4)],  # all of them, and no more
        [UP, lever("urbanisation", "to town", rate=1.0, cost=1)],  # both in one year
        [move("up", "needy_able", "other", 0.1, years="2022"), move("down", "other", "needy_able", 0.1, years="2023")],
        [move("up", "needy_able", "other", 0.1, where="regions: [dong]"), move("down", "other", "needy_able", 0.1, where="regions: [xi]")],
        [TAX, lever("income_tax", "on top", deduction=90_000, replaces="nothing")],
        [LINE, lever("income_floor", "a higher line", line=9_001)],
        [lever("training", "a quarter", coverage=0.25, premium=0.1, cost=1)],
        [lever("training", "as far as it goes", coverage=0.4, premium=0.1, cost=1, budget="{yuan: 1, order: random}")],
        [lever("training", "again and again", coverage=0.5, premium=0.1, fade=1.0, cost=1)],
        [lever("wage_growth", "all", extra_growth=0.01, cost=1), lever("wage_growth", "all again", extra_growth=0.02, cost=1)],
    ],
)  # fmt: skip
def test_what_can_be_meant_is_said_nothing_of(levers):
    assert doubts(*levers) == []


@pytest.mark.parametrize(
    ("kind", "levers", "message"),
    [
        (OverdrawnPool, [lever("training", "too much", coverage=0.4, premium=0.1, cost=1)],
         'policy[0]: "too much" would serve 160% of the same households by 2025, each of them once while something of the gain is left: from 2024 on'),
        (OverdrawnPool, [lever("industry_cluster", f"park {n}", coverage=0.6, premium=0.1, cost=1 + n) for n in (1, 2)],
         'policy[1]: "park 1" and "park 2" together have places for 120% of the same households in 2022 (dong, urban, skilled_workers,'),
        (OverdrawnPool, [lever("public_jobs", f"jobs {n}", coverage=0.6, wage=9_000 + n) for n in (1, 2)],
         'policy[1]: "jobs 1" and "jobs 2" together have places for 120%'),
        (UnfinishedPhaseIn, [lever("income_floor", "slow", line=9_000, phase_in=5)],
         'policy[0].phase_in: "slow" never works in full: it takes 5 years to, and has 4; in 2025, its last, it is at 80%'),
    ],
)  # fmt: skip
def test_doubts_are_named_warnings(kind, levers, message):
    found = doubts(*levers)
    assert {category for category, _ in found} == {kind}
    assert len(found) == len(levers)
    assert message in found[-1][1]
    assert found[-1][1].startswith(f"<text>:{FIRST_LINE + len(levers) - 1}:")


@pytest.fixture(scope="module")
def judge(population, facts):
    """What the sample says of levers, run in the population of the other tests."""

    def told(*levers):
        case = read_scenario(HEAD + "".join(levers))
        plan = make_plan(case, population, facts)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            guards.warn_of_levers(case, plan)
        return [(each.category, str(each.message)) for each in caught]

    return told


FLOOR = lever("income_floor", "floor", line=12_000)
GRANT = lever("targeted_transfer", "grant", amount=1_000, per="person", target="{residence: rural, ceiling: 7_000}")


def test_a_transfer_to_households_on_a_floor_is_taken_back(judge):
    (found,) = judge(FLOOR, GRANT)
    assert found[0] is OffsetLever
    assert f'<text>:{FIRST_LINE + 1}:5 policy[1]: "grant" has no effect: in a sample of 12,000 households' in found[1]
    assert found[1].endswith('what it does is taken back by "floor"')


@pytest.mark.parametrize("change", [{"withdrawal": 0.5}, {"take_up": 0.8}, {"years": "2024..2025"}])
def test_a_transfer_that_is_taken_back_in_part_is_not(judge, change):
    assert judge(lever("income_floor", "floor", line=12_000, **change), GRANT) == []


def test_a_lower_floor_before_a_higher_one_adds_nothing(judge):
    (found,) = judge(lever("income_floor", "a", line=8_000), lever("income_floor", "b", line=10_000))
    assert '"a" has no effect' in found[1]
    assert 'taken back by "b"' in found[1]
    (found,) = judge(lever("income_floor", "b", line=8_000), lever("income_floor", "a", line=10_000))
    assert found[0] is UnreachedLever
    assert 'policy[0]: "b" reaches none of the 12,000 households in its target that were looked at' in found[1]


def test_who_was_looked_at_must_be_enough(judge):
    """Nobody is below 100 yuan per head: among all that says something, among rural researchers nothing."""
    (found,) = judge(lever("income_floor", "low", line=100))
    assert found[0] is UnreachedLever
    assert judge(lever("income_floor", "low", line=100, target="{residence: rural, groups: [researchers]}")) == []


def test_shipped_scenarios_raise_none(scenario, plan):
    with warnings.catch_warnings():
        warnings.simplefilter("error", LeverWarning)
        guards.warn_of_levers(scenario, plan)
        for file in SCENARIO.parent.glob("*.yaml"):
            load_scenario(file)


def test_leaving_levers_out_is_what_a_run_without_them_comes_to(scenario, population, facts, plan, monkeypatch):
    """All but one at a time, in one pass or several: as the plan without it, household by household."""
    from tests.reference.small_world import run

    rows = guards._take_sample(plan.source, 16_384)
    found = guards._run_sample(plan, rows)
    full = run(rows, plan.tables).income[1]
    for out in (0, 5):
        policy = [each for number, each in enumerate(scenario.policy) if number != out]
        other = make_plan(scenario.model_copy(update={"policy": policy}), population, facts)
        less = run(rows, other.tables).income[1]
        np.testing.assert_allclose(found.changed[out], (np.abs(full - less) * rows.persons).sum(), rtol=1e-12)
    assert found.reached.min() > 0
    monkeypatch.setattr(guards, "_BYTES", 1)
    one_by_one = guards._run_sample(plan, rows)
    for name in ("effect", "gross", "reached", "changed", "cell"):
        np.testing.assert_array_equal(getattr(one_by_one, name), getattr(found, name))


def test_the_sample_is_spread_over_all_parts():
    class Source:
        number = 100 * 4_096

        def ranges(self, largest):
            return [(n * largest, (n + 1) * largest) for n in range(100)]

        def rows(self, start, stop):
            from tests.reference.small_world import make_rows

            return make_rows(stop - start, first_id=start, weight=7.0)

    rows = guards._take_sample(Source(), 16_384)
    assert len(rows.household_id) == 16_384
    assert len(np.unique(rows.household_id // 4_096)) == 8
    assert rows.household_id.max() > 0.8 * Source.number
    assert (rows.weight == 1.0).all()
    assert len(guards._take_sample(Source(), 3_000).household_id) == 8 * 373  # every eleventh of each part


def test_many_levers_and_years_are_looked_at_in_fewer_households():
    """Else a hundred levers over forty years would be 66 million household-years, ten times the run itself."""
    assert choose_sample(20, 6) == 16_384
    assert 101 * 40 * choose_sample(100, 40) <= 2**23
    assert choose_sample(1_000, 40) == 2_048


def test_the_ledger_of_many_levers_is_counted_in_what_a_pass_holds():
    """Levers left out together are as many as keep all sums, not those by bin alone, within a quarter of a GiB."""
    few, many = (make_tables(years=10, quantiles=[[0.0] * 193] * 240, levers=levers) for levers in (2, 200))
    coarse = {"fineness": guards._COARSEST, "stratum_fineness": guards._COARSEST}
    assert guards._count_at_once(few._replace(**coarse)) == 8
    assert guards._count_at_once(many._replace(**coarse)) < 4
