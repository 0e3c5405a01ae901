"""The scalar functions in forms that keep their relative accuracy everywhere.

Arguments are finite mpf; LIMITS has the values at infinity. The derivatives are closed forms,
since no difference quotient reaches the far tails; check() compares them with difference
quotients wherever these do reach.
"""

import math

from mpmath import mp, mpf

from arithmetic import SATURATED_DIGITS, require
from differentiate import AGREEMENT, derivative

INF = mpf("inf")


def sigmoid(z):
    return 1 / (1 + mp.exp(-z))


def sigmoid_derivative(z):
    e = mp.exp(-abs(z))
    return e / (1 + e) ** 2


def softplus(z):
    return max(z, mpf(0)) + mp.log1p(mp.exp(-abs(z)))


def tanh_derivative(z):
    e = mp.exp(-2 * abs(z))
    return 4 * e / (1 + e) ** 2


def relu_derivative(z):
    return mpf(1) if z > 0 else mpf(0)


def cross_entropy(y, t):
    """0 log 0 is 0."""
    hit = t * mp.log(y) if t != 0 else mpf(0)
    miss = (1 - t) * mp.log1p(-y) if t != 1 else mpf(0)
    return -hit - miss


def cross_entropy_derivative(y, t):
    return (y - t) / (y * (1 - y))


def logit_cross_entropy(z, t):
    """Both terms are positive for t in [0, 1]."""
    return (1 - t) * z + softplus(-z) if z > 0 else -t * z + softplus(z)


def logit_cross_entropy_derivative(z, t):
    return (1 - t) - sigmoid(-z) if z > 0 else sigmoid(z) - t


# Per function of one argument: the function and its values at -inf and +inf.
ONE = {
    "identity": (lambda z: z, -INF, INF),
    "identity-derivative": (lambda z: mpf(1), mpf(1), mpf(1)),
    "sigmoid": (sigmoid, mpf(0), mpf(1)),
    "sigmoid-derivative": (sigmoid_derivative, mpf(0), mpf(0)),
    "tanh": (mp.tanh, mpf(-1), mpf(1)),
    "tanh-derivative": (tanh_derivative, mpf(0), mpf(0)),
    "relu": (lambda z: max(z, mpf(0)), mpf(0), INF),
    "relu-derivative": (relu_derivative, mpf(0), mpf(1)),
    "softplus": (softplus, mpf(0), INF),
    "softplus-derivative": (sigmoid, mpf(0), mpf(1)),
    "log-sigmoid": (lambda z: -softplus(-z), -INF, mpf(0)),
}

# Functions of two arguments: a prediction ("y", a probability, or "z", a logit) and a target.
TWO = {
    "cross-entropy": ("y", cross_entropy),
    "cross-entropy-derivative": ("y", cross_entropy_derivative),
    "logit-cross-entropy": ("z", logit_cross_entropy),
    "logit-cross-entropy-derivative": ("z", logit_cross_entropy_derivative),
}


def limit(function, at, t):
    """The value of a function of two arguments at an end of its domain, as a float."""
    kind = TWO[function][0]
    upper = at == 1 if kind == "y" else at > 0
    agrees = t == (1 if upper else 0)
    if not function.endswith("derivative"):
        return 0.0 if agrees else math.inf
    if kind == "z":
        return float(upper) - t
    slope = 1.0 if agrees else math.inf
    return slope if agrees != upper else -slope


def check():
    """Derivatives against difference quotients, and values against other formulas."""
    points = [mpf(v) for v in (-1000, -36.7, -1.25, -2.0 ** -27, 0.5, 1, 19, 37.5, 710)]
    with mp.workdps(SATURATED_DIGITS):
        for z in points:
            for name in ("identity", "sigmoid", "tanh", "relu", "softplus"):
                _compare(lambda v: ONE[name][0](v), ONE[f"{name}-derivative"][0](z), z, name)
            _equal(softplus(z), mp.log(1 + mp.exp(z)), "softplus")
            for t in (0, 1, 0.25):
                _compare(lambda v: logit_cross_entropy(v, t),
                         logit_cross_entropy_derivative(z, t), z, "logit-cross-entropy")
                y = sigmoid(z)
                _equal(cross_entropy(y, t), logit_cross_entropy(z, t), "cross-entropy")
        for y in (mpf("0.001"), mpf(1) / 3, mpf("0.875")):
            for t in (0, 1, 0.25):
                _compare(lambda v: cross_entropy(v, t), cross_entropy_derivative(y, t), y,
                         "cross-entropy")


def _equal(a, b, what):
    require(abs(a - b) <= abs(b) * mpf(10) ** -AGREEMENT, f"two formulas for {what} differ")


def _compare(f, slope, at, what):
    _equal(derivative(lambda h: f(at + h), what), slope, f"the derivative of {what}")
