"""Random numbers with addresses: Philox-4x32-10.

A draw is a pure function of (seed, replicate, household, year, purpose), so the same household meets
the same luck in the baseline and under every policy, however many households, blocks or threads.

Source: Salmon, Moraes, Dror & Shaw (2011), Parallel random numbers: as easy as 1, 2, 3, SC11. The
known answers of the authors' Random123 library are tests.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from incomesim.compiled.arithmetic import cosine_of_turn, log, sine_of_turn
from incomesim.compiled.compile import entry, inlined, stage

Words = NDArray[np.uint64]  # 32-bit words kept in 64 bits, for the 32 x 32 -> 64 bit products
Reals = NDArray[np.float64]

_MULTIPLIER_0 = np.uint64(0xD2511F53)
_MULTIPLIER_1 = np.uint64(0xCD9E8D57)
_WEYL_0 = np.uint64(0x9E3779B9)
_WEYL_1 = np.uint64(0xBB67AE85)
_LOW = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)
_STEP = 1.0 / 4294967296.0  # 2^-32


@inlined
def address(replicate: int, year: int) -> np.uint64:
    """Return the third counter word: 16 bits of replicate above 16 bits of calendar year."""
    return (np.uint64(replicate) << np.uint64(16)) | np.uint64(year)


@inlined
def four_words(
    seed: np.uint64, household_id: np.uint64, when: np.uint64, purpose: np.uint64
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    """Return four 32-bit random words.

    Counter: low id, high id, replicate and year, purpose. Key: low and high half of the seed.
    """
    c0, c1, c2, c3 = household_id & _LOW, household_id >> _HALF, when, purpose
    k0, k1 = seed & _LOW, seed >> _HALF
    for _ in range(10):
        c0, c1, c2, c3 = _one_round(c0, c1, c2, c3, k0, k1)
        k0, k1 = (k0 + _WEYL_0) & _LOW, (k1 + _WEYL_1) & _LOW
    return c0, c1, c2, c3


@inlined
def _one_round(
    c0: np.uint64, c1: np.uint64, c2: np.uint64, c3: np.uint64, k0: np.uint64, k1: np.uint64
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    product_0 = _MULTIPLIER_0 * c0
    product_1 = _MULTIPLIER_1 * c2
    return (product_1 >> _HALF) ^ c1 ^ k0, product_1 & _LOW, (product_0 >> _HALF) ^ c3 ^ k1, product_0 & _LOW


@stage
def draw_words(seed: np.uint64, household_id: Words, when: np.uint64, purpose: np.uint64, words: Words, n: int) -> None:
    """Fill words[0..3, :n] with four 32-bit random words for each household id.

    Two households at a time, one of each half: a round waits for the one before it, and the second
    household fills the wait.
    """
    half = n // 2
    for i in range(half):
        a0, a1, a2, a3 = household_id[i] & _LOW, household_id[i] >> _HALF, when, purpose
        b0, b1, b2, b3 = household_id[half + i] & _LOW, household_id[half + i] >> _HALF, when, purpose
        k0, k1 = seed & _LOW, seed >> _HALF
        for _ in range(10):
            a0, a1, a2, a3 = _one_round(a0, a1, a2, a3, k0, k1)
            b0, b1, b2, b3 = _one_round(b0, b1, b2, b3, k0, k1)
            k0, k1 = (k0 + _WEYL_0) & _LOW, (k1 + _WEYL_1) & _LOW
        words[0, i], words[1, i], words[2, i], words[3, i] = a0, a1, a2, a3
        words[0, half + i], words[1, half + i], words[2, half + i], words[3, half + i] = b0, b1, b2, b3
    for i in range(2 * half, n):
        words[0, i], words[1, i], words[2, i], words[3, i] = four_words(seed, household_id[i], when, purpose)


@inlined
def to_uniform(word: np.uint64) -> float:
    """Return the number in the open interval (0, 1) that a 32-bit word stands for."""
    # word + 2^52 written as a float, so that no conversion of integers is needed
    whole = np.uint64(word | np.uint64(0x4330000000000000)).view(np.float64) - 4503599627370496.0
    return (whole + 0.5) * _STEP


@stage
def fill_uniforms(words: Words, row: int, uniforms: Reals, n: int) -> None:
    """Turn one row of words into uniforms in (0, 1)."""
    for i in range(n):
        uniforms[i] = to_uniform(words[row, i])


@inlined
def normal_pair(word: np.uint64, other: np.uint64) -> tuple[float, float]:
    """Return two independent standard normals (Box & Muller 1958)."""
    radius = np.sqrt(-2.0 * log(to_uniform(word)))
    turn = to_uniform(other)
    return radius * cosine_of_turn(turn), radius * sine_of_turn(turn)


@stage
def fill_normals(words: Words, row: int, first: Reals, second: Reals, n: int) -> None:
    """Turn rows `row` and `row + 1` into two independent standard normals."""
    for i in range(n):
        first[i], second[i] = normal_pair(words[row, i], words[row + 1, i])


@entry
def random_words(seed: np.uint64, household_id: Words, replicate: int, year: int, purpose: int, words: Words) -> None:
    """Fill words[4, n] for all households: `draw_words` for callers outside the kernel."""
    draw_words(seed, household_id, address(replicate, year), np.uint64(purpose), words, household_id.shape[0])


@entry
def random_uniforms(
    seed: np.uint64, household_id: Words, replicate: int, year: int, purpose: int, uniforms: Reals
) -> None:
    """Fill uniforms[4, n] with four independent uniforms in (0, 1) for each household."""
    when = address(replicate, year)
    for i in range(household_id.shape[0]):
        w0, w1, w2, w3 = four_words(seed, household_id[i], when, np.uint64(purpose))
        uniforms[0, i], uniforms[1, i] = to_uniform(w0), to_uniform(w1)
        uniforms[2, i], uniforms[3, i] = to_uniform(w2), to_uniform(w3)


@entry
def random_normals(
    seed: np.uint64, household_id: Words, replicate: int, year: int, purpose: int, normals: Reals
) -> None:
    """Fill normals[4, n] with four independent standard normals for each household."""
    when = address(replicate, year)
    for i in range(household_id.shape[0]):
        w0, w1, w2, w3 = four_words(seed, household_id[i], when, np.uint64(purpose))
        normals[0, i], normals[1, i] = normal_pair(w0, w1)
        normals[2, i], normals[3, i] = normal_pair(w2, w3)
