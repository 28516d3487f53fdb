"""Draws at addresses that differ in one part are independent, whichever part and however little it differs."""

import itertools

import numpy as np
import pytest

from incomesim.kernel.tables import Purpose
from tests.verification import checks, draws

HERE = draws.households(2**21, step=2)
AVALANCHE = draws.even_households(2**17)
LEVER = 2**16 + 12_345  # purposes of levers are hashes above 2^16

OTHERS = {
    "the next household": {"ids": HERE + np.uint64(1)},
    "the household 2^32 later": {"ids": HERE + np.uint64(2**32)},
    "the next year": {"ids": HERE, "year": draws.YEAR + 1},
    "the next year of the next household": {"ids": HERE + np.uint64(1), "year": draws.YEAR + 1},
    "the next replicate": {"ids": HERE, "replicate": draws.REPLICATE + 1},
    "the next seed": {"ids": HERE, "seed": draws.SEED + 1},
    "the seed 2^32 later": {"ids": HERE, "seed": draws.SEED + 2**32},
    "seed and household exchanged": {"ids": HERE + np.uint64(draws.SEED), "seed": 0},
}

PAIRS_OF_PURPOSES = list(itertools.combinations([*Purpose, LEVER], 2))
PARTS = ("household", "year", "purpose", "replicate", "seed")


@pytest.mark.parametrize("name", OTHERS)
def test_other_addresses(accept, name):
    pair = draws.normals(HERE), draws.normals(**OTHERS[name])
    accept(checks.correlations(f"{name}: normals and squares", [pair]))
    pair = draws.uniforms(HERE), draws.uniforms(**OTHERS[name])
    accept(checks.unit_square(f"{name}: in the unit square", *pair))


@pytest.mark.parametrize(("one", "other"), PAIRS_OF_PURPOSES)
def test_purposes(accept, one, other):
    pair = draws.normals(HERE, purpose=one), draws.normals(HERE, purpose=other)
    accept(checks.correlations(f"purposes {int(one)} and {int(other)}: normals and squares", [pair]))


@pytest.mark.parametrize("part", PARTS)
def test_avalanche(accept, part):
    """One bit of the address flips each bit of the words with probability 1/2."""
    others = (draws.words(**address) for address in draws.one_bit_away(AVALANCHE)[part])
    accept(checks.flips(f"one bit of {part} flips each bit of the words", draws.words(AVALANCHE), others))


@pytest.mark.parametrize("part", PARTS)
def test_one_bit_away(accept, part):
    here = draws.normals(AVALANCHE)
    pairs = ((here, draws.normals(**address)) for address in draws.one_bit_away(AVALANCHE)[part])
    accept(checks.correlations(f"one bit of {part} away: normals and squares", pairs))
