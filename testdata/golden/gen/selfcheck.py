"""Identities that the building blocks obey, tested before they are used.

They would notice a derivative that is wrong although its two steps agree.
"""

from mpmath import mp, mpf

from arithmetic import SelfCheckError, decimal_string, require, scale_string
from differentiate import derivative
from forward import ACTIVATIONS, LOSSES

_TINY = mpf(10) ** -100


def _equal(a, b, what):
    require(abs(a - b) <= _TINY * max(abs(a), abs(b)), f"self-check: {what}")


def _activations():
    sigmoid, tanh, relu, softplus = (
        ACTIVATIONS[name] for name in ("sigmoid", "tanh", "relu", "softplus"))
    for z in (mpf("-49.3"), mpf("-0.7"), mpf("0.2"), mpf("31.5")):
        _equal(sigmoid(z) + sigmoid(-z), 1, "sigmoid is symmetric")
        _equal(tanh(z), (mp.exp(z) - mp.exp(-z)) / (mp.exp(z) + mp.exp(-z)), "tanh")
        _equal(softplus(z) - softplus(-z), z, "softplus")
        _equal(relu(z) - relu(-z), z, "relu")
        require(relu(z) * relu(-z) == 0, "self-check: relu is one-sided")


def _losses():
    y, t = [mpf("0.4"), mpf("-1.3")], [mpf("0.25"), mpf("0.75")]
    probability = [1 / (1 + mp.exp(-v)) for v in y]
    _equal(LOSSES["logit-cross-entropy"](y, t), LOSSES["cross-entropy"](probability, t),
           "cross-entropy in the logit")
    # Softmax of two logits is the sigmoid of their difference.
    _equal(LOSSES["softmax-cross-entropy"](y, t),
           LOSSES["logit-cross-entropy"]([y[0] - y[1]], [t[0]]), "softmax of two classes")
    _equal(LOSSES["squared"](y, t), mpf("2.1125"), "squared error")


def _derivatives():
    point = mpf("0.3")
    _equal(derivative(lambda h: mp.exp(point + h), "exp"), mp.exp(point), "(exp)' = exp")
    _equal(derivative(lambda h: (point + h) ** 3, "cube"), mpf("0.27"), "(x^3)' = 3x^2")
    require(derivative(lambda h: point, "constant") == 0, "self-check: constant")
    try:
        derivative(lambda h: mp.sqrt(abs(h)) * (1 if h > 0 else -1), "root")
    except SelfCheckError:
        return
    require(False, "self-check: a slope that depends on the step was accepted")


def _rounding():
    third = "3." + 39 * "3"
    for x, text in ((mpf(0), "0"), (mpf(1) / 2, "5." + 39 * "0" + "e-1"),
                    (-mpf(1) / 3, f"-{third}e-1"), (mpf(10) ** 5 / 3, f"{third}e+4"),
                    (mpf(2) / 3, "6." + 38 * "6" + "7e-1"),
                    (mpf(10) ** -41, "1." + 39 * "0" + "e-41")):
        require(decimal_string(x) == text, f"self-check: rounding to {text}")
    for last, digit in ((5, "0"), (15, "2"), (25, "2")):  # ties to even
        require(decimal_string(mpf(10) ** 40 + last) == f"1.{38 * '0'}{digit}e+40",
                "self-check: a tie")
    require(scale_string(mpf(1) / 3) == "3.33334e-1", "self-check: a scale is rounded up")


def run():
    _activations()
    _losses()
    _derivatives()
    _rounding()
