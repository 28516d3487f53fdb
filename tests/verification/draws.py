"""Draws at addresses, and all addresses that differ from one in a single bit."""

import numpy as np

from incomesim.kernel.philox import random_normals, random_uniforms, random_words
from incomesim.kernel.tables import Purpose

SEED, REPLICATE, YEAR = 20_251_231, 3, 2025


def _draw(fill, kind, ids, seed=SEED, replicate=REPLICATE, year=YEAR, purpose=Purpose.YEAR):
    drawn = np.empty((4, len(ids)), kind)
    fill(np.uint64(seed), ids, int(replicate), int(year), int(purpose), drawn)
    return drawn


def words(ids, **address):
    """Four 32-bit words for each household (4, number)."""
    return _draw(random_words, np.uint64, ids, **address).astype(np.uint32)


def uniforms(ids, **address):
    return _draw(random_uniforms, np.float64, ids, **address)


def normals(ids, **address):
    return _draw(random_normals, np.float64, ids, **address)


def households(number, step=1):
    return np.arange(0, number * step, step, dtype=np.uint64)


def even_households(number):
    """The first ids with an even number of ones, so that an id that differs in one bit is not among them."""
    ids = households(2 * number)
    return ids[np.bitwise_count(ids) % 2 == 0]


def one_bit_away(ids):
    """Addresses that differ from those of `words(ids)` in one bit, by the part of the address it is in."""
    return {
        "household": [{"ids": ids ^ np.uint64(1 << bit)} for bit in range(64)],
        "year": [{"ids": ids, "year": YEAR ^ (1 << bit)} for bit in range(16)],
        "purpose": [{"ids": ids, "purpose": Purpose.YEAR ^ (1 << bit)} for bit in range(32)],
        "replicate": [{"ids": ids, "replicate": REPLICATE ^ (1 << bit)} for bit in range(16)],
        "seed": [{"ids": ids, "seed": SEED ^ (1 << bit)} for bit in range(64)],
    }
