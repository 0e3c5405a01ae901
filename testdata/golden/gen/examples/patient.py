"""The patient network of three layers: 3 inputs, 4 sigmoid units, 1 probability."""

from arithmetic import decimal_string, require
from examples.neuron import RAW, STANDARDISED
from measure import case, training

SOURCE = (
    "The three-layer patient network: age, heart rate and cholesterol, 4 hidden sigmoid units, "
    "1 sigmoid probability. The parameters are ours: distinct two-digit decimals without "
    "symmetry, so that a transposed matrix or a permuted unit shows. The seven patients of the "
    "cohort are invented.")

HIDDEN_WEIGHTS = [[0.21, -0.34, 0.17],
                  [-0.46, 0.13, 0.29],
                  [0.38, 0.25, -0.42],
                  [-0.11, -0.52, 0.31]]
HIDDEN_BIASES = [0.05, -0.15, 0.27, -0.08]
OUTPUT_WEIGHTS = [0.63, -0.47, 0.55, -0.72]
OUTPUT_BIAS = [0.12]
THETA = sum(HIDDEN_WEIGHTS, []) + HIDDEN_BIASES + OUTPUT_WEIGHTS + OUTPUT_BIAS

COHORT = [([-1.0, 0.5, -0.8], 1.0),
          ([0.35, -1.2, 0.9], 0.0),
          ([1.4, 0.15, -0.25], 1.0),
          ([-0.55, 1.75, 0.6], 1.0),
          ([0.8, -0.65, -1.5], 0.0),
          ([-1.7, -0.3, 1.1], 0.0),
          ([0.1, 0.95, 1.85], 1.0)]

RATE = 0.5


def _net(output):
    return {"inputs": 3, "layers": [{"width": 4, "activation": "sigmoid", "bias": True},
                                    {"width": 1, "activation": output, "bias": True}]}


def cases():
    net, label = _net("sigmoid"), [[1.0]]
    _, single = case(
        "patient-single", "One standardised patient and one step of gradient descent.",
        net, "squared", THETA, [STANDARDISED], label, rate=RATE)

    _, raw = case(
        "patient-single-raw",
        "The same patient, not standardised: one hidden unit rounds to 1 in float64, one is 6e-21 "
        "and two are within 1e-6 of 1, yet no derivative is zero.",
        net, "squared", THETA, [RAW], label, ["Saturated"])

    _, entropy = case(
        "patient-cross-entropy", "The standardised patient with the cross-entropy of p.",
        net, "cross-entropy", THETA, [STANDARDISED], label)
    _, logit = case(
        "patient-logit",
        "The same function written in the logit: loss, grad, dx and delta are those of "
        "patient-cross-entropy.",
        _net("identity"), "logit-cross-entropy", THETA, [STANDARDISED], label)
    for part in ("loss", "grad", "dx", "delta"):
        require(_digits(entropy["exact"][part]) == _digits(logit["exact"][part]),
                f"{part} depends on how the cross-entropy is written")

    problem, cohort = case(
        "patient-cohort",
        "Seven invented standardised patients; batches of three leave one patient in the last.",
        net, "squared", THETA, [x for x, _ in COHORT], [[t] for _, t in COHORT],
        ["RaggedBatch", "Training"])
    cohort["training"] = training(problem, RATE, 3, [], [1, 2, 10, 50])
    return [single, raw, entropy, logit, cohort]


def _digits(value):
    return [_digits(v) for v in value] if isinstance(value, list) else decimal_string(value)


def build():
    return {"source": SOURCE, "cases": cases()}
