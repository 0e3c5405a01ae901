"""The number formats of the vectors: float64 inputs, real arithmetic, decimal results.

Importing this module fixes the working precision of every other module.
"""

import decimal
import math

from mpmath import mp, mpf

WORKING_DIGITS = 200  # of every case that does not ask for more
SATURATED_DIGITS = 1100  # 1 - tanh(1000) is 1e-869, and has to keep its digits
ZERO_DIGITS = 2500  # in which a derivative has to vanish to be called zero
RESULT_DIGITS = 40
SCALE_DIGITS = 6

mp.dps = WORKING_DIGITS

_ROUND_TO_RESULT = decimal.Context(
    prec=RESULT_DIGITS, rounding=decimal.ROUND_HALF_EVEN, Emin=-999999, Emax=999999)

_ROUND_SCALE_UP = decimal.Context(
    prec=SCALE_DIGITS, rounding=decimal.ROUND_CEILING, Emin=-999999, Emax=999999)

# Every computed number is known to far more than this, see differentiate.AGREEMENT.
_UNCERTAINTY = mpf(10) ** -50


class SelfCheckError(Exception):
    """The generator contradicts itself or a published figure; nothing may be written."""


def require(condition, message):
    """A check that, unlike assert, also runs under python3 -O."""
    if not condition:
        raise SelfCheckError(message)


def _round_exact(x, context=_ROUND_TO_RESULT):
    """Round the binary number x, taken as exact, to the decimal digits of the context.

    A binary fraction is an integer over a power of two. Decimal holds both without error
    and its division rounds once, so the result is correctly rounded.
    """
    mantissa, exponent = int(x.man), int(x.exp)
    numerator = decimal.Decimal(mantissa << max(exponent, 0))
    denominator = decimal.Decimal(1 << max(-exponent, 0))
    quotient = context.divide(numerator, denominator)
    digits = "".join(map(str, quotient.as_tuple().digits)).ljust(context.prec, "0")
    sign = "-" if x < 0 else ""
    return f"{sign}{digits[0]}.{digits[1:]}e{quotient.adjusted():+d}"


def decimal_string(x):
    """The correctly rounded decimal of the real number that x approximates.

    Rounding x is not enough when the 200-digit x sits so close to a rounding boundary that
    its own error decides the last digit. Then both neighbours do not round alike and the
    generator stops; the remedy is another input, or more digits.

    The exception is a result that ends, such as a product of short binary fractions, because it
    can end in the middle between two decimals. What is one of 170 bits to 90 digits is taken for
    one: for any other number that would be a coincidence of 1 in 10^39.
    """
    if x == 0:
        return "0"
    with mp.workprec(170):
        short = +x
    if abs(x - short) <= abs(short) * mpf(10) ** -90:
        return _round_exact(short)
    rounded = _round_exact(x)
    for neighbour in (x * (1 - _UNCERTAINTY), x * (1 + _UNCERTAINTY)):
        require(_round_exact(neighbour) == rounded,
                f"the last digit of {rounded} is within the error of the computation")
    return rounded


def scale_string(x):
    """The decimal of a scale, which is never negative, rounded up."""
    require(x >= 0, "a negative scale")
    return "0" if x == 0 else _round_exact(x, _ROUND_SCALE_UP)


def hex_string(x):
    """A float64 as the shortest hexadecimal literal, such as 0x1.8p-1."""
    if math.isnan(x) or math.isinf(x):
        return str(x)
    mantissa, exponent = x.hex().split("p")
    head, digits = mantissa.split(".")
    return f"{head}.{digits.rstrip('0') or '0'}p{exponent}"


def require_printed(x, printed, what):
    """Check x against a figure printed elsewhere: equal to within half a unit of its last digit."""
    figure = decimal.Decimal(printed)
    half_unit = mpf(10) ** figure.as_tuple().exponent / 2
    require(abs(x - mpf(printed)) <= half_unit,
            f"{what}: computed {mp.nstr(x, 20)}, published {printed}")
