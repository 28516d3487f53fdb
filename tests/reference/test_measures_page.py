"""docs/measures.md: its examples give what they say, every measure has a row, and takes the incomes it says it takes."""

import inspect
import re

import numpy as np
import pytest

from incomesim import measures
from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "measures.md").read_text(encoding="utf-8")
NAMES = {name: getattr(measures, name) for name in measures.__all__}
exec(
    "\n".join(re.findall(r"^[xyw], ?.*=.*|^[a-z] = .*", re.search(r"```python\n(.*?)```", PAGE, re.DOTALL)[1], re.M)),
    NAMES,
)
ROWS = [
    [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
    for table in re.findall(r"^\| example .*\n.*\n((?:\|.*\n)+)", PAGE, re.MULTILINE)
    for line in table.strip().split("\n")
]
CALLS = {row[0].strip("`"): row for row in ROWS}
FILES = (
    "affluence curves entropy gini_variants inequality location middle polarisation poverty relative_poverty welfare"
)
OF_ONE_DISTRIBUTION = {f"incomesim.measures.{name}" for name in FILES.split()}
NOT_MEASURES = {"QuantileType", "decile_table", "group_means"}

LOSSES, ZERO, ALL_ZERO, POORER_THAN_NOTHING = [-1.0, 2.0, 5.0], [0.0, 0.0, 2.0, 5.0], [0.0, 0.0], [-5.0, -1.0, 2.0]
TAKEN = {
    "any": (LOSSES, ZERO, POORER_THAN_NOTHING),
    "any but all 0": (LOSSES, ZERO, POORER_THAN_NOTHING),
    "mean above 0": (LOSSES, ZERO),
    "median above 0": (LOSSES, ZERO),
    "not negative": (ZERO,),
    "positive": (),
    "lower quantile above 0": (),
    "share of the bottom above 0": (),
    "somebody poor": (LOSSES, ZERO),
}
ALSO_ALL_ZERO = {"any"}


def compute(call, **changed):
    return eval(call, NAMES | changed)


def numbers(value):
    return np.concatenate([np.ravel(part) for part in value]) if isinstance(value, tuple) else np.array([value])


@pytest.mark.parametrize("call", CALLS)
def test_the_example_gives_what_the_page_says(call):
    said = [float(number) for number in re.findall(r"-?\d[\d.e-]*", CALLS[call][1])]
    np.testing.assert_allclose(numbers(compute(call)), said, rtol=1e-5, atol=1e-12)


def test_every_measure_of_one_distribution_has_a_row():
    there = {re.match(r"\w+", call)[0] for call in CALLS}
    wanted = {
        name for name in measures.__all__ if getattr(getattr(measures, name), "__module__", "") in OF_ONE_DISTRIBUTION
    }
    assert wanted - there == NOT_MEASURES


@pytest.mark.parametrize("call", [call for call in CALLS if CALLS[call][4] in TAKEN])
def test_it_takes_the_incomes_that_the_page_says(call):
    domain, measure = CALLS[call][4], re.sub(r"\((x, w|y)", "(people", call)
    poverty = "line=" in call
    for people in (LOSSES, ZERO, POORER_THAN_NOTHING, ALL_ZERO):
        taken = people in TAKEN[domain] if people != ALL_ZERO else domain in ALSO_ALL_ZERO
        if taken or (poverty and domain == "not negative" and people == ALL_ZERO):
            assert np.isfinite(numbers(compute(measure, people=people))).all(), people
        else:
            with pytest.raises(measures.UndefinedMeasure, match=r"\d"):
                compute(measure, people=people)


def test_domains_are_those_of_the_legend():
    assert {row[4] for row in ROWS} <= set(TAKEN) | {"-"}


@pytest.mark.parametrize("call", CALLS)
def test_missing_incomes_and_nobody_are_refused(call):
    measure = re.sub(r"\((x, w|y)", "(people, weight", call)
    for people, weight, words in (
        ([1.0, np.nan, np.nan], None, "2 of 3 incomes are missing"),
        ([1.0, -np.inf, 1.0], None, "1 of 3 incomes are missing or infinite"),
        ([1.0, 2.0, 3.0], [0.0, 0.0, 0.0], "nobody"),
        ([], None, "nobody"),
        ([1.0, 2.0, 3.0], [1.0, np.nan, 1.0], "weights must be finite"),
        ([1.0, 2.0, 3.0], [1.0, -1.0, 1.0], "not negative"),
    ):
        with pytest.raises(measures.UndefinedMeasure, match=words):
            compute(measure, people=people, weight=weight)


@pytest.mark.parametrize("call", CALLS)
def test_parameters_have_names_and_a_wrong_one_is_an_error(call):
    function = NAMES[re.match(r"\w+", call)[0]]
    kinds = [parameter.kind for parameter in inspect.signature(function).parameters.values()]
    positional = [kind for kind in kinds if kind is inspect.Parameter.POSITIONAL_OR_KEYWORD]
    assert len(positional) == 2
    assert inspect.Parameter.VAR_KEYWORD not in kinds
    with pytest.raises(TypeError, match="weigths"):
        function([1.0, 2.0], weigths=[1.0, 2.0])
