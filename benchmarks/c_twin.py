"""The common task in C (common_task.c): compiled on the spot where there is gcc, called through ctypes."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np

from incomesim.kernel.common_task import empty_histogram

SOURCE = Path(__file__).parent / "common_task.c"
FLAGS = ("-O3", "-march=native", "-ffp-contract=off", "-fno-math-errno", "-fno-trapping-math", "-shared", "-fPIC")

SumHouseholds = Callable[[np.ndarray, int, int], np.ndarray]


def compile_c(folder: Path) -> SumHouseholds | None:
    """Return (weight, years, seed) -> histogram (T, H, 2), or None where there is no gcc."""
    compiler = shutil.which("gcc")
    if compiler is None:
        return None
    library = folder / "common_task.so"
    subprocess.run([compiler, *FLAGS, str(SOURCE), "-o", str(library), "-lm"], check=True)
    function = ctypes.CDLL(str(library)).advance_common_task
    whole, word, array = ctypes.c_int64, ctypes.c_uint64, ctypes.c_void_p
    function.argtypes, function.restype = [word, array, whole, word, whole, whole, array], None

    def sum_households(weight: np.ndarray, years: int, seed: int) -> np.ndarray:
        histogram = empty_histogram(years)
        function(0, weight.ctypes.data, len(weight), seed, years, histogram.shape[1], histogram.ctypes.data)
        return histogram

    return sum_households
