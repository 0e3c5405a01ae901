"""The documented single neuron: raw vital signs saturate it, standardised ones do not."""

import math

from mpmath import mp, mpf

from arithmetic import require, require_printed
from measure import case, training

SOURCE = (
    "The documented single sigmoid neuron of a patient: age, heart rate and cholesterol "
    "(45, 80, 200), weights (0.1, -0.2, 0.3), bias 0.5, rate 0.01, with its published NumPy "
    "program, which does not update the bias. The reference means (54, 70, 240) and standard "
    "deviations (9, 20, 50) of the standardised case are round numbers of ours.")

NET = {"inputs": 3, "layers": [{"width": 1, "activation": "sigmoid", "bias": True}]}
WEIGHTS = [0.1, -0.2, 0.3]
BIAS = 0.5
RATE = 0.01
RAW = [45.0, 80.0, 200.0]
MEANS = [54.0, 70.0, 240.0]
DEVIATIONS = [9.0, 20.0, 50.0]
STANDARDISED = [(v - m) / d for v, m, d in zip(RAW, MEANS, DEVIATIONS)]


def published_program(x, label):
    """The published program in float64, operation by operation, for either label."""
    # Written out, because sum() compensates its rounding errors from Python 3.12 on.
    z = x[0] * WEIGHTS[0] + x[1] * WEIGHTS[1] + x[2] * WEIGHTS[2] + BIAS
    exponential = math.exp(-z)
    # A math library may round exp either way. Only a correctly rounded one makes this record
    # independent of the machine that wrote it.
    require(exponential == float(mp.exp(-mpf(z))), "exp is not correctly rounded here")
    p = 1 / (1 + exponential)
    error = p - label
    gradient = [xk * error * p * (1 - p) for xk in x]
    weights = [wk - RATE * gk for wk, gk in zip(WEIGHTS, gradient)]
    return {"z": z, "p": p, "error": error, "gradient": gradient, "weights": weights}


def _case(case_id, comment, x, label, flags):
    problem, made = case(case_id, comment, NET, "squared", WEIGHTS + [BIAS], [x], [[label]], flags,
                         rate=RATE, frozen=["b0"])
    made["exact"]["one_minus_p"] = 1 - made["exact"]["a"][0][0][0]
    made["as_printed"] = published_program(x, label)
    return problem, made


def _check_raw(label_1, label_0):
    exact = label_1["exact"]
    require_printed(exact["z"][0][0][0], "48.9999999999999971411757115902", "z")
    require_printed(exact["one_minus_p"], "5.242885663363478925657932e-22", "1 - p")
    for g, figure in zip(exact["grad"], ("-1.2369532535596037909e-41", "-2.1990280063281845172e-41",
                                         "-5.4975700158204612931e-41")):
        require_printed(g, figure, "the gradient for label 1")
    for made, error in ((label_1, 0.0), (label_0, 1.0)):
        printed = made["as_printed"]
        require(printed["z"] == 49.0 and printed["p"] == 1.0 and printed["error"] == error
                and printed["gradient"] == [0.0] * 3 and printed["weights"] == WEIGHTS,
                "the published program does not print the published numbers")


def cases():
    _, label_1 = _case(
        "neuron-raw-label-1",
        "In float64 the program finds p = 1 exactly, the error 0 and the gradient 0. The "
        "gradient is tiny but not zero: exact.one_minus_p is what rounding p to 1 loses.",
        RAW, 1.0, ["Saturated", "FrozenBias"])
    _, label_0 = _case(
        "neuron-raw-label-0",
        "The worst possible prediction: the label is 0 and p is 1 to 21 digits. The program "
        "still finds the gradient 0, because its 1 - p is 0, and it can never learn.",
        RAW, 0.0, ["Saturated", "FrozenBias"])
    _check_raw(label_1, label_0)

    require(STANDARDISED == [-1.0, 0.5, -0.8], "the standardised features are not as stated")
    problem, standardised = _case(
        "neuron-standardised-label-1",
        "The same patient in units of the reference population: the neuron is not saturated "
        "and the program is accurate.",
        STANDARDISED, 1.0, ["FrozenBias"])
    standardised["training"] = training(problem, RATE, 1, ["b0"], [1, 10, 100, 1000])
    return [label_1, label_0, standardised]


def build():
    return {"source": SOURCE, "cases": cases()}
