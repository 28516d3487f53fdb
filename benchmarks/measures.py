"""Measures of many weighted incomes beside `np.sort` of the bare incomes, NumPy by hand and other packages.

    python benchmarks/measures.py [FOLDER] [ROWS ...]

Writes measures.csv into FOLDER (docs/ by default); rows are 1,000,000 and 10,000,000 by default. Lognormal incomes,
weights between 1/2 and 2; the table is the standard one, of everybody and of 80 groups. All tasks take turns in one
process, in five rounds; what takes less than a fifth of a second is done several times in its turn, and the median
counts. `seconds` is the median of wall time on all processors, `sorts` and `sums` the median over the rounds of that
over `np.sort` and over NumPy's sums of incomes and weights in the same round. `bytes_a_row` is the peak of memory
beyond the data, as NumPy reports it. Packages that are not installed are left out:

    pip install IneqPy microdf-python quantecon inequality samplics
"""

from __future__ import annotations

import csv
import os
import sys
import time
import tracemalloc
from collections.abc import Callable
from functools import partial
from importlib import metadata
from pathlib import Path

import numpy as np
import pandas as pd

from incomesim import measures
from incomesim.measures import Design, estimate, fgt, gini, mean, median, mld, rank, table, theil

ROOT = Path(__file__).parents[1]
ROUNDS, GROUPS = 5, 80
LINE = 12_000.0
SAMPLED = "mean and its error, 1,000 clusters in 20 strata"
SLOW = 3.0  # seconds: what takes longer has one round
TURN = 0.2  # seconds: what takes less is done again


def gini_by_hand(x: np.ndarray, w: np.ndarray) -> float:
    order = np.argsort(x)
    x, w = x[order], w[order]
    below = np.cumsum(w)
    return float((w * x * (2.0 * below - w)).sum() / (below[-1] * (w * x).sum()) - 1.0)


def median_by_hand(x: np.ndarray, w: np.ndarray) -> float:
    order = np.argsort(x)
    below = np.cumsum(w[order])
    return float(x[order][np.searchsorted(below, 0.5 * below[-1])])


def theil_by_hand(x: np.ndarray, w: np.ndarray) -> float:
    r = x / np.average(x, weights=w)
    return float((w * r * np.log(r)).sum() / w.sum())


def fgt_by_hand(x: np.ndarray, w: np.ndarray) -> float:
    gap = np.maximum(LINE - x, 0.0) / LINE
    return float((w * gap**2).sum() / w.sum())


def all_moments(x: np.ndarray, w: np.ndarray) -> list[float]:
    people = rank(x, w)
    more = measures.cv, measures.hoover, measures.j_divergence, measures.variance_of_logs
    return [measure(people) for measure in (theil, mld, *more, partial(measures.atkinson, epsilon=1))]


def peers(x: np.ndarray, w: np.ndarray, clusters: np.ndarray) -> dict[tuple[str, str], Callable[[], object]]:
    found: dict[tuple[str, str], Callable[[], object]] = {}
    try:
        from ineqpy.inequality import gini as ineqpy_gini

        found["gini", f"IneqPy {metadata.version('IneqPy')}"] = lambda: ineqpy_gini(x, w)
    except ImportError:
        pass
    try:
        from microdf import MicroSeries

        series = MicroSeries(x, weights=w)
        version = f"microdf {metadata.version('microdf-python')}"
        found |= {("gini", version): series.gini, ("median", version): series.median}
    except ImportError:
        pass
    try:
        from inequality.gini import Gini
        from inequality.theil import Theil

        version = f"PySAL inequality {metadata.version('inequality')}, no weights"
        found |= {("gini", version): lambda: Gini(x).g, ("theil", version): lambda: Theil(x).T}
    except ImportError:
        pass
    try:
        from quantecon import gini_coefficient

        if len(x) <= 20_000:  # takes the square of the rows
            found["gini", f"quantecon {metadata.version('quantecon')}, no weights"] = lambda: gini_coefficient(x)
    except ImportError:
        pass
    try:
        from samplics.estimation import TaylorEstimator
        from samplics.utils.types import PopParam

        found[SAMPLED, f"samplics {metadata.version('samplics')}"] = lambda: TaylorEstimator(PopParam.mean).estimate(
            y=x, samp_weight=w, stratum=clusters // 50, psu=clusters
        )
    except ImportError:
        pass
    return found


def tasks(rows: int) -> dict[tuple[str, str], Callable[[], object]]:
    draws = np.random.default_rng(1)
    codes = draws.integers(0, GROUPS, rows).astype(np.int8)
    frame = pd.DataFrame(
        {
            "income": np.exp(draws.normal(10.0, 0.8, rows)),
            "weight": draws.uniform(0.5, 2.0, rows),
            "county": pd.Categorical.from_codes(codes, [f"county {i}" for i in range(GROUPS)]),
        }
    )
    x, w = frame["income"].to_numpy(), frame["weight"].to_numpy()
    clusters = draws.integers(0, 1_000, rows)
    design = Design(strata=clusters // 50, clusters=clusters)
    own = f"incomesim {metadata.version('incomesim')}"
    return {
        ("sort", "np.sort of the bare incomes"): lambda: np.sort(x),
        ("sum", "NumPy, incomes and weights"): lambda: (x.sum(), w.sum()),
        ("order", own): lambda: rank(x, w).order,
        ("order", "np.argsort"): lambda: np.argsort(x),
        ("gini", own): lambda: gini(x, w),
        ("gini", "NumPy by hand"): lambda: gini_by_hand(x, w),
        ("median", own): lambda: median(x, w),
        ("median", "NumPy by hand"): lambda: median_by_hand(x, w),
        ("theil", own): lambda: theil(x, w),
        ("theil", "NumPy by hand"): lambda: theil_by_hand(x, w),
        ("seven moments", own): lambda: all_moments(x, w),
        ("fgt of order 2", own): lambda: fgt(x, w, line=LINE, order=2),
        ("fgt of order 2", "NumPy by hand"): lambda: fgt_by_hand(x, w),
        (f"{len(measures.STANDARD)} measures of {GROUPS} groups and all", own): lambda: table(frame, by=["county"]),
        (SAMPLED, own): lambda: estimate(mean, x, w, design=design),
        **peers(x, w, clusters),
    }


def peak(task: Callable[[], object], rows: int) -> float:
    tracemalloc.start()
    task()
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most / rows


def measure(rows: int) -> list[dict[str, object]]:
    todo = tasks(rows)
    first = {name: timed(task) for name, task in todo.items()}
    first = {
        name: timed(task) if seconds < SLOW or "incomesim" in name[1] else seconds
        for (name, task), seconds in zip(todo.items(), first.values(), strict=True)
    }  # compiled now
    rounds = [
        {name: take_turn(task, first[name]) for name, task in todo.items() if first[name] < SLOW} for _ in range(ROUNDS)
    ]
    twins = {"sorts": ("sort", "np.sort of the bare incomes"), "sums": ("sum", "NumPy, incomes and weights")}
    found = []
    for (task, by), run in todo.items():
        times = [each[task, by] for each in rounds if (task, by) in each] or [first[task, by]]
        ratios = {
            name: [each.get((task, by), first[task, by]) / each[twin] for each in rounds]
            for name, twin in twins.items()
        }
        found.append(
            {
                "rows": rows,
                "task": task,
                "by": by,
                "seconds": f"{np.median(times):.4f}",
                **{name: f"{np.median(each):.2f}" for name, each in ratios.items()},
                "bytes_a_row": f"{peak(run, rows):.1f}",
            }
        )
        print(*found[-1].values(), sep="\t", flush=True)
    return found


def timed(task: Callable[[], object]) -> float:
    start = time.perf_counter()
    task()
    return time.perf_counter() - start


def take_turn(task: Callable[[], object], once: float) -> float:
    return float(np.median([timed(task) for _ in range(max(1, int(TURN / once)))]))


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if sys.argv[1:] else ROOT / "docs"
    found = [row for rows in map(int, sys.argv[2:] or ("1000000", "10000000")) for row in measure(rows)]
    print(f"NumPy {np.__version__}, pandas {pd.__version__}, load {os.getloadavg()[0]:.1f}")
    with (folder / "measures.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, found[0])
        writer.writeheader()
        writer.writerows(found)
