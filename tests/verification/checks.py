"""What is looked at in a stream of draws. Each check is fed good streams and, in test_power.py, faulty ones."""

import numpy as np
from scipy.stats import norm

from tests.verification.verdict import counts, distribution, estimates, rare_events

# words: (4, number) of 32 bits


def bits_of_calls(words):
    """The 128 bits of each call (number, 128)."""
    return np.unpackbits(np.ascontiguousarray(words.T).view(np.uint8), axis=1)


def parts_of_words(what, words, lowest, number=16):
    """Chi-square of the 2^number values of some neighbouring bits, for each row."""
    values = (words >> np.uint32(lowest)) & np.uint32(2**number - 1)
    found = np.array([np.bincount(row, minlength=2**number) for row in values])
    return counts(what, found, 2.0**-number)


def single_bits(what, words):
    """Share of ones in each of the 128 bits."""
    return estimates(what, _share_of_ones(words), 0.5, 0.5 / np.sqrt(words.shape[1]), "in the share of ones")


def pairs_of_bits(what, words, chunk=2**16):
    """Correlation of every two of the 128 bits of a call."""
    products = 0.0
    for start in range(0, words.shape[1], chunk):
        halves = bits_of_calls(words[:, start : start + chunk]).astype(np.float32) - np.float32(0.5)
        products = products + (halves.T @ halves).astype(np.float64)  # quarters of whole numbers below 2^24: exact
    correlation = 4.0 * products[np.triu_indices(len(products), 1)] / words.shape[1]
    return estimates(what, correlation, 0.0, 1.0 / np.sqrt(words.shape[1]), "of correlation")


def flips(what, words, others):
    """Share of calls in which each of the 128 bits differs between `words` and each of the others."""
    found = [_share_of_ones(words ^ other) for other in others]
    return estimates(what, found, 0.5, 0.5 / np.sqrt(words.shape[1]), "in the share of flips")


def _share_of_ones(words):
    return bits_of_calls(words).sum(axis=0, dtype=np.int64) / words.shape[1]


def birthday_spacings(what, words, birthdays=2**12):
    """Spacings between 4,096 of 2^32 days that occur twice (Marsaglia 1985): Poisson, 4 in each year."""
    days = np.sort(words.reshape(-1, birthdays).astype(np.int64), axis=1)
    spacings = np.sort(np.diff(days, axis=1), axis=1)
    found = np.count_nonzero(np.diff(spacings, axis=1) == 0)
    return rare_events(what, found, len(days) * birthdays**3 / (4.0 * 2.0**32))


# uniforms: (rows, number)


def gaps(what, uniforms, share=0.125, longest=64):
    """Lengths of gaps between uniforms below a share, in the order of households: geometric (Knuth 3.3.2)."""
    found = []
    for row in uniforms:
        gap = np.diff(np.flatnonzero(row < share)) - 1
        found.append(np.bincount(np.minimum(gap, longest), minlength=longest + 1))
    length = np.arange(longest)
    expected = np.append(share * (1.0 - share) ** length, (1.0 - share) ** longest)
    return counts(what, np.array(found), expected)


# normals: (rows, number)


def moments(what, normals):
    """First four moments of each row."""
    number = normals.shape[-1]
    powers = np.array([(normals**k).mean(axis=-1) for k in (1, 2, 3, 4)])
    expected = np.array([0.0, 1.0, 0.0, 3.0])
    deviation = np.sqrt(np.array([1.0, 2.0, 15.0, 96.0]))
    scaled = (powers - expected[:, None]) / deviation[:, None]
    return estimates(what, scaled, 0.0, 1.0 / np.sqrt(number), "standard deviations of a moment")


def tails(what, streams, limit):
    """How many lie beyond `limit` standard deviations, on either side."""
    found, number = np.zeros(2, np.int64), 0
    for normals in streams:
        found += [np.count_nonzero(normals < -limit), np.count_nonzero(normals > limit)]
        number += normals.size
    return rare_events(what, found, np.full(2, norm.sf(limit) * number))


def normal_distribution(what, normals):
    return distribution(what, list(norm.cdf(normals)))


# two streams


def correlations(what, pairs):
    """Correlations of normals, and of their squares, between all rows of the two; `pairs` of (rows, number)."""
    found, number = [], None
    for first, second in pairs:
        number = first.shape[1]
        found.append(first @ second.T / number)
        found.append((first**2 - 1.0) @ (second**2 - 1.0).T / (2.0 * number))
    return estimates(what, found, 0.0, 1.0 / np.sqrt(number), "of correlation")


def correlations_within(what, normals):
    """The same between the rows of one."""
    upper, number = np.triu_indices(len(normals), 1), normals.shape[1]
    squares = (normals**2 - 1.0) / np.sqrt(2.0)
    found = [(values @ values.T / number)[upper] for values in (normals, squares)]
    return estimates(what, found, 0.0, 1.0 / np.sqrt(number), "of correlation")


def neighbours(what, normals, lag=1):
    """Correlation between households whose ids differ by `lag`: all rows together, for the finest resolution."""
    products = normals[:, lag:] * normals[:, :-lag]
    return estimates(what, products.mean(), 0.0, 1.0 / np.sqrt(products.size), "of correlation")


def unit_square(what, first, second, sides=32):
    """Chi-square of the unit square, for the same rows of two uniforms that share no draw."""
    where = np.int64(first * sides) * sides + np.int64(second * sides)
    found = np.array([np.bincount(row, minlength=sides**2) for row in where])
    return counts(what, found, 1.0 / sides**2)
