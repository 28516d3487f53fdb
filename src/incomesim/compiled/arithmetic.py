"""Elementary functions as straight-line float64 code that the compiler turns into vector code.

A call into the C maths library stops vectorisation, and its last bits differ between platforms.
These polynomials use only + - * / sqrt and the fused multiply-add, so they give the same bits on
every processor. Relative error below 1e-15 for `exp` and `log`, below 1e-14 for the waves, over the
whole ranges stated (tests/reference/test_arithmetic.py). Terms are taken in pairs, because a chain of
multiply-adds that wait for each other is what these loops spend their time on.

The coefficients are minimax: with them the largest relative error over the range is as small as it can be
for the degree (Remez exchange in 50 digits; Brisebarre & Chevillard 2007 is the same in Sollya).
"""

from __future__ import annotations

import numpy as np

from incomesim.compiled.compile import inlined
from incomesim.compiled.vectors import Real, bits_of, choose, fma, real_of

__all__ = [
    "cosine_of_turn",
    "exp",
    "exp_excess",
    "fma",
    "log",
    "log_and_excess",
    "log_of",
    "reduced",
    "sine_of_turn",
]


_ROUND = 6755399441055744.0  # 1.5 * 2^52: adding it leaves the nearest integer in the low bits
_LOG2_E = 1.4426950408889634
_LN2 = 0.6931471805599453
_LN2_HIGH = 0.6931471803691238
_LN2_LOW = 1.9082149292705877e-10
_TWO_52 = 4503599627370496.0
_BITS_OF_TWO_52 = np.uint64(0x4330000000000000)
_EXPONENT = np.uint64(52)  # where it begins
_MANTISSA = np.uint64(0x000FFFFFFFFFFFFF)
_ROOT_HALF = np.uint64(0x3FE6A09E667F3BCD)  # sqrt(1/2), rounded up
_ABOVE_ROOT_HALF = np.uint64(0x3FF0000000000000 - 0x3FE6A09E667F3BCD)  # from there to 1

# (exp(r) - 1 - r) / r^2, |r| <= ln(2) / 2
_E = (
    0.49999999999998324, 0.16666666666611554, 0.04166666666813631, 0.008333333370870308, 0.0013888888516277345,
    0.0001984118523593203, 2.4801931661752607e-05, 2.763499090031003e-06, 2.747681793215636e-07,
)  # fmt: skip

# (atanh(s) / s - 1) / t at t = s^2, |s| <= (sqrt(2) - 1) / (sqrt(2) + 1)
_L = (
    0.333333333332936, 0.2000000002613719, 0.1428570856482614, 0.1111168584686394, 0.09061821111411678,
    0.08409913054700399,
)  # fmt: skip

# sin(pi/2 q) / q and (cos(pi/2 q) - 1) / t at t = q^2, |q| <= 1/2
_S = (
    1.5707963267948895, -0.6459640975042396, 0.0796926261535334, -0.004681752566768554, 0.00016042915249393357,
    -3.556206571180545e-06,
)  # fmt: skip
_C = (
    -1.2337005501361553, 0.25366950789995935, -0.02086348073586717, 0.0009192599541460395, -2.520014305357543e-05,
    4.6553371822837575e-07,
)  # fmt: skip


@inlined
def exp(x: float) -> float:
    """Return e to the x; x is held within -700 and 700, so the result is finite and normal."""
    x = min(max(x, -700.0), 700.0)
    shifted = fma(x, _LOG2_E, _ROUND)
    k = shifted - _ROUND
    r = fma(k, -_LN2_LOW, fma(k, -_LN2_HIGH, x))
    rr = r * r
    low = fma(rr, fma(r, _E[3], _E[2]), fma(r, _E[1], _E[0]))
    high = fma(rr, fma(rr, _E[8], fma(r, _E[7], _E[6])), fma(r, _E[5], _E[4]))
    p = 1.0 + fma(rr, fma(rr * rr, high, low), r)
    power = (np.float64(shifted).view(np.int64) + np.int64(1023)) << np.int64(52)
    return p * np.int64(power).view(np.float64)


@inlined
def exp_excess(x: float) -> float:
    """Return e^x - 1 - x with all its digits near 0, where it is half the square of x; e^x is held as in `exp`."""
    less = 1.0 + x
    x = min(max(x, -700.0), 700.0)
    shifted = fma(x, _LOG2_E, _ROUND)
    k = shifted - _ROUND
    r = fma(k, -_LN2_LOW, fma(k, -_LN2_HIGH, x))
    rr = r * r
    low = fma(rr, fma(r, _E[3], _E[2]), fma(r, _E[1], _E[0]))
    high = fma(rr, fma(rr, _E[8], fma(r, _E[7], _E[6])), fma(r, _E[5], _E[4]))
    beyond = rr * fma(rr * rr, high, low)
    power = np.int64((np.float64(shifted).view(np.int64) + np.int64(1023)) << np.int64(52)).view(np.float64)
    return beyond if k == 0.0 else (1.0 + (r + beyond)) * power - less


@inlined
def log(x: float) -> float:
    """Return the natural logarithm of a positive normal number; of others, something finite without meaning."""
    k, s = reduced(x)
    st, p = _beyond_two(s)
    return fma(k, _LN2_HIGH, 2.0 * s + fma(st, p, k * _LN2_LOW))


@inlined
def reduced(x: Real) -> tuple[Real, Real]:
    """Return k and s with log(x) = k log(2) + 2 atanh(s), |s| <= 0.172: the first of two steps to a logarithm.

    A processor looks some hundred instructions ahead. Where logarithms are all that a loop is for, two loops, of a step
    each, are quicker than one.
    """
    k, m = _octave(x)
    return k, (m - 1.0) / (m + 1.0)


@inlined
def log_of(k: Real, s: Real) -> Real:
    """Return k log(2) + 2 atanh(s), for a whole k: the second step."""
    st, p = _beyond_two(s)
    return fma(k, _LN2, fma(st, p, 2.0 * s))


@inlined
def _octave(x: Real) -> tuple[Real, Real]:
    """Return a whole k and m with x = 2^k m, m from sqrt(1/2) to sqrt(2), of a positive normal x."""
    bits = bits_of(x) + _ABOVE_ROOT_HALF
    biased = real_of((bits >> _EXPONENT) | _BITS_OF_TWO_52)
    return biased - (_TWO_52 + 1023.0), real_of((bits & _MANTISSA) + _ROOT_HALF)


@inlined
def _beyond_two(s: Real) -> tuple[Real, Real]:
    """Return two factors of 2 atanh(s) - 2 s, |s| <= 0.172."""
    t = s * s
    tt = t * t
    p = fma(tt, fma(tt, fma(t, _L[5], _L[4]), fma(t, _L[3], _L[2])), fma(t, _L[1], _L[0]))
    return 2.0 * s * t, p


@inlined
def log_and_excess(ratio: Real, above: Real) -> tuple[Real, Real]:
    """Return log(ratio) and above - log(ratio) for a positive normal ratio, with above = ratio - 1 known better.

    Near 1, where above - log(ratio) is half the square of `above`, it keeps all its digits.
    """
    k, m = _octave(ratio)
    near = k == 0.0
    over = choose(near, above, m - 1.0)
    s = over / (2.0 + over)
    st, p = _beyond_two(s)
    beyond = st * p  # log = 2 s + beyond, where near
    value = fma(k, _LN2_HIGH, 2.0 * s + (beyond + k * _LN2_LOW))
    return value, choose(near, s * above - beyond, above - value)


@inlined
def sine_of_turn(u: float) -> float:
    """Return sin(2 pi u) for u in [0, 1]."""
    return _wave(u, np.int64(0))


@inlined
def cosine_of_turn(u: float) -> float:
    """Return cos(2 pi u) for u in [0, 1]."""
    return _wave(u, np.int64(1))


@inlined
def _wave(u: float, ahead: np.int64) -> float:
    """Return sin(2 pi u + ahead pi/2), with the quarters of a turn taken out exactly."""
    shifted = fma(4.0, u, _ROUND)
    q = fma(4.0, u, _ROUND - shifted)
    t = q * q
    tt = t * t
    sine = q * fma(tt, fma(tt, fma(t, _S[5], _S[4]), fma(t, _S[3], _S[2])), fma(t, _S[1], _S[0]))
    bend = fma(tt, fma(tt, fma(t, _C[5], _C[4]), fma(t, _C[3], _C[2])), fma(t, _C[1], _C[0]))
    cosine = fma(t, bend, 1.0)
    quarters = np.float64(shifted).view(np.int64) + ahead
    value = cosine if quarters & np.int64(1) else sine
    sign = (quarters & np.int64(2)) << np.int64(62)
    return np.int64(np.float64(value).view(np.int64) ^ sign).view(np.float64)
