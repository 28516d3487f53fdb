"""What is done with vectors is what NumPy does with their numbers one by one."""

import operator

import numba
import numpy as np
import pytest
from numba.core.errors import TypingError

from incomesim.compiled.compile import at
from incomesim.compiled.vectors import WIDTH, bits_of, choose, fma, load, numbers_of, real_of, spread, store

A = np.array([1.0, -2.5, 3e300, np.nan, 5e-324, 0.0])
B = np.array([3.0, 7.0, -1e-9, 2.0, -2.5, -0.0])


@pytest.mark.parametrize("function", [operator.add, operator.sub, operator.mul, operator.truediv])
def test_arithmetic(function):
    @numba.njit(error_model="numpy")
    def work(a, b, both, with_number, number_first):
        store(both, at(0), function(load(a, at(1)), load(b, at(1))))
        store(with_number, at(0), function(load(a, at(1)), 3.0))
        store(number_first, at(0), function(3.0, load(a, at(1))))

    found = [np.empty(WIDTH) for _ in range(3)]
    work(A, B, *found)
    with np.errstate(all="ignore"):
        expected = [function(A[1:5], B[1:5]), function(A[1:5], 3.0), function(3.0, A[1:5])]
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("function", [operator.lt, operator.gt, operator.eq])
def test_comparison_chooses_place_by_place_and_never_what_is_not_a_number(function):
    @numba.njit
    def work(a, b, found, with_number):
        store(found, at(0), choose(function(load(a, at(2)), load(b, at(2))), load(a, at(2)), load(b, at(2))))
        store(with_number, at(0), choose(function(load(a, at(2)), 0.0), 1.0, spread(0.0)))

    found, with_number = np.empty(WIDTH), np.empty(WIDTH)
    work(A, B, found, with_number)
    np.testing.assert_array_equal(found, np.where(function(A[2:6], B[2:6]), A[2:6], B[2:6]))
    np.testing.assert_array_equal(with_number, np.where(function(A[2:6], 0.0), 1.0, 0.0))


def test_bits():
    step, mask = np.uint64(9), np.uint64(0xFFF)

    @numba.njit
    def work(a, found):
        bits = bits_of(load(a, at(0)))
        store(found, at(0), real_of(((bits >> step) & mask) | (bits + step)))

    found = np.empty(WIDTH)
    work(A, found)
    bits = A[:WIDTH].view(np.uint64)
    np.testing.assert_array_equal(found.view(np.uint64), ((bits >> step) & mask) | (bits + step))


def test_multiply_and_add_rounds_once():
    """The square of 1 + 2^-30 has a bit that a product would lose."""
    value = 1.0 + 2.0**-30

    @numba.njit
    def work(a):
        return numbers_of(fma(load(a, at(0)), value, spread(-1.0) - 2.0**-29))

    assert work(np.array([value, 1.0, 0.0, 2.0]))[0] == 2.0**-60
    assert fma(value, value, -1.0 - 2.0**-29) == 2.0**-60


def test_a_number_is_handled_as_a_vector_of_it():
    values = np.array([0.1, -3.0])

    @numba.njit
    def work(x):
        return fma(x, 3.0, 1.0), choose(x > 0.0, x, 0.0), real_of(bits_of(x))

    for x in values:
        assert (
            work(x)
            == (fma(x, 3.0, 1.0), choose(x > 0.0, x, 0.0), real_of(bits_of(x)))
            == (fma(x, 3.0, 1.0), max(x, 0.0), x)
        )


@pytest.mark.parametrize("values", [np.empty(8)[::2], np.empty(4, np.float32), np.empty((2, 4))])
def test_only_a_contiguous_row_holds_vectors(values):
    @numba.njit
    def work(values):
        return numbers_of(load(values, at(0)))

    with pytest.raises(TypingError, match="contiguous row of float64"):
        work(values)


def test_what_is_read_only_stays_as_it_is():
    @numba.njit
    def work(values):
        store(values, at(0), spread(7.0))

    with pytest.raises(TypingError, match="read only"):
        work(np.frombuffer(bytes(32)))


def test_python_does_the_same():
    """So that loops run without the compiler."""
    zero, one = np.uint64(0), np.uint64(1)

    def work(a, b):
        low, x = load(a, one), load(b, one)
        chosen = choose(low < x, fma(low, x, spread(0.1)), real_of(bits_of(x)))
        store(a, zero, chosen)
        return numbers_of(chosen)

    first, second = A.copy(), A.copy()
    np.testing.assert_array_equal(work(first, B), numba.njit(work)(second, B))
    np.testing.assert_array_equal(first, second)
