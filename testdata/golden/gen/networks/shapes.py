"""Shapes: all dimensions different, square, narrow, deep, and layers without bias."""

from arithmetic import require
from draw import Draw
from networks.drawn import SOURCE, dense, network


def rectangular():
    """3-4-5-2 with seven samples: no two dimensions are equal."""
    comment = "3 inputs, widths 4, 5 and 2, 7 samples: a swap of any two of them fails loudly."
    flags = ["Rectangular", "MeanOverSamples"]
    hidden = (4, "tanh"), (5, "sigmoid")
    return [
        network("rectangular-squared", comment, dense(3, *hidden, (2, "identity")), "squared",
                flags, samples=7),
        network("rectangular-cross-entropy", comment, dense(3, *hidden, (2, "sigmoid")),
                "cross-entropy", flags, samples=7),
        network("rectangular-logit", comment, dense(3, *hidden, (2, "identity")),
                "logit-cross-entropy", flags, samples=7),
        network("rectangular-softmax", comment, dense(3, *hidden, (2, "identity")),
                "softmax-cross-entropy", flags, samples=7),
    ]


def narrow():
    cases = []
    for widths in ((5, 1, 4), (1, 5, 1), (4, 2, 1, 3), (1, 1, 1, 1), (1, 7), (6, 1)):
        name = "-".join(map(str, widths))
        cases.append(network(
            f"narrow-{name}", f"Widths {name}, the inputs first.",
            dense(widths[0], *((w, "tanh") for w in widths[1:])), "squared", ["Rectangular"],
            samples=2))
    return cases


def square():
    cases = []
    for activation in ("sigmoid", "tanh", "softplus"):
        cases.append(network(
            f"square-{activation}", "3-3-3 with three samples: nothing but the numbers tells rows "
            "from columns.", dense(3, (3, activation), (3, activation)), "squared",
            ["Asymmetric"], samples=3))
    cyclic = [0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 1.0, 0.0, 0.0]
    cases.append(network(
        "square-cyclic", "W0 sends unit k+1 to unit k, cyclically; transposed, it would send k to "
        "k+1. Weights of 0 and 1 by hand, the rest drawn.",
        dense(3, (3, "identity", False), (3, "tanh")), "squared", ["Asymmetric", "NoBias"],
        theta=cyclic + Draw("square-cyclic-theta").vector(12), samples=3))
    triangular = [1.0, 2.0, 0.0, 4.0]
    cases.append(network(
        "square-triangular", "W0 is upper triangular, so z[0][0][1] does not depend on x[0][0]. "
        "theta by hand.", dense(2, (2, "identity", False), (2, "sigmoid", False)), "squared",
        ["Asymmetric", "NoBias"], theta=triangular + [0.5, -1.0, 0.0, 2.0]))
    return cases


def deep():
    """One to six layers."""
    cases = []
    kinds = ("tanh", "softplus", "sigmoid", "relu", "identity", "tanh")
    for depth in range(1, 7):
        cases.append(network(
            f"deep-{depth}", f"{depth} layers of two units, the activations mixed.",
            dense(2, *((2, kinds[(depth + l) % 6]) for l in range(depth))), "squared",
            ["Deep", "Asymmetric"]))
        cases.append(network(
            f"deep-logit-{depth}", f"{depth} layers, tanh below one logit.",
            dense(2, *((2, "tanh") for _ in range(depth - 1)), (1, "identity")),
            "logit-cross-entropy", ["Deep"]))
    return cases


def without_bias():
    cases = []
    for case_id, biases in (("first", (False, True, True)), ("middle", (True, False, True)),
                            ("last", (True, True, False)), ("all", (False, False, False)),
                            ("two", (False, True, False))):
        widths = (3, "sigmoid"), (2, "tanh"), (2, "identity")
        cases.append(network(
            f"no-bias-{case_id}", "Layers without bias: "
            + ", ".join(str(l) for l, bias in enumerate(biases) if not bias) + ".",
            dense(2, *((*layer, bias) for layer, bias in zip(widths, biases))), "squared",
            ["NoBias"]))
    logit = network("no-bias-penalty", "No layer has a bias, and the penalty is on every "
                    "parameter.", dense(2, (2, "softplus", False), (1, "identity", False)),
                    "logit-cross-entropy", ["NoBias", "Penalty"], samples=2, l2=0.25)
    require(len(logit["theta"]) == 6, "theta has a bias")
    return [*cases, logit]


def dimensions():
    return {"source": SOURCE, "cases": [*rectangular(), *narrow()]}


def depths():
    return {"source": SOURCE, "cases": [*square(), *deep(), *without_bias()]}
