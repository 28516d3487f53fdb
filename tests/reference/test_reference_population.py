"""The reference population: its truth against other ways to compute it, the shipped file against the truth."""

from importlib import resources
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.integrate import quad
from scipy.special import ndtr

import incomesim
from incomesim import estimate_mobility, load_scenario, measures, reference_panel, reference_population, reference_truth
from incomesim.fields import SOURCES
from incomesim.population.household_columns import NAMED, NUMBERED
from incomesim.reference import CELLS, LINE, MOBILITY, make_population, mixture
from incomesim.reference.truth import people_of_reference
from tests.conftest import ROOT

SUBGROUPS = [("all", "all"), ("residence", "rural"), ("region", "hills"), ("group", "needy")]


@pytest.fixture(scope="module")
def truth():
    return reference_truth().set_index(["by", "subgroup", "measure"])["value"]


def chosen(by, subgroup):
    return np.array([by == "all" or getattr(cell, by) == subgroup for cell in CELLS])


@pytest.mark.parametrize(("by", "subgroup"), SUBGROUPS)
def test_truth_against_numerical_integration(truth, by, subgroup):
    people = mixture.part(people_of_reference(), chosen(by, subgroup))
    weight = people.share / (people.spread * np.sqrt(2.0 * np.pi))

    def cdf(log):
        return people.share @ ndtr((log - people.location) / people.spread)

    def expect(function, highest=18.0):
        """The mean of a function of income, by its log."""

        def density(log):
            return function(np.exp(log)) * (weight @ np.exp(-0.5 * ((log - people.location) / people.spread) ** 2))

        return quad(density, 4.0, highest, limit=200, epsabs=0.0, epsrel=1e-9, points=[9.0, 10.0])[0]

    mean = expect(lambda y: y)
    area = quad(lambda log: cdf(log) * (1.0 - cdf(log)) * np.exp(log), 4.0, 18.0, limit=200, epsrel=1e-9)[0]
    expected = {
        "mean": mean,
        "gini": area / mean,  # the other closed form: mean absolute difference by the distribution function
        "theil": expect(lambda y: y / mean * np.log(y / mean)),
        "mld": expect(lambda y: np.log(mean / y)),
        **{f"fgt{k}_line": expect(lambda y, k=k: (1 - y / LINE) ** k, highest=np.log(LINE)) for k in (0, 1, 2)},
    }
    for measure, value in expected.items():
        assert truth[by, subgroup, measure] == pytest.approx(value, rel=1e-7), measure
    assert cdf(np.log(truth[by, subgroup, "median"])) == pytest.approx(0.5, abs=1e-12)
    fifths = [mixture.quantile(people, p) for p in (0.2, 0.8)]
    ratio = (mean - expect(lambda y: y, highest=np.log(fifths[1]))) / expect(lambda y: y, highest=np.log(fifths[0]))
    assert truth[by, subgroup, "s80_s20"] == pytest.approx(ratio, rel=1e-6)


def test_truth_against_a_million_draws(truth):
    """And so the names mean what the measures of the library compute."""
    generator = np.random.default_rng(1)
    people = people_of_reference()
    cell = generator.choice(len(CELLS), 1_000_000, p=people.share)
    income = np.exp(people.location[cell] + people.spread[cell] * generator.standard_normal(len(cell)))
    for by, name in SUBGROUPS:
        rows = chosen(by, name)[cell]
        found = {
            "mean": measures.mean, "median": measures.median, "gini": measures.gini, "theil": measures.theil,
            "mld": measures.mld,
            "p90_p10": lambda y: measures.quantile_ratio(y, upper=0.9, lower=0.1),
            "s80_s20": lambda y: measures.share_ratio(y, top=0.2, bottom=0.2),
            "fgt1_line": lambda y: measures.fgt(y, line=LINE, order=1),
        }  # fmt: skip
        ranked = measures.rank(income[rows])
        for measure, function in found.items():
            assert truth[by, name, measure] == pytest.approx(function(ranked), rel=0.01), (name, measure)
    some = slice(0, 200_000)
    for by in ("region", "residence", "group"):
        labels = np.array([getattr(part, by) for part in CELLS])[cell[some]]
        for measure, alpha in (("theil", 1.0), ("mld", 0.0)):
            split = measures.decompose_ge(income[some], labels, alpha=alpha)
            assert truth["all", "all", f"{measure}_between_{by}"] == pytest.approx(split.between, rel=0.03)
            assert truth["all", "all", f"{measure}_within_{by}"] == pytest.approx(split.within, rel=0.02)
    urban = np.array([part.residence == "urban" for part in CELLS])[cell]
    assert truth["all", "all", "urban_rural_ratio"] == pytest.approx(
        income[urban].mean() / income[~urban].mean(), rel=0.01
    )
    medians = np.median(income[urban]) / np.median(income[~urban])
    assert truth["all", "all", "urban_rural_ratio_median"] == pytest.approx(medians, rel=0.01)


def test_the_shipped_file_is_made_again_byte_for_byte():
    shipped = resources.files("incomesim.reference").joinpath("households.csv").read_bytes()
    assert make_population().to_csv(index=False, lineterminator="\n").encode() == shipped
    pd.testing.assert_frame_equal(reference_population(), make_population())


def test_the_columns_are_those_of_a_file_of_households():
    table = reference_population()
    assert set(NAMED) | set(NUMBERED) <= set(table.columns)
    assert len(table) == 5_040
    assert (table["elderly"] + table["children"] <= table["persons"]).all()
    assert (table[list(SOURCES)] >= 0).all(axis=None)
    assert table.groupby("stratum")["cluster"].nunique().eq(20).all()
    households = table.groupby(["region", "residence", "group"])["weight"].sum()
    assert households.to_dict() == {(c.region, c.residence, c.group): c.households for c in CELLS}
    replicates = table.filter(like="replicate_")
    assert (replicates.mean(axis=1) == table["weight"]).all()


def estimate(table, weight):
    persons = weight * table["persons"]
    income = table[list(SOURCES)].sum(axis=1) / table["persons"]
    return {
        (by, name, measure): function(people)
        for by, name in SUBGROUPS
        for rows in [slice(None) if by == "all" else table[by] == name]
        for people in [measures.rank(income[rows], persons[rows])]
        for measure, function in {
            "persons": lambda y: y.total_weight,
            "mean": measures.mean,
            "median": measures.median,
            "gini": measures.gini,
            "theil": measures.theil,
            "mld": measures.mld,
            "fgt0_line": lambda y: measures.fgt(y, line=LINE, order=0),
        }.items()
    }


def test_the_shipped_file_is_within_its_sampling_error_of_the_truth(truth):
    """28 figures, by the jackknife of the replicates; weights matter: without them most are far off."""
    table = reference_population()
    found = pd.Series(estimate(table, table["weight"]))
    replicates = pd.DataFrame([estimate(table, table[f"replicate_{number:02d}"]) for number in range(1, 21)])
    error = np.sqrt(19.0 / 20.0 * ((replicates - found) ** 2).sum())
    expected = truth.loc[list(found.index)]
    assert (((found - expected) / error).abs() < 3.5).all()
    assert (error / found < 0.1).all()
    unweighted = pd.Series(estimate(table, pd.Series(60.0, index=table.index)))
    assert (((unweighted - expected) / error).abs() > 3.5).sum() > 8


def test_the_panel_has_the_processes_it_names():
    panel = reference_panel(4_000, 8)
    for cell in CELLS:
        logs = np.log(panel["income_per_head"][panel["cell"] == f"{cell.region}-{cell.residence}-{cell.group}"])
        assert logs.mean() == pytest.approx(np.log(cell.median), abs=0.25 * cell.spread)
    spread = panel.groupby(["cell", "year"])["income_per_head"].agg(lambda y: np.log(y).std())
    known = {f"{cell.region}-{cell.residence}-{cell.group}": cell.spread for cell in CELLS}
    assert np.mean([value / known[cell] for (cell, _), value in spread.items()]) == pytest.approx(1.0, abs=0.03)
    fit = estimate_mobility(panel, by="residence")
    for group in fit.groups:
        known = MOBILITY[group.group]
        truth = [known.persistence, known.fixed, 1.0 - known.fixed - known.transitory, known.transitory]
        assert (np.abs(group.fitted.value - truth) < 4.0 * group.fitted.errors).all()


def test_the_scenario_runs_on_the_shipped_file_with_these_processes():
    scenario = load_scenario(ROOT / "scenarios" / "reference.yaml")
    shipped = resources.files("incomesim.reference").joinpath("households.csv")
    assert scenario.population.microdata.path.resolve() == Path(str(shipped)).resolve()
    assert {"urban": scenario.mobility.urban, "rural": scenario.mobility.rural} == MOBILITY
    assert scenario.poverty_lines[0].value == LINE


def test_a_panel_needs_households_and_years():
    with pytest.raises(ValueError, match="found 3 households"):
        reference_panel(3, 8)


def test_public_names():
    assert incomesim.reference_truth is reference_truth
