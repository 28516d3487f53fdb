"""How often the test of dominance rejects: at its level where distributions are equal, seldom where the first is better."""

import numpy as np
import pytest

from incomesim import measures

SAMPLES, REPLICATES = 400, 199
SPREAD = 4 * np.sqrt(0.05 * 0.95 / SAMPLES)  # four standard errors: 4.4 points


def rejected(order, better, samples):
    random = np.random.default_rng([order, int(100 * (1 + better))])
    found = 0
    for seed in range(samples):
        first, second = better + random.lognormal(0.0, 0.6, 60), random.lognormal(0.0, 0.6, 80)
        test = measures.reject_dominance(
            first, second, order=order, replicates=REPLICATES, random=np.random.default_rng(seed)
        )
        found += test.p_value < 0.05
    return found / samples


@pytest.mark.parametrize("order", [1, 2, 3])
def test_level(order):
    """Equal distributions are where a test of dominance errs most; steps of small samples make order 1 a little careful."""
    assert 0.01 < rejected(order, 0.0, SAMPLES) < 0.05 + SPREAD


@pytest.mark.parametrize("order", [1, 2, 3])
def test_dominance_is_kept_and_its_opposite_rejected(order):
    assert rejected(order, 0.2, 100) < 0.02
    assert rejected(order, -0.4, 100) > 0.8
