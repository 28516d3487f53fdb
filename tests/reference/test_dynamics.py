"""The rank-copula process against its closed forms."""

import numpy as np
import pytest
from scipy.stats import multivariate_normal, norm

from tests.reference.small_world import X, make_rows, make_tables, run

HOUSEHOLDS = 100_000
PERSISTENCE, FIXED, PERSISTENT, TRANSITORY = 0.9, 0.1, 0.8, 0.1


@pytest.fixture(scope="module")
def ranks():
    """Latent rank by year (31, N): log income is x itself."""
    tables = make_tables(years=31, mobility=((PERSISTENCE, FIXED, PERSISTENT, TRANSITORY),))
    return np.log(run(make_rows(HOUSEHOLDS), tables).income[0])


def expected_correlation(lag):
    return FIXED + PERSISTENT * PERSISTENCE**lag if lag else 1.0


@pytest.mark.parametrize("year", [1, 5, 30])
def test_cross_section_is_stationary(ranks, year):
    """Kolmogorov's distance to the standard normal: 2.6 / sqrt(N) is passed once in 500,000 times."""
    x = np.sort(ranks[year])
    empirical = (np.arange(HOUSEHOLDS) + 0.5) / HOUSEHOLDS
    assert np.abs(norm.cdf(x) - empirical).max() < 2.6 / np.sqrt(HOUSEHOLDS)


@pytest.mark.parametrize("shape", ["lognormal", "two classes"])
def test_income_distribution_is_stationary_whatever_its_shape(shape):
    """A Gini after 30 years differs from the first by no more than chance."""
    table = 0.7 * X if shape == "lognormal" else np.where(X > 0.5, 2.0, 0.0) + 0.1 * X
    income = run(make_rows(HOUSEHOLDS), make_tables(years=31, quantiles=[table])).income[0]

    def gini(y):
        rank = np.arange(1, len(y) + 1)
        return 2 * (rank * np.sort(y)).sum() / (len(y) * y.sum()) - (len(y) + 1) / len(y)

    parts = np.array([[gini(y) for y in np.array_split(income[t], 20)] for t in (0, 30)])
    error = parts.std(axis=1, ddof=1).max() / np.sqrt(20) * np.sqrt(2)
    assert abs(gini(income[30]) - gini(income[0])) < 5 * error


@pytest.mark.parametrize("lag", [1, 2, 5, 11, 30])
def test_autocorrelation(ranks, lag):
    found = np.mean([np.corrcoef(ranks[t], ranks[t + lag])[0, 1] for t in range(0, 31 - lag, 5)])
    assert abs(found - expected_correlation(lag)) < 5 / np.sqrt(HOUSEHOLDS)


@pytest.mark.parametrize("lag", [1, 11])
def test_quintile_transitions(ranks, lag):
    """Each entry is an integral of the bivariate normal."""
    cuts = np.concatenate([[-8.0], norm.ppf([0.2, 0.4, 0.6, 0.8]), [8.0]])
    rho = expected_correlation(lag)
    both = np.array([[multivariate_normal.cdf([a, b], cov=[[1, rho], [rho, 1]]) for b in cuts] for a in cuts])
    expected = np.diff(np.diff(both, axis=0), axis=1)
    counts, *_ = np.histogram2d(ranks[3], ranks[3 + lag], bins=[cuts, cuts])
    error = np.sqrt(expected * (1 - expected) / HOUSEHOLDS)
    assert (np.abs(counts / HOUSEHOLDS - expected) < 5 * error + 1e-6).all()


def test_rank_of_the_first_year_is_kept_and_parts_are_conditional(ranks):
    rows = make_rows(HOUSEHOLDS)
    np.testing.assert_allclose(ranks[0], rows.rank, atol=1e-12)


def test_successor_remembers_its_predecessor():
    """All dissolve in the second year: corr(x0, x1) = inheritance * (fixed + persistent * persistence)."""
    process = (PERSISTENCE, FIXED, PERSISTENT, TRANSITORY)
    tables = make_tables(years=2, mobility=(process,), renewal=np.ones(121))
    x = np.log(run(make_rows(HOUSEHOLDS), tables).income[0])
    expected = 0.5 * (FIXED + PERSISTENT * PERSISTENCE)
    assert abs(np.corrcoef(x[0], x[1])[0, 1] - expected) < 5 / np.sqrt(HOUSEHOLDS)
    assert abs(x[1].var() - 1.0) < 6 * np.sqrt(2 / HOUSEHOLDS)
