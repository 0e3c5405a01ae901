"""Andrew Ng's checkNNGradients: the debugging network of the fourth programming exercise."""

import math

from mpmath import mp, mpf

from arithmetic import require, require_printed
from measure import case

SOURCE = (
    "Andrew Ng, Machine Learning, programming exercise 4, checkNNGradients.m with "
    "debugInitializeWeights.m and nnCostFunction.m: 3-5-3 sigmoid network, 5 samples. Its matrices "
    "reshape(sin(1:n), ...)/10 are column-major with the bias in the first column; theta here "
    "is the row-major layout of this format. Its penalty lambda/(2m) is l2 = lambda/5.")

INPUTS, HIDDEN, LABELS, SAMPLES = 3, 5, 3, 5

NET = {"inputs": INPUTS, "layers": [{"width": HIDDEN, "activation": "sigmoid", "bias": True},
                                    {"width": LABELS, "activation": "sigmoid", "bias": True}]}

# Per lambda: the cost to 15 digits, and what the exercise prints, the gradient of the first
# two columns of Theta1, which are the biases and the weights of the first input.
EXPECTED = {
    0: ("2.10095056990246",
        ["-9.2783e-03", "8.8991e-03", "-8.3601e-03", "7.6281e-03", "-6.7480e-03"],
        ["-3.0498e-06", "1.4287e-05", "-2.5938e-05", "3.6988e-05", "-4.6876e-05"]),
    1: ("2.11608698494310",
        ["-0.0092783", "0.0088991", "-0.0083601", "0.0076281", "-0.0067480"],
        ["-0.0055914", "0.0131540", "0.0197612", "0.0082794", "-0.0109273"]),
    3: ("2.14635981502436",
        ["-9.2783e-03", "8.8991e-03", "-8.3601e-03", "7.6281e-03", "-6.7480e-03"],
        ["-1.6768e-02", "3.9433e-02", "5.9336e-02", "2.4764e-02", "-3.2688e-02"]),
}


def debug_matrix(rows, columns):
    """reshape(sin(1:rows*columns), rows, columns)/10 in float64."""
    def entry(i, j):
        n = 1 + i + rows * j
        sine = math.sin(n)
        require(sine == float(mp.sin(mpf(n))), "sin is not correctly rounded here")
        return sine / 10
    return [[entry(i, j) for j in range(columns)] for i in range(rows)]


def flattened(matrix):
    """Weights row-major, then the biases, from a matrix with the biases in column 0."""
    return [w for row in matrix for w in row[1:]] + [row[0] for row in matrix]


def cases():
    theta = (flattened(debug_matrix(HIDDEN, 1 + INPUTS))
             + flattened(debug_matrix(LABELS, 1 + HIDDEN)))
    x = debug_matrix(SAMPLES, INPUTS)
    # Sample 1 + i has the label 1 + mod(1 + i, 3); these count from 0.
    label_indices = [(1 + i) % LABELS for i in range(SAMPLES)]
    t = [[float(k == label) for k in range(LABELS)] for label in label_indices]
    made_cases = []
    for strength, (cost, biases, weights) in EXPECTED.items():
        _, made = case(
            f"ng-lambda-{strength}",
            f"lambda = {strength}; the cost is summed over the outputs and averaged over the "
            "samples, the penalty leaves out the biases.",
            NET, "cross-entropy", theta, x, t,
            ["MeanOverSamples"] + (["Penalty"] if strength else []), l2=strength / 5)
        grad = made["exact"]["grad"]
        require_printed(made["exact"]["loss"], cost, "the cost")
        bias_start = HIDDEN * INPUTS
        for j in range(HIDDEN):
            require_printed(grad[bias_start + j], biases[j], "a bias gradient")
            require_printed(grad[j * INPUTS], weights[j], "a weight gradient")
        made["as_printed"] = {"grad_b0": biases, "grad_W0_column_0": weights}
        made_cases.append(made)
    return made_cases


def build():
    return {"source": SOURCE, "cases": cases()}
