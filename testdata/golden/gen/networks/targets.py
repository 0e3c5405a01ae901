"""Targets other than labels, targets that are met, and gradients that cancel."""

import math

from mpmath import mp, mpf

from arithmetic import require
from measure import case
from networks.drawn import SOURCE, dense, network


def soft():
    cases = []
    for case_id, t, flags in (
            ("uniform", [[0.25, 0.25, 0.5]], []),
            ("rounded", [[0.1, 0.2, 0.7]], []),
            ("smoothed", [[0.0625, 0.875, 0.0625]], []),
            ("half", [[0.125, 0.25, 0.125]], ["TargetSum"]),
            ("two", [[1.0, 0.0, 1.0]], ["TargetSum"]),
            ("none", [[0.0, 0.0, 0.0]], ["TargetSum"]),
            ("cancelled", [[1.0, -1.5, 0.5]], ["TargetSum"]),
            ("samples", [[1.0, 1.0, 1.0], [0.0, 0.5, 0.0], [0.5, 0.25, 0.25]], ["TargetSum"])):
        total = math.fsum(t[0])
        cases.append(network(
            f"targets-softmax-{case_id}", f"The targets of sample 0 sum to {total:g}.",
            dense(2, (2, "tanh"), (3, "identity")), "softmax-cross-entropy",
            ["SoftTargets"] + flags, samples=len(t), t=t))
    for loss, output in (("logit-cross-entropy", "identity"), ("cross-entropy", "sigmoid")):
        for name, t in (("half", [[0.5, 0.5]]), ("smoothed", [[0.9, 0.1]]),
                        ("samples", [[0.25, 1.0], [0.0, 0.375]])):
            cases.append(network(
                f"targets-{loss}-{name}", "Soft labels.", dense(2, (2, output)), loss,
                ["SoftTargets"], samples=len(t), t=t))
    return cases


def near():
    """A logit whose target is the float64 nearest its sigmoid, and the neighbours of that."""
    cases = []
    for name, z in (("third", 0.3), ("two", -2.0), ("twenty", 20.0), ("thirty", -30.0)):
        nearest = float(1 / (1 + mp.exp(-mpf(z))))
        for where, t in (("below", math.nextafter(nearest, -1)), ("nearest", nearest),
                         ("above", math.nextafter(nearest, 2))):
            cases.append(network(
                f"near-{name}-{where}", f"The logit is the bias {z}; the target is the float64 "
                f"{where} its sigmoid{'' if where == 'nearest' else ' and next to the nearest'}. "
                "theta, x and t by hand.", dense(1, (1, "identity")), "logit-cross-entropy",
                ["NearTarget", "SoftTargets"], theta=[0.5, z], x=[[0.0]], t=[[t]]))
    return cases


def met():
    """The target is the output: the derivative vanishes exactly."""
    made = network("met-identity", "The target is the output: the loss and every derivative are "
                   "exactly zero. theta, x and t by hand.", dense(2, (2, "identity")), "squared",
                   ["Cancellation"], theta=[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], x=[[0.5, 0.25]],
                   t=[[6.0, 8.5]])
    require(all(g == 0 for g in made["exact"]["grad"]), "the target is not the output")
    return [made]


def cancelling():
    """Gradients that are small remainders of large terms, over samples and over units."""
    cases = []
    line = dense(1, (1, "identity"))
    for power in (10, 30, 50):
        tiny = 2.0 ** -power
        cases.append(network(
            f"cancellation-samples-2^-{power}", "Two samples whose derivatives by W0 are 1024 and "
            f"-1024 up to a few 2^-{power}. theta, x and t by hand.", line, "squared",
            ["Cancellation"], theta=[1.0, 0.0], x=[[32.0], [32.0]],
            t=[[0.0], [64.0 + (2.0 ** -46 if power == 50 else tiny)]], reduction="sum"))
    for power in (12, 40):
        cases.append(network(
            f"cancellation-units-2^-{power}", "Two hidden units whose contributions to dx nearly "
            f"cancel, by a difference of 2^-{power} in one weight. theta, x and t by hand.",
            dense(2, (2, "tanh"), (1, "identity")), "squared", ["Cancellation"],
            theta=[0.5, 0.25, 0.5, 0.25, 0.125, 0.125, 8.0, -8.0 + 2.0 ** -power, 0.0],
            x=[[0.5, -0.75]], t=[[1.0]]))
    cases.append(network(
        "cancellation-sum", "Eight products that are large and of both signs add up to a small z. "
        "theta, x and t by hand.", dense(8, (1, "sigmoid")), "squared", ["Cancellation"],
        theta=[1024.0, 3.0, -1024.0, 0.0078125, 512.0, -512.0, -3.0, 0.5, 0.25],
        x=[[1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]], t=[[1.0]]))
    _, made = case(
        "cancellation-balanced", "The bias has the mean of three targets but for 2^-20: "
        "derivatives of the samples cancel. theta, x and t by hand.", line, "squared",
        [0.5, 1.0 + 2.0 ** -20], [[-1.0], [0.0], [1.0]], [[-2.5], [2.0], [3.5]],
        ["Cancellation", "SeveralSamples", "MeanOverSamples"])
    return [*cases, made]


def build():
    return {"source": SOURCE, "cases": [*soft(), *near(), *met(), *cancelling()]}
