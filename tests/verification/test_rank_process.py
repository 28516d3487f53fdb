"""The latent rank over the years, in the kernel's own yearly step, against its closed forms.

x[t] = sqrt(s_a) a + sqrt(s_z) z[t] + sqrt(s_e) e[t] with z of first order: the log income of a household
whose quantile table is the identity. Households are independent, so errors of means over the years of a
household are those between households.
"""

import functools
import itertools

import numpy as np
import pytest
from scipy.stats import norm

from tests.reference.small_world import make_rows, make_tables, run
from tests.verification import checks
from tests.verification.verdict import counts, distribution, estimates

HOUSEHOLDS, YEARS = 2**19, 21
LAGS = np.arange(1, 11)
PROCESSES = {  # persistence, shares of the fixed, persistent and transitory parts
    "town as shipped": (0.91, 0.02, 0.93, 0.05),
    "country as shipped": (0.87, 0.0, 0.95, 0.05),
    "persistent only": (0.9, 0.0, 1.0, 0.0),
    "fixed and transitory": (0.5, 0.7, 0.0, 0.3),
    "fast": (0.3, 0.1, 0.6, 0.3),
    "nearly for ever": (0.99, 0.05, 0.90, 0.05),
}


def draw_ranks(process, seed=7):
    """Latent ranks by year (YEARS, HOUSEHOLDS)."""
    tables = make_tables(years=YEARS, mobility=(process,), seed=seed)
    return np.log(run(make_rows(HOUSEHOLDS, seed=seed), tables).income[0])


def correlation_at(process, lag):
    persistence, fixed, persistent, _ = process
    return np.where(lag == 0, 1.0, fixed + persistent * persistence**lag)


def mean_and_error(by_household):
    """Means over households (..., N), and their standard errors."""
    return by_household.mean(axis=-1), by_household.std(axis=-1) / np.sqrt(by_household.shape[-1])


def autocovariances(what, ranks, process):
    products = np.array([(ranks[lag:] * ranks[:-lag]).mean(axis=0) for lag in LAGS])
    found, error = mean_and_error(products)
    return estimates(
        f"{what}: autocovariance at lags 1 to 10", found, correlation_at(process, LAGS), error, "of covariance"
    )


def long_run_variance(what, ranks, process):
    """Variance of the mean over the years: almost that of the fixed part where the persistence is low."""
    lags = np.abs(np.subtract.outer(np.arange(YEARS), np.arange(YEARS)))
    found, error = mean_and_error(ranks.mean(axis=0) ** 2)
    return estimates(
        f"{what}: variance of a household's mean", found, correlation_at(process, lags).mean(), error, "of covariance"
    )


def transitory_variance(what, ranks, process):
    """Product of one year's change with the next one's: -s_e - s_z (1 - rho)^2."""
    persistence, _, persistent, transitory = process
    change = np.diff(ranks, axis=0)
    found, error = mean_and_error((change[1:] * change[:-1]).mean(axis=0))
    expected = -transitory - persistent * (1.0 - persistence) ** 2
    return estimates(f"{what}: product of changes that follow each other", found, expected, error, "of covariance")


def bivariate_shares(correlation, cuts, nodes=400):
    """Integrals of the bivariate normal over the rectangles between cuts, by Gauss & Legendre."""
    points, weights = np.polynomial.legendre.leggauss(nodes)
    rest = np.sqrt(1.0 - correlation**2)
    shares = []
    for low, high in itertools.pairwise(cuts):
        x = low + 0.5 * (high - low) * (points + 1.0)
        upto = norm.cdf((cuts[:, None] - correlation * x) / rest)
        shares.append(0.5 * (high - low) * np.diff(upto, axis=0) @ (weights * norm.pdf(x)))
    return np.array(shares)


def transitions(what, ranks, process, lag):
    """Counts of moves between fifths over some years."""
    cuts = norm.ppf([0.0, 0.2, 0.4, 0.6, 0.8, 1.0]).clip(-9.0, 9.0)
    found, *_ = np.histogram2d(ranks[5], ranks[5 + lag], bins=[cuts, cuts])
    expected = bivariate_shares(float(correlation_at(process, lag)), cuts)
    often = expected.ravel() * HOUSEHOLDS > 25.0  # chi-square needs some in each; the rare ones are taken together
    together = [np.append(table.ravel()[often], table.ravel()[~often].sum()) for table in (found, expected)]
    found, expected = together if together[1][-1] * HOUSEHOLDS > 25.0 else (table[:-1] for table in together)
    return counts(f"{what}: moves between fifths in {lag} years", found, expected / expected.sum())


@pytest.fixture(scope="module", params=PROCESSES)
def process(request):
    return PROCESSES[request.param]


@pytest.fixture(scope="module")
def name(process):
    return next(name for name, known in PROCESSES.items() if known == process)


@pytest.fixture(scope="module")
def ranks(process):
    return draw_ranks(process)


def test_cross_section_stays(ranks, name, accept):
    accept(distribution(f"{name}: ranks of each year are normal", list(norm.cdf(ranks))))
    accept(checks.moments(f"{name}: moments of the ranks of each year", ranks))


def test_autocovariances(ranks, name, process, accept):
    accept(autocovariances(name, ranks, process))


def test_shares_of_the_parts(ranks, name, process, accept):
    accept(long_run_variance(name, ranks, process))
    accept(transitory_variance(name, ranks, process))


@pytest.mark.parametrize("lag", [1, 10])
def test_transitions(ranks, name, process, accept, lag):
    accept(transitions(name, ranks, process, lag))


@functools.cache
def _known():
    return draw_ranks((0.9, 0.2, 0.7, 0.1))


WRONG = {  # what the process is said to be, where it is (0.9, 0.2, 0.7, 0.1)
    "persistence": (0.89, 0.2, 0.7, 0.1),
    "fixed share": (0.9, 0.225, 0.675, 0.1),
    "transitory share": (0.9, 0.2, 0.69, 0.11),
}


@pytest.mark.parametrize(
    ("check", "said"),
    [
        (autocovariances, "persistence"),
        (autocovariances, "fixed share"),
        (autocovariances, "transitory share"),
        (long_run_variance, "fixed share"),
        (transitory_variance, "transitory share"),
    ],
)
def test_a_process_other_than_said_is_rejected(check, said):
    assert check(said, _known(), WRONG[said]).rejects


@pytest.mark.parametrize("lag", [1, 10])
def test_transitions_of_a_process_other_than_said_are_rejected(lag):
    assert transitions("", _known(), WRONG["transitory share" if lag == 1 else "persistence"], lag).rejects


def test_a_cross_section_that_spreads_is_rejected():
    spread = _known() * np.linspace(1.0, 1.02, YEARS)[:, None]
    assert checks.moments("", spread).rejects
    assert distribution("", list(norm.cdf(spread + 0.02))).rejects
