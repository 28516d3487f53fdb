"""Agreement with independent implementations: what they gave, recorded with their versions, and printed examples.

`peers.csv` was made by running each package on the data named; a measure is written with its parameters, as in
"fgt line=12000 order=1". `published.csv` has figures that are printed in papers, manuals and recorded outputs.
"""

import csv
from pathlib import Path

import numpy as np
import pytest

from incomesim import measures

TABLES = Path(__file__).parent / "tables"
SAMPLE = np.loadtxt(TABLES / "sample.csv", delimiter=",", skiprows=1).T
"""300 invented incomes with ties, and weights that are not whole numbers."""
TEN = [541, 1463, 2445, 3438, 4437, 5401, 6392, 8304, 11904, 22261]
DATA = {
    "toy": ([1, 2, 3, 4, 10], [1, 5, 2, 1, 1]),
    "ten": (TEN, None),
    "ten after transfers": ([841, 2063, *TEN[2:8], 11304, 21961], None),
    "few large": ([50 / 9] * 9 + [50], None),
    "many small": ([2] * 5 + [18] * 5, None),
    "country C": ([100, 110, 150, 160], None),
    "sample": tuple(SAMPLE),
    "sample unweighted": (SAMPLE[0], None),
}


def rows(name):
    with (TABLES / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def call(row):
    """The measure named and its parameters."""
    name, *parameters = row["measure"].split()
    return getattr(measures, name), {key: float(value) for key, value in (each.split("=") for each in parameters)}


def ours(row):
    measure, given = call(row)
    return measure(*DATA[row["data"]], **given)


@pytest.mark.parametrize(
    "row", rows("peers.csv"), ids=lambda row: "-".join((row["measure"], row["data"], row["source"]))
)
def test_peers_agree(row):
    assert ours(row) == pytest.approx(float(row["value"]), rel=2e-9)


@pytest.mark.parametrize("row", rows("published.csv"), ids=lambda row: "-".join((row["measure"], row["data"])))
def test_published(row):
    last_digit = 10.0 ** -len(row["value"].partition(".")[2])
    assert ours(row) == pytest.approx(float(row["value"]), abs=0.5001 * last_digit)


@pytest.mark.parametrize("row", rows("standard_errors.csv"), ids=lambda row: row["measure"])
def test_standard_errors(row):
    """Of a stratified sample of clusters: 4 strata with 25 clusters of 3 rows each."""
    measure, given = call(row)
    rows_of_sample = np.arange(len(SAMPLE[0]))
    design = measures.Design(strata=rows_of_sample % 4, clusters=rows_of_sample // 4 % 25)
    found = measures.estimate(measure, *SAMPLE, design=design, **given)
    assert (found.value, found.standard_error) == pytest.approx(
        (float(row["value"]), float(row["standard_error"])), rel=1e-9
    )


def test_lorenz_asymmetry_says_what_damgaard_and_weiner_say():
    """Their two examples (1.46, 0.74) without the step into the first one above the mean, which repeating rows takes away."""
    for data, printed, limit in (("few large", 1.46, 1.4), ("many small", 0.74, 0.6)):
        income = np.asarray(DATA[data][0], float)
        assert measures.lorenz_asymmetry(income) == pytest.approx(limit)
        below, above = income[income < 10].max(), income[income > 10].min()
        step = (10 - below) / (above - below)
        for times in (1, 1_000):  # formula 4 of the paper, as in R ineq
            people, money = (income < 10).sum() * times + step, income[income < 10].sum() * times + step * above
            theirs = people / (10 * times) + money / (100 * times)
            assert theirs == pytest.approx(printed if times == 1 else limit, abs=5e-4)
