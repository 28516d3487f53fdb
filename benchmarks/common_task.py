"""The common task: incomesim beside plain NumPy, C and the other packages.

    python benchmarks/common_task.py [households] [rounds]

Prints millions of household-years in a processor second (medians), the median ratio of figures of the same
round, and the peak memory of a process of its own for each. The task is told in kernel/common_task.py. C runs
without the measures, so it stands beside the kernel without them. Peers run where they are installed.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.c_twin import compile_c  # noqa: E402

from incomesim.bench import (  # noqa: E402
    SEED,
    YEARS,
    make_weights,
    median_ratio,
    processor_seconds,
    run_kernel,
    run_numpy,
    sum_households,
    take_turns,
)

PEERS = ("starsim", "vivarium", "neworder", "hark")


def jobs(households: int, folder: Path) -> dict[str, partial[object]]:
    weight = make_weights(households)
    found: dict[str, partial[object]] = {
        "incomesim": partial(run_kernel, weight),
        "plain NumPy": partial(run_numpy, weight, YEARS),
        "incomesim, no Gini": partial(sum_households, weight, YEARS),
    }
    in_c = compile_c(folder)
    if in_c is None:
        print("C: skipped, there is no gcc")
        return found
    return {**found, "C, no Gini": partial(in_c, weight, YEARS, SEED)}


def peak_memory(name: str, households: int) -> str:
    """MiB of a process that does nothing else."""
    command = [sys.executable, __file__, "--once", name, str(households)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[-1]


def once(name: str, households: int) -> None:
    """Do one job and print the peak memory, which Linux tells of a process since it started."""
    with tempfile.TemporaryDirectory() as folder:
        jobs(households, Path(folder))[name]()
    status = Path("/proc/self/status")
    peak = [line.split()[1] for line in status.read_text().splitlines() if "VmHWM" in line] if status.exists() else []
    print(f"{int(peak[0]) / 1024:.0f}" if peak else "?")


def main(households: int, rounds: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        found = jobs(households, Path(folder))
        if "C, no Gini" in found:
            assert np.array_equal(found["C, no Gini"](), found["incomesim, no Gini"]()), "C has other bits"
            print("the histograms of C and of the kernel have the same bits")
        found["incomesim"]()  # compiles where there is no gcc
        seconds = dict(zip(found, take_turns(list(found.values()), processor_seconds, rounds), strict=True))
    print(f"{households:,} households, {YEARS} years, {rounds} rounds in turns, one thread, processor time")
    print(f"{'':<22}{'M household-years/s':>20}{'ns':>8}{'ratio':>32}{'peak MiB':>10}")
    for name, times in seconds.items():
        each = statistics.median(times) / (households * YEARS)
        rival = {"incomesim": "plain NumPy", "incomesim, no Gini": "C, no Gini"}.get(name)
        against = f"{median_ratio(seconds[rival], times):.2f} times {rival}" if rival in seconds else ""
        print(f"{name:<22}{1e-6 / each:>20.1f}{each * 1e9:>8.1f}{against:>32}{peak_memory(name, households):>10}")
    for peer in PEERS:
        run_peer(peer, households)


def run_peer(name: str, households: int) -> None:
    command = [sys.executable, str(ROOT / "benchmarks" / "peers" / f"run_{name}.py"), str(households), str(YEARS)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    print(done.stdout.strip() if done.returncode == 0 else f"{name}: skipped, {done.stderr.strip().splitlines()[-1]}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--once"]:
        once(sys.argv[2], int(sys.argv[3]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000, int(sys.argv[2]) if len(sys.argv) > 2 else 7)
