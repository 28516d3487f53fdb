"""The full model with all its streamed sums beside its NumPy twin: same households, same draws, interleaved.

    python benchmarks/step.py [households] [rounds]

The scenario is the shipped one. A household-year is one year of one household in one scenario; a run has two
scenarios. Making the households is part of it.
"""

from __future__ import annotations

import dataclasses
import sys
from functools import partial
from pathlib import Path
from statistics import median

import numpy as np

from worlds import shipped

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.reference import twin
from tests.reference.binning import find_bins
from tests.reference.test_sums import by_cell

from incomesim.bench import median_ratio, processor_seconds, take_turns, wall_seconds
from incomesim.engine import compute
from incomesim.kernel.shapes import count_bins
from incomesim.plan import Plan


def kernel(plan: Plan, threads: int = 1) -> None:
    compute(plan.source, plan.tables, threads=threads)


def numpy_twin(plan: Plan) -> None:
    """Incomes of all scenarios, and persons and money by cell and bin."""
    rows, tables = plan.source.rows(0, plan.source.number), plan.tables
    persons, cells, number = rows.weight * rows.persons, plan.ground.cells, count_bins(tables.fineness)
    for s in range(len(plan.scenarios)):
        income, cell, *_ = twin.run(rows, tables, s)
        for t in range(len(plan.ground.years)):
            bins = find_bins(income[t], tables.fineness)
            for values in (persons, persons * income[t]):
                by_cell(cell[t], cells, bins, number, values)


def only_baseline(plan: Plan) -> Plan:
    return dataclasses.replace(plan, tables=plan.tables._replace(active=plan.tables.active[:1]))


def main(households: int, rounds: int) -> None:
    plan, twins = shipped(households), shipped(min(households, 500_000))
    baseline = only_baseline(plan)
    kernel(plan), kernel(baseline)
    years = len(plan.ground.years)

    def rate(seconds: float, of: Plan) -> str:
        count = of.source.number * years * len(of.tables.active)
        return f"{seconds / count * 1e9:7.1f} ns a household-year, {count / seconds / 1e6:6.1f} million a core-second"

    size = (
        f"{households:,} households, {years} years, {len(plan.tables.purpose)} levers, {len(plan.scenarios)} scenarios"
    )
    print(f"{size}; processor time, {rounds} rounds")
    both, alone = take_turns((partial(kernel, plan), partial(kernel, baseline)), processor_seconds, rounds)
    print(f"  all scenarios         {rate(median(both), plan)}")
    print(f"  baseline alone        {rate(median(alone), baseline)}")
    own, other = take_turns((partial(kernel, twins), partial(numpy_twin, twins)), processor_seconds, rounds)
    print(f"  NumPy twin            {rate(median(other), twins)}")
    times = median_ratio(other, own)
    print(f"  the kernel is {times:.1f} times as fast as the twin ({twins.source.number:,} households)")
    one, two = take_turns((partial(kernel, plan, 1), partial(kernel, plan, 2)), wall_seconds, rounds)
    print(f"  two threads: {median_ratio(one, two):.2f} times one (wall time)")


if __name__ == "__main__":
    np.seterr(all="raise", under="ignore")
    given = [int(argument) for argument in sys.argv[1:]]
    main(*(given + [2_000_000, 5][len(given) :]))
