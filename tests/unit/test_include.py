"""Scenario files that include files: what they come to, and every problem in its own file and line."""

import hashlib
import json
from pathlib import Path

import pytest

from incomesim import InvalidInput, load_scenario, read_scenario
from incomesim.provenance import describe_inputs
from incomesim.scenario.compose import INCLUDE, JOINED, add_include, compose_file
from incomesim.scenario.model import Scenario
from tests.conftest import ROOT, SCENARIO, one_file_text


def write(folder: Path, **texts: str) -> Path:
    """Files by name, the first of them returned."""
    for name, text in texts.items():
        (folder / f"{name}.yaml").parent.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.yaml").write_text(text, "utf-8")
    return folder / f"{next(iter(texts))}.yaml"


def problems(file: Path, settings=()) -> list[str]:
    with pytest.raises(InvalidInput) as caught:
        load_scenario(file, settings)
    return [str(problem).replace(f"{file.parent}/", "") for problem in caught.value.problems]


def test_the_shipped_scenario_is_what_one_file_says():
    assert load_scenario(SCENARIO).model_dump() == read_scenario(one_file_text()).model_dump()


def test_order_each_once_and_who_wins(tmp_path):
    top = write(
        tmp_path,
        top="include: [a.yaml, b.yaml, a.yaml]\ntitle: top\npopulation: {households: 5}\npolicy: [4]\n",
        a="include: [ground.yaml]\ntitle: a\nseed: 3\npolicy: [2]\n",
        b="include: [ground.yaml]\ntitle: b\npolicy: [3]\nmobility: {urban: {fixed: 1}}\n",
        ground="title: ground\nseed: 1\npopulation: {households: all, place: x}\npolicy: [1]\n"
        "mobility: {urban: {fixed: 0, transitory: 0}}\n",
    )
    composed = compose_file(top)
    assert composed.conflicts == ()
    assert [Path(file).stem for file in composed.files] == ["ground", "a", "b", "top"]
    assert composed.document.data == {
        "title": "top",
        "seed": 3,  # that of a, which includes the ground
        "population": {"households": 5, "place": "x"},
        "policy": [1, 2, 3, 4],
        "mobility": {"urban": {"fixed": 1, "transitory": 0}},
    }
    places = {path: (Path(place.file).stem, place.line) for path, place in composed.document.values.items()}
    assert places["policy", 1] == ("a", 4)
    assert places["policy", 3] == ("top", 4)
    assert places["population", "place"] == ("ground", 3)
    assert places["population", "households"] == ("top", 3)


def test_what_two_files_say_and_no_third_one(tmp_path):
    top = write(
        tmp_path,
        top="include: [a.yaml, b.yaml]\ntitle: top\n",
        a="title: a\nmobility:\n  rural: 1\n",
        b="title: b\n\nmobility:\n  rural: 1\n",
    )
    (conflict,) = compose_file(top).conflicts
    assert str(conflict) == (
        f"{tmp_path}/b.yaml:4:3 mobility.rural: is said in {tmp_path}/a.yaml:3 too, and neither file includes the "
        "other; keep one of them, or say it in the file that includes both"
    )
    top.write_text(top.read_text("utf-8") + "mobility: {rural: 2}\n", "utf-8")
    assert compose_file(top).conflicts == ()
    assert compose_file(top).document.data["mobility"] == {"rural": 2}


def test_all_problems_at_once_each_with_its_file_and_line(tmp_path):
    place = SCENARIO.parent / "panzhihua" / "place.yaml"
    lever = (
        "  - {lever: social_pension, name: old, years: 2022..2025, monthly: 50, reason: x}\n"
        "  - {lever: social_pension, name: older, years: 2022..2026, monthly: -5, reason: x}\n"
    )
    top = write(
        tmp_path,
        top="include: [a.yaml, deep/b.yaml]\nincomesim: 1\ntitel: top\nseed: -1\n",
        a=f"include: [{place}]\npolicy:\n{lever}",
        **{"deep/b": f"title: b\nprices:\n  - {{year: 2024, inflation: 0.0, reason: x}}\npolicy:\n{lever}"},
    )
    found = problems(top)
    for start, message in (
        ("top.yaml:3:1 titel: ", 'did you mean "title"?'),
        ("top.yaml:4:7 seed: ", "found -1"),
        ("a.yaml:4:", "policy[1].monthly: found -5"),
        ("a.yaml:4:", "policy[1].years: found 2022..2026, expected years within"),
        ("deep/b.yaml:1:1 title: is said in ", "place.yaml:"),
        ("deep/b.yaml:3:12 prices[7].year: found 2024 for the second time", "place.yaml:"),
        ("deep/b.yaml:5:35 policy[2].name: found 'old' for the second time", "a.yaml:3)"),
        ("deep/b.yaml:6:", "policy[3].name: found 'older' for the second time"),
    ):
        assert any(line.startswith(start) and message in line for line in found), (start, found)
    assert not any("place.yaml:" in line.split()[0] for line in found)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ({"top": "include: [a.yaml]", "a": "include: [b.yaml]", "b": "seed: 1\ninclude:\n  - a.yaml"},
         ["b.yaml:3:5 include[0]: found files that include each other: a.yaml -> b.yaml -> a.yaml"]),
        ({"top": "include: [./top.yaml]"}, ["top.yaml:1:11 include[0]: found files that include each other: top.yaml -> top.yaml"]),
        ({"top": "include: [gone.yaml, a.yaml, .]\nseed: 1", "a": "include: [gone.yaml]\nseed: 01\nyears: .nan"},
         ["a.yaml:2:7 seed: found 01, a number with a leading zero",
          "a.yaml:3:8 years: found .nan",
          "top.yaml:1:11 include[0]: gone.yaml cannot be read: No such file or directory",
          "top.yaml:1:30 include[2]:"]),
        ({"top": "include: a.yaml"}, ["top.yaml:1:10 include: found 'a.yaml', expected a list of files such as"]),
        ({"top": "include: [5, '', {a: b}]"}, ["top.yaml:1:11 include[0]: found 5, expected the path",
          "top.yaml:1:14 include[1]: found '', expected", "top.yaml:1:18 include[2]: found {'a': 'b'}"]),
    ],
)  # fmt: skip
def test_files_that_cannot_be_read(texts, expected, tmp_path):
    found = problems(write(tmp_path, **texts))
    assert len(found) == len(expected), found
    for line, start in zip(found, expected, strict=True):
        assert line.startswith(start), (line, start)


def test_paths_are_from_the_folder_of_the_file_that_says_them(tmp_path):
    top = write(
        tmp_path,
        top="include: [deep/survey.yaml]\ntitle: top\n",
        **{"deep/survey": f"include: [{ROOT}/scenarios/reference.yaml]\npopulation: {{microdata: data/mine.csv}}\n"},
    )
    assert load_scenario(top).population.microdata.path == tmp_path / "deep" / "data" / "mine.csv"
    setting = "population.microdata=other.csv"
    assert load_scenario(top, [setting]).population.microdata.path == Path("other.csv")
    top.write_text(top.read_text("utf-8") + "population: {microdata: mine.csv}\n", "utf-8")
    assert load_scenario(top).population.microdata.path == tmp_path / "mine.csv"


def test_the_files_it_was_read_from_are_known_with_their_hashes(tmp_path):
    """By their paths from the first; and what is made from it keeps them."""
    top = write(tmp_path, **{"top": "include: [deep/b.yaml]", "deep/b": f"include: [{ROOT}/scenarios/reference.yaml]"})
    scenario = load_scenario(top).with_levers([])
    assert list(scenario.files) == ["top.yaml", "deep/b.yaml", "reference.yaml"]
    assert scenario.files["deep/b.yaml"] == hashlib.sha256((tmp_path / "deep/b.yaml").read_bytes()).hexdigest()
    assert describe_inputs(scenario)["scenario_files_sha256"] == scenario.files
    assert list(read_scenario(f"include: [{top}]").files) == ["top.yaml", "b.yaml", "reference.yaml"]
    assert read_scenario(one_file_text()).files == {}


def test_settings_work_on_the_whole_and_know_entries_by_name():
    settings = ["policy[settling in town].rate=0.5", "population.households=7"]
    scenario = load_scenario(SCENARIO, settings)
    assert scenario.population.households == 7
    assert {lever.name: lever for lever in scenario.policy}["settling in town"].rate == 0.5
    (found,) = problems(SCENARIO, ["policy[setling in town].rate=1"])
    assert 'policy has no entry of the name "setling in town"; did you mean "settling in town"?' in found
    (found,) = problems(SCENARIO, ["include=[place.yaml]"])  # files only say so
    assert found.startswith("--set include=[place.yaml]:1:1 include: unknown key")


def test_the_schema_knows_it_and_the_scenario_does_not():
    assert INCLUDE not in Scenario.model_fields
    assert set(JOINED) <= set(Scenario.model_fields)
    schema = add_include(Scenario.model_json_schema())
    assert {"required": ["include"]} in schema["anyOf"]
    assert schema["properties"]["include"]["items"] == {"type": "string"}
    assert json.dumps(schema)
