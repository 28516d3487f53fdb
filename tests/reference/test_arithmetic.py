"""Own exp, log, sine and cosine against extended precision, over their whole ranges."""

import numba
import numpy as np
import pytest

from incomesim.kernel import arithmetic

RANDOM = np.random.default_rng(1)


def over(function, x):
    @numba.njit
    def loop(x):
        y = np.empty_like(x)
        for i in range(len(x)):
            y[i] = function(x[i])
        return y

    return loop(x)


def relative_error(found, exact):
    return np.abs((found.astype(np.longdouble) - exact) / exact).max()


def test_exp():
    x = np.concatenate([np.linspace(-700, 700, 200_001), RANDOM.normal(size=200_000), np.array([0.0, -0.0])])
    assert relative_error(over(arithmetic.exp, x), np.exp(x.astype(np.longdouble))) < 5e-16


def test_exp_is_held_within_its_range():
    assert np.isfinite(over(arithmetic.exp, np.array([-1e9, 1e9, -np.inf, np.inf]))).all()


def test_log():
    x = np.concatenate([10.0 ** RANDOM.uniform(-307, 308, 200_000), 1 + RANDOM.normal(size=200_000) * 1e-3])
    x = x[x != 1.0]
    assert relative_error(over(arithmetic.log, x), np.log(x.astype(np.longdouble))) < 5e-16
    assert over(arithmetic.log, np.array([1.0]))[0] == 0.0


@pytest.mark.parametrize(("own", "exact"), [(arithmetic.sine_of_turn, np.sin), (arithmetic.cosine_of_turn, np.cos)])
def test_waves(own, exact):
    u = np.concatenate([np.linspace(0, 1, 100_001), RANDOM.uniform(size=100_000)])
    pi = np.longdouble("3.14159265358979323846264338327950288")
    error = over(own, u).astype(np.longdouble) - exact(2 * pi * u.astype(np.longdouble))
    assert np.abs(error).max() < 5e-16


def test_fma_rounds_once():
    a, b = 1.0 + 2.0**-30, 1.0 - 2.0**-30
    assert a * b - 1.0 == 0.0  # two roundings lose it
    assert arithmetic.fma(a, b, -1.0) == -(2.0**-60)
    compiled = numba.njit(lambda a, b, c: arithmetic.fma(a, b, c))
    assert compiled(a, b, -1.0) == -(2.0**-60)


@pytest.mark.parametrize("name", ["exp", "log"])
def test_compiled_and_plain_python_have_the_same_bits(name):
    function = getattr(arithmetic, name)
    if not hasattr(function, "py_func"):
        pytest.skip("compilation is switched off")
    x = RANDOM.uniform(0.01, 0.99, 200)
    with np.errstate(over="ignore"):
        plain = np.array([function.py_func(value) for value in x])
    np.testing.assert_array_equal(over(function, x), plain)
