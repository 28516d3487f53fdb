"""Whatever the incomes and weights: bounds hold, for every measure."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from incomesim import measures
from tests.reference.binning import put_into_bins, settle
from tests.reference.test_bounds import assert_holds, compare, scale_of

quick = settings(deadline=None, max_examples=60)
amounts = st.one_of(
    st.floats(0.01, 1e6),
    st.sampled_from([0.0, 1.0, 8.0, 4_096.0, 4_160.0, 30_000.0]),
    st.floats(-1e5, -0.01),
)
households = st.lists(st.tuples(amounts, st.floats(0.01, 100.0)), min_size=1, max_size=40).map(
    lambda rows: tuple(np.array(column) for column in zip(*rows, strict=True))
)


@quick
@given(households=households, fineness=st.sampled_from([3, 6]), gains_only=st.booleans())
def test_every_measure_lies_within_its_bounds(households, fineness, gains_only):
    income, weight = households
    if gains_only:
        income = np.abs(income)
    people = put_into_bins(income, weight, fineness)
    mean = np.average(income, weights=weight)
    assume(not 0 < abs(mean) < 1e-6 * np.abs(income).max())  # measures relative to it would be rounding
    for measure, exact, found in compare(income, weight, people):
        if exact is None:
            assert found is None, measure
        elif found is None:  # losses may outweigh what the poorest have, or reach the median
            assert measure.__name__ in [
                "share_ratio",
                "palma",
                "share_around_median",
                "arpr",
                "arpt",
                "wolfson",
                "foster_wolfson",
            ]
            assert income.min() < 0
        else:
            relative = np.abs(income).max() / abs(mean) if mean else 1.0
            assert_holds(exact, found, scale_of(measure, income) * max(relative, 1.0))


@quick
@given(households=households, seed=st.integers(0, 1000), number=st.integers(2, 6))
def test_transitions_lie_within_their_bounds(households, seed, number):
    income, weight = households
    after = income * np.random.default_rng(seed).uniform(0.5, 2.0, len(income))
    bins = [
        np.unique(np.floor(np.log2(np.abs(settle(y)) + 1)) * np.sign(y), return_inverse=True)[1]
        for y in (income, after)
    ]
    size = 1 + max(codes.max() for codes in bins)
    joint = np.zeros((size, size))
    np.add.at(joint, tuple(bins), weight)
    start, end = (memberships(y, weight, number) for y in (income, after))
    exact = start.T @ (weight[:, None] * end) * number / weight.sum()
    for row, found in zip(exact, measures.transitions_from_bins(joint, number=number), strict=True):
        for share, cell in zip(row, found, strict=True):
            assert cell.low - 1e-9 <= share <= cell.high + 1e-9
            assert cell.low - 1e-9 <= cell.value <= cell.high + 1e-9
        assert sum(cell.value for cell in found) == pytest.approx(1.0)


def memberships(income, weight, number):
    """Part of each row that belongs to each of equal groups of people; rows at a border are divided."""
    order = np.argsort(income, kind="stable")
    above = np.cumsum(weight[order]) / weight.sum() * number
    below = np.concatenate([[0.0], above[:-1]])
    parts = np.empty((len(income), number))
    for group in range(number):
        parts[order, group] = np.clip(np.minimum(above, group + 1) - np.maximum(below, group), 0, None) / (
            above - below
        )
    return parts
