"""Saturated units and logits, with the label they agree with and the one they do not."""

from arithmetic import SATURATED_DIGITS
from networks.drawn import SOURCE, dense, network

LEVELS = (19, 37, 50, 710, 1000)
SIGNED = [sign * level for level in LEVELS for sign in (1, -1)]


def _name(z):
    return f"plus-{z}" if z > 0 else f"minus-{-z}"


def _single(z):
    """theta and x of one unit with two inputs and the pre-activation z, without rounding."""
    return [z / 2.0, z / 8.0, z / 4.0], [[1.0, 2.0]]


def units(activation, low):
    """One unit under squared error, with both of its limits as targets."""
    cases = []
    for z in SIGNED:
        theta, x = _single(z)
        for target in (low, 1):
            cases.append(network(
                f"saturated-{activation}-{_name(z)}-target-{target}".replace("--1", "-minus-1"),
                f"z = {z}, target {target}. theta and x by hand.",
                dense(2, (1, activation)), "squared", ["Saturated"], theta=theta, x=x,
                t=[[float(target)]], digits=SATURATED_DIGITS))
    return cases


def logits():
    cases = []
    for z in SIGNED:
        theta, x = _single(z)
        for label in (0, 1):
            cases.append(network(
                f"saturated-logit-{_name(z)}-label-{label}",
                f"The logit {z} with the label {label}. theta and x by hand.",
                dense(2, (1, "identity")), "logit-cross-entropy", ["Saturated"], theta=theta, x=x,
                t=[[float(label)]], digits=SATURATED_DIGITS))
    return cases


def classes():
    cases = []
    for z in LEVELS:
        for label in (0, 1, 2):
            cases.append(network(
                f"saturated-softmax-{z}-label-{label}",
                f"The logits {z}, 0 and {-z / 2:g} with class {label}. theta and x by hand.",
                dense(2, (3, "identity", False)), "softmax-cross-entropy", ["Saturated", "NoBias"],
                theta=[z / 2.0, z / 4.0, z / 2.0, -z / 4.0, -z / 4.0, -z / 8.0], x=[[1.0, 2.0]],
                t=[[float(k == label) for k in range(3)]], digits=SATURATED_DIGITS))
    for z in (50, 1000):
        cases.append(network(
            f"saturated-softmax-shifted-{z}",
            f"The logits {z}, {z} + 1 and {z} + 2: e^{z} is in all of them and cancels. theta and "
            "x by hand.", dense(1, (3, "identity")), "softmax-cross-entropy", ["Saturated"],
            theta=[z / 1.0, z / 1.0, z / 1.0, 0.0, 1.0, 2.0], x=[[1.0]], t=[[0.0, 1.0, 0.0]],
            digits=SATURATED_DIGITS))
    return cases


def probabilities():
    """Cross-entropy of a saturated sigmoid, as far as float64 keeps it between 0 and 1."""
    cases = []
    for z in (10, -10, 19, -19, 30, -30):
        theta, x = _single(z)
        for label in (0, 1):
            cases.append(network(
                f"saturated-probability-{_name(z)}-label-{label}",
                f"z = {z}, label {label}: 1 - y has lost digits for large z. theta and x by hand.",
                dense(2, (1, "sigmoid")), "cross-entropy", ["Saturated"], theta=theta, x=x,
                t=[[float(label)]], digits=SATURATED_DIGITS))
    return cases


def hidden():
    """A saturated unit below: its gradient is tiny and the other unit's is not."""
    cases = []
    for activation in ("sigmoid", "tanh", "softplus"):
        for z in (37, -37, 50, -50, 710, -710):
            cases.append(network(
                f"saturated-hidden-{activation}-{_name(z)}",
                f"The hidden unit 0 has z = {z}, unit 1 has z = 1/8. theta, x and t by hand.",
                dense(1, (2, activation), (1, "identity")), "squared", ["Saturated"],
                theta=[z / 2.0, 0.25, z / 2.0, -0.125, 0.75, -1.5, 0.375], x=[[1.0]], t=[[0.5]],
                digits=SATURATED_DIGITS))
    return cases


def build_units():
    return {"source": SOURCE, "cases": [*units("sigmoid", 0), *units("tanh", -1)]}


def build_losses():
    return {"source": SOURCE, "cases": [*logits(), *classes(), *probabilities()]}


def build_hidden():
    return {"source": SOURCE, "cases": hidden()}
