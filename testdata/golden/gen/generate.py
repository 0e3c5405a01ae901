#!/usr/bin/python3
"""Writes the golden vectors: generate.py [OUTDIR], by default the directory above this one.

The generator evaluates forward passes in arithmetic of at least 200 digits and differentiates
them numerically. It contains no backpropagation, so it cannot share an error with one.
"""

import os
import sys
import tempfile

sys.dont_write_bytecode = True  # the directory of the vectors holds nothing but its sources

import mpmath

import conventions
import selfcheck
from arithmetic import require
from examples import cs231n, mazur, neuron, ng, patient, rat42
from layout import document
from networks import pairs, reductions, saturated, shapes, structure, targets
from scalars import build as scalars
from scalars import functions, rounding

LARGEST_FILE = 200_000

FILES = {
    "neuron": neuron.build, "patient": patient.build, "mazur": mazur.build, "ng": ng.build,
    "cs231n": cs231n.build, "rat42": rat42.build,
    "pairs-squared": pairs.squared, "pairs-entropy": pairs.entropies,
    "dimensions": shapes.dimensions, "depth": shapes.depths,
    "reductions": reductions.losses, "training": reductions.training_runs,
    "saturated-units": saturated.build_units, "saturated-losses": saturated.build_losses,
    "saturated-hidden": saturated.build_hidden,
    "targets": targets.build, "structure": structure.build,
    "scalar-sigmoid": lambda: scalars.build(
        "sigmoid", "sigmoid-derivative", "log-sigmoid", "softplus", "softplus-derivative"),
    "scalar-other": lambda: scalars.build(
        "identity", "identity-derivative", "relu", "relu-derivative", "tanh", "tanh-derivative"),
    "scalar-losses": lambda: scalars.build(*functions.TWO),
}


def write(path, text):
    """Replace the file in one motion, so that a reader never sees a part of it."""
    descriptor, temporary = tempfile.mkstemp(dir=os.path.dirname(path), suffix=".tmp")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def main(arguments):
    if len(arguments) > 1:
        sys.exit("usage: generate.py [OUTDIR]")
    here = os.path.dirname(os.path.abspath(__file__))
    directory = os.path.abspath(arguments[0]) if arguments else os.path.dirname(here)
    if not os.path.isdir(directory):
        sys.exit(f"generate.py: {directory} is not a directory")
    if mpmath.__version__ != conventions.MPMATH:
        sys.exit(f"generate.py: mpmath {conventions.MPMATH} is needed, "
                 f"this is {mpmath.__version__}")

    selfcheck.run()
    functions.check()
    rounding.check()
    texts, ids = {}, []
    for name, build in FILES.items():
        made = conventions.file(build())
        ids += [test["id"] for group in made["groups"] for test in group["tests"]]
        texts[name] = document(made)
        require(len(texts[name].encode()) < LARGEST_FILE, f"{name}.json is too large")
    twice = {case_id for case_id in ids if ids.count(case_id) > 1}
    require(not twice, f"ids used twice: {sorted(twice)}")
    # All checks have passed. Only now is anything written.
    for name, text in texts.items():
        write(os.path.join(directory, f"{name}.json"), text)
    print(f"{len(ids)} tests in {len(texts)} files")


if __name__ == "__main__":
    main(sys.argv[1:])
