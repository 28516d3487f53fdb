"""The level of the suite, fixed beforehand, and the four kinds of evidence it is applied to.

All verdicts together reject a correct program with probability 1e-6 at most: each gets the same share
(Bonferroni), and shares it among its own comparisons. Each says the smallest bias that it would find
with probability one half.
"""

from dataclasses import dataclass

import numpy as np
from scipy.stats import chi2, kstwobign, norm, poisson

FALSE_ALARM = 1e-6
VERDICTS = 200  # as many as the suite may give; tests/verification/conftest.py counts them
LEVEL = FALSE_ALARM / VERDICTS


@dataclass(frozen=True)
class Verdict:
    what: str
    comparisons: int
    p_value: float  # of the most surprising comparison, times their number
    smallest: float  # bias that is found with probability 1/2
    unit: str

    @property
    def rejects(self):
        return self.p_value < LEVEL

    def __str__(self):
        said = "REJECTED" if self.rejects else "passed"
        return (
            f"{self.what:<58} {said}, p = {min(self.p_value, 1.0):<8.2g} of {self.comparisons:>6,}; "
            f"finds {self.smallest:.2g} {self.unit}"
        )


def estimates(what, found, expected, error, unit):
    """Estimates with normal errors of known size."""
    deviation, error = np.abs(np.asarray(found) - expected).ravel(), np.broadcast_to(error, np.shape(found)).ravel()
    p_value = 2.0 * norm.sf((deviation / error).max()) * deviation.size
    smallest = norm.isf(LEVEL / deviation.size / 2.0) * error.max()
    return Verdict(what, deviation.size, p_value, smallest, unit)


def counts(what, found, share):
    """Counts (..., bins) with known shares (..., bins): chi-square. The bias is the root mean square over bins."""
    found, share = np.broadcast_arrays(found, share)
    number = found.sum(axis=-1, keepdims=True)
    statistic = ((found - number * share) ** 2 / (number * share)).sum(axis=-1)
    freedom = found.shape[-1] - 1
    critical = chi2.isf(LEVEL / statistic.size, freedom)
    p_value = chi2.sf(statistic.max(), freedom) * statistic.size
    # the median of the statistic grows with the squared relative bias times the number
    smallest = np.sqrt((critical - chi2.median(freedom)) / number.min())
    return Verdict(what, statistic.size, p_value, smallest, "of a bin's share")


def distribution(what, samples):
    """Samples of what should be uniform on (0, 1): Kolmogorov's largest distance."""
    scaled = []
    for sample in samples:
        ordered, number = np.sort(sample), len(sample)
        steps = np.arange(number) / number
        scaled.append(max((ordered - steps).max(), (steps + 1.0 / number - ordered).max()) * np.sqrt(number))
    p_value = kstwobign.sf(max(scaled)) * len(scaled)
    smallest = kstwobign.isf(LEVEL / len(scaled)) / np.sqrt(min(map(len, samples)))
    return Verdict(what, len(scaled), p_value, smallest, "between distribution functions")


def rare_events(what, found, expected):
    """Numbers of rare independent events: Poisson."""
    found, expected = np.atleast_1d(found), np.atleast_1d(expected)
    one_side = np.minimum(poisson.cdf(found, expected), poisson.sf(found - 1, expected)).min()
    smallest = (poisson.isf(LEVEL / found.size / 2.0, expected) / expected - 1.0).max()
    return Verdict(what, found.size, 2.0 * one_side * found.size, smallest, "more of them")
