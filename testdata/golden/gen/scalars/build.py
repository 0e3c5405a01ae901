"""The groups of scalar tests."""

import math

from mpmath import mp, mpf

from arithmetic import SATURATED_DIGITS, hex_string, require
from scalars import functions, points, rounding
from scalars.functions import ONE, TWO

SOURCE = (
    "Made for these vectors: scalar functions at chosen points, and at the hardest to round of "
    "some thousand drawn ones.")

_SUBNORMAL = 2.0 ** -1022


def _extreme(function, at):
    """The result where an argument is NaN, or at the end of the domain; None elsewhere."""
    if any(math.isnan(v) for v in at):
        return math.nan
    if function in ONE and math.isinf(at[0]):
        return float(ONE[function][1 if at[0] < 0 else 2])
    if function in TWO:
        ends = (0.0, 1.0) if TWO[function][0] == "y" else (-math.inf, math.inf)
        if at[0] in ends:
            return functions.limit(function, *at)
    return None


def _signed(function, at, value, rounded):
    """The float64 with the sign that its zero has: that of the side it was rounded from.

    An exact zero is +0, except that odd functions keep the sign of their argument and that
    log-sigmoid, which is negative, ends in -0.
    """
    if rounded != 0:
        return rounded
    if value == 0:
        negative = (function in ("identity", "tanh") and math.copysign(1, at[0]) < 0
                    or function == "log-sigmoid")
    else:
        negative = value < 0
    return -0.0 if negative else 0.0


def _flags(at, value, rounded):
    if not mp.isfinite(value):
        return []
    flags = []
    if value != 0 and rounded == 0:
        flags.append("Underflow")
    elif value != 0 and abs(rounded) < _SUBNORMAL:
        flags.append("Subnormal")
    if math.isinf(rounded):
        flags.append("Overflow")
    if rounding.is_tie(value):
        flags.append("Tie")
    return flags


def _test(function, at, flags, comment):
    extreme = _extreme(function, at)
    if extreme is not None:
        value, rounded = mpf(extreme), extreme
        if rounded == 0:
            rounded = _signed(function, at, value, rounded)
        flags = ["SpecialValue", *flags]
    else:
        f = ONE[function][0] if function in ONE else TWO[function][1]
        value, rounded = rounding.certain(lambda: f(*map(mpf, at)))
        rounded = _signed(function, at, value, rounded)
        if at[0] == 0:
            flags = ["SpecialValue", *flags]
            if function.startswith("relu"):
                flags.append("Kink")
        flags += [f for f in _flags(at, value, rounded) if f not in flags]
        if abs(at[0]) > 19 and not flags and not function.startswith(("relu", "identity")):
            flags.append("Tail")
    first = "z" if function in ONE else TWO[function][0]
    made = {"id": f"{function}@" + ",".join(map(repr, at)), "comment": comment, "flags": flags,
            first: at[0]}
    if len(at) == 2:
        made["t"] = at[1]
    if not mp.isfinite(value):
        made["value"] = hex_string(extreme)
    elif rounding.decimal(value) is not None:
        made["value"] = value
    made["nearest"] = rounded
    return made


def _near_target(function, at):
    if function not in TWO or any(map(math.isnan, at)) or at[1] in (0, 0.5, 1):
        return []
    y = at[0] if TWO[function][0] == "y" else float(functions.sigmoid(mpf(at[0])))
    return ["NearTarget"] if abs(at[1] - y) <= 2 * math.ulp(y) else []


def _tests(function):
    if function in ONE:
        chosen = [(z,) for z in points.CHOSEN]
    else:
        chosen = points.probabilities() if TWO[function][0] == "y" else points.logits()
    tests = [_test(function, at, _near_target(function, at), "") for at in chosen]
    if not function.startswith(("identity", "relu")):
        for distance, at in points.hardest(function):
            require(distance < mpf(2) ** -60, f"{function}: {at} is not hard to round")
            power = int(mp.ceil(mp.log(distance, 2)))
            tests.append(_test(function, at, ["HardToRound"],
                               f"Within 2^{power} of itself of a midpoint."))
    return tests


def group(function):
    with mp.workdps(SATURATED_DIGITS):
        return {"kind": "scalar", "function": function, "tests": _tests(function)}


def build(*names):
    """A module of vectors with one group per function."""
    return {"source": SOURCE, "groups": [group(name) for name in names]}
