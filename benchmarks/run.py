"""What a user waits for: the import, and the main job from start to report, each in a fresh process.

    python benchmarks/run.py

Prints medians of wall and processor seconds and the peak memory of each process.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
SCENARIO = str(ROOT / "scenarios" / "panzhihua-2025.yaml")


def measure(arguments: list[str]) -> tuple[float, float, float]:
    """Wall seconds, processor seconds and peak MiB of one process."""
    start = time.perf_counter()
    process = subprocess.Popen([sys.executable, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{' '.join(arguments)} failed with status {status}")
    return time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def report(name: str, arguments: list[str], rounds: int) -> None:
    runs = [measure(arguments) for _ in range(rounds)]
    wall, processor, memory = (statistics.median(column) for column in zip(*runs, strict=True))
    print(f"{name:<44} {wall:7.2f} s wall {processor:7.2f} s processor {memory:7.0f} MiB", flush=True)


def main() -> None:
    report("python -c pass", ["-c", "pass"], 5)
    report("import incomesim", ["-c", "import incomesim"], 5)
    report("import numpy, numba, pandas (for comparison)", ["-c", "import numpy, numba, pandas"], 5)
    report("incomesim check", ["-m", "incomesim", "check", SCENARIO], 5)
    with tempfile.TemporaryDirectory() as folder:
        job = ["-m", "incomesim", "run", SCENARIO, "--quiet", "--out", folder]
        measure([*job, "--set", "population.households=1000"])  # compile, once
        for households in ("10_000", "100_000", "all"):
            report(f"run, {households} households", [*job, "--set", f"population.households={households}"], 3)


if __name__ == "__main__":
    main()
