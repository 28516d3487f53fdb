"""docs/measures_of_pairs.md: its examples give what they say, and every function of two variables has its place there."""

import re
from functools import partial

import numpy as np
import pytest

from incomesim import measures
from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "measures_of_pairs.md").read_text(encoding="utf-8")
NAMES = {name: getattr(measures, name) for name in measures.__all__} | {"partial": partial, "np": np}
exec("\n".join(re.search(r"```python\n(.*?)```", PAGE, re.DOTALL)[1].split("\n")[5:]), NAMES)
ROWS = [
    [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
    for table in re.findall(r"^\| example .*\n.*\n((?:\|.*\n)+)", PAGE, re.MULTILINE)
    for line in table.strip().split("\n")
]
FILES = (
    "concentration decompositions dominance dominance_test gaps growth mobility progressivity redistribution"
    " relative_distribution winners"
)
SHAPLEY_OF_ANYTHING = {"shapley"}
MATRICES_FROM_BINS = {"transitions_from_bins"}


@pytest.mark.parametrize(("call", "said"), [(row[0].strip("`"), row[1]) for row in ROWS])
def test_the_example_gives_what_the_page_says(call, said):
    value = eval(call, NAMES)
    if isinstance(value, str):
        assert value == said
    else:
        numbers = [float(number) for number in re.findall(r"-?\d[\d.e-]*", said)]
        np.testing.assert_allclose(np.ravel(value), numbers, rtol=1e-5, atol=1e-12)


def test_every_function_is_on_the_page():
    wanted = {
        name
        for name in measures.__all__
        if (found := re.match(r"incomesim\.measures\.(\w+)", getattr(NAMES[name], "__module__", "")))
        and found[1] in FILES.split()
        and name.islower()
    }
    assert len(wanted) > 50
    assert wanted - set(re.findall(r"\w+", PAGE)) == SHAPLEY_OF_ANYTHING | MATRICES_FROM_BINS
