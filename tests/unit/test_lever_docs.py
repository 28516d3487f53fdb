"""docs/levers.md says what the levers are: keys, defaults, tables, sentences; its examples are read as they stand."""

import re
from dataclasses import fields
from pathlib import Path
from typing import get_args

import jsonschema
import pytest

from incomesim.plan import make_plan
from incomesim.policy import AnyLever, Lever, Mechanisms
from incomesim.scenario import Scenario, read_scenario
from tests.conftest import ROOT, one_file_text

PAGE = Path(ROOT / "docs" / "levers.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## (\w+): (.*?)(?=^## |\Z)", PAGE, re.DOTALL | re.MULTILINE))
KINDS = {get_args(kind.model_fields["lever"].annotation)[0]: kind for kind in get_args(get_args(AnyLever)[0])}


@pytest.fixture(scope="module")
def examples():
    """The shipped scenario with the examples of the page as its policy, exactly as they are written there."""
    text = one_file_text()
    written = "".join(re.search(r"```yaml\n(.*?)```", SECTIONS[kind], re.DOTALL)[1] for kind in KINDS)
    scenario = read_scenario(text[: text.index("\npolicy:")] + "\npolicy:\n" + written)
    return {lever.lever: lever for lever in scenario.policy}


def test_every_lever_has_a_section():
    assert set(SECTIONS) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_the_example_and_its_sentence(examples, plan, kind):
    lever = examples[kind]
    quoted = re.findall(r"^> (.*?) *$", SECTIONS[kind], re.MULTILINE)
    assert quoted == [lever.sentence().english, lever.sentence().chinese]
    made = lever.compile(plan.ground)
    table = re.search(r"writes the table of \*\*(\w+)", SECTIONS[kind])[1]
    assert [part.name for part in fields(Mechanisms) if getattr(made, part.name)] == [table]
    assert f"Family `{lever.default_family}`" in SECTIONS[kind]


def rows(model, names):
    """Rows of a table of keys: default as the page writes it, and description."""
    for name in names:
        info = model.model_fields[name]
        value = info.default
        default = "required" if info.is_required() else f"{value:g}" if isinstance(value, int | float) else value
        default = "the law's" if isinstance(value, tuple) and value else default
        shown = (
            "-" if default in (None, "", ()) else "everybody" if name == "target" and default != "required" else default
        )
        yield f"| `{name}` | {shown} | {info.description} |"


@pytest.mark.parametrize("kind", KINDS)
def test_every_key_stands_there(kind):
    own = [name for name in KINDS[kind].model_fields if name not in Lever.model_fields]
    for row in rows(KINDS[kind], own):
        assert row in SECTIONS[kind]


def test_keys_of_all_levers():
    for row in rows(Lever, [name for name in Lever.model_fields if name != "lever"]):
        assert row in PAGE


def test_the_schema_takes_the_examples_and_refuses_a_wrong_indexation(examples):
    schema = Scenario.model_json_schema()
    levers = [lever.model_dump(mode="json") for lever in examples.values()]
    policy = {**schema["properties"]["policy"], "$defs": schema["$defs"]}
    jsonschema.validate(levers, policy)
    for wrong in ("price", 3.0):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate([{**levers[0], "indexation": wrong}], policy)


def test_examples_are_one_package(examples, scenario, population, facts):
    """Together they compile to a plan."""
    make_plan(scenario.with_levers(list(examples.values())), population, facts)
