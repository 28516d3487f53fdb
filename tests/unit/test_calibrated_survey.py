"""A file of households whose weights meet totals that the scenario knows."""

import hashlib
from pathlib import Path

import numpy as np
import pytest

from incomesim import InvalidInput, Unreachable, load_scenario, simulate
from incomesim.kernel.tables import WEIGHT_UNIT
from incomesim.population import list_file_assumptions
from incomesim.result import COLUMNS
from tests.household_files import FEW, few, of_file, read, survey_scenario, write

ROWS = 200
TOTALS = [
    {"of": "persons", "where": {"residence": "urban"}, "value": 4_500.0, "source": "census"},
    {"of": "persons", "where": {"residence": "rural"}, "value": 30.0, "source": "census"},
    {"of": "wage", "value": 1.3e8, "source": "yearbook"},
]


@pytest.fixture
def file(tmp_path):
    return write(tmp_path / "few.parquet", few(ROWS), row_group_size=60)


def rows_of(population):
    parts = [population.source.rows(start, stop) for start, stop in population.source.ranges(0)]
    return [np.concatenate([getattr(part, name) for part in parts]) for name in ("household_id", "weight", "persons")]


def test_the_population_has_calibrated_weights_part_by_part(scenario, file):
    population, holdings = read(scenario, file, **FEW, calibration={"totals": TOTALS})
    ids, weight, persons = rows_of(population)
    assert (weight * persons).sum() == pytest.approx(4_530.0, rel=1e-6)
    assert (weight * persons)[ids == ROWS - 1].sum() == pytest.approx(30.0, rel=1e-6)
    assert (weight / WEIGHT_UNIT % 1.0 == 0.0).all()
    order = np.argsort(ids)
    np.testing.assert_array_equal(weight[order], holdings.reweighted.by_row)
    assert holdings.households == pytest.approx(weight.sum())
    wages = few(ROWS)["wage"]
    assert wages @ weight[order] == pytest.approx(1.3e8, rel=1e-6)
    assert list(holdings.reweighted.table.source) == ["census", "census", "yearbook"]


def test_without_calibration_the_weights_are_those_of_the_file(scenario, file):
    population, holdings = read(scenario, file, **FEW)
    assert holdings.reweighted is None
    assert (rows_of(population)[1] == 10.0).all()


def test_a_run_reports_it(tmp_path, file):
    table = tmp_path / "totals.csv"
    table.write_text(
        "region,residence,group,age,of,value,unit,source\n,,,,households,2200,households,register\n", "utf-8"
    )
    stated = {"totals": TOTALS[2:], "table": "totals.csv"}
    path = survey_scenario(
        tmp_path / "scenario.yaml", file.name, lambda data: data.pop("policy"), **FEW, calibration=stated
    )
    result = simulate(load_scenario(path), threads=1)
    assert tuple(result.calibration.columns) == COLUMNS["calibration"]
    assert list(zip(result.calibration.name, result.calibration.source, strict=True)) == [
        ("wage", "yearbook"),
        ("households", "register"),
    ]
    first = result.summary[(result.summary.year == 2020) & (result.summary["by"] == "all")].set_index(
        ["scenario", "measure"]
    )
    assert first.loc[("baseline", "households"), "value"] == pytest.approx(2_200.0, rel=1e-6)
    (assumed,) = result.assumptions[result.assumptions["where"] == "population.calibration"].to_dict("records")
    assert assumed["value"] == "raking to 2 totals: wage (1); households (1)"
    assert assumed["source"] == "yearbook; register"
    result.save(tmp_path / "out")
    assert "register" in (tmp_path / "out" / "calibration.csv").read_text()
    page = (tmp_path / "out" / "report.html").read_text("utf-8")
    assert "Totals that the weights meet" in page
    assert "with calibrated weights" in page
    assert "with its weights" not in page
    assert "othing was calibrated" not in page
    sha = hashlib.sha256(table.read_bytes()).hexdigest()
    assert result.manifest["calibration_table"] == {"name": "totals.csv", "rows": 1, "sha256": sha}


def test_what_is_said_of_how_households_were_drawn(scenario, file):
    for said, changes in (("Nothing is known", {}), ("stands in `population.design`", {"design": {"strata": "group"}})):
        population, (_, holdings) = of_file(scenario, file, **FEW, **changes), read(scenario, file, **FEW, **changes)
        assert said in list_file_assumptions(population.population, holdings)[0].reason


def test_totals_that_cannot_be_are_told_with_the_file(scenario, file):
    wrong = [*TOTALS, {"of": "persons", "value": 5_000.0, "source": "register"}]
    with pytest.raises(Unreachable, match=r"few\.parquet population\.calibration: .* 9\.4 % apart"):
        read(scenario, file, **FEW, calibration={"totals": wrong})
    with pytest.raises(InvalidInput, match=r"few\.parquet population\.calibration: elderly.*there is nobody"):
        read(scenario, file, **FEW, calibration={"totals": [{"of": "elderly", "value": 5.0, "source": "x"}]})


@pytest.mark.parametrize(
    ("totals", "words"),
    [
        (
            [{"of": "wage", "value": 5.0e7, "source": "x"}, {"of": "households", "value": 2e3, "source": "x"}],
            "weights of at least",
        ),
        ([{"of": "households", "value": 1e9, "source": "x"}], "weights of at most 300,000"),
        ([{"of": "wage", "value": 9e14, "source": "x"}], "2,000,000,000,000 yuan of each source"),
    ],
)
def test_weights_that_a_file_may_not_have_either(scenario, file, totals, words):
    with pytest.raises(InvalidInput, match=words):
        read(scenario, file, **FEW, calibration={"method": "linear", "totals": totals})


def test_what_is_wrong_with_the_section_is_told_with_its_place(tmp_path, file):
    path = survey_scenario(
        tmp_path / "scenario.yaml", file.name, **FEW,
        calibration={"method": "logit", "totals": [{"of": "person", "where": {"regions": ["south"]}, "value": 1.0, "source": "x"}]},
    )  # fmt: skip
    with pytest.raises(InvalidInput) as caught:
        load_scenario(path)
    text = str(caught.value)
    for words in (
        "population.calibration: `bounds` is missing",
        "population.calibration.totals[0].of: ",
        'did you mean "persons"?',
        'population.calibration.totals[0].where.regions[0]: unknown region "south"',
    ):
        assert words in text, (words, text)


def test_each_path_counts_from_where_it_stands(tmp_path):
    path = survey_scenario(tmp_path / "scenario.yaml", "a.parquet", calibration={"table": "t.csv"})
    for setting, folders in (
        (None, (tmp_path, tmp_path)),
        ("population.microdata=a.parquet", (Path(), tmp_path)),
        ("population.calibration.table=t.csv", (tmp_path, Path())),
    ):
        population = load_scenario(path, [setting] if setting else []).population
        assert (population.microdata.path.parent, population.calibration.table.path.parent) == folders, setting
    with pytest.raises(InvalidInput, match=r"'t\.dta', expected the path of a file that ends in \.csv"):
        load_scenario(path, ["population.calibration.table=t.dta"])


def test_the_whole_population_may_be_shown(scenario, file):
    from incomesim.simulation import show_population

    case = of_file(scenario, file, **FEW, calibration={"totals": TOTALS})
    assert show_population(case)
