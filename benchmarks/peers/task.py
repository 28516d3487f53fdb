"""What the peers' scripts share: the numbers of the common task, its weighted Gini, and the clock."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import numpy as np

LOSES_WORK, FINDS_WORK, WITHOUT_WORK = 0.05, 0.3, 0.3
PERSISTENCE, INNOVATION, TRANSITORY = 0.95, 0.1, 0.2
STATIONARY = INNOVATION / np.sqrt(1.0 - PERSISTENCE**2)


def sizes() -> tuple[int, int]:
    """Households and years from the command line."""
    return int(sys.argv[1]), int(sys.argv[2])


def weights(households: int) -> np.ndarray:
    return 1.0 + np.arange(households) % 7 / 8.0


def gini(income: np.ndarray, weight: np.ndarray) -> float:
    order = np.argsort(income)
    counted = weight[order]
    money = counted * income[order]
    below = np.cumsum(money)
    return float(1.0 - (counted * (2.0 * below - money)).sum() / (below[-1] * counted.sum()))


def report(name: str, run: Callable[[], object], ginis: list[float]) -> None:
    """Run once and print household-years in a processor second; `ginis` is filled by the run."""
    households, years = sizes()
    start = time.process_time()
    run()
    speed = households * years / (time.process_time() - start)
    last = f", Gini of the last year {ginis[-1]:.4f}" if ginis else ""
    print(f"{name:<22}{speed / 1e6:>20.1f}{1e9 / speed:>8.0f}{last}")
