"""What another process of Python prints, in which Numba makes other code, or none."""

import os
import subprocess
import sys
from pathlib import Path

OTHER_CODE = ["NUMBA_DISABLE_JIT=1", "NUMBA_CPU_NAME=generic"]
"""No compiler; a processor with narrow registers and no instruction that multiplies and adds."""


def printed_under(setting, code, cache):
    """What the code prints where a variable of the environment is set; `cache` is a folder for its machine code."""
    name, value = setting.split("=")
    done = subprocess.run(
        [sys.executable, "-c", f"import numpy as np; np.seterr(over='ignore')\n{code}"],
        cwd=Path(__file__).parents[1],
        env={**os.environ, name: value, "INCOMESIM_CACHE_DIR": str(cache)},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()
