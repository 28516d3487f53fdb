"""Survey files: formats, the column map, missing values, the design, and what is said when something is wrong."""

import json

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from incomesim import InvalidInput, read_survey
from incomesim.estimate import estimate
from incomesim.population import csv_format, list_file_assumptions
from incomesim.scenario import SurveyPopulation
from incomesim.scenario.columns import YUAN_A_YEAR, Unit
from incomesim.scenario.text import read_document
from tests.conftest import ROOT
from tests.household_files import FEW, few, of_file, read, write, write_as
from tests.unit.test_cli import command  # noqa: F401  a fixture


def problems(path, scenario, **changes):
    with pytest.raises(InvalidInput) as caught:
        read(scenario, path, **(FEW | changes))
    return [str(problem).removeprefix(f"{path} ") for problem in caught.value.problems]


def survey_of(path, scenario, **changes):
    return read_survey(of_file(scenario, path, **(FEW | changes)))


def test_the_example_of_the_readme():
    text = (ROOT / "README.md").read_text(encoding="utf-8").partition("## Your own households")[2]
    population = read_document(text.partition("```yaml\n")[2].partition("```")[0], "README.md").data["population"]
    wanted = SurveyPopulation.model_validate(population)
    for column, entry in wanted.columns:
        assert f"`{column}`" in text
        for key in type(entry).model_fields:
            assert f"`{key}`" in text or key == "row_number", key


def test_a_file_is_read_once_until_it_changes(scenario, tmp_path, monkeypatch):
    path, reads = tmp_path / "few.csv", []
    read_one = csv_format.read_columns
    monkeypatch.setattr(csv_format, "read_columns", lambda *given: reads.append(given) or read_one(*given))
    for rows in (20, 21):
        wanted = of_file(scenario, write_as(path, few(rows)), **FEW).model_copy(update={"policy": []})
        assert estimate(wanted).households == rows
        assert len(read_survey(wanted).households) == rows
    assert len(reads) == 2


def test_every_unit_is_known():
    assert set(YUAN_A_YEAR) == set(Unit.__args__)


def test_the_column_map(scenario, tmp_path):
    """Another name, a sum, per head and month, codes of the file, constants, numbers of rows: by hand."""
    path = tmp_path / "survey.csv"
    path.write_text(
        "hh,w,prov,urb,age,n,wage1,wage2,farm,rent\n"
        "b7,10,01,1,40,2,1000,500,2,0.5\n"
        "a3,5.5,01,2,70,1,0,0,3,-0.25\n"
        "c1,1,99,1,30,1,0,0,0,0\n"
    )  # fmt: skip
    columns = {
        "household_id": {"row_number": True}, "weight": "w", "region": {"column": "prov", "values": {"01": "dong"}, "missing_codes": [99], "missing": "drop"},
        "residence": {"column": "urb", "values": {"1": "urban", "2": "rural"}}, "group": {"constant": "other"},
        "persons": "n", "elderly": {"constant": 0}, "children": {"constant": 0},
        "wage": {"column": ["wage1", "wage2"], "unit": "yuan_per_month", "per": "head"},
        "operating": {"column": "farm", "unit": "thousand_yuan_per_year"},
        "property": {"column": "rent", "unit": "ten_thousand_yuan_per_year"}, "transfer": {"constant": 100},
    }  # fmt: skip
    found = survey_of(path, scenario, columns=columns).households
    assert found.to_dict("list") == {
        "household_id": [1, 2], "weight": [10.0, 5.5], "region": ["dong", "dong"], "residence": ["urban", "rural"],
        "group": ["other", "other"], "age": [40, 70], "persons": [2, 1], "elderly": [0, 0], "children": [0, 0],
        "wage": [1500.0 * 12 * 2, 0.0], "operating": [2000.0, 3000.0], "property": [5000.0, -2500.0],
        "transfer": [100.0, 100.0],
    }  # fmt: skip
    assert list(found.index) == [1, 2]


@pytest.mark.parametrize("kind", ["dta", "sav"])
def test_codes_and_value_labels(scenario, tmp_path, kind):
    """1 and 2 with labels: the map may say either; a code whose label is another entry's key is refused."""
    frame = pd.DataFrame({**few(4), "residence": [1, 2, 1, 2], "region": ["dong"] * 4, "group": ["other"] * 4})
    path = tmp_path / f"survey.{kind}"
    labels = {1: "城镇", 2: "农村", 3: "1"}
    if kind == "dta":
        frame["household_id"] = frame["household_id"].astype(float)
        frame.to_stata(path, write_index=False, value_labels={"residence": labels}, version=118)
    else:
        pyreadstat.write_sav(frame, str(path), variable_value_labels={"residence": labels})
    for values in ({"1": "urban", "2": "rural"}, {"城镇": "urban", "农村": "rural"}, {"1": "urban", "农村": "rural"}):
        columns = {"residence": {"column": "residence", "values": values}}
        assert list(survey_of(path, scenario, columns=columns).households["residence"]) == ["urban", "rural"] * 2
    (found, *_) = problems(path, scenario, columns={"residence": {"column": "residence", "values": {"城镇": "urban"}}})
    assert found == 'residence: found "2" (label "农村") in row 2 and 1 more, expected one of 城镇'
    both = {"residence": {"column": "residence", "values": {"1": "urban", "城镇": "rural", "2": "rural"}}}
    assert (
        'found "1" (label "城镇") in row 1 and 1 more, expected a code that `values` names once'
        in problems(path, scenario, columns=both)[0]
    )


def test_missing_values_are_kept_made_zero_or_dropped_and_counted(scenario, tmp_path):
    changes = {
        "wage": [1.0, -8.0, None, 4.0, 5.0], "persons": [2, 2, 2, None, 2], "weight": [10.0, 20.0, 30.0, 40.0, 0.5],
        "transfer": [None, 1.0, 1.0, 1.0, 1.0],
    }  # fmt: skip
    path = write(tmp_path / "gaps.parquet", few(5, **changes), 2)
    columns = {
        "wage": {"column": "wage", "missing": "zero", "missing_codes": [-8, -9]},
        "persons": {"column": "persons", "missing": "drop"},
        "transfer": {"column": "transfer", "missing": "drop"},
    }
    found = survey_of(path, scenario, columns=columns)
    assert list(found.households.index) == [2, 3, 5]
    assert list(found.households["wage"]) == [0.0, 0.0, 5.0]
    assert [(one.column, one.done, one.rows, round(one.share * 100.5, 9)) for one in found.treatments] == [
        ("persons", "drop", 1, 40.0), ("wage", "zero", 2, 50.0), ("transfer", "drop", 1, 10.0)
    ]  # fmt: skip
    population, holdings = read(scenario, path, **FEW, columns=columns)
    assert population.source.number == holdings.rows == 3
    assert holdings.households == 50.5
    assert population.source.ranges(1) == [(0, 1), (1, 2), (2, 3)]
    assert [int(population.source.rows(i, i + 1).household_id[0]) for i in range(3)] == [1, 2, 4]
    wanted = of_file(scenario, path, **FEW, columns=columns).population
    said = {one.where: one.value for one in list_file_assumptions(wanted, holdings)}
    assert said["population.columns.wage"] == "0 in 2 rows, 49.75% of the weight in the file"
    assert said["population.columns.persons"] == "rows left out: 1 rows, 39.80% of the weight in the file"
    assert any(
        one.value == "gaps.parquet: 3 of 5 rows for 50 households" for one in list_file_assumptions(wanted, holdings)
    )
    assert any(one.value == "4 of 6" for one in list_file_assumptions(wanted, holdings))
    assert problems(path, scenario) == [
        "persons: found nothing in row 4, expected whole numbers from 1 to 1,000, in every row",
        "transfer: found nothing in row 1, expected numbers from -30,000,000 to 30,000,000 (yuan of the whole household "
        "and year), in every row",
        "wage: found nothing in row 3, expected numbers from -30,000,000 to 30,000,000 (yuan of the whole household and "
        "year), in every row",
    ]  # fmt: skip


def test_a_part_of_a_sum_that_is_missing_counts_zero_or_the_row_is_dropped(scenario, tmp_path):
    path = write(tmp_path / "sum.parquet", few(4, a=[1.0, None, 3.0, 4.0], b=[10.0, 20.0, float("nan"), 40.0]))
    for done, rows, wages in (("zero", [1, 2, 3, 4], [11, 20, 3, 44]), ("drop", [1, 4], [11, 44])):
        found = survey_of(path, scenario, columns={"wage": {"column": ["a", "b"], "missing": done}}).households
        assert (list(found.index), list(found["wage"])) == (rows, wages)


def test_rows_of_a_whole_file_are_told_as_they_stand_there(scenario, tmp_path):
    columns = few(6, household_id=[5, 4, 9, 4, 1, 5], wage=[1.0, 2.0, 4.5e7 + 0.5, 4.0, 5.0, 6e7])
    path = write_as(tmp_path / "survey.csv", columns)
    assert problems(path, scenario) == [
        "household_id: found 4 (as in row 2) in row 4 and 1 more, expected each number once",
        "wage: found 45000000.5 in row 3 and 1 more, expected numbers from -30,000,000 to 30,000,000 (yuan of the whole household "
        "and year)",
    ]


def test_files_that_cannot_be_used(scenario, tmp_path, monkeypatch):
    for kind in ("csv", "dta", "sav"):
        path = tmp_path / f"bad.{kind}"
        assert "No such file" in problems(path, scenario)[0] or "does not exist" in problems(path, scenario)[0]
        path.write_bytes(b"\x00\xff" * 40)
        assert (
            f"expected a {['CSV', 'Stata', 'SPSS'][('csv', 'dta', 'sav').index(kind)]} file"
            in problems(path, scenario)[0]
        )
    path = write_as(tmp_path / "text.csv", few(3, wage=["1", "1,000", "x"]))
    assert problems(path, scenario)[0] == (
        "wage: found the type string, expected numbers from -30,000,000 to 30,000,000 (yuan of the whole household and year)"
    )
    monkeypatch.setattr("incomesim.population.whole_file.LARGEST_FILE", 20)
    assert (
        "bytes, expected at most 20 of a file that is read as a whole; write it as Parquet"
        in problems(path, scenario)[0]
    )
    monkeypatch.setitem(__import__("sys").modules, "pyreadstat", None)
    assert "takes the package pyreadstat: pip install 'incomesim[spss]'" in problems(tmp_path / "bad.sav", scenario)[0]


def designed(rows, **changes):
    draws = np.random.default_rng(1).uniform(0.5, 1.5, (3, rows))
    weights = {f"rw{n}": weight for n, weight in zip((1, 2, 10), draws, strict=True)}
    return few(rows) | {"stratum": ["n", "s"] * (rows // 2), "psu": [1, 1, 2, 2] * (rows // 4), **weights} | changes


DESIGN = {
    "strata": "stratum", "cluster": "psu", "replicate_weights": {"prefix": "rw", "method": "fay", "factor": 0.5},
}  # fmt: skip


@pytest.mark.parametrize("kind", ["parquet", "csv"])
def test_the_design_goes_with_the_households(scenario, tmp_path, kind):
    order = [7, 0, 1, 2, 3, 4, 5, 6] if kind == "csv" else range(8)
    columns = {name: [values[i] for i in order] for name, values in designed(8).items()}
    columns["wage"][2] = None
    found = survey_of(
        write_as(tmp_path / f"survey.{kind}", columns), scenario, design=DESIGN,
        columns={"wage": {"column": "wage", "missing": "drop"}},
    )  # fmt: skip
    design, kept = found.design, [i for i in range(8) if i != 2]
    assert list(found.households.index) == [i + 1 for i in kept]
    np.testing.assert_array_equal(found.households["household_id"], [order[i] for i in kept])
    for name, weights in zip(("rw1", "rw2", "rw10"), design.replicate_weights.T, strict=True):
        np.testing.assert_array_equal(weights, [columns[name][i] for i in kept])
    np.testing.assert_array_equal(design.strata, [("n", "s").index(columns["stratum"][i]) for i in kept])
    pairs = {(columns["stratum"][i], columns["psu"][i]) for i in range(8)}
    assert len(set(design.cluster)) == len(pairs) == 4
    assert (design.method, design.factor) == ("fay", 0.5)


def test_what_is_wrong_with_a_design(scenario, tmp_path):
    bad = designed(8, rw2=[-1.0, float("nan"), float("inf"), *[1.0] * 5], psu=[1, 1, 1, 2, 1, 3, 1, None])
    path = write(tmp_path / "bad.parquet", bad, 3)
    assert problems(path, scenario, design=DESIGN) == [
        "design.cluster (psu): found nothing in row 8, expected a code in every row",
        "design.replicate_weights (rw2): found -1.0 in row 1 and 2 more, expected finite numbers of at least 0, in every row",
        'design.strata (stratum): found one cluster in "n", expected at least two in each stratum; put such strata together',
    ]
    absent = {"strata": "strat", "replicate_weights": {"prefix": "brr", "method": "brr"}}
    assert problems(path, scenario, design=absent) == [
        "design.replicate_weights: found 0 columns, expected at least 2",
        'design.strata: the column "strat" is missing; expected codes; did you mean "stratum"?',
    ]


def test_check_reads_the_file(command, tmp_path):  # noqa: F811
    from tests.household_files import survey_scenario

    write_as(tmp_path / "survey.csv", few(10, wage=[-4.5e7 - 0.5, *[1.0] * 9]))

    def alone(data):
        data["policy"] = []
        data["growth"] = [{"year": year, "urban": 0.05, "rural": 0.06, "reason": "-"} for year in range(2021, 2026)]

    scenario = survey_scenario(tmp_path / "survey.yaml", "survey.csv", alone, **FEW, place=None)
    code, out, err = command("check", scenario)
    assert (code, out) == (3, "")
    assert "survey.csv wage: found -45000000.5 in row 1" in err
    write_as(tmp_path / "survey.csv", few(10))
    code, out, err = command("check", scenario)
    assert (code, err) == (0, "")
    assert "survey.csv: valid" in out
    code, out, err = command("run", scenario, "--out", tmp_path / "out")
    assert code == 0, err
    manifest = (tmp_path / "out" / "manifest.json").read_text(encoding="utf-8")
    assert json.loads(manifest)["scenario"]["population"]["microdata"] == "survey.csv"
    assert str(tmp_path) not in manifest
