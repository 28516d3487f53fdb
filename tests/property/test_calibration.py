"""What holds for calibrated weights whatever the survey."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incomesim import Margin, calibrate

quick = settings(deadline=None, max_examples=25)
LOW, HIGH = 0.4, 2.5
METHODS = {"raking": None, "linear": None, "logit": (LOW, HIGH)}


@st.composite
def surveys(draw):
    """Weights, and columns (categories, values, totals) that weights within the bounds meet."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    rows = draw(st.integers(3, 120))
    weight = rng.lognormal(3.0, 1.0, rows)
    wanted = weight * rng.uniform(LOW + 0.05, HIGH - 0.05, rows)
    columns = []
    for kind in draw(st.lists(st.sampled_from(["one", "few", "income", "signed"]), min_size=1, max_size=6)):
        by = rng.integers(0, rng.integers(1, 5), rows)
        of = {
            "one": np.ones(rows),
            "few": rng.integers(0, 5, rows).astype(float),
            "income": rng.lognormal(10.0, 1.5, rows),
            "signed": rng.normal(size=rows),
        }[kind]
        columns.append((by, of, np.bincount(by, wanted * of)))
    return weight, columns


def margins(columns):
    return [
        Margin(f"margin {k}", {c: totals[c] for c in np.unique(by)}, "units", by=by, of=of)
        for k, (by, of, totals) in enumerate(columns)
    ]


def weights(weight, columns, method):
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*are below 0")
        return calibrate(weight, margins(columns), method=method, bounds=METHODS[method]).weight


@pytest.mark.parametrize("method", METHODS)
@quick
@given(survey=surveys())
def test_totals_are_met_and_weights_are_of_their_kind(method, survey):
    weight, columns = survey
    new = weights(weight, columns, method)
    for by, of, totals in columns:
        size = np.bincount(by, weight * np.abs(of)) + np.abs(totals)
        np.testing.assert_array_less(np.abs(np.bincount(by, new * of) - totals), 1e-8 * size + 1e-300)
    if method == "raking":
        assert (new > 0).all()
    if method == "logit":
        assert ((new > LOW * weight * (1 - 1e-12)) & (new < HIGH * weight * (1 + 1e-12))).all()


@pytest.mark.parametrize("method", METHODS)
@quick
@given(survey=surveys(), unit=st.floats(1e-4, 1e4), size=st.floats(1e-3, 1e3))
def test_units_and_the_size_of_the_sample_do_not_matter(method, survey, unit, size):
    weight, columns = survey
    scaled = [(by, of * unit, totals * (unit * size)) for by, of, totals in columns]
    expected = weights(weight, columns, method)
    np.testing.assert_allclose(
        weights(weight * size, scaled, method) / size, expected, rtol=1e-5, atol=1e-6 * weight.max()
    )


@pytest.mark.parametrize("method", METHODS)
@quick
@given(survey=surveys(), seed=st.integers(0, 99))
def test_the_order_of_rows_and_margins_does_not_matter(method, survey, seed):
    weight, columns = survey
    order = np.random.default_rng(seed).permutation(len(weight))
    moved = [(by[order], of[order], totals) for by, of, totals in reversed(columns)]
    np.testing.assert_allclose(
        weights(weight[order], moved, method), weights(weight, columns, method)[order], rtol=1e-5
    )
