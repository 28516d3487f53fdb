"""Decompositions and concentration held against what other packages gave for ten incomes with weights.

IC2: functions of the CRAN package IC2 1.0-1 (`decompSGini`, `decompGEI`, `calcSConc`), copied by hand from its source
without their checks and printing, for the package itself could not be installed, and run in R 4.2.2; its "within" and
"stratif" of Yitzhaki & Lerman are one here. laeken: `gpg` of laeken 0.5.2 in R 4.2.2; its medians are not type 2 and
left out. PySAL: `TheilD` of inequality 1.1.2, for the incomes without weights.
"""

import pytest

from incomesim import measures

INCOME = [541, 1463, 2445, 3438, 4437, 5401, 6392, 8304, 11904, 22261]
TAX = [0, 10, 300, 200, 700, 650, 1100, 1000, 2900, 5100]
WEIGHT = [3, 1, 2, 2, 1, 4, 1, 2, 1, 1]
GROUP = list("abacbacbac")


def test_gini_by_group_of_ic2():
    split = measures.decompose_gini(INCOME, GROUP, WEIGHT)
    assert split.within == pytest.approx(0.145165786235, abs=1e-12)
    assert split.between == pytest.approx(0.176928167230, abs=1e-12)
    assert split.overlap == pytest.approx(0.124771960359, abs=1e-12)
    strata = measures.stratify_gini(INCOME, GROUP, WEIGHT)
    assert strata.between == pytest.approx(0.060815197808, abs=1e-12)
    assert strata.within == pytest.approx(0.386050716016, abs=1e-12)
    assert strata.inside_of.sum() == pytest.approx(0.389507740317, abs=1e-12)  # its "within"


@pytest.mark.parametrize(
    ("alpha", "within", "between"),
    [
        (0, 0.378601047800, 0.055480848637),
        (1, 0.296317359816, 0.058707958259),
        (2, 0.363743332259, 0.063845324108),
    ],
)
def test_entropy_by_group_of_ic2(alpha, within, between):
    split = measures.decompose_ge(INCOME, GROUP, WEIGHT, alpha=alpha)
    assert split.within == pytest.approx(within, abs=1e-12)
    assert split.between == pytest.approx(between, abs=1e-12)


def test_theil_by_group_of_pysal():
    split = measures.decompose_ge(INCOME, list("aabbacbcac"), alpha=1)
    assert split.within == pytest.approx(0.23720036, abs=1e-8)
    assert split.between == pytest.approx(0.12514088, abs=1e-8)


def test_concentration_of_ic2():
    assert measures.concentration(TAX, INCOME, WEIGHT) == pytest.approx(0.603107650155, abs=1e-12)
    assert measures.concentration(TAX, INCOME) == pytest.approx(0.604347826087, abs=1e-12)
    assert measures.extended_concentration(TAX, INCOME, WEIGHT, nu=3) == pytest.approx(0.762157409410, abs=1e-12)


def test_gap_of_means_of_laeken():
    gender = ["woman" if group == "b" else "man" for group in GROUP]
    gap = measures.gap(INCOME, gender, WEIGHT, measure=measures.mean, reference="man", compared="woman")
    assert gap.relative == pytest.approx(-0.042726671079, abs=1e-12)
