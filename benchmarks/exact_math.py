"""Exponential and logarithm that give the same bits on every machine.

NumPy's own differ in the last bit between processors (AVX2, AVX-512, NEON), and training amplifies that. These use
only additions, multiplications, divisions and scalings by powers of two, each of which IEEE 754 rounds in one way. They
agree with the exact values to about 1e-15, relative.

Example: exact_exp(1.0) = 2**1 * (1 + r + r²/2 + ...) with r = 1 - ln 2 = 0.30685..., which is 2.718281828459045.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_LN2_HIGH = float.fromhex("0x1.62e42fee00000p-1")
_LN2_LOW = float.fromhex("0x1.a39ef35793c76p-33")
"""ln 2 in two parts, the first so short that its product with a small whole number is exact (Cody and Waite 1980)."""
_LEAST = -700.0
_TAYLOR = [1.0 / math.factorial(n) for n in range(13, -1, -1)]


def exact_exp(x: NDArray[np.floating]) -> Floats:
    """Return e to the power of x, 0 below -700; x at most 700."""
    x = np.asarray(x, dtype=np.float64)
    low = x < _LEAST
    x = np.where(low, 0.0, x)
    power = np.rint(x * (1.0 / math.log(2.0)))
    rest = (x - power * _LN2_HIGH) - power * _LN2_LOW
    result = np.full_like(rest, _TAYLOR[0])
    for factor in _TAYLOR[1:]:
        result = result * rest + factor
    return np.where(low, 0.0, np.ldexp(result, power.astype(np.int64)))


def exact_log(x: Floats) -> Floats:
    """Return the natural logarithm of positive x: exponent and twice the series of artanh((m - 1) / (m + 1))."""
    mantissa, power = np.frexp(x)
    small = mantissa < math.sqrt(0.5)
    mantissa = np.where(small, mantissa * 2.0, mantissa)
    power = power - small
    ratio = (mantissa - 1.0) / (mantissa + 1.0)
    square = ratio * ratio
    series = np.full_like(ratio, 1.0 / 25.0)
    for odd in range(23, 0, -2):
        series = series * square + 1.0 / odd
    result: Floats = 2.0 * ratio * series + power * _LN2_LOW + power * _LN2_HIGH
    return result


def exact_sum(values: Floats) -> float:
    """Return the correctly rounded sum, whatever the order."""
    return math.fsum(values.tolist())
