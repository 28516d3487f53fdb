"""Own exp, log, sine and cosine against extended precision, over their whole ranges."""

import math
from types import FunctionType

import numba
import numpy as np
import pytest

from incomesim.compiled import arithmetic
from incomesim.kernel.philox import fill_normals

RANDOM = np.random.default_rng(1)


def over(function, x):
    function = function if hasattr(function, "py_func") else numba.njit(function)

    @numba.njit
    def loop(x):
        y = np.empty_like(x)
        for i in range(len(x)):
            y[i] = function(x[i])
        return y

    return loop(x)


def in_python(function):
    """The function as Python runs it, with all that it calls: parts of loops cannot be called from Python."""
    called = function.py_func.__code__.co_names
    known = {name: value for name, value in function.py_func.__globals__.items() if name in called}
    known = {name: in_python(value) if hasattr(value, "py_func") else value for name, value in known.items()}
    return FunctionType(function.py_func.__code__, known)


def relative_error(found, exact):
    return np.abs((found.astype(np.longdouble) - exact) / exact).max()


def test_exp():
    x = np.concatenate([np.linspace(-700, 700, 400_001), RANDOM.normal(size=200_000), np.array([0.0, -0.0])])
    assert relative_error(over(arithmetic.exp, x), np.exp(x.astype(np.longdouble))) < 1e-15


def test_exp_is_held_within_its_range():
    edges = over(arithmetic.exp, np.array([-1e9, 1e9, -np.inf, np.inf, -700.0, 700.0]))
    assert np.isfinite(edges).all()
    np.testing.assert_array_equal(edges[:4], edges[[4, 5, 4, 5]])
    assert over(arithmetic.exp, np.array([5e-324]))[0] == 1.0


def test_log():
    """Every octave of the normal numbers, the middle of the one around 1 most of all."""
    octaves = np.ldexp(RANDOM.uniform(1, 2, (2046, 200)), np.arange(-1022, 1024)[:, None]).ravel()
    near_one = 1 + np.concatenate(
        [RANDOM.normal(size=200_000) * 1e-3, 2.0 ** -np.arange(1, 53), -(2.0 ** -np.arange(1, 54))]
    )
    turn = np.sqrt(0.5) * (1 + np.arange(-50, 51) * 2.0**-53)  # where the exponent changes
    ends = np.array([np.finfo(float).tiny, np.finfo(float).max])
    x = np.concatenate([octaves, near_one, turn, ends])
    x = x[x != 1.0]
    exact = np.log(x.astype(np.longdouble))
    assert relative_error(over(arithmetic.log, x), exact) < 1e-15
    assert relative_error(over(lambda x: arithmetic.log_of(*arithmetic.reduced(x)), x), exact) < 1e-15
    assert over(arithmetic.log, np.array([1.0]))[0] == 0.0


def test_log_of_what_has_none_is_finite():
    """Zero, numbers below the normal ones and negative ones stop nothing; callers hand over none."""
    assert np.isfinite(over(arithmetic.log, np.array([0.0, -0.0, 5e-324, 1e-310, -1.0]))).all()


def test_what_exp_and_log_leave_over_keeps_its_digits_near_0():
    """e^x - 1 - x and d - log(1 + d) are half of a square there; taken as differences nothing would be left of them."""
    x = np.concatenate([RANDOM.normal(size=20_000) * 10.0 ** RANDOM.uniform(-9, 1, 20_000), [0.3465, 0.3466, -0.3466]])
    series = sum(x.astype(np.longdouble) ** k / math.factorial(k) for k in range(2, 12))
    exact = np.where(np.abs(x) < 0.01, series, np.expm1(x.astype(np.longdouble)) - x)
    assert relative_error(over(arithmetic.exp_excess, x), exact) < 1e-13

    d = np.concatenate([RANDOM.uniform(-0.99, 9.0, 20_000), 10.0 ** RANDOM.uniform(-9, -2, 20_000), [0.4142, -0.2929]])
    wide = d.astype(np.longdouble)
    series = sum((-wide) ** k / k for k in range(2, 16))
    exact = np.where(np.abs(d) < 0.01, series, wide - np.log1p(wide))
    assert relative_error(over(lambda d: arithmetic.log_and_excess(1.0 + d, d)[1], d), exact) < 1e-13
    assert relative_error(over(lambda d: arithmetic.log_and_excess(1.0 + d, d)[0], d), np.log1p(wide)) < 1e-13


def exact_wave(wave, u):
    """sin or cos of 2 pi u with whole quarters taken out before anything is rounded."""
    pi = np.longdouble("3.14159265358979323846264338327950288")
    quarters = np.rint(4.0 * u)
    r = (4.0 * u.astype(np.longdouble) - quarters) * (pi / 2)
    turned = quarters.astype(int) + (1 if wave is np.cos else 0)
    value = np.where(turned % 2 == 0, np.sin(r), np.cos(r))
    return np.where(turned % 4 < 2, value, -value)


@pytest.mark.parametrize(("own", "wave"), [(arithmetic.sine_of_turn, np.sin), (arithmetic.cosine_of_turn, np.cos)])
def test_waves(own, wave):
    """Relative to the wave itself, also where it passes 0."""
    steps = np.concatenate([k / 8 + np.arange(-2000, 2001) * 2.0**-33 for k in range(9)])
    u = np.concatenate([np.linspace(0, 1, 200_001), RANDOM.uniform(size=200_000), steps[(steps >= 0) & (steps <= 1)]])
    found, exact = over(own, u), exact_wave(wave, u)
    zero = exact == 0.0
    np.testing.assert_array_equal(found[zero], 0.0)
    assert relative_error(found[~zero], exact[~zero]) < 1e-14


def test_normals_over_all_words():
    """Box & Muller from the first to the last word; every 4,099th between, and the ends word by word."""
    ends = np.concatenate([np.arange(5000), 2**32 - 1 - np.arange(5000)])
    middle = np.arange(0, 2**32, 4099)
    words = np.concatenate([ends, middle]).astype(np.uint64)
    pairs = np.array([words, RANDOM.permutation(words)])
    first, second = np.empty(len(words)), np.empty(len(words))

    @numba.njit
    def fill(words, first, second):
        fill_normals(words, 0, first, second, len(first))

    fill(pairs, first, second)
    u, turn = (pairs.astype(np.longdouble) + np.longdouble(0.5)) / np.longdouble(2) ** 32
    radius = np.sqrt(-2 * np.log(u))
    for found, wave in ((first, np.cos), (second, np.sin)):
        assert relative_error(found, radius * exact_wave(wave, turn.astype(float))) < 2e-14


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
        plain = np.array([in_python(function)(value) for value in x])
    np.testing.assert_array_equal(over(function, x), plain)
