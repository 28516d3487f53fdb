"""The table of rules in docs/measures_of_pairs.md: each yes is tried on random people, each no has an example."""

import re
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incomesim import measures
from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "measures_of_pairs.md").read_text(encoding="utf-8")
HEAD, ROWS = re.search(r"^(\| measure \| both .*)\n.*\n((?:\|.*\n)+)", PAGE, re.MULTILINE).groups()
RULES = HEAD.strip("| ").split(" | ")[1:]
TABLE = {row[0].strip("`"): dict(zip(RULES, row[1:], strict=True)) for row in (
    line.strip("| ").split(" | ") for line in ROWS.strip().split("\n")
)}  # fmt: skip
ONE, OTHER = np.array([1.0, 2.0, 3.0, 3.0, 12.0]), np.array([2.0, 1.0, 4.0, 7.0, 9.0])
people = (
    st.lists(st.tuples(st.floats(1.0, 1e3), st.floats(1.0, 1e3), st.integers(1, 9)), min_size=3, max_size=12)
    .map(lambda rows: tuple(np.round(np.array(rows).T, 3)))
    .filter(lambda each: min(np.ptp(each[0]), np.ptp(each[1])) > 1.0)
)


def called(call):
    """The measure that a row names, as `king(aversion=1)` or `redistribution.effect`."""
    name, parameters, part = re.fullmatch(r"(\w+)(?:\((.*)\))?(?:\.(\w+))?", call).groups()
    given_ = dict(each.split("=") for each in parameters.split(", ")) if parameters else {}
    measure = partial(getattr(measures, name), **{key: float(value) for key, value in given_.items()})
    return (lambda *columns: getattr(measure(*columns), part)) if part else measure


def changed(rule, one, other, weight):
    """Two variables and weights by which nothing changes where the rule holds."""
    if rule == "both":
        return 3.0 * one, 3.0 * other, weight
    if rule == "each":
        return 3.0 * one, 0.5 * other, weight
    if rule == "translation":
        return one + 7.0, other + 7.0, weight
    if rule == "ranks":
        return np.sqrt(one) + one**2, other**2 + other, weight
    if rule == "symmetric":
        return other, one, weight
    return (*(np.tile(column, 2) for column in (one, other)), np.append(weight, weight) / 4.0)


@pytest.mark.parametrize("rule", RULES)
@settings(deadline=None, max_examples=25)
@given(each=people)
def test_rules_that_are_kept(rule, each):
    for call, said in TABLE.items():
        if said[rule] == "yes":
            value = called(call)(*each)
            assert called(call)(*changed(rule, *each)) == pytest.approx(value, rel=1e-8, abs=1e-8), call


@pytest.mark.parametrize("rule", RULES)
def test_rules_that_are_not(rule):
    weight = np.array([1.0, 2.0, 1.0, 1.0, 2.0])
    for call, said in TABLE.items():
        if said[rule] == "no":
            value = called(call)(ONE, OTHER, weight)
            assert called(call)(*changed(rule, ONE, OTHER, weight)) != pytest.approx(value, rel=1e-6), call
