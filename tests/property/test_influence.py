"""What influence functions and standard errors must keep to, whatever the people."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from incomesim import measures
from incomesim.measures import Design, estimate, influence
from tests.reference.test_influence import SMOOTH

ANY_WEIGHT = {measures.gini_corrected_for_weights}  # which is about the weights themselves
people = st.lists(st.tuples(st.integers(1, 30), st.integers(1, 9)), min_size=3, max_size=25).map(
    lambda rows: (np.array([row[0] / 10.0 for row in rows]), np.array([float(row[1]) for row in rows]))
)


@settings(deadline=None, max_examples=15)
@given(people=people, factor=st.floats(0.01, 100.0), row=st.integers(0, 2))
@example(people=(np.array([0.1, 0.6, 1.1]), np.ones(3)), factor=0.01171875, row=0)  # one has the mean, but for rounding
def test_influence_balances_and_does_not_see_how_people_are_written_down(people, factor, row):
    income, weight = people
    for measure in SMOOTH:
        if measure in ANY_WEIGHT:
            continue
        try:
            found = influence(measure, income, weight)
        except measures.UndefinedMeasure:
            continue
        size = np.abs(weight * found).sum() + 1e-9
        assert abs((weight * found).sum()) < 1e-9 * size + 1e-12
        np.testing.assert_allclose(influence(measure, income, factor * weight) * factor, found, rtol=1e-6, atol=1e-9)
        part = weight.copy()
        part[row] *= 0.25
        split = influence(measure, np.append(income, income[row]), np.append(part, 0.75 * weight[row]))
        np.testing.assert_allclose(split, np.append(found, found[row]), rtol=1e-6, atol=1e-9)


@settings(deadline=None, max_examples=30)
@given(people=people, copies=st.integers(2, 4))
def test_a_cluster_may_be_written_in_any_number_of_rows(people, copies):
    """Every row divided into some of the same income: with the row as cluster all stays."""
    income, weight = people
    if np.ptp(income) == 0.0:
        return
    whole = estimate(measures.gini, income, weight)
    design = Design(clusters=np.repeat(np.arange(len(income)), copies))
    parts = estimate(measures.gini, np.repeat(income, copies), np.repeat(weight, copies) / copies, design=design)
    assert parts.standard_error == pytest.approx(whole.standard_error, rel=1e-9, abs=1e-12)
    assert parts.degrees_of_freedom == whole.degrees_of_freedom
