"""Calibration of weights beside the same Newton method in NumPy and sparse matrices of SciPy.

    python benchmarks/calibration.py [ROWS] [ROUNDS]

A made-up survey of ROWS households (a million by default) in counties: households, persons of five ages and four
sources of income are to meet totals by county. Prints processor seconds (medians) of all that calibrate() does, reading
and reporting included, of the twin's search alone, and the median ratio of figures of the same round; then how the time
grows with rows, with totals and with what a row counts for, and what the other distances take. On one core.
"""

from __future__ import annotations

import os
import statistics
import sys
from functools import partial

for library in ("OPENBLAS", "OMP", "MKL"):
    os.environ[f"{library}_NUM_THREADS"] = "1"  # before NumPy is loaded

import numpy as np  # noqa: E402
from scipy.sparse import csr_array, diags_array  # noqa: E402

from incomesim import Margin, calibrate  # noqa: E402
from incomesim.bench import median_ratio, processor_seconds, take_turns  # noqa: E402

AGES, SOURCES = 5, 4


def make_survey(rows: int, counties: int, things: int = 1 + AGES + SOURCES) -> tuple[np.ndarray, list[Margin]]:
    """Weights, and margins that new weights within a factor of 2 meet."""
    rng = np.random.default_rng(7)
    county = rng.integers(0, counties, rows)
    persons = rng.poisson(0.5, (AGES, rows)) + (np.arange(AGES)[:, None] == rng.integers(0, AGES, rows))
    columns = [
        np.ones(rows),
        *persons.astype(float),
        *rng.lognormal(9.0, 1.0, (SOURCES, rows)),
        *rng.gamma(2.0, 1.0, (max(things - 1 - AGES - SOURCES, 0), rows)),
    ][:things]
    weight = rng.uniform(50.0, 150.0, rows)
    wanted = weight * rng.uniform(0.8, 1.6, rows) * (0.9 + 0.3 * (persons[0] > 0) + 0.2 * county / counties)
    return weight, [
        Margin(f"thing {number}", dict(enumerate(np.bincount(county, wanted * of))), "units", by=county, of=of)
        for number, of in enumerate(columns)
    ]


def table_of(margins: list[Margin]) -> tuple[csr_array, np.ndarray]:
    """Traits of rows as a sparse matrix, and the totals: the twin's input, made beforehand."""
    counties = len(margins[0].totals)
    rows = len(margins[0].by)
    columns = np.concatenate([margin.by + counties * number for number, margin in enumerate(margins)])
    values = np.concatenate([margin.of for margin in margins])
    table = csr_array((values, (np.tile(np.arange(rows), len(margins)), columns)))
    table.eliminate_zeros()
    return table, np.concatenate([list(margin.totals.values()) for margin in margins])


def twin(weight: np.ndarray, table: csr_array, wanted: np.ndarray) -> np.ndarray:
    """Weights by raking: Newton's method as a textbook has it."""
    size = table.T @ weight
    scaled = (table @ diags_array(1.0 / size)).tocsr()
    multiplier, new = np.zeros(len(wanted)), weight
    for _ in range(50):
        miss = wanted / size - scaled.T @ new
        if np.abs(miss).max() < 1e-10:
            return new
        slope = (scaled.T @ (diags_array(new) @ scaled)).toarray()
        multiplier += np.linalg.solve(slope, miss)
        new = weight * np.exp(scaled @ multiplier)
    raise ArithmeticError("not met")


def seconds(rows: int, counties: int, things: int = 10, **options) -> float:
    weight, margins = make_survey(rows, counties, things)
    return statistics.median(processor_seconds(partial(calibrate, weight, margins, **options)) for _ in range(3))


def compare(rows: int, rounds: int) -> None:
    weight, margins = make_survey(rows, 20)
    table, wanted = table_of(margins)
    ours = calibrate(weight, margins).weight
    print(f"largest relative difference of the weights: {np.max(np.abs(ours / twin(weight, table, wanted) - 1)):.1e}")
    jobs = [partial(calibrate, weight, margins), partial(twin, weight, table, wanted)]
    times = take_turns(jobs, processor_seconds, rounds)
    for name, taken in zip(("incomesim", "twin"), times, strict=True):
        print(f"{name:>10}: {statistics.median(taken):7.2f} s for {rows:,} rows and {len(wanted)} totals")
    print(f"{'ratio':>10}: {median_ratio(times[1], times[0]):7.2f}")


def main(rows: int, rounds: int) -> None:
    seconds(1_000, 2)  # compiles
    compare(rows, rounds)
    for number in (rows // 100, rows // 10, rows):
        print(f"{number:>10,} rows, 200 totals: {seconds(number, 20):7.2f} s", flush=True)
    for counties in (5, 20, 50, 100):
        print(f"{10 * counties:>10,} totals, {rows:,} rows: {seconds(rows, counties):7.2f} s", flush=True)
    for things in (5, 10, 20, 40):
        taken = seconds(rows, 200 // things, things)
        print(f"{things:>10} things a row, 200 totals, {rows:,} rows: {taken:7.2f} s", flush=True)
    for method, options in {"linear": {}, "logit": {"bounds": (0.3, 3.0)}}.items():
        taken = seconds(rows, 20, method=method, **options)
        print(f"{method:>10}, 200 totals, {rows:,} rows: {taken:7.2f} s", flush=True)


if __name__ == "__main__":
    given = [int(argument) for argument in sys.argv[1:]]
    main(*(given + [1_000_000, 5][len(given) :]))
