"""The hot loops are vector code: four doubles or four products of words to an instruction, no call into libm.

A stage that somebody makes hot belongs in STAGES, with arguments of the kinds it is called with and the
instructions it cannot do its work without.
"""

import math
import re

import llvmlite.binding
import numba
import numpy as np
import pytest

from incomesim.compiled.compile import stage
from incomesim.kernel import common_task
from incomesim.kernel.accumulate import measure, new_measured
from incomesim.kernel.common_task import new_common_work
from incomesim.kernel.earnings import earn, new_earners, new_incomes, per_head
from incomesim.kernel.latents import mix, new_latents
from incomesim.kernel.philox import draw_words, fill_normals, fill_uniforms
from incomesim.measures.loops.moments import add_moments
from incomesim.measures.passes import rows_of

REALS, WORDS, WORD = np.empty(1), np.empty((4, 1), np.uint64), np.uint64(0)
TABLE = np.empty((1, 4))
ROWS = rows_of(REALS, REALS)

STAGES = {
    "draw_words": (draw_words, (WORD, WORDS[0], WORD, WORD, WORDS, 1), ["vpmuludq"]),
    "fill_uniforms": (fill_uniforms, (WORDS, 0, REALS, 1), ["vaddpd", "vmulpd"]),
    "fill_normals": (fill_normals, (WORDS, 0, REALS, REALS, 1), ["vfmadd", "vdivpd", "vsqrtpd"]),
    "mix": (mix, (REALS, 0.0, 1.0, new_latents(1), 1), ["vaddpd", "vmulpd"]),
    "earn": (earn, (new_earners(1), TABLE, TABLE, TABLE, REALS, REALS, new_incomes(1), 1), ["vfmadd", "vdivpd"]),
    "per_head": (per_head, (new_incomes(1), REALS, REALS, 1), ["vaddpd", "vdivpd"]),
    "earn in the common task": (common_task._earn, (new_common_work(1), 1), ["vfmadd", "vmulpd"]),
    "measure in the common task": (common_task._measure, (REALS, new_common_work(1), 1), ["vmulpd", "vpsubq"]),
    "measure": (measure, (REALS, new_incomes(1), 6, 9, new_measured(1), 1), ["vmulpd", "vpaddq"]),
    # compiled anew: kept code cannot be looked at
    "moments": (
        stage(add_moments.py_func),
        (ROWS, 1.0, False, 0, 1, REALS, TABLE),
        ["vfmadd", "vdivpd", "vminpd", "vmaxpd"],
    ),
}

pytestmark = [
    pytest.mark.skipif(
        not all(llvmlite.binding.get_host_cpu_features().get(feature) for feature in ("avx2", "fma")),
        reason="the processor has no AVX2",
    ),
    pytest.mark.skipif(
        bool(numba.config.CPU_NAME or numba.config.DISABLE_JIT or numba.config.BOUNDSCHECK),
        reason="Numba is told to make other code than for this processor",
    ),
]


def assembly(function, arguments):
    signature = tuple(numba.typeof(argument) for argument in arguments)
    function.compile(signature)
    (text,) = (text for known, text in function.inspect_asm().items() if tuple(known) == signature)
    return text


def missing(text, instructions):
    """Those of the instructions that the code does not do on vectors of 256 bits or more."""
    return [name for name in instructions if not re.search(rf"\b{name}\w*\s.*%[yz]mm", text)]


def libm_calls(text):
    return re.findall(r"\b(?:exp|log|sin|cos|pow)\b", text)


@pytest.mark.parametrize("name", STAGES)
def test_loop_is_vector_code(name):
    function, arguments, instructions = STAGES[name]
    text = assembly(function, arguments)
    assert missing(text, instructions) == []
    assert libm_calls(text) == []


@stage
def call_into_libm(values, n):
    for i in range(n):
        values[i] = 2.0 * math.exp(values[i]) + 1.0


@stage
def wait_for_the_one_before(values, n):
    for i in range(1, n):
        values[i] = 2.0 * values[i - 1] + values[i]


def test_a_loop_that_is_not_is_noticed():
    assert missing(assembly(wait_for_the_one_before, (REALS, 1)), ["vmulpd", "vaddpd"]) == ["vmulpd", "vaddpd"]


def test_a_call_into_libm_is_noticed():
    """The compiler may do the rest of such a loop on vectors, so looking for these is not enough."""
    assert libm_calls(assembly(call_into_libm, (REALS, 1)))
