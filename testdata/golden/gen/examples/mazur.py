"""Matt Mazur's step by step backpropagation example, and the order of updates it printed."""

import cmath

from arithmetic import require_printed
from differentiate import gradient
from forward import Problem
from measure import case

SOURCE = (
    "Matt Mazur, A Step by Step Backpropagation Example, 2015, "
    "https://mattmazur.com/2015/03/17/a-step-by-step-backpropagation-example/ "
    "(2-2-2 sigmoid network, squared error, biases not updated).")

COMMENT = (
    "The outputs, the error and the weights after one step are printed correctly. The printed "
    "loss after the step, 0.291027924, is not the loss at those weights: it comes from hidden "
    "deltas computed with output weights that were already updated, exact.sequential_loss. The "
    "outputs printed for 10000 rounds come from that wrong order too, as does the loss 0.000035085 "
    "that some copies of the text print with them. The figure 0.0000351085 of other copies is the "
    "loss of the correct order after 9999 rounds; after 10000 it is 0.0000351019.")

NET = {"inputs": 2, "layers": [{"width": 2, "activation": "sigmoid", "bias": True},
                               {"width": 2, "activation": "sigmoid", "bias": True}]}
THETA = [0.15, 0.20, 0.25, 0.30, 0.35, 0.35, 0.40, 0.45, 0.50, 0.55, 0.60, 0.60]
HIDDEN = range(0, 4)
OUTPUT = range(6, 10)
X = [0.05, 0.10]
T = [0.01, 0.99]
RATE = 0.5

AS_PRINTED = {
    "outputs": ["0.75136507", "0.772928465"],
    "error": "0.298371109",
    "weights": ["0.149780716", "0.19956143", "0.24975114", "0.29950229",
                "0.35891648", "0.408666186", "0.511301270", "0.561370121"],
    "loss_after_step": "0.291027924",
    "loss_after_10000": "0.0000351085",
    "loss_after_10000_other_copies": "0.000035085",
    "outputs_after_10000": ["0.015912196", "0.984065734"],
}


def sequential_loss(problem, exact):
    """The loss after one step in the wrong order.

    The output weights move first. The hidden weights then follow the gradient of
    sum_o delta_o z_o, with the deltas of the old forward pass and the z of the new output
    weights: it is the chain rule with the new weights in place of the old. The same network
    with identity outputs and the deltas as cotangent is this function.
    """
    moved = [v - RATE * g if i in OUTPUT else v
             for i, (v, g) in enumerate(zip(problem.theta, exact["grad"]))]
    hidden, output = NET["layers"]
    linear = {"inputs": 2, "layers": [hidden, dict(output, activation="identity")]}
    mixed = Problem(linear, "none", moved, [X], [exact["delta"][1][0]])
    wrong = gradient(mixed.value, moved, "sequential grad", HIDDEN)
    return problem.value([v - RATE * g for v, g in zip(moved, wrong)])


def _complex_forward(theta, offset=(0, 0)):
    """The outputs z and y in complex float64; offset is added to the output z."""
    hidden = [1 / (1 + cmath.exp(-(theta[2 * j] * X[0] + theta[2 * j + 1] * X[1] + theta[4 + j])))
              for j in (0, 1)]
    z = [theta[6 + 2 * j] * hidden[0] + theta[7 + 2 * j] * hidden[1] + theta[10 + j] + offset[j]
         for j in (0, 1)]
    return z, [1 / (1 + cmath.exp(-zj)) for zj in z]


def _complex_loss(theta, offset=(0, 0)):
    _, y = _complex_forward(theta, offset)
    return sum((yj - tj) ** 2 for yj, tj in zip(y, T)) / 2


def many_rounds(rounds, sequential):
    """Loss and outputs after many rounds in float64, to compare with a few printed digits.

    The derivative is Im f(theta + ih) / h, the complex step: like the central difference it
    evaluates nothing but the forward pass, and it loses no digit to cancellation.
    """
    h = 1e-100

    def slopes(f, theta, indices):
        return {i: f([v + 1j * h if k == i else v for k, v in enumerate(theta)]).imag / h
                for i in indices}

    def updated(theta, grad):
        return [v - RATE * grad.get(i, 0.0) for i, v in enumerate(theta)]

    theta = list(THETA)
    for _ in range(rounds):
        moved = updated(theta, slopes(_complex_loss, theta, OUTPUT))
        if sequential:
            delta = [_complex_loss(theta, offset).imag / h for offset in ((1j * h, 0), (0, 1j * h))]
            hidden = slopes(
                lambda p: sum(d * z for d, z in zip(delta, _complex_forward(p)[0])), moved, HIDDEN)
        else:
            hidden = slopes(_complex_loss, theta, HIDDEN)
        theta = updated(moved, hidden)
    return _complex_loss(theta).real, [y.real for y in _complex_forward(theta)[1]]


def _check_printed(exact, after):
    for y, figure in zip(exact["a"][1][0], AS_PRINTED["outputs"]):
        require_printed(y, figure, "an output")
    require_printed(exact["loss"], AS_PRINTED["error"], "the error")
    require_printed(exact["loss"], "0.298371108760003", "the error")
    weights = [after["theta"][i] for block in (HIDDEN, OUTPUT) for i in block]
    for w, figure in zip(weights, AS_PRINTED["weights"]):
        require_printed(w, figure, "a weight after the step")
    require_printed(after["loss"], "0.2910277737", "the loss after the step")
    require_printed(exact["sequential_loss"], AS_PRINTED["loss_after_step"], "the sequential loss")

    loss, outputs = many_rounds(10000, sequential=True)
    require_printed(loss, AS_PRINTED["loss_after_10000_other_copies"],
                    "the sequential loss after 10000 rounds")
    for y, figure in zip(outputs, AS_PRINTED["outputs_after_10000"]):
        require_printed(y, figure, "an output after 10000 rounds")
    loss, _ = many_rounds(9999, sequential=False)
    require_printed(loss, AS_PRINTED["loss_after_10000"], "the loss after 9999 rounds")
    loss, _ = many_rounds(10000, sequential=False)
    require_printed(loss, "0.0000351019", "the loss after 10000 rounds")


def cases():
    problem, made = case("mazur", COMMENT, NET, "squared", THETA, [X], [T],
                         ["FrozenBias", "UpdateOrder"], rate=RATE, frozen=["b0", "b1"])
    made["exact"]["sequential_loss"] = sequential_loss(problem, made["exact"])
    made["as_printed"] = AS_PRINTED
    _check_printed(made["exact"], made["step"])
    return [made]


def build():
    return {"source": SOURCE, "cases": cases()}
