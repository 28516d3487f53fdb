"""The strict reader: what YAML usually gets wrong, and what is refused, with its place."""

import textwrap

import pytest

from incomesim.errors import InvalidInput
from incomesim.scenario.text import Place, read_document, read_file, read_value


def problems(text):
    with pytest.raises(InvalidInput) as caught:
        read_document(textwrap.dedent(text), "f.yaml")
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("NO", "NO"),
        ("yes", "yes"),
        ("on", "on"),
        ("12:30", "12:30"),
        ("2020..2025", "2020..2025"),
        ("2020-01-01", "2020-01-01"),
        ("1e6", 1e6),
        ("1.5e-3", 1.5e-3),
        (".5", 0.5),
        ("7_400", 7400),
        ("50_000.5", 50_000.5),
        ("+3", 3),
        ("-0.25", -0.25),
        ("0", 0),
        ("0o17", 15),
        ("0x1F", 31),
        ("true", True),
        ("False", False),
        ("~", None),
        ("", None),
        ("'7'", "7"),
        ('"true"', "true"),
        ("_1", "_1"),
        ("1__0", "1__0"),
        ("[1, a, 0.5]", [1, "a", 0.5]),
        ("{a: 1}", {"a": 1}),
        ("东区", "东区"),
    ],
)
def test_scalars_of_yaml_1_2(text, value):
    found = read_value(text, "x")
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 010", "f.yaml:1:4 a: found 010, a number with a leading zero"),
        ("a: .inf", "f.yaml:1:4 a: found .inf, expected a finite number"),
        ("a: -.INF", "expected a finite number"),
        ("a: .nan", "expected a finite number"),
        ("a: 1e999", "expected a finite number"),
        (f"a: {'9' * 50}", "a number of 50 digits"),
        ("a: 1\na: 2", "f.yaml:2:1 a: found for the second time (first in line 1)"),
        ("2020: 1", 'f.yaml:1:1: found the key 2020, expected text; quote it: "2020"'),
        ("true: 1", "found the key true"),
        ("null: 1", "found the key null"),
        ("[a]: 1", "found a list or mapping as a key"),
        ("a: &x 1", "f.yaml:1:4 a: found the anchor &x"),
        ("a: 1\nb: *x", "f.yaml:2:4 b: found the alias *x"),
        ("a: {<<: {b: 1}}", "found the merge key <<"),
        ("a: !!python/object:os.system x", "found the tag"),
        ("a: !!str 1", "found the tag"),
        ("a: 1\n---\nb: 2", "found a second document"),
        ("- 1", "expected keys and values at the top level"),
        ("", "expected keys and values at the top level"),
        ("a: [1", "f.yaml:1:6: is not YAML"),
        ("a: b: c", "f.yaml:1:5: is not YAML"),
        ("a: x\x07y", "f.yaml:1:5: found a control character"),
        ("a:\n\tb: 1", "f.yaml:2:1: is not YAML"),
    ],
)
def test_refused_with_its_place(text, message):
    assert any(message in problem for problem in problems(text)), problems(text)


def test_all_problems_at_once_in_file_order():
    found = problems(
        """\
        a: 010
        b: {c: .inf, 3: x}
        d: &anchor [1, *anchor]
        a: 2
        """
    )
    assert [problem.split(":")[1] for problem in found] == ["1", "2", "2", "3", "3", "4"]


def test_positions_of_keys_and_values():
    document = read_document("a:\n  b: [10, {c: x}]\n东: 1\n", "f.yaml")
    assert document.data == {"a": {"b": [10, {"c": "x"}]}, "东": 1}
    assert document.keys["a", "b"] == Place("f.yaml", 2, 3)
    assert document.values["a", "b"] == Place("f.yaml", 2, 6)
    assert document.values["a", "b", 0] == Place("f.yaml", 2, 7)
    assert document.keys["a", "b", 1, "c"] == Place("f.yaml", 2, 12)
    assert document.values["a", "b", 1, "c"] == Place("f.yaml", 2, 15)
    assert document.values["东",] == Place("f.yaml", 3, 4)


@pytest.mark.parametrize(
    "text",
    [
        "a: " + "[" * 100_000,
        "a: " + "{b: " * 50_000,
        "a: &a [x]\n" + "".join(f"b{i}: &b{i} [*a, *a, *a, *a]\n" for i in range(500)),
        "\n".join(f"{'  ' * depth}k:" for depth in range(400)),
        "a: " + "x" * 2_000_000,
    ],
)
def test_hostile_texts_are_refused(text):
    # an exponential reader would not come back; depth is refused before it can cost anything
    assert problems(text)


def test_twenty_levels_are_enough_and_allowed():
    assert read_document("a: " + "[" * 19 + "]" * 19, "f")
    assert problems("a: " + "[" * 20 + "]" * 20)


def test_files_that_cannot_be_read(tmp_path):
    (tmp_path / "latin.yaml").write_bytes(b"a: \xe9\n")
    (tmp_path / "large.yaml").write_bytes(b"#" * (2**20 + 1))
    (tmp_path / "bom.yaml").write_bytes(b"\xef\xbb\xbfa: 1\n")
    for name, words in [
        ("latin.yaml", "is not UTF-8"), ("large.yaml", "at most"), ("none.yaml", "No such file"), (".", "directory"),
    ]:  # fmt: skip
        with pytest.raises(InvalidInput, match=words) as caught:
            read_file(tmp_path / name)
        assert caught.value.problems[0].file == str(tmp_path / name)
    assert read_file(tmp_path / "bom.yaml").data == {"a": 1}
