"""Every check rejects a stream with a fault a little larger than it says it finds, and passes one without.

The streams are NumPy's, so that nothing here depends on the generator that is verified.
"""

import numpy as np
import pytest

from tests.verification import checks
from tests.verification.verdict import counts, distribution, estimates, rare_events

NUMBER = 2**21


@pytest.fixture
def rng():
    return np.random.default_rng(20_251_231)


def words(rng, number=NUMBER):
    return rng.integers(0, 2**32, (4, number), np.uint32)


def now_and_then(rng, share, number=NUMBER):
    return rng.random(number) < share


def copy_bit(words, source, target, where):
    """Let a bit of the last word repeat one of the first, in some calls."""
    bit = (words[0] >> np.uint32(source)) & np.uint32(1)
    copied = (words[3] & ~np.uint32(1 << target)) | (bit << np.uint32(target))
    words[3] = np.where(where, copied, words[3])
    return words


def parts(rng, fault):
    drawn = words(rng)
    drawn[1] = np.where(now_and_then(rng, 0.05 * fault), drawn[1] | np.uint32(1), drawn[1])
    return checks.parts_of_words("low bits", drawn, 0)


def single(rng, fault):
    drawn = words(rng)
    drawn[2] = np.where(now_and_then(rng, 0.006 * fault), drawn[2] | np.uint32(2**20), drawn[2])
    return checks.single_bits("one bit", drawn)


def pairs(rng, fault):
    drawn = copy_bit(words(rng, 2**18), 3, 29, now_and_then(rng, 0.018 * fault, 2**18))
    return checks.pairs_of_bits("two bits", drawn)


def birthdays(rng, fault):
    return checks.birthday_spacings("spacings", words(rng)[0] & ~np.uint32(fault))


def avalanche(rng, fault):
    one, other = words(rng, 2**17), words(rng, 2**17)
    kept = now_and_then(rng, 0.025 * fault, 2**17)
    other[3] = np.where(kept, (other[3] & ~np.uint32(1)) | (one[3] & np.uint32(1)), other[3])
    return checks.flips("flips", one, [other])


def uniform(rng, fault):
    return distribution("uniforms", [rng.random(2**24) * (1.0 - 1e-3 * fault)])


def gap(rng, fault):
    drawn = rng.random((1, NUMBER))
    drawn[0, 1:] = np.where(now_and_then(rng, 0.05 * fault, NUMBER - 1), drawn[0, :-1], drawn[0, 1:])
    return checks.gaps("gaps", drawn)


def square(rng, fault):
    one, other = rng.random((2, NUMBER))
    other = np.where(now_and_then(rng, 0.003 * fault), one, other)
    return checks.unit_square("square", one[None], other[None])


def moment(rng, fault):
    return checks.moments("moments", rng.standard_normal((4, NUMBER)) * (1.0 + 0.004 * fault))


def skewness(rng, fault):
    drawn = rng.standard_normal((4, NUMBER))
    return checks.moments("third moment", drawn + 0.0035 * fault * (drawn**2 - 1.0))


def shape(rng, fault):
    drawn = rng.standard_normal((1, 2**24))
    return checks.normal_distribution("normals", drawn + 0.003 * fault)


def tail(rng, fault):
    drawn = rng.standard_normal((8, NUMBER))
    return checks.tails("tails", [np.clip(drawn, -4.0, 4.0) if fault else drawn], 4.0)


def rho(rng, fault):
    one, other = rng.standard_normal((2, 4, NUMBER))
    return checks.correlations("correlation", [(one, other + 0.006 * fault * one)])


def volatility(rng, fault):
    one, other = rng.standard_normal((2, 4, NUMBER))
    return checks.correlations("correlation of squares", [(one, other * np.sqrt(1.0 + 0.006 * fault * (one**2 - 1.0)))])


def repeated_purpose(rng, fault):
    one, other = rng.standard_normal((2, 4, NUMBER))
    return checks.correlations("repeated purpose", [(one, one if fault else other)])


def within(rng, fault):
    drawn = rng.standard_normal((4, NUMBER))
    drawn[3] += 0.006 * fault * drawn[0]
    return checks.correlations_within("within a call", drawn)


def neighbour(rng, fault):
    drawn = rng.standard_normal((4, 2**22))
    drawn[:, 1:] += 0.002 * fault * drawn[:, :-1]
    return checks.neighbours("neighbours", drawn)


CHECKS = [
    parts, single, pairs, birthdays, avalanche, uniform, gap, square, moment, skewness, shape, tail, rho, volatility,
    repeated_purpose, within, neighbour,
]  # fmt: skip


@pytest.mark.parametrize("check", CHECKS)
def test_a_faulty_stream_is_rejected(rng, check):
    verdict = check(rng, 1)
    assert verdict.rejects, str(verdict)


@pytest.mark.parametrize("check", CHECKS)
def test_a_good_stream_passes(rng, check):
    verdict = check(rng, 0)
    assert not verdict.rejects, str(verdict)


@pytest.mark.parametrize("kind", ["estimates", "counts", "distribution", "rare events"])
def test_smallest_bias_is_found_half_the_time(rng, kind):
    """What is printed as the smallest bias is rejected about as often as not."""

    def trial(smallest):
        if kind == "estimates":
            return estimates("", rng.normal(smallest, 0.1), 0.0, 0.1, "")
        if kind == "counts":
            share = np.repeat([1.0 + smallest, 1.0 - smallest], 8) / 16
            return counts("", rng.multinomial(10_000, share), 1.0 / 16)
        if kind == "distribution":
            lower = rng.random(10_000) < 0.5 + smallest
            return distribution("", [0.5 * (rng.random(10_000) + ~lower)])
        return rare_events("", rng.poisson(50.0 * (1.0 + smallest)), 50.0)

    smallest = trial(0.0).smallest
    rejected = sum(trial(smallest).rejects for _ in range(200))
    assert 60 < rejected < 160
