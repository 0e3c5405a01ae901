"""Permuted and equal hidden units, weights that are zero, relu units that are off."""

from arithmetic import decimal_string, require
from draw import Draw
from networks.drawn import SOURCE, dense, network

ORDER = (2, 0, 3, 1)  # unit j of the permuted network is unit ORDER[j] of the other


def _permuted(theta):
    """theta of a 2-4-2 network with its hidden units in another order."""
    w0, b0, w1, b1 = theta[:8], theta[8:12], theta[12:20], theta[20:]
    return ([w0[2 * j + k] for j in ORDER for k in (0, 1)] + [b0[j] for j in ORDER]
            + [w1[4 * i + j] for i in (0, 1) for j in ORDER] + b1)


def permuted():
    cases = []
    for activation in ("sigmoid", "relu"):
        net = dense(2, (4, activation), (2, "identity"))
        draw = Draw(f"permuted-{activation}")
        theta, x, t = draw.vector(22), draw.rows(2, 2), draw.classes(2, 2)
        pair = [network(
            f"permuted-{activation}-{name}", f"{comment} theta, x and t drawn with the name "
            f"permuted-{activation}.", net, "softmax-cross-entropy", ["Permuted"], theta=values,
            x=x, t=t) for name, comment, values in (
                ("before", "A network.", theta),
                ("after", f"The same with its hidden units in the order {list(ORDER)}.",
                 _permuted(theta)))]
        first, second = ([decimal_string(g) for g in made["exact"]["grad"]] for made in pair)
        require(_permuted(first) == second, "a permutation changes the gradient")
        cases += pair
    return cases


def zeros():
    cases = []
    for activation in ("sigmoid", "tanh", "softplus"):
        cases.append(network(
            f"zero-weights-{activation}", "All parameters are zero: every hidden unit is the same, "
            "and nothing comes back through W1. theta by hand.",
            dense(2, (2, activation), (1, "identity")), "squared", ["ZeroWeights", "EqualUnits"],
            theta=[0.0] * 9))
    cases.append(network(
        "zero-weights-output", "W1 is zero: delta of the hidden layer, its gradient and dx vanish "
        "exactly, and the gradient of W1 does not. W1 and b1 by hand.",
        dense(2, (2, "sigmoid"), (1, "sigmoid")), "squared", ["ZeroWeights"],
        theta=Draw("zero-weights-output").vector(6) + [0.0, 0.0, 0.5]))
    cases.append(network(
        "zero-weights-logit", "All parameters are zero and the label is 1: p is 1/2. theta and t "
        "by hand.", dense(3, (1, "identity")), "logit-cross-entropy", ["ZeroWeights"],
        theta=[0.0] * 4, t=[[1.0]]))
    cases.append(network(
        "zero-weights-softmax", "All parameters are zero: p is 1/4 for each class. theta by hand.",
        dense(2, (4, "identity")), "softmax-cross-entropy", ["ZeroWeights"], theta=[0.0] * 12))
    cases.append(network(
        "zero-input", "x is zero: the gradient of W0 vanishes exactly, that of b0 and dx do not. "
        "x by hand.", dense(2, (2, "tanh"), (1, "sigmoid")), "squared", ["ZeroWeights"],
        x=[[0.0, 0.0]]))
    cases.append(network(
        "equal-units", "The hidden units 0 and 1 have equal parameters. theta by hand.",
        dense(2, (3, "tanh"), (1, "identity")), "squared", ["EqualUnits"],
        theta=[0.5, -0.25, 0.5, -0.25, 0.75, 0.125, 0.25, 0.25, -0.5, 0.375, 0.375, 1.25, 0.0]))
    return cases


def dead():
    """relu units that are off, for every sample or for some."""
    net = dense(2, (3, "relu"), (2, "identity"))
    weights = [1.0, 0.5, -0.75, 0.25, 0.5, -1.25]
    above = [0.5, -1.0, 0.25, 1.5, 0.75, -0.5, 0.125, -0.375]
    by_hand = "theta, x and t by hand."
    cases = []
    for case_id, comment, biases in (
            ("one", "Unit 1 is off for every sample.", [4.0, -8.0, 4.0]),
            ("all", "Every unit is off: only b1 has a gradient.", [-8.0, -8.0, -8.0]),
            ("alternating", "Unit 0 is on for sample 0 only, unit 2 for sample 1 only.",
             [0.25, 4.0, 0.125])):
        for loss in ("squared", "softmax-cross-entropy"):
            cases.append(network(
                f"dead-{case_id}-{loss}", f"{comment} {by_hand}", net, loss, ["DeadUnit"],
                theta=weights + biases + above, x=[[1.0, 1.5], [-1.0, -1.5]],
                t=[[1.0, 0.0], [0.0, 1.0]]))
    cases.append(network(
        "dead-output", f"A relu output is off: every derivative is exactly zero. {by_hand}",
        dense(2, (2, "sigmoid"), (1, "relu")), "squared", ["DeadUnit"],
        theta=[0.5, -0.5, 0.25, 1.0, 0.0, 0.125, -1.0, -2.0, -0.5], x=[[0.5, 0.75]], t=[[1.0]]))
    cases.append(network(
        "dead-chain", f"Three relu layers; one path is open. {by_hand}",
        dense(2, (2, "relu"), (2, "relu"), (1, "relu")), "squared", ["DeadUnit", "Deep"],
        theta=[1.0, 0.5, -1.0, -0.5, 0.125, 0.125, 2.0, 1.0, -1.0, 1.0, 0.25, -0.5, 0.5, 3.0, 0.25],
        x=[[0.75, 0.5]], t=[[1.0]]))
    return cases


def build():
    return {"source": SOURCE, "cases": [*permuted(), *zeros(), *dead()]}
