"""The yearly step beside its NumPy twin: same households, same draws, same process, one core, interleaved.

    python benchmarks/step.py [households]

Prints processor nanoseconds for a household-year of both scenarios, the median of the paired ratios, and
how the cost grows with households, years, levers and threads.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from tests.reference import twin  # noqa: E402

from incomesim import load_scenario  # noqa: E402
from incomesim.engine import compute  # noqa: E402
from incomesim.plan import Plan, make_plan  # noqa: E402
from incomesim.published import read_facts  # noqa: E402
from incomesim.scenario import Scenario  # noqa: E402
from incomesim.simulation import build_population  # noqa: E402

ROUNDS = 7
FILE = ROOT / "scenarios" / "panzhihua-2025.yaml"


def planned(households: int, change=lambda scenario: scenario) -> Plan:
    scenario: Scenario = change(load_scenario(FILE, [f"population.households={households}"]))
    facts = read_facts(scenario.population.place)
    return make_plan(scenario, build_population(scenario, facts)[0], facts)


def kernel(plan: Plan, threads: int = 1) -> None:
    compute(plan.rows, plan.tables, threads=threads)


def numpy_twin(plan: Plan) -> None:
    for scenario in (0, 1):
        twin.run(plan.rows, plan.tables, scenario)


def seconds(clock, job, *arguments) -> float:
    start = clock()
    job(*arguments)
    return clock() - start


def household_years(plan: Plan) -> int:
    return len(plan.rows.age) * len(plan.ground.years)


def cost(plan: Plan) -> float:
    """Processor nanoseconds for a household-year of both scenarios, median."""
    kernel(plan)
    times = [seconds(time.process_time, kernel, plan) for _ in range(ROUNDS)]
    return statistics.median(times) / household_years(plan) * 1e9


def main(households: int) -> None:
    plan = planned(households)
    kernel(plan)
    pairs = [
        (seconds(time.process_time, kernel, plan), seconds(time.process_time, numpy_twin, plan)) for _ in range(ROUNDS)
    ]
    per = 1e9 / household_years(plan)
    print(f"{households:,} households, {len(plan.ground.years)} years, 7 levers, baseline and policy, one core")
    print(f"  kernel     {statistics.median(own for own, _ in pairs) * per:8.1f} ns per household-year")
    print(f"  NumPy twin {statistics.median(other for _, other in pairs) * per:8.1f} ns per household-year")
    ratio = statistics.median(other / own for own, other in pairs)
    print(f"  the kernel is {ratio:.1f} times as fast (median of {ROUNDS} interleaved pairs)")

    wall = [
        (seconds(time.perf_counter, kernel, plan, 1), seconds(time.perf_counter, kernel, plan, 2))
        for _ in range(ROUNDS)
    ]
    print(f"  two threads: {statistics.median(one / two for one, two in wall):.2f} times one")

    print("cost, ns per household-year of both scenarios")
    for n in (10_000, 50_000, 200_000):
        print(f"  {n:>9,} households {cost(planned(n)):8.1f}")
    for levers in (0, 2, 4, 7):
        case = planned(households, lambda s, k=levers: s.model_copy(update={"policy": s.policy[:k]}))
        print(f"  {levers:>9} levers     {cost(case):8.1f}")
    for years in (2, 4, 6):

        def shorter(s: Scenario, k: int = years) -> Scenario:
            last = s.years[0] + k
            kept = [lever.model_copy(update={"years": range(2022, max(last, 2023))}) for lever in s.policy]
            return s.model_copy(update={"years": range(s.years[0], last), "policy": kept})

        print(f"  {years:>9} years      {cost(planned(households, shorter)):8.1f}")


if __name__ == "__main__":
    np.seterr(all="raise", under="ignore")
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
