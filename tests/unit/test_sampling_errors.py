"""Standard errors of a run against the same worked out by hand from its households."""

from types import SimpleNamespace

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from incomesim import load_scenario, measures, reference_population, sampled, simulate
from incomesim.ageing import age
from incomesim.lines import lines_by_year
from incomesim.measures import Design, estimate, estimate_difference, estimate_ratio
from incomesim.population import answer
from incomesim.sampled import keep_sample
from incomesim.tabulate import find_errors, sampling_errors
from incomesim.tabulate.linearise import list_measures, view
from incomesim.tabulate.people import Dimension, dimensions
from incomesim.tabulate.sampling_errors import standard_errors
from incomesim.tabulate.standard import standard_table
from tests.conftest import ROOT
from tests.unit.test_summary import direct, people, subgroups, weighted_quantile

LAST = 5
KEYS = ["year", "scenario", "by", "subgroup", "measure"]


@pytest.fixture(scope="module")
def aged(plan, output):
    return age(plan, output.sums)


@pytest.fixture(scope="module")
def kept(plan, scenario, aged):
    """All households: a run this small is its own sample."""
    return keep_sample(scenario, plan, aged)


@pytest.fixture(scope="module")
def errors(plan, scenario, kept):
    """Standard errors by (year, scenario, by, subgroup, measure), as if weights and factors were given numbers."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sampling_errors, "answer_of_totals", lambda *_: None)
        return find_errors(scenario, plan, kept, 2, lambda *_: None).set_index(KEYS)["standard_error"]


@pytest.fixture(scope="module")
def drawn(output):
    """How the households were drawn: within places; those with a single household together with the one before."""
    strata, before = output.rows.place.copy(), None
    for place, number in zip(*np.unique(strata, return_counts=True), strict=True):
        before = place if number > 1 else before
        strata[strata == place] = before
    return Design(strata=strata)


def work_out(y, w, region, here, scenario):
    """Measures of some people in 2025 by hand, with the median of everybody and the gaps between regions."""
    found = direct(y[here], w[here], weighted_quantile(y, w, 0.5), scenario, 2025)
    there = [here & (region == code) for code in np.unique(region[here])]
    if len(there) > 1:
        means = np.array([np.average(y[each], weights=w[each]) for each in there])
        share, relative = np.array([w[each].sum() for each in there]) / w[here].sum(), means / found["mean"]
        found["region_max_min"] = means.max() / means.min()
        found["region_variation"] = np.sqrt(share @ (relative - 1.0) ** 2)
        found["region_theil_between"] = share @ (relative * np.log(relative))
    return found


def test_levels_are_those_of_all_households(plan, output, scenario, errors, drawn):
    y, w, cell = people(plan, output, 1, LAST)
    line = lines_by_year(scenario)[LAST].poverty["twice_guarantee"]
    for where, here in subgroups(plan, cell):
        for name, measure, parameters in (
            ("mean", measures.mean, {}), ("gini", measures.gini, {}), ("median", measures.median, {}),
            ("s80_s20", measures.share_ratio, {"top": 0.2, "bottom": 0.2}),
            ("fgt1_twice_guarantee", measures.fgt, {"line": line, "order": 1}),
        ):  # fmt: skip
            found = estimate(measure, y, w, design=drawn, where=here, **parameters)
            assert errors[2025, "policy", *where, name] == pytest.approx(found.standard_error, rel=1e-6), (where, name)


def test_gaps_between_town_and_country(plan, output, errors, drawn):
    y, w, cell = people(plan, output, 0, LAST)
    rural = np.unravel_index(cell, plan.ground.shape)[1] == 1
    for name, measure in (("urban_rural_ratio", measures.mean), ("urban_rural_ratio_median", measures.median)):
        found = estimate_ratio(measure, y, y, w * rural, weight_after=w * ~rural, design=drawn)
        assert errors[2025, "baseline", "all", "all", name] == pytest.approx(found.standard_error, rel=1e-6)


def test_differences_are_paired_household_by_household(plan, output, errors, drawn):
    (before, weight, cell), (after, weight_after, cell_after) = (people(plan, output, s, LAST) for s in (0, 1))
    here = [np.unravel_index(each, plan.ground.shape)[2] == 0 for each in (cell, cell_after)]
    assert (here[0] != here[1]).any()  # some have changed the group
    for where, (old, new) in {("all", "all"): (1.0, 1.0), ("group", plan.ground.groups[0]): here}.items():
        found = estimate_difference(
            measures.gini, before, after, weight * old, weight_after=weight_after * new, design=drawn
        )
        assert errors[2025, "difference", *where, "gini"] == pytest.approx(found.standard_error, rel=1e-6)
    for name in ("gini", "mean", "fgt1_twice_guarantee", "urban_rural_ratio", "fgt0_median_50"):
        apart = np.hypot(*(errors[2025, scenario, "all", "all", name] for scenario in ("baseline", "policy")))
        assert errors[2025, "difference", "all", "all", name] < 0.7 * apart, name


def test_no_difference_has_no_error(result):
    same = result.summary.query("year == 2020 and scenario == 'difference'")
    known = same[["value", "standard_error", "low", "high"]].dropna()
    assert len(known) > 0.9 * len(same)
    assert (known == 0.0).all(axis=None)


def test_what_weights_meet_has_no_error(plan, errors, result):
    """Residents of every year, of the first also by place, and then the mean of town and country."""
    found = result.summary.set_index(KEYS)
    for year in plan.ground.years:
        assert found.loc[year, "baseline", "all", "all", "persons"]["standard_error"] == 0.0
    for by, name in (
        ("all", "households"),
        ("all", "mean"),
        ("all", "urban_rural_ratio"),
        ("residence", "mean"),
        ("region", "persons"),
    ):
        rows = found.loc[(2020, "baseline", by, slice(None), name), :]
        assert (rows["standard_error"] == 0.0).all(), name
        assert (rows["low"] == rows["value"]).all()
        assert (rows["high"] == rows["value"]).all()
    # who moves to town with the policy stands for others than before: that differs with the factors
    of_persons = (2025, "difference", "all", "all", "persons")
    assert found.loc[of_persons]["standard_error"] > 2.0 * errors[of_persons] > 0.0


def test_weights_that_meet_totals_make_figures_surer(errors, result):
    """By much in the first year, when incomes of groups are met, and later by what is left of that."""
    surer = (result.summary.set_index(KEYS)["standard_error"] / errors)[:, "baseline", "all", "all"]
    assert surer[2020, "gini"] < 0.5
    assert surer[2025, "mean"] < surer[2025, "gini"] < 1.0


def test_every_measure_follows_the_weights(plan, output, scenario, kept):
    """The sum of weight times influence times a small change of weights is what the measure changes by.

    So also where lines are shares of a median that changes with them; `direct` works the measures out by hand.
    """
    ways = (Dimension("all", ("all",), np.zeros(plan.ground.cells, np.int64)), *dimensions(plan))
    table = standard_table(lines_by_year(scenario)[LAST])
    seen = view(plan, kept, ways, 1, LAST, None)
    y, w, cell = seen.income, seen.persons, kept.cell[1, LAST]
    residence, region = (np.unravel_index(cell, plan.ground.shape)[axis] for axis in (1, 0))
    change = np.cos(np.log(y) * 3.0) + 0.5 * residence + 0.3 * region

    for by, number in (("all", 0), ("residence", 1), ("group", plan.ground.groups.index("other"))):
        here = seen.codes[seen._place(by)] == number
        sums = seen.linearise(seen.divide(by)[number], by, table)
        adds = {name: row @ change for (name, _), row in zip(list_measures(by, table), sums[0], strict=True)}
        error = dict(zip(adds, standard_errors(sums, kept), strict=True))
        step = 0.02
        more, less = (work_out(y, w * (1.0 + side * change), region, here, scenario) for side in (step, -step))
        for name in more:
            moved = (more[name] - less[name]) / (2.0 * step)
            smooth = name in ("mean", "gini", "theil", "mld", "persons") or name.startswith(("region", "fgt1", "fgt2"))
            smooth &= "median" not in name
            tolerance = (2e-3 if smooth else 0.25) * abs(moved) + (0.1 if smooth else 5.0) * error[name]
            assert abs(adds[name] - moved) < tolerance, (by, name, adds[name], moved, error[name])


def test_a_sample_says_nearly_what_all_households_say(plan, scenario, aged, result, monkeypatch):
    errors = result.summary.set_index(KEYS)["standard_error"]
    monkeypatch.setattr(sampled, "ERRORS", 3_000)
    kept = keep_sample(scenario, plan, aged)
    assert len(kept.weight) == 3_000
    assert (kept.weight * kept.persons).sum() == pytest.approx(1_212_203, rel=0.03)
    found = find_errors(scenario, plan, kept, 1, lambda *_: None).set_index(KEYS)["standard_error"]
    same = found.loc[2025, ["baseline", "policy", "difference"], "all", "all"]
    whole = errors.loc[2025, ["baseline", "policy", "difference"], "all", "all"]
    ratio = (same / whole[whole > 0.0]).dropna()
    ratio = ratio[~ratio.index.get_level_values("measure").str.endswith("guarantee_line")]  # few are below it
    assert ratio.median() == pytest.approx(1.0, abs=0.05)
    assert ratio.quantile([0.02, 0.98]).between(0.7, 1.4).all()


def test_same_bits_on_any_number_of_threads(plan, scenario, kept):
    one, three = (find_errors(scenario, plan, kept, threads, lambda *_: None) for threads in (1, 3))
    assert one.equals(three)


def test_same_bits_on_any_number_of_threads_of_blas(scenario, result):
    with threadpool_limits(limits=1, user_api="blas"):
        again = simulate(scenario, threads=1)
    assert again.summary.equals(result.summary)


def test_limits_keep_to_what_is_possible(result):
    table = result.summary
    known = table.dropna(subset="standard_error")
    assert ((known["low"] <= known["value"]) & (known["value"] <= known["high"])).all()
    levels = known[~known["scenario"].str.endswith("difference")]
    assert (levels.loc[levels["unit"] != "yuan per head", "low"] >= 0.0).all()
    assert (levels.loc[levels["unit"] == "share", "high"] <= 1.0).all()
    sure = levels[levels["standard_error"] == 0.0]  # nobody of the sample concerned: unknown, not exact
    assert set(sure["measure"]) <= {"persons", "households", "mean", "urban_rural_ratio"}
    missing = table[table["standard_error"].isna()]
    assert missing[["low", "high"]].isna().all(axis=None)
    assert len(missing) < 0.03 * len(table)
    everybody = missing.query("by == 'all'")
    assert everybody.empty, everybody


def test_strata_with_one_household_join_the_one_before():
    order, cluster, first, count = sampled._arrange(np.array([3, 1, 1, 2, 3, 0, 5]), np.arange(7))
    assert order.tolist() == [5, 1, 2, 3, 0, 4, 6]
    assert cluster.tolist() == [0, 1, 2, 3, 4, 5, 6]
    assert (first.tolist(), count.tolist()) == ([0, 4], [4, 3])
    *_, first, count = sampled._arrange(np.zeros(3, int), np.array([7, 7, 8]))
    assert (first.tolist(), count.tolist()) == ([0], [2])


def test_errors_of_totals_by_hand():
    """Two strata of two and three clusters, part of the run in the sample."""
    kept = SimpleNamespace(first=np.array([0, 2]), count=np.array([2, 3]), part=0.25)
    sums = np.array([[[1.0, 3.0, 1.0, 2.0, 6.0], [1.0, 1.0, 2.0, 2.0, 2.0]]])
    assert standard_errors(sums, kept).tolist() == pytest.approx([np.sqrt(0.25 * (2 * 2.0 + 1.5 * 14.0)), 0.0])


def test_errors_where_weights_are_fitted_on_a_third_of_the_run():
    """Of the sums v + a with a = 1, 2, -3 one in three is v + 3 a, the others are v: a counts three times in all."""
    kept = SimpleNamespace(first=np.array([0]), count=np.array([3]), part=1.0, answering=SimpleNamespace(times=3.0))
    sums = np.array([[[3.0, 0.0, -3.0]], [[1.0, 2.0, -3.0]]])
    assert standard_errors(sums, kept)[0] == pytest.approx(np.sqrt(1.5 * (18.0 + 2.0 * 14.0)))


def test_residents_of_a_run_whose_weights_are_fitted_on_a_part(plan, scenario, aged, monkeypatch):
    """Factors of ageing meet residents, so residents of a year are as sure as those of the first, and no surer."""
    monkeypatch.setattr(answer, "CALIBRATED", plan.source.number // 3)
    kept = keep_sample(scenario, plan, aged)
    assert kept.answering.times == pytest.approx(3.0, rel=1e-3)
    found = find_errors(scenario, plan, kept, 2, lambda *_: None).set_index(KEYS)["standard_error"]
    first = found[2020, "baseline", "all", "all", "persons"]
    assert first > 0.0
    for year, growth in zip(plan.ground.years, plan.totals.residents, strict=True):
        assert found[year, "baseline", "all", "all", "persons"] == pytest.approx(growth * first, rel=1e-9)


def test_a_survey_has_the_errors_of_its_design():
    """Strata and clusters of the reference population, in the first year, when its incomes are those of the file."""
    bare = load_scenario(ROOT / "scenarios" / "reference.yaml").model_copy(update={"policy": []})
    errors = simulate(bare).summary.set_index(KEYS)
    file = reference_population()
    y = file[["wage", "operating", "property", "transfer"]].sum(axis=1) / file["persons"]
    w, design = file["weight"] * file["persons"], Design(strata=file["stratum"], clusters=file["cluster"])
    line = {"line": 8_000.0, "order": 0}
    for by, subgroup in (("all", "all"), ("residence", "rural"), ("group", "needy")):
        here = np.ones(len(file), bool) if by == "all" else (file[by] == subgroup).to_numpy()
        for name, measure, given in (
            ("gini", measures.gini, {}),
            ("mean", measures.mean, {}),
            ("fgt0_line", measures.fgt, line),
        ):
            found, row = (
                estimate(measure, y, w, design=design, where=here, **given),
                errors.loc[2020, "baseline", by, subgroup, name],
            )
            assert row["standard_error"] == pytest.approx(found.standard_error, rel=1e-4), (by, name)
            assert (row["low"], row["high"]) == pytest.approx((found.low, found.high), rel=1e-4), (by, name)
