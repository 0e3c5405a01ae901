"""The sigmoid circuit of the CS231n notes: the derivative of an output, without a loss."""

from arithmetic import require_printed
from measure import case

SOURCE = (
    "Stanford CS231n, Backpropagation, Intuitions, https://cs231n.github.io/optimization-2/ : the "
    "circuit 1/(1+exp(-(w0 x0 + w1 x1 + w2))) with w = (2, -3, -3) and x = (-1, -2).")

NET = {"inputs": 2, "layers": [{"width": 1, "activation": "sigmoid", "bias": True}]}

# The figure of the notes prints two decimals; dw includes the bias, its w2.
AS_PRINTED = {"f": "0.73", "dx": ["0.39", "-0.59"], "dw": ["-0.20", "-0.39", "0.20"]}
EXPECTED = {"f": "0.731058578630004879", "dx": ["0.3932238664829637", "-0.5898357997244456"],
            "dw": ["-0.19661193324148185", "-0.3932238664829637", "0.19661193324148185"]}


def cases():
    _, made = case(
        "cs231n-circuit",
        "z = 1 exactly. The loss is the output itself, so delta is sigma'(1).",
        NET, "none", [2.0, -3.0, -3.0], [[-1.0, -2.0]], [[1.0]], ["Cotangent"], reduction="sum")
    exact = made["exact"]
    for figures in (AS_PRINTED, EXPECTED):
        require_printed(exact["a"][0][0][0], figures["f"], "the output")
        for values, name in ((exact["dx"][0], "dx"), (exact["grad"], "dw")):
            for value, figure in zip(values, figures[name]):
                require_printed(value, figure, name)
    made["as_printed"] = AS_PRINTED
    return [made]


def build():
    return {"source": SOURCE, "cases": cases()}
