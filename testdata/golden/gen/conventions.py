"""What every file says about itself, and the frame around its tests."""

from arithmetic import RESULT_DIGITS, SATURATED_DIGITS, WORKING_DIGITS, ZERO_DIGITS, require
from crosscheck_result import CROSSCHECK
from differentiate import AGREEMENT, STEP_EXPONENTS
from flags import table

SCHEMA = "touchstone-golden-1"
MPMATH = "1.2.1"

PROVENANCE = {
    "generator": (
        f"gen/generate.py with mpmath {MPMATH}: forward pass in {WORKING_DIGITS}-digit arithmetic, "
        f"{SATURATED_DIGITS}-digit for saturated networks and scalars; derivatives of networks by "
        f"central differences with steps 2^{STEP_EXPONENTS[0]} and 2^{STEP_EXPONENTS[1]} that "
        f"agree to at least {AGREEMENT} digits, or are both exactly zero also in {ZERO_DIGITS} "
        f"digits; results correctly rounded to {RESULT_DIGITS} digits. No backpropagation."),
    "scale": (
        "Computed by a backward recursion over absolute values, see README.md, from the exact "
        "results, which do not depend on it; rounded up to 6 digits."),
    "crosscheck": CROSSCHECK,
}

CONVENTIONS = {
    "input": "Hexadecimal floating point, exactly one float64: theta, x, t, dy, z, y, l2, rate.",
    "exact": "Decimal with 40 significant digits, correctly rounded; 0 is exactly zero.",
    "theta": "Layer by layer, W row by row, then b if the layer has a bias; one flat array.",
    "weights": "W[j][k]: row j belongs to unit j of the layer, column k to its input k.",
    "samples": "Samples are rows of x, t and dy.",
    "names": "W0, b0, W1, b1, ...; layers, units, inputs, samples and classes count from 0; "
             "epochs count from 1.",
    "squared": "1/2 sum (y-t)^2, with the half.",
    "outputs": "Over the outputs of one sample the loss is a sum, never a mean.",
    "reduction": "Over samples as the group says, mean or sum; with the mean, delta and dx contain "
                 "1/N.",
    "l2": "The loss includes l2/2 times the sum of all squared weights, no biases, not divided by "
          "N.",
    "step": "theta - rate * grad, except in the blocks that are frozen.",
    "relu": "Its derivative at 0 is 0. No unit of a network comes near.",
    "zero": "In nearest, a zero has the sign of the side it was rounded from.",
}


def grouped(cases):
    """Cases of the same network, loss, reduction and l2 in one group, in their order."""
    groups = []
    for made in cases:
        problem = made.pop("problem")
        for group in groups:
            if all(group[key] == value for key, value in problem.items()):
                break
        else:
            group = {"kind": "network", **problem, "tests": []}
            groups.append(group)
        group["tests"].append(made)
    return groups


def file(built):
    """The object of a file from what a module of vectors has built."""
    groups = built["groups"] if "groups" in built else grouped(built["cases"])
    tests = [test for group in groups for test in group["tests"]]
    require(tests, "a file without tests")
    made = {"schema": SCHEMA, "source": built["source"], "provenance": PROVENANCE,
            "conventions": CONVENTIONS, "flags": table(tests), "count": len(tests)}
    if "fit" in built:
        made["fit"] = built["fit"]
    return {**made, "groups": groups}
