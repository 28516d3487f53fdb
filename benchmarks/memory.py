"""Peak memory of a run, each number of households in a process of its own.

    python benchmarks/memory.py [households ...]

By default a million and a hundred million synthetic households, six years, baseline and policy, two threads.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time


def child(households: int) -> None:
    from incomesim.engine import compute
    from worlds import vary

    plan = vary(households)
    start = time.perf_counter()
    compute(plan.source, plan.tables, threads=2)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{households:>13,} households: peak {peak:6.0f} MiB, {time.perf_counter() - start:6.1f} s", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        child(int(sys.argv[2]))
    else:
        for households in sys.argv[1:] or ["1000000", "100000000"]:
            subprocess.run([sys.executable, __file__, "--child", households], check=True)
