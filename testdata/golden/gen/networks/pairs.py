"""Every hidden activation with every sensible pair of loss and output activation."""

from networks.drawn import SOURCE, dense, network

HIDDEN = ("identity", "sigmoid", "tanh", "relu", "softplus")


def _pairs(loss, outputs):
    cases = []
    for output in outputs:
        for hidden in HIDDEN:
            name = f"-{output}" if loss == "squared" else ""
            cases.append(network(
                f"pair-{hidden}-{loss}{name}",
                f"{hidden} hidden units under {output} outputs with the loss {loss}.",
                dense(2, (3, hidden), (2, output)), loss, ["Pair"], samples=2))
    return cases


def squared():
    """Squared error with each output activation."""
    return {"source": SOURCE, "cases": _pairs("squared", HIDDEN)}


def entropies():
    """The three cross-entropies, each with the output activation that suits it."""
    return {"source": SOURCE, "cases": [
        *_pairs("cross-entropy", ["sigmoid"]),
        *_pairs("logit-cross-entropy", ["identity"]),
        *_pairs("softmax-cross-entropy", ["identity"]),
        *_alone()]}


def _alone():
    """No hidden layer: the output activation is the only one."""
    cases = []
    for loss, outputs in (("squared", HIDDEN), ("cross-entropy", ["sigmoid"]),
                          ("logit-cross-entropy", ["identity"]),
                          ("softmax-cross-entropy", ["identity"]), ("none", HIDDEN)):
        for output in outputs:
            flags = ["Pair"] + (["Cotangent"] if loss == "none" else [])
            cases.append(network(
                f"single-layer-{loss}-{output}",
                f"One layer of two {output} units with the loss {loss}.",
                dense(2, (2, output)), loss, flags,
                reduction="sum" if loss == "none" else "mean"))
    return cases
