"""Random numbers: the published known answers, an independent twin, and moments."""

import numba
import numpy as np
import pytest

from incomesim.kernel.philox import draw_words, random_normals, random_uniforms, random_words
from tests.reference import twin


@numba.njit
def draw(seed, household, when, purpose, words, n):
    draw_words(seed, household, when, purpose, words, n)


# kat_vectors of the Random123 distribution (Salmon et al. 2011): philox4x32 10 rounds
KNOWN_ANSWERS = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]


@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN_ANSWERS)
def test_known_answers(counter, key, answer):
    words = np.empty((4, 1), np.uint64)
    household = np.array([counter[0] | counter[1] << 32], np.uint64)
    draw(np.uint64(key[0] | key[1] << 32), household, np.uint64(counter[2]), np.uint64(counter[3]), words, 1)
    assert tuple(words[:, 0]) == answer


def test_addresses_agree_with_the_twin():
    ids = np.array([0, 1, 2**32 - 1, 2**32, 2**63 + 5], np.uint64)
    words = np.empty((4, len(ids)), np.uint64)
    random_words(np.uint64(2**40 + 3), ids, 9, 2031, 77_777, words)
    np.testing.assert_array_equal(words, twin.philox(2**40 + 3, ids, 9, 2031, 77_777))


def test_every_part_of_the_address_matters():
    ids = np.arange(3, dtype=np.uint64)
    seen = set()
    for seed, replicate, year, purpose in [
        (1, 0, 2020, 1),
        (2, 0, 2020, 1),
        (1, 1, 2020, 1),
        (1, 0, 2021, 1),
        (1, 0, 2020, 2),
    ]:
        words = np.empty((4, 3), np.uint64)
        random_words(np.uint64(seed), ids, replicate, year, purpose, words)
        seen.update(words.ravel().tolist())
    assert len(seen) == 5 * 3 * 4


def test_uniforms_lie_strictly_inside_and_normals_have_their_moments():
    n = 200_000
    ids = np.arange(n, dtype=np.uint64)
    uniform, normal = np.empty((4, n)), np.empty((4, n))
    random_uniforms(np.uint64(5), ids, 0, 2020, 3, uniform)
    random_normals(np.uint64(5), ids, 0, 2020, 3, normal)
    assert uniform.min() > 0.0
    assert uniform.max() < 1.0
    # six standard errors: false alarm about once in 5e8 for each of the checks
    assert np.abs(uniform.mean(axis=1) - 0.5).max() < 6 / np.sqrt(12 * n)
    assert np.abs(normal.mean(axis=1)).max() < 6 / np.sqrt(n)
    assert np.abs((normal**2).mean(axis=1) - 1).max() < 6 * np.sqrt(2 / n)
    assert np.abs((normal**4).mean(axis=1) - 3).max() < 6 * np.sqrt(96 / n)
    correlation = np.corrcoef(normal)[np.triu_indices(4, 1)]
    assert np.abs(correlation).max() < 6 / np.sqrt(n)
