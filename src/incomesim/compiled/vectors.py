"""Vectors of four numbers, written out: for loops in which the compiler does not find them, or loses them.

It makes vector code of most loops by itself. Of several sums in one loop it makes a store and a load for each row;
a sum that is a vector stays in a register. The width is the same on every processor, so the bits are too: one with
narrower registers takes two for a vector.

To Python, the reader and the type checker a vector is an array of four numbers; in compiled code a number that meets a
vector becomes one.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from fractions import Fraction
from typing import Any, TypeVar, cast

import numpy as np
from llvmlite import ir
from numba import types
from numba.core.cgutils import get_or_insert_function
from numba.core.errors import TypingError
from numba.core.typeconv import Conversion
from numba.core.typing import signature
from numba.extending import intrinsic, lower_builtin, lower_cast, models, overload, register_model, type_callable
from numpy.typing import NDArray

__all__ = ["WIDTH", "Real", "bits_of", "choose", "fma", "load", "numbers_of", "real_of", "spread", "store"]

Reals = NDArray[np.float64]
Real = TypeVar("Real", float, Reals)
"""A number or a vector."""

WIDTH = 4


class Vector(types.Type):
    """Numba's name for vectors of numbers of a kind."""

    def __init__(self, number: Any, in_code: ir.Type) -> None:
        self.number, self.in_code = number, ir.VectorType(in_code, WIDTH)
        super().__init__(f"vector of {number}")

    def can_convert_from(self, _context: Any, other: Any) -> Conversion | None:
        return Conversion.safe if other == self.number else None


REALS = Vector(types.float64, ir.DoubleType())
WORDS = Vector(types.uint64, ir.IntType(64))
FLAGS = Vector(types.boolean, ir.IntType(1))


@register_model(Vector)
class _Model(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: Vector) -> None:
        super().__init__(manager, kind, kind.in_code)


@lower_cast(types.float64, REALS)
@lower_cast(types.uint64, WORDS)
def _splat(_context: Any, builder: Any, _number: Any, kind: Vector, value: Any) -> Any:
    """Return the code for a vector of one number four times."""
    nothing = ir.Constant(kind.in_code, ir.Undefined)
    first = builder.insert_element(nothing, value, ir.Constant(ir.IntType(32), 0))
    return builder.shuffle_vector(first, nothing, ir.Constant(ir.VectorType(ir.IntType(32), WIDTH), [0] * WIDTH))


def _define(function: Callable[..., Any], kind: Vector, result: Vector, generate: Callable[..., Any]) -> None:
    """Let an operator take two vectors of a kind, or one and a number."""
    numbers = {kind, kind.number}

    @type_callable(function)
    def _(_context: Any) -> Any:
        return lambda a, b: signature(result, kind, kind) if kind in (a, b) and {a, b} <= numbers else None

    @lower_builtin(function, kind, kind)
    def _(_context: Any, builder: Any, _signature: Any, values: Any) -> Any:
        return generate(builder, *values)


_define(operator.add, REALS, REALS, ir.IRBuilder.fadd)
_define(operator.sub, REALS, REALS, ir.IRBuilder.fsub)
_define(operator.mul, REALS, REALS, ir.IRBuilder.fmul)
_define(operator.truediv, REALS, REALS, ir.IRBuilder.fdiv)
_define(operator.lt, REALS, FLAGS, lambda builder, a, b: builder.fcmp_ordered("<", a, b))
_define(operator.gt, REALS, FLAGS, lambda builder, a, b: builder.fcmp_ordered(">", a, b))
_define(operator.eq, REALS, FLAGS, lambda builder, a, b: builder.fcmp_ordered("==", a, b))
_define(operator.add, WORDS, WORDS, ir.IRBuilder.add)
_define(operator.and_, WORDS, WORDS, ir.IRBuilder.and_)
_define(operator.or_, WORDS, WORDS, ir.IRBuilder.or_)
_define(operator.rshift, WORDS, WORDS, ir.IRBuilder.lshr)


def spread(number: float) -> Reals:
    """Return a vector of a number four times."""
    return np.full(WIDTH, number)


def load(values: Reals, index: np.uint64) -> Reals:
    """Return the vector of four numbers of a contiguous array from an index on."""
    return values[int(index) : int(index) + WIDTH].copy()


def store(values: Reals, index: np.uint64, vector: Reals) -> None:
    """Put a vector into a contiguous array from an index on."""
    values[int(index) : int(index) + WIDTH] = vector


def numbers_of(vector: Reals) -> tuple[float, float, float, float]:
    """Return the four numbers of a vector."""
    a, b, c, d = vector.tolist()
    return a, b, c, d


def fma(a: Real, b: Real | float, c: Real | float) -> Real:
    """Return a*b + c rounded once, of numbers or, place by place, of vectors.

    Compiled to one instruction where the processor has it.
    """
    exact = _fma_exactly(a, b, c)
    return cast(Real, exact if exact.ndim else float(exact))


@np.vectorize(otypes=[np.float64])
def _fma_exactly(a: float, b: float, c: float) -> float:
    if not np.isfinite([a, b, c]).all():
        return a * b + c
    return float(Fraction(a) * Fraction(b) + Fraction(c))


def bits_of(number: Any) -> Any:
    """Return the bits of a number or vector as whole numbers of 64 bits."""
    return np.float64(number).view(np.uint64)


def real_of(bits: Any) -> Any:
    """Return the number or vector that has these bits."""
    return np.uint64(bits).view(np.float64)


def choose(flag: Any, one: Real, other: Real | float) -> Real:
    """Return one where the flag is up, else the other, of numbers or, place by place, of vectors."""
    chosen = np.where(flag, one, other)
    return cast(Real, chosen if chosen.ndim else float(chosen))


@intrinsic
def _spread(_context: Any, number: Any) -> Any:
    return REALS(types.float64), lambda context, builder, _, values: _splat(context, builder, number, REALS, values[0])


@intrinsic
def _load(_context: Any, values: Any, index: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        vector = builder.load(_place(context, builder, signature, arguments))
        vector.align = REALS.number.bitwidth // 8
        return vector

    return REALS(_contiguous(values), types.uint64), generate


@intrinsic
def _store(_context: Any, values: Any, index: Any, vector: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        stored = builder.store(arguments[2], _place(context, builder, signature, arguments))
        stored.align = REALS.number.bitwidth // 8
        return context.get_dummy_value()

    if not _contiguous(values).mutable:
        raise TypingError(f"a vector cannot be put into what is read only, {values}")
    return types.none(values, types.uint64, REALS), generate


@intrinsic
def _numbers_of(_context: Any, vector: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        numbers = [builder.extract_element(values[0], ir.Constant(ir.IntType(32), place)) for place in range(WIDTH)]
        return context.make_tuple(builder, signature.return_type, numbers)

    return types.UniTuple(REALS.number, WIDTH)(REALS), generate


def _contiguous(values: Any) -> Any:
    if not isinstance(values, types.Array) or (values.dtype, values.ndim, values.layout) != (REALS.number, 1, "C"):
        raise TypingError(f"a vector stands in a contiguous row of float64, not in {values}")
    return values


def _place(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    """The address of a vector in an array."""
    array = context.make_array(signature.args[0])(context, builder, arguments[0])
    return builder.bitcast(builder.gep(array.data, [arguments[1]]), REALS.in_code.as_pointer())


@intrinsic
def _fma_of_numbers(_context: Any, a: Any, b: Any, c: Any) -> Any:
    kind = types.float64
    return kind(kind, kind, kind), lambda _, builder, __, values: builder.fma(*values)


@intrinsic
def _fma_by_place(_context: Any, a: Any, b: Any, c: Any) -> Any:
    def generate(_context: Any, builder: Any, _signature: Any, values: Any) -> Any:
        kind = ir.FunctionType(REALS.in_code, [REALS.in_code] * 3)
        return builder.call(get_or_insert_function(builder.module, kind, f"llvm.fma.v{WIDTH}f64"), values)

    return REALS(REALS, REALS, REALS), generate


@intrinsic
def _bits_of_vector(_context: Any, vector: Any) -> Any:
    return WORDS(REALS), lambda _, builder, __, values: builder.bitcast(values[0], WORDS.in_code)


@intrinsic
def _vector_of_bits(_context: Any, words: Any) -> Any:
    return REALS(WORDS), lambda _, builder, __, values: builder.bitcast(values[0], REALS.in_code)


@intrinsic
def _choose_by_place(_context: Any, flags: Any, one: Any, other: Any) -> Any:
    return REALS(FLAGS, REALS, REALS), lambda _, builder, __, values: builder.select(*values)


@overload(spread)
def _spread_compiled(number):  # type: ignore[no-untyped-def]  # Numba compares this signature with the next
    return lambda number: _spread(number)


@overload(load)
def _load_compiled(values, index):  # type: ignore[no-untyped-def]
    return lambda values, index: _load(values, index)


@overload(store)
def _store_compiled(values, index, vector):  # type: ignore[no-untyped-def]
    return lambda values, index, vector: _store(values, index, vector)


@overload(numbers_of)
def _numbers_compiled(vector):  # type: ignore[no-untyped-def]
    return lambda vector: _numbers_of(vector)


@overload(fma)
def _fma_compiled(a, b, c):  # type: ignore[no-untyped-def]
    if REALS in (a, b, c):
        return lambda a, b, c: _fma_by_place(a, b, c)
    return lambda a, b, c: _fma_of_numbers(a, b, c)


@overload(bits_of)
def _bits_compiled(number):  # type: ignore[no-untyped-def]
    if number == REALS:
        return lambda number: _bits_of_vector(number)
    return lambda number: np.float64(number).view(np.uint64)


@overload(real_of)
def _real_compiled(bits):  # type: ignore[no-untyped-def]
    if bits == WORDS:
        return lambda bits: _vector_of_bits(bits)
    return lambda bits: np.uint64(bits).view(np.float64)


@overload(choose)
def _choose_compiled(flag, one, other):  # type: ignore[no-untyped-def]
    if flag == FLAGS:
        return lambda flag, one, other: _choose_by_place(flag, one, other)
    return lambda flag, one, other: one if flag else other
