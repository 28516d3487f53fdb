"""Words, uniforms and normals of one address after the other, in the order of households."""

import numpy as np
import pytest
from scipy.stats import norm

from tests.verification import checks, draws
from tests.verification.verdict import distribution

IDS = draws.households(2**22)


@pytest.fixture(scope="module")
def words():
    return draws.words(IDS)


@pytest.fixture(scope="module")
def uniforms():
    return draws.uniforms(IDS)


@pytest.fixture(scope="module")
def normals():
    return draws.normals(IDS)


@pytest.mark.parametrize(("part", "lowest"), [("low", 0), ("middle", 8), ("high", 16)])
def test_sixteen_bits_of_a_word_are_uniform(words, accept, part, lowest):
    accept(checks.parts_of_words(f"{part} 16 bits of a word", words, lowest))


def test_each_bit_of_a_word_is_fair(words, accept):
    accept(checks.single_bits("each bit of a word", words))


def test_bits_of_a_call_are_independent_in_pairs(words, accept):
    accept(checks.pairs_of_bits("two bits of a call", words[:, : 2**20]))


@pytest.mark.parametrize("row", range(4))
def test_birthday_spacings(words, accept, row):
    accept(checks.birthday_spacings(f"birthday spacings of neighbours, word {row}", words[row]))


def test_birthday_spacings_of_the_words_of_a_call(words, accept):
    accept(checks.birthday_spacings("birthday spacings of calls, four words each", words.T.reshape(-1)))


def test_uniforms_are_uniform(uniforms, accept):
    accept(distribution("uniforms, by word", list(uniforms)))
    accept(distribution("uniforms, all", [uniforms.ravel()]))


def test_gaps_between_small_uniforms(uniforms, accept):
    accept(checks.gaps("gaps between uniforms below 1/8", uniforms))


def test_next_to_each_other_in_the_unit_square(uniforms, accept):
    accept(checks.unit_square("uniforms of neighbours in the unit square", uniforms[:, ::2], uniforms[:, 1::2]))


@pytest.mark.parametrize(("first", "second"), [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)])
def test_words_of_a_call_in_the_unit_square(uniforms, accept, first, second):
    name = f"words {first} and {second} of a call in the unit square"
    accept(checks.unit_square(name, uniforms[first : first + 1], uniforms[second : second + 1]))


def test_normals_are_normal(normals, accept):
    accept(checks.moments("moments 1 to 4 of normals", normals))
    accept(checks.normal_distribution("normals, by place", normals))
    accept(checks.normal_distribution("normals, all", normals.reshape(1, -1)))


@pytest.mark.parametrize("limit", [4.0, 4.5, 5.0])
def test_tails_of_normals(accept, limit):
    streams = (draws.normals(IDS, year=year) for year in range(2030, 2034))
    accept(checks.tails(f"normals beyond {limit}", streams, limit))


def test_normals_of_a_call_are_independent(normals, accept):
    accept(checks.correlations_within("normals of a call, and squares", normals))
    rank = norm.cdf(normals)
    accept(checks.unit_square("ranks of the two normals of a pair in the unit square", rank[::2], rank[1::2]))


@pytest.mark.parametrize("lag", [1, 2, 256, 16_384])
def test_households_are_independent(normals, accept, lag):
    accept(checks.neighbours(f"normals of households {lag:,} apart", normals, lag))
    accept(checks.neighbours(f"squares of normals of households {lag:,} apart", (normals**2 - 1) / np.sqrt(2), lag))
