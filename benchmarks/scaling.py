"""What a household-year costs, along households, years, cells, levers and threads: a table and a figure.

    python benchmarks/scaling.py [FOLDER] [LARGEST NUMBER OF HOUSEHOLDS]

Writes scaling.csv and scaling.svg into FOLDER (docs/ by default). Processor nanoseconds for one year of one
household in one scenario, both scenarios computed, making the households included; median of three. All
levers run in all years; along the axis of cells there are none. The row of threads is wall time.
"""

from __future__ import annotations

import csv
import sys
from functools import partial
from pathlib import Path
from statistics import median

import matplotlib.pyplot as plt

from incomesim.bench import processor_seconds, wall_seconds
from incomesim.engine import compute
from incomesim.plan import Plan
from worlds import ROOT, vary

HOUSEHOLDS, ROUNDS, SCENARIOS = 500_000, 3, 2
AXES = {
    "households": (10_000, 100_000, 1_000_000, 10_000_000, 100_000_000),
    "years": (1, 2, 5, 10, 20, 40),
    "cells": (240, 480, 960, 1_920),
    "levers": (0, 1, 2, 4, 7, 14, 20),
    "threads": (1, 2),
}


def cost(plan: Plan, threads: int = 1, clock=processor_seconds) -> float:
    """Nanoseconds a household-year."""
    job = partial(compute, plan.source, plan.tables, threads=threads)
    rounds = ROUNDS if plan.source.number <= 10_000_000 else 1
    count = plan.source.number * len(plan.ground.years) * SCENARIOS
    return median([clock(job) for _ in range(rounds)]) / count * 1e9


def measure(axis: str, value: int) -> float:
    if axis == "households":
        return cost(vary(value))
    if axis == "threads":
        return cost(vary(4_000_000), value, wall_seconds)
    if axis == "cells":
        return cost(vary(HOUSEHOLDS, cells=value, levers=0))
    return cost(vary(HOUSEHOLDS, **{axis: value}))


def draw(rows: list[tuple[str, int, float]], file: Path) -> None:
    figure, panels = plt.subplots(1, len(AXES) - 1, figsize=(12, 2.8), sharey=True, layout="constrained")
    for axis, panel in zip(list(AXES)[:-1], panels, strict=True):
        points = [(value, ns) for name, value, ns in rows if name == axis]
        panel.plot(*zip(*points, strict=True), "o-", color="#1f5fa8")
        panel.set_xscale("symlog" if axis == "levers" else "log")
        panel.set_xlabel(axis)
        panel.grid(alpha=0.3)
    panels[0].set_ylim(bottom=0.0)
    panels[0].set_ylabel("ns per household-year")
    plt.rcParams["svg.hashsalt"] = "incomesim"
    figure.savefig(file, metadata={"Date": None})


def main(folder: Path, largest: int) -> None:
    compute(vary(10_000).source, vary(10_000).tables, threads=1)
    rows = []
    for axis, values in AXES.items():
        for value in values:
            if axis == "households" and value > largest:
                continue
            rows.append((axis, value, measure(axis, value)))
            print(f"{axis:>12} {value:>12,} {rows[-1][2]:8.1f} ns", flush=True)
    with (folder / "scaling.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["axis", "value", "nanoseconds_per_household_year"])
        table.writerows((axis, value, f"{ns:.1f}") for axis, value, ns in rows)
    draw(rows, folder / "scaling.svg")


if __name__ == "__main__":
    given = sys.argv[1:]
    main(Path(given[0]) if given else ROOT / "docs", int(given[1]) if len(given) > 1 else 100_000_000)
