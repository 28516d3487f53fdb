"""Latent ranks: x = sqrt(s_a) a + sqrt(s_z) z + sqrt(s_e) e, common to all scenarios.

One loop, one idea, one array written: that is what the compiler turns into vector code.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from incomesim.compiled.compile import stage
from incomesim.kernel.philox import draw_words, fill_normals, fill_uniforms
from incomesim.kernel.tables import Integers, Purpose, Reals, Rows, Words

__all__ = ["Draws", "Latents", "draw_year", "locate", "mix", "new_draws", "new_latents", "start_latents"]

_START = np.uint64(Purpose.START)
_YEAR = np.uint64(Purpose.YEAR)
_ROUND = 6755399441055744.0  # 1.5 * 2^52


class Draws(NamedTuple):
    """Random numbers of a block in the year at hand, (B,) each."""

    words: Words  # (4, B)
    innovation: Reals  # normal
    spare: Reals  # normal, not used
    moves: Reals  # uniform that decides about moves of the baseline
    renewal: Reals  # uniform that decides whether the household dissolves


class Latents(NamedTuple):
    """Parts of the latent rank, the process they follow, and where the rank lies in a quantile table; (B,)."""

    fixed: Reals
    persistent: Reals
    transitory: Reals
    root_fixed: Reals
    root_persistent: Reals
    root_transitory: Reals
    persistence: Reals
    freshness: Reals  # sqrt(1 - persistence^2)
    position: Reals  # in nodes from the first one
    node: Integers  # at or below the position
    fraction: Reals  # of the way to the next node; beyond 0..1 outside the table


def new_draws(block: int) -> Draws:
    """Return room for the draws of a block."""
    return Draws(np.empty((4, block), np.uint64), np.empty(block), np.empty(block), np.empty(block), np.empty(block))


def new_latents(block: int) -> Latents:
    """Return room for the latent ranks of a block."""
    return Latents(
        np.empty(block),
        np.empty(block),
        np.empty(block),
        np.empty(block),
        np.empty(block),
        np.empty(block),
        np.empty(block),
        np.empty(block),
        np.empty(block),
        np.empty(block, np.int64),
        np.empty(block),
    )


@stage
def start_latents(
    rows: Rows, mobility: Reals, seed: np.uint64, when: np.uint64, draws: Draws, latents: Latents
) -> None:
    """Draw the three parts of the rank given their sum x: the conditional normal.

    Three free normals are moved along the direction of the shares until they add up to x.
    """
    n = rows.age.shape[0]
    for i in range(n):
        p = rows.process[i]
        latents.persistence[i] = mobility[p, 0]
        latents.root_fixed[i] = mobility[p, 1]
        latents.root_persistent[i] = mobility[p, 2]
        latents.root_transitory[i] = mobility[p, 3]
    for i in range(n):
        latents.freshness[i] = np.sqrt(1.0 - latents.persistence[i] * latents.persistence[i])
    draw_words(seed, rows.household_id, when, _START, draws.words, n)
    fill_normals(draws.words, 0, latents.fixed, latents.persistent, n)
    fill_normals(draws.words, 2, latents.transitory, draws.spare, n)
    miss = draws.innovation
    for i in range(n):
        reached = latents.root_fixed[i] * latents.fixed[i] + latents.root_persistent[i] * latents.persistent[i]
        miss[i] = rows.rank[i] - (reached + latents.root_transitory[i] * latents.transitory[i])
    for i in range(n):
        latents.fixed[i] += latents.root_fixed[i] * miss[i]
    for i in range(n):
        latents.persistent[i] += latents.root_persistent[i] * miss[i]
    for i in range(n):
        latents.transitory[i] += latents.root_transitory[i] * miss[i]


@stage
def draw_year(ids: Words, seed: np.uint64, when: np.uint64, draws: Draws, latents: Latents, n: int) -> None:
    """Draw the year's two normals and two uniforms, and advance the persistent part."""
    draw_words(seed, ids, when, _YEAR, draws.words, n)
    fill_normals(draws.words, 0, draws.innovation, latents.transitory, n)
    fill_uniforms(draws.words, 2, draws.moves, n)
    fill_uniforms(draws.words, 3, draws.renewal, n)
    persistent, persistence, freshness, innovation = (
        latents.persistent,
        latents.persistence,
        latents.freshness,
        draws.innovation,
    )
    for i in range(n):
        persistent[i] = persistence[i] * persistent[i] + freshness[i] * innovation[i]


@stage
def mix(shift: Reals, first_node: float, nodes_per_unit: float, latents: Latents, n: int) -> None:
    """Add the parts up to x and the household's own shift: where to read the quantile table."""
    position = latents.position
    fixed, persistent, transitory = latents.fixed, latents.persistent, latents.transitory
    root_a, root_z, root_e = latents.root_fixed, latents.root_persistent, latents.root_transitory
    for i in range(n):
        x = root_a[i] * fixed[i] + root_z[i] * persistent[i] + root_e[i] * transitory[i]
        position[i] = (x + shift[i] - first_node) * nodes_per_unit


@stage
def locate(last: int, latents: Latents, n: int) -> None:
    """Find the node at or below each position, held within the table of `last + 2` nodes."""
    position, node, fraction = latents.position, latents.node, latents.fraction
    highest = float(last)
    for i in range(n):
        shifted = min(max(position[i] - 0.5, 0.0), highest) + _ROUND
        fraction[i] = position[i] - (shifted - _ROUND)
    for i in range(n):
        shifted = min(max(position[i] - 0.5, 0.0), highest) + _ROUND
        node[i] = np.float64(shifted).view(np.int64) & np.int64(0xFFFFFFFF)
