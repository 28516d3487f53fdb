"""Totals of the population met after counting, against the households of a run weighted one by one."""

from dataclasses import replace

import numpy as np
import pytest

from incomesim import measures
from incomesim.ageing import age, weigh
from incomesim.errors import InvalidInput
from incomesim.kernel.tables import MONEY_UNIT, WEIGHT_UNIT
from incomesim.plan import make_plan
from incomesim.population import MakeUp
from incomesim.population_path import population_path
from incomesim.published import Fact
from incomesim.scenario.model import Ageing
from incomesim.tabulate import keep_ledger, show_ageing
from incomesim.tabulate.people import people
from tests.reference.small_world import run
from tests.unit.test_summary import subgroups

GIVEN = (
    Ageing(year=2022, aged_0_14=0.135, reason="made up"),
    Ageing(year=2023, aged_65=0.175, reason="made up"),
    Ageing(year=2024, urban_share=0.74, reason="made up"),
    Ageing(year=2025, residents=1_190_000.0, aged_65=0.19, reason="made up"),
)


def with_totals(scenario, *given, **urbanisation):
    moved = scenario.urbanisation.model_copy(update=urbanisation)
    return scenario.model_copy(update={"ageing": list(given), "urbanisation": moved})


@pytest.fixture(scope="module")
def grown(scenario):
    return with_totals(scenario, *GIVEN)


@pytest.fixture(scope="module")
def plan(grown, population, facts):
    return make_plan(grown, population, facts)


@pytest.fixture(scope="module")
def output(plan):
    return run(plan.source.rows(0, plan.source.number), plan.tables)


@pytest.fixture(scope="module")
def aged(plan, output):
    return age(plan, output.sums)


def stratum_of(plan, cell):
    _, residence, _, band = np.unravel_index(cell, plan.ground.shape)
    return residence * plan.ground.shape[3] + band


def persons_of(plan, output, aged, s, t):
    """What each household's persons stand for."""
    return output.rows.weight * output.rows.persons * aged.factor[t, stratum_of(plan, output.cell[s, t])]


def make_up_of(sample, band_starts=(35, 60)):
    """Share of the old and of the young by stratum in the first year, counted household by household."""
    band = (sample.age[:, None] >= band_starts).sum(axis=1)
    for members in (sample.elderly, sample.children):
        yield np.array(
            [
                np.average(members[here] / sample.persons[here], weights=(sample.weight * sample.persons)[here])
                for here in ((sample.residence == r) & (band == b) for r in (0, 1) for b in (0, 1, 2))
            ]
        )


def test_totals_are_met_in_every_year(plan, output, aged, sample, facts):
    weight = sample.weight * sample.persons
    start = {
        "urban": weight[sample.residence == 0].sum() / weight.sum(),
        "old": (sample.weight * sample.elderly).sum() / weight.sum(),
        "young": (sample.weight * sample.children).sum() / weight.sum(),
    }
    published = {year: fact.value for year, fact in facts.total_residents.items()}
    wanted = {
        "residents": np.interp(range(2020, 2026), [2020, 2022, 2023, 2025],
                               [published[2020], published[2022], published[2023], 1_190_000]),
        "urban": np.interp(range(2020, 2026), [2020, 2022, 2023, 2024], [start["urban"], 0.7023, 0.7078, 0.74]),
        "old": np.interp(range(2020, 2026), [2020, 2023, 2025], [start["old"], 0.175, 0.19]),
        "young": np.interp(range(2020, 2026), [2020, 2022], [start["young"], 0.135]),
    }  # fmt: skip
    wanted["urban"][5] = 1 - (1 - 0.74) * (1 - 0.017)  # none is given any more: moves at the rate of the scenario
    old, young = make_up_of(sample)
    first = (output.rows.weight * output.rows.persons).sum()
    for t in range(6):
        persons, stratum = persons_of(plan, output, aged, 0, t), stratum_of(plan, output.cell[0, t])
        everybody = persons.sum()
        assert everybody == pytest.approx(first * wanted["residents"][t] / wanted["residents"][0], rel=1e-9)
        assert persons[stratum < 3].sum() / everybody == pytest.approx(wanted["urban"][t], rel=1e-9)
        assert (persons * old[stratum]).sum() / everybody == pytest.approx(wanted["old"][t], rel=1e-9)
        assert (persons * young[stratum]).sum() / everybody == pytest.approx(wanted["young"][t], rel=1e-9)
    assert (aged.factor[0] == 1.0).all()
    assert np.ptp(aged.factor[5]) > 0.05  # else nothing was asked for
    assert aged.factor.min() > 0.5


def test_factors_are_the_nearest(plan, output, aged):
    """Log factors are linear in what households count for (the solution of raking), so no other totals move."""
    made = plan.make_up
    traits = [
        np.ones(6),
        np.arange(6) < 3,
        (made.elderly / made.persons).ravel(),
        (made.children / made.persons).ravel(),
    ]
    for t in (1, 5):
        coefficients, left, rank, _ = np.linalg.lstsq(np.transpose(traits), np.log(aged.factor[t]), rcond=None)
        assert rank == 4
        assert left.max(initial=0.0) < 1e-20, coefficients


def test_moves_to_town_follow_the_given_share(plan, scenario, population, facts):
    urban = plan.totals.urban_share
    rural = np.indices(plan.ground.shape)[1].ravel() == 1
    for t in (1, 2, 3, 4):
        expected = 1 - (1 - urban[t]) / (1 - urban[t - 1])
        assert 0.01 < expected < 0.12
        np.testing.assert_allclose(plan.tables.drift.probability[t, rural], expected, rtol=1e-12)
    np.testing.assert_allclose(plan.tables.drift.probability[5, rural], 0.017)
    assert (plan.tables.drift.probability[:, ~rural] == 0).all()
    falling = Ageing(year=2025, urban_share=0.5, reason="made up")
    other = make_plan(with_totals(scenario, falling, rate=None), population, facts)
    assert (other.totals.moving[[0, 4, 5]] == 0.0).all()
    assert np.diff(other.totals.urban_share)[3:].max() < 0.0


def test_published_shares_of_the_country_are_followed_in_proportion(scenario, population, facts):
    """The population may begin with another urban share than the published one."""
    share = {year: Fact(value, "share", "reported", "made up") for year, value in ((2020, 0.6), (2025, 0.7))}
    plan = make_plan(with_totals(scenario, rate=None), population, replace(facts, urban_share=share))
    own = plan.make_up.persons[0].sum() / plan.make_up.persons.sum()
    assert own > 0.68
    assert plan.totals.urban_share[[0, 5]] == pytest.approx([own, 1 - (1 - own) * 0.3 / 0.4])


@pytest.mark.parametrize(("first", "growth"), [(2020, 0.97), (2018, 0.97 / 0.985), (2022, 1.0)])
def test_a_part_of_the_place_follows_published_residents_in_proportion_or_not_at_all(scenario, facts, first, growth):
    """400,000 persons of a place of a million; nobody is published of 2020 in the last case."""
    part = MakeUp(np.full((2, 3), 400_000.0 / 6), np.ones((2, 3)), np.ones((2, 3)))
    residents = {year: Fact(value, "persons", "reported", "x") for year, value in ((first, 1e6), (2022, 0.97e6))}
    published = replace(facts, total_residents=residents)
    alone = population_path(with_totals(scenario, rate=0.02), published, part)
    assert alone.residents[2] == pytest.approx(growth)
    own = Ageing(year=2025, residents=360_000.0, reason="made up")
    if first > 2020:
        assert population_path(with_totals(scenario, own), published, part).residents[5] == pytest.approx(0.9)


def test_what_a_table_calls_the_status_of_a_figure_changes_nothing(scenario, facts):
    everybody = MakeUp(np.full((2, 3), 1e5), np.ones((2, 3)), np.ones((2, 3)))
    paths = []
    for status in ("reported", "held"):
        share = {2022: Fact(0.6, "share", status, "made up"), 2023: Fact(0.63, "share", status, "made up")}
        paths.append(population_path(with_totals(scenario, rate=0.02), replace(facts, urban_share=share), everybody))
    np.testing.assert_array_equal(paths[0].urban_share, paths[1].urban_share)
    np.testing.assert_array_equal(paths[0].moving, paths[1].moving)
    assert paths[0].urban_share[3] == 0.63


def test_residents_alone_scale_all_alike(scenario, population, facts):
    """Bit for bit what one factor for everybody gives, whatever the strata."""
    only = with_totals(scenario, Ageing(year=2025, residents=1_190_000.0, reason="made up"))
    plan = make_plan(only, population, replace(facts, urban_share={}))
    output = run(plan.source.rows(0, plan.source.number), plan.tables)
    aged = age(plan, output.sums)
    t, scale = 5, 1_190_000.0 / facts.total_residents[2020].value
    np.testing.assert_array_equal(aged.factor[t], scale)
    found = people(plan, aged, 1, t)
    for where, counts in (
        (("all", "all"), output.sums.strata[1, t].sum(axis=0)),
        (("residence", "rural"), output.sums.strata[1, t, 3:].sum(axis=0)),
        (("region", "miyi"), output.sums.histogram[1, t].reshape(*plan.ground.shape, -1, 2)[3].sum(axis=(0, 1, 2))),
    ):
        persons, money = counts[counts[:, 0] > 0].T
        undivided = np.isin(found[where].weight, persons * (WEIGHT_UNIT * scale))
        assert undivided.mean() > 0.95  # all bins but those in which a line lies
        assert np.isin(found[where].money[undivided], money * (MONEY_UNIT * scale)).all()


def test_equal_factors_add_whole_numbers_first():
    counts = np.random.default_rng(5).integers(-(2**50), 2**50, (6, 500))
    factor = np.full(6, 1.0037)
    np.testing.assert_array_equal(weigh(counts, factor, MONEY_UNIT), counts.sum(axis=0) * (MONEY_UNIT * 1.0037))
    factor[2] = 0.9
    np.testing.assert_allclose(weigh(counts, factor, MONEY_UNIT), (counts * factor[:, None]).sum(axis=0) * MONEY_UNIT)


@pytest.mark.parametrize(("s", "t"), [(0, 5), (1, 3), (1, 5)])
def test_bounds_hold_the_measures_of_weighted_households(plan, output, aged, s, t):
    y, w, cell = output.income[s, t], persons_of(plan, output, aged, s, t), output.cell[s, t]
    found = people(plan, aged, s, t)
    fixed = float(plan.tables.lines[t, 0])
    asked = (
        (measures.mean, {}), (measures.gini, {}), (measures.theil, {}), (measures.mld, {}),
        (measures.median, {}), (measures.quantile_ratio, {"upper": 0.9, "lower": 0.1}),
        (measures.share_ratio, {"top": 0.2, "bottom": 0.2}),
        (measures.fgt, {"line": fixed, "order": 0}), (measures.fgt, {"line": fixed, "order": 1}),
        (measures.share_between, {"lower": 33e3, "upper": 166e3}),
    )  # fmt: skip
    for where, here in subgroups(plan, cell):
        assert found[where].weight.sum() == pytest.approx(w[here].sum(), rel=1e-12)
        for measure, parameters in asked:
            exact = measure(y[here], **parameters, weight=w[here])
            bounds = measures.bounded(measure, found[where], **parameters)
            slack = 1e-9 * max(abs(exact), 1.0)
            assert bounds.low - slack <= exact <= bounds.high + slack, (where, measure)
            if measure is measures.fgt:
                assert bounds.bound == 0.0


def test_ledger_takes_the_factors_of_those_it_reaches(grown, population, facts):
    floor = next(lever for lever in grown.policy if lever.lever == "income_floor")
    case = grown.model_copy(update={"policy": [floor]})
    plan = make_plan(case, population, facts)
    output = run(plan.source.rows(0, plan.source.number), plan.tables)
    aged = age(plan, output.sums)
    ledger = keep_ledger(case, plan, aged)
    more = output.income[1] - output.income[0]
    expected = [(persons_of(plan, output, aged, 1, t) * more[t]).sum() for t in range(6)]
    np.testing.assert_allclose(ledger["received_yuan"], expected, rtol=1e-6)
    plain = (output.rows.weight * output.rows.persons * more).sum(axis=1)
    assert abs(expected[5] / plain[5] - 1190 / 1212) > 1e-3  # one factor for all would not do


def test_table_shows_what_was_given_and_met(plan, output, aged):
    table = show_ageing(plan, aged)
    totals = table[table["total"] != "stratum"]
    assert list(totals.groupby("total", sort=False).size()) == [6, 6, 6, 6]
    shares = totals[totals["unit"] == "share of residents"]
    np.testing.assert_allclose(shares["after"], shares["given"], rtol=1e-9)
    assert (shares.query("year > 2020")["before"] != shares.query("year > 2020")["after"]).all()
    urban = totals.query("total == 'urban_share'").set_index("year")
    assert list(urban["status"]) == ["population", "interpolated", "reported", "reported", "assumed", "assumed"]
    assert urban.loc[2025, "source"] == "moves to town at the rate of `urbanisation`"
    assert list(totals.query("total == 'aged_0_14'")["status"])[2:4] == ["assumed", "held"]
    strata = table[table["total"] == "stratum"]
    np.testing.assert_allclose(strata["factor"].to_numpy().reshape(6, 6), aged.factor)
    assert strata["item"].iloc[5] == "rural, head 60 and over"


def test_totals_out_of_reach_are_named_by_year(scenario, population, facts):
    """Beside residents three in five cannot be old, and with an old fifth not nearly half are children."""
    given = (
        Ageing(year=2023, aged_65=0.17, aged_0_14=0.14, reason="made up"),
        Ageing(year=2024, aged_65=0.62, aged_0_14=0.14, reason="made up"),
        Ageing(year=2025, aged_65=0.2, aged_0_14=0.45, reason="made up"),
    )
    plan = make_plan(with_totals(scenario, *given), population, facts)
    sums = run(plan.source.rows(0, plan.source.number), plan.tables).sums
    with pytest.raises(InvalidInput) as caught:
        age(plan, sums)
    problems = {problem.path: problem.message for problem in caught.value.problems}
    assert set(problems) == {"year 2024", "year 2025"}
    for year in (2024, 2025):
        assert "no weights above 0 reach all totals" in problems[f"year {year}"]
    assert "residents of 65 and over" in problems["year 2024"]
    assert "residents below 15 comes to" in problems["year 2025"]


def test_where_nobody_lives_the_make_up_is_that_of_the_band():
    made = MakeUp(np.array([[2.0, 0.0, 0.0], [2.0, 4.0, 0.0]]), np.array([[1.0, 0, 0], [0, 3.0, 0]]), np.zeros((2, 3)))
    np.testing.assert_allclose(made.per_person(made.elderly), [[0.5, 0.75, 0.5], [0.0, 0.75, 0.5]])
