"""From published tables to households: seconds, beside the yearly step of the same households in the same run.

    python benchmarks/population.py

Medians of wall seconds of the joint table and the shapes, of drawing and weighting, and of both together, for the
households of Panzhihua (all 482,951) and samples; then Sichuan and the 31 provinces of China.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from incomesim import load_scenario  # noqa: E402
from incomesim.engine import available_threads, compile_kernel, compute  # noqa: E402
from incomesim.plan import make_plan  # noqa: E402
from incomesim.population import draw_households, synthesise  # noqa: E402
from incomesim.published import read_facts  # noqa: E402

ROUNDS = 5


def measure(scenario_file: str, households: int) -> None:
    scenario = load_scenario(ROOT / "scenarios" / scenario_file, [f"population.households={households}"])
    wanted = scenario.population
    facts = read_facts(wanted.place, scenario.years[0])
    times: list[tuple[float, float, float]] = []
    for turn in range(ROUNDS + 1):
        start = time.perf_counter()
        blueprint = synthesise(wanted, facts)
        tables = time.perf_counter()
        population, _ = draw_households(blueprint, wanted, facts, scenario.seed, households)
        drawn = time.perf_counter()
        plan = make_plan(scenario, population, facts)
        compile_kernel(plan.tables)
        begin = time.perf_counter()
        compute(plan.source, plan.tables, threads=available_threads())
        if turn:  # the first one loads and compiles
            times.append((tables - start, drawn - tables, time.perf_counter() - begin))
    made, weighted, stepped = (statistics.median(column) for column in zip(*times, strict=True))
    print(
        f"{scenario_file:<22} {households:>9,} households: tables {made:5.2f} s, drawing and weights "
        f"{weighted:5.2f} s, together {made + weighted:5.2f} s; all years of the run {stepped:5.2f} s",
        flush=True,
    )


def main() -> None:
    for households in (12_000, 120_000, 482_951):
        measure("panzhihua-2025.yaml", households)
    measure("sichuan-2023.yaml", 482_951)
    measure("china-2023.yaml", 482_951)


if __name__ == "__main__":
    main()
