"""Known totals of a scenario: by key or in a table, and as margins of the rows of a file."""

from types import SimpleNamespace

import numpy as np
import pytest

from incomesim import InvalidInput, calibrate
from incomesim.population.survey_margins import make_margins
from incomesim.scenario.calibration import Calibration, SurveyTotal, check_calibration
from incomesim.scenario.totals_table import COLUMNS, read_totals

REGIONS, GROUPS = ("east", "west", "north"), ("farmers", "others")


def survey(rows=300):
    rng = np.random.default_rng(1)
    return SimpleNamespace(
        region=rng.integers(0, 3, rows),
        residence=rng.integers(0, 2, rows),
        group=rng.integers(0, 2, rows),
        age=rng.integers(22, 90, rows),
        persons=rng.integers(1, 6, rows).astype(float),
        elderly=rng.integers(0, 2, rows).astype(float),
        children=rng.integers(0, 2, rows).astype(float),
        income=rng.lognormal(9.0, 1.0, (4, rows)),
    )


def total(of, value, **where):
    return SurveyTotal.model_validate({"of": of, "value": value, "where": where, "source": "yearbook"})


def test_totals_become_margins_and_are_met():
    rows = survey()
    old = np.full(300, 10.0)
    here = (rows.region == 1) & (rows.residence == 1) & (rows.group == 0) & (rows.age >= 30) & (rows.age <= 60)
    wanted = [
        (total("households", 3300.0), np.ones(300)),
        (total("persons", 1.3 * rows.persons[rows.residence == 0].sum() * 10, residence="urban"), rows.persons * (rows.residence == 0)),
        (total("persons", 1.1 * rows.persons[rows.residence == 1].sum() * 10, residence="rural"), rows.persons * (rows.residence == 1)),
        (total("wage", 12.0 * rows.income[0, here].sum(), regions=["west"], residence="rural", groups=["farmers"], ages=[30, 60]), rows.income[0] * here),
        (total("disposable", 11.5 * rows.income[:, rows.region != 2].sum(), regions=["east", "west"]), rows.income.sum(0) * (rows.region != 2)),
        (total("elderly", 10.5 * rows.elderly.sum()), rows.elderly),
        (total("children", 10.5 * rows.children[rows.age < 40].sum(), ages=[0, 39]), rows.children * (rows.age < 40)),
        (total("children", 10.8 * rows.children[rows.age < 30].sum(), ages=[0, 29]), rows.children * (rows.age < 30)),
    ]  # fmt: skip
    margins, sources = make_margins([each for each, _ in wanted], rows, REGIONS, GROUPS)
    assert [margin.name for margin in margins] == [
        "households",
        "persons by residence",
        "wage by region and residence and group and age",
        "disposable by region",
        "elderly",
        "children by age",
        "children by age (2)",
    ]
    result = calibrate(old, margins)
    for each, counts in wanted:
        assert counts @ result.weight == pytest.approx(each.value, rel=1e-9), each
    labels = set(zip(result.totals.name, result.totals.category, result.totals.unit, strict=True))
    assert ("wage by region and residence and group and age", "west, rural, farmers, 30..60", "yuan") in labels
    assert ("persons by residence", "rural", "persons") in labels
    assert set(sources) == set(zip(result.totals.name, result.totals.category, strict=True))


@pytest.mark.parametrize("name", ["elsewhere", "all", "other"])
def test_any_name_of_a_region_keeps_its_total(name):
    rows = survey()
    margins, _ = make_margins([total("households", 900.0, regions=[name])], rows, ("east", name, "north"), GROUPS)
    assert calibrate(np.full(300, 10.0), margins).weight[rows.region == 1].sum() == pytest.approx(900.0)


def test_a_total_of_nobody_is_refused():
    with pytest.raises(InvalidInput, match="there is nobody to weight up to 5 households"):
        calibrate(np.ones(300), make_margins([total("households", 5.0, ages=[0, 20])], survey(), REGIONS, GROUPS)[0])


def write(folder, *rows):
    file = folder / "totals.csv"
    file.write_text("\n".join([",".join(COLUMNS), *rows]) + "\n", "utf-8")
    return file


def test_a_table_says_the_same_as_keys(tmp_path):
    file = write(
        tmp_path,
        "east,rural,farmers,60..120,elderly,1_200,persons,census 2020",
        "",
        ',,,,wage,2.5e9,yuan,"yearbook, table 3"',
    )
    assert read_totals(file, REGIONS, GROUPS) == (
        SurveyTotal.model_validate(
            {
                "of": "elderly",
                "value": 1200.0,
                "source": "census 2020",
                "where": {"regions": ["east"], "residence": "rural", "groups": ["farmers"], "ages": [60, 120]},
            }
        ),
        SurveyTotal.model_validate({"of": "wage", "value": 2.5e9, "source": "yearbook, table 3"}),
    )


def test_all_that_is_wrong_with_a_table(tmp_path):
    file = write(
        tmp_path,
        "eas,urban,farmer,60-120,persons,1,persons,x",
        "east,town,,60..20,elder,nan,persons,",
        ",,,,wage,1,persons,x",
        ",,,,wage,1,yuan",
    )
    with pytest.raises(InvalidInput) as caught:
        read_totals(file, REGIONS, GROUPS)
    found = [str(problem).removeprefix(f"{file}:") for problem in caught.value.problems]
    expected = [
        '2:1 region: unknown region "eas", expected one of east, west, north; did you mean "east"?',
        '2:3 group: unknown group "farmer"',
        '2:4 age: found "60-120", expected the lowest and highest age',
        '3:2 residence: unknown residence "town"',
        "3:4 age: found [60, 20]",
        '3:5 of: found "elder", expected one of households',
        '3:6 value: found "nan"',
        "3:8 source: found nothing",
        '4:7 unit: found "persons", expected yuan',
        "5:1: found 7 cells, expected 8",
    ]
    assert len(found) == len(expected), found
    for words, line in zip(expected, found, strict=True):
        assert line.startswith(words)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"a,b\n", "found the columns a, b"),
        (b"", "found the columns nothing"),
        (b"\xff\xfe", "not UTF-8"),
        (None, "cannot be read"),
    ],
)
def test_a_file_that_is_no_table_of_totals(tmp_path, content, words):
    file = tmp_path / "totals.csv"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(InvalidInput, match=words):
        read_totals(file, REGIONS, GROUPS)


def test_a_table_without_rows(tmp_path):
    with pytest.raises(InvalidInput, match="found no rows"):
        read_totals(write(tmp_path), REGIONS, GROUPS)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"method": "logit", "table": "t.csv"}, "`bounds` is missing"),
        ({"bounds": [0.5, 2.0], "table": "t.csv"}, "which has none"),
        ({"method": "logit", "bounds": [1.0, 2.0], "table": "t.csv"}, "found [1.0, 2.0]"),
        ({}, "found neither"),
        ({"totals": [{"where": {"regions": ["south"]}}]}, 'unknown region "south"'),
        ({"totals": [{"where": {"ages": [60]}}]}, "found [60]"),
        ({"totals": [{"where": {"residence": "town"}}]}, "unknown residence"),
    ],
)
def test_what_no_single_value_shows(data, words):
    ((_, message),) = check_calibration(data, REGIONS, GROUPS)
    assert words in message


def test_every_quantity_has_a_unit():
    with pytest.raises(ValueError, match="households"):
        total("house", 1.0)
    assert Calibration(table="totals.csv").method == "raking"
