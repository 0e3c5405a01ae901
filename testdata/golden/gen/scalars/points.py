"""Where the scalar functions are evaluated: chosen points, and points that are hard to round."""

import math

from mpmath import mp, mpf

from draw import Draw
from scalars.functions import ONE, TWO, sigmoid
from scalars.rounding import LARGEST, from_midpoint

MAGNITUDES = (
    0.0, 5e-324, 2.0 ** -1022, 1e-300, 2.0 ** -60, 2.0 ** -27, 1 / 3, 1.0, 19.0, 36.0, 36.7, 37.0,
    37.5, 50.0, 100.0, 700.0, 709.4361, 709.7827, 710.0, 744.44, 745.13, 745.2, 746.0, 1000.0,
    LARGEST, math.inf)
CHOSEN = [sign * v for v in MAGNITUDES for sign in (1.0, -1.0)] + [math.nan]

HARD = 10  # per function
_SEARCHED = 20000
_SEARCH_DIGITS = 80
_CLOSEST = mpf(2) ** -110


def _any_argument(draw):
    """A full-precision number of any sign between 2^-10 and 2^10, uniform in its exponent."""
    magnitude = math.ldexp(1 + draw.bits(52) / 2 ** 52, draw.bits(4) - 10)
    while draw.bits(3) == 0 and magnitude < 700:
        magnitude *= 2
    return -magnitude if draw.bits(1) else magnitude


def _any_probability(draw):
    return math.ldexp(1 + draw.bits(52) / 2 ** 52, -1 - draw.bits(3))


def hardest(function):
    """The arguments, of those tried, whose exact result is closest to a midpoint."""
    draw, found = Draw(f"hard-{function}"), []
    with mp.workdps(_SEARCH_DIGITS):
        for _ in range(_SEARCHED):
            if function in ONE:
                at, f = (_any_argument(draw),), ONE[function][0]
            else:
                kind, f = TWO[function]
                first = (_any_probability if kind == "y" else _any_argument)(draw)
                at = (first, float(draw.bits(1)) if draw.bits(1) else _any_probability(draw))
            value = f(*map(mpf, at))
            if value == 0:
                continue
            distance = from_midpoint(value)
            # Closer than chance comes only a midpoint with a tail too small for the vectors'
            # digits, such as (1-t) - 1e-60 where 1-t has 54 bits.
            if distance > _CLOSEST:
                found.append((distance, at))
    found.sort(key=lambda pair: pair[0])
    return found[:HARD]


def logits():
    """(z, t) for the losses of a logit: labels, soft labels, and targets near the sigmoid."""
    at = [(z, t) for z in CHOSEN for t in (0.0, 1.0)]
    for z in (-745.13, -37.5, -19.0, -1.0, -1 / 3, 2.0 ** -27, 1 / 3, 1.0, 19.0, 36.7):
        t = float(sigmoid(mpf(z)))
        at += [(z, 0.5), (z, t), (z, math.nextafter(t, -1.0)), (z, math.nextafter(t, 2.0))]
    at += [(math.inf, 0.5), (-math.inf, 0.5), (0.0, math.nan)]
    # sigma(0) - t is 1/2 - t, which has 54 bits.
    at += [(0.0, 2.0 ** -55), (0.0, 3 * 2.0 ** -55), (-0.0, 2.0 ** -2 + 2.0 ** -54)]
    # By their text, which tells -0 from 0.
    return [pair for pair in {repr(pair): pair for pair in at}.values() if not pair[1] < 0]


def probabilities():
    """(y, t) for the cross-entropy of a probability."""
    below_one = math.nextafter(1.0, 0.0)
    inside = (5e-324, 2.0 ** -1022, 1e-300, 2.0 ** -60, 2.0 ** -27, 0.1, 1 / 3, 0.5, 0.9,
              1 - 2.0 ** -27, below_one)
    at = [(y, t) for y in (0.0, *inside, 1.0, math.nan) for t in (0.0, 1.0, 0.5, 0.3)]
    for y in (0.1, 1 / 3, 0.9, below_one):
        at += [(y, y), (y, math.nextafter(y, 0.0)), (y, math.nextafter(y, 2.0))]
    at += [(0.5, math.nan), (0.5, 2.0 ** -55), (0.5, 3 * 2.0 ** -55)]
    return [pair for pair in {repr(pair): pair for pair in at}.values() if not pair[1] > 1]
