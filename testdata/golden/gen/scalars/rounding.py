"""The float64 nearest to a real number, ties to even, with subnormals and overflow."""

import math

from mpmath import mp, mpf

from arithmetic import decimal_string, require

MIN_EXPONENT = -1074  # of the smallest subnormal
LARGEST = float.fromhex("0x1.fffffffffffffp+1023")
_UNCERTAINTY = mpf(10) ** -300

# Decimals in the vectors have exponents of at most six digits.
_DECIMAL_EXPONENT = 999999


def _split(x):
    """|x| as mantissa * 2^exponent with the unit in the last place of the float64 near it."""
    mantissa, exponent = int(x.man), int(x.exp)
    unit = max(mantissa.bit_length() + exponent - 53, MIN_EXPONENT)
    return mantissa, exponent - unit, unit


def nearest(x):
    """x, taken as exact, rounded to float64."""
    if x == 0:
        return 0.0
    mantissa, shift, unit = _split(x)
    if shift >= 0:
        quotient = mantissa << shift
    elif -shift > mantissa.bit_length() + 1:
        quotient = 0
    else:
        quotient, rest = divmod(mantissa, 1 << -shift)
        half = 1 << (-shift - 1)
        quotient += rest > half or (rest == half and quotient % 2 == 1)
    # Adding one may make the quotient 2^53, which is still exact.
    try:
        magnitude = math.ldexp(quotient, unit)
    except OverflowError:
        magnitude = math.inf
    return -magnitude if x < 0 else magnitude


def from_midpoint(x):
    """The distance of x from the nearest midpoint between float64, relative to x."""
    mantissa, shift, _ = _split(x)
    if shift >= 0 or -shift > mantissa.bit_length() + 1:
        return mpf(1)  # no midpoint is near
    rest = mantissa % (1 << -shift)
    return mpf(abs(rest - (1 << (-shift - 1)))) / mantissa


def is_tie(x):
    return x != 0 and from_midpoint(x) == 0


def certain(f):
    """f() and the float64 nearest to it; f is evaluated at two precisions.

    Where its neighbours would be rounded otherwise, the value has to be a short binary fraction
    that more digits do not change.
    """
    value = f()
    with mp.extradps(100):
        finer = f()
    require(abs(value - finer) <= abs(finer) * _UNCERTAINTY, "a value wants more digits")
    rounded = nearest(value)
    if any(nearest(value * (1 + e)) != rounded for e in (_UNCERTAINTY, -_UNCERTAINTY)):
        require(value == finer and int(value.man).bit_length() <= 1100,
                "rounding is within the error of the computation")
    return value, rounded


def decimal(x):
    """The decimal of x, or None if it is not zero but beyond the exponents of the vectors."""
    if x != 0 and abs(mp.mag(x)) > _DECIMAL_EXPONENT * 3.32:
        return None
    return decimal_string(x)


def check():
    """Against literals, which Python rounds correctly."""
    tiny = mpf(2) ** MIN_EXPONENT
    for x, want in ((mpf(1) / 3, 1 / 3), (tiny / 2, 0.0), (tiny * 3 / 4, 5e-324),
                    (tiny * 3 / 2, 1e-323), (-tiny / 4, -0.0), (mpf(LARGEST), LARGEST),
                    (mpf(2) ** 1024, math.inf), (mpf(2) ** 53 + 1, 2.0 ** 53),
                    (mpf(2) ** 53 + 3, 2.0 ** 53 + 4), (mpf(2) ** 1024 - mpf(2) ** 970, math.inf),
                    (mpf(2) ** 1024 - mpf(2) ** 970 - mpf(2) ** 900, LARGEST),
                    (mpf("1e-310"), 1e-310),
                    (mpf(2) ** -1022 - tiny / 2, 2.0 ** -1022)):
        require(nearest(x).hex() == want.hex(), f"self-check: nearest of {mp.nstr(x)}")
