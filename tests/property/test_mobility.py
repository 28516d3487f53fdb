"""What must not change an estimate of mobility, whatever the panel."""

import hypothesis.strategies as st
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings

from incomesim.mobility import estimate_mobility, implied_correlation, joint_below, stay_probability
from tests.panels import draw_ranks, panel_of

SETTINGS = settings(deadline=None, max_examples=15)


@pytest.fixture(scope="module")
def panel():
    generator = np.random.default_rng(1)
    panel = panel_of(draw_ranks(generator, 300, 6, 0.7, 0.2, 0.2).round(1))  # rounded: many equal incomes
    return panel[generator.random(len(panel)) < 0.8].reset_index(drop=True)


def estimates(panel):
    (fit,) = estimate_mobility(panel).groups
    return np.concatenate([fit.moments["observed"], fit.moments["fitted"]]), fit.moments["standard_error"].to_numpy()


@SETTINGS
@given(seed=st.integers(0, 2**32 - 1))
def test_order_and_names_of_rows(panel, seed):
    generator = np.random.default_rng(seed)
    names = generator.permutation(1_000)
    other = panel.assign(household=[f"h{names[old]}" for old in panel["household"]]).iloc[
        generator.permutation(len(panel))
    ]
    for found, expected in zip(estimates(other), estimates(panel), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-6)


@SETTINGS
@given(factors=st.lists(st.floats(0.01, 100.0), min_size=6, max_size=6), power=st.floats(0.3, 3.0))
def test_only_ranks_count(panel, factors, power):
    """Growth, prices and inequality of a year change nothing; nor does the scale of weights."""
    scale = np.array(factors)[panel["year"] - panel["year"].min()]
    other = panel.assign(income_per_head=scale * panel["income_per_head"] ** power - 1e3 * scale, weight=factors[0])
    for found, expected in zip(estimates(other), estimates(panel), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-6)


@SETTINGS
@given(seed=st.integers(0, 2**32 - 1))
def test_a_weight_is_so_many_households(panel, seed):
    times = np.random.default_rng(seed).integers(1, 4, 300)[panel["household"]]
    copies = panel.loc[panel.index.repeat(times)]
    number = copies.groupby(level=0).cumcount()
    copies = copies.assign(household=copies["household"] * 10 + number)
    found, expected = estimates(panel.assign(weight=times))[0], estimates(copies)[0]
    np.testing.assert_allclose(found, expected, rtol=1e-5)


@given(a=st.floats(-6.0, 6.0), b=st.floats(-6.0, 6.0), low=st.floats(-1.0, 1.0), high=st.floats(-1.0, 1.0))
def test_joint_below_is_symmetric_and_rises(a, b, low, high):
    """The closer two normals go together, the likelier both are low (Slepian 1962)."""
    low, high = min(low, high), max(low, high)
    assert joint_below(a, b, low) == pytest.approx(float(joint_below(b, a, low)), abs=1e-14)
    assert joint_below(a, b, low) <= joint_below(a, b, high) + 1e-14


@given(correlation=st.floats(0.01, 0.999), group=st.integers(1, 5))
def test_a_correlation_is_found_from_what_it_implies(correlation, group):
    found = implied_correlation(lambda r: stay_probability(r, group), stay_probability(correlation, group))
    assert found == pytest.approx(correlation, abs=1e-6)


def test_a_copy_of_the_panel_is_not_changed(panel):
    before = panel.copy()
    estimate_mobility(panel)
    pd.testing.assert_frame_equal(panel, before)
