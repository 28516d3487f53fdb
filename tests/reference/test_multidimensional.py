"""Poverty in several dimensions: the example of the paper, and what each number means."""

import numpy as np
import pytest

from incomesim import measures

# Alkire & Foster (2011), Journal of Public Economics 95(7), section 3: four people, four dimensions
HAVE = np.array([[13.1, 14, 4, 1], [15.2, 7, 5, 0], [12.5, 10, 1, 0], [20, 11, 3, 1]])
CUTOFFS = np.array([13, 12, 3, 1])


def test_the_example_of_the_paper():
    found = measures.alkire_foster(HAVE, cutoffs=CUTOFFS, poverty_cutoff=2 / 4)
    assert (found.headcount, found.intensity, found.adjusted) == (1 / 2, 3 / 4, 3 / 8)
    gaps = [5 / 12, 1, 0.5 / 13, 2 / 12, 2 / 3, 1]  # of the second and the third; the fourth lacks in one only
    assert found.gap == pytest.approx(sum(gaps) / 16)
    assert found.squared_gap == pytest.approx(sum(gap**2 for gap in gaps) / 16)


def test_one_dimension_is_fgt():
    income, weight = [1.0, 2.0, 3.0, 4.0, 10.0], [1, 5, 2, 1, 1]
    found = measures.alkire_foster(np.array(income)[:, None], weight, cutoffs=[3.5], poverty_cutoff=1)
    for order, value in enumerate((found.headcount, found.gap, found.squared_gap)):
        assert value == pytest.approx(measures.fgt(income, weight, line=3.5, order=order))
    assert found.adjusted == found.headcount


def test_importance_and_weights_of_people():
    by_rows = measures.alkire_foster(HAVE[[0, 1, 1, 2]], cutoffs=CUTOFFS, poverty_cutoff=0.3)
    weighted = measures.alkire_foster(HAVE[:3], [1, 2, 1], cutoffs=CUTOFFS, poverty_cutoff=0.3, importance=[5] * 4)
    assert by_rows == weighted
    only_last = measures.alkire_foster(HAVE, cutoffs=CUTOFFS, poverty_cutoff=1, importance=[0, 0, 0, 1])
    assert only_last == measures.AlkireFoster(0.5, 0.5, 0.5, 0.5)
    thirds = measures.alkire_foster([[0.0, 9, 9]], cutoffs=[1, 1, 1], poverty_cutoff=1 / 3)
    assert thirds.headcount == 1.0


@pytest.mark.parametrize(
    ("have", "options", "words"),
    [
        ([1.0, 2.0], {}, "shape"),
        ([[1.0], [2.0]], {}, "shape"),
        ([[1.0, np.nan]], {}, "finite"),
        ([[1.0, -1.0]], {}, "not negative"),
        ([[1.0, 2.0]], {"cutoffs": [1, 0]}, "above 0"),
        ([[1.0, 2.0]], {"poverty_cutoff": 2}, "poverty cutoff of 2"),
        ([[1.0, 2.0]], {"importance": [1, -1]}, "importances"),
        ([[1.0, 2.0]], {"weight": [0.0]}, "weights"),
    ],
)
def test_what_has_no_meaning_is_an_error(have, options, words):
    with pytest.raises(measures.UndefinedMeasure, match=words):
        measures.alkire_foster(have, **({"cutoffs": [1, 1], "poverty_cutoff": 0.5} | options))


def test_no_intensity_of_nobody():
    found = measures.alkire_foster([[5.0, 5.0]], cutoffs=[1, 1], poverty_cutoff=0.5)
    with pytest.raises(measures.UndefinedMeasure, match="nobody is poor"):
        found.intensity  # noqa: B018
