#!/usr/bin/python3
"""Writes the golden vectors: generate.py [OUTDIR], by default the directory above this one.

The generator evaluates forward passes in 200-digit arithmetic and differentiates them
numerically. It contains no backpropagation, so it cannot share an error with one.
"""

import os
import sys
import tempfile

sys.dont_write_bytecode = True  # the directory of the vectors holds nothing but its sources

import mpmath

import selfcheck
from arithmetic import RESULT_DIGITS, WORKING_DIGITS, require
from differentiate import AGREEMENT, STEP_EXPONENTS
from examples import cs231n, mazur, neuron, ng, patient, rat42
from layout import document

SCHEMA = "touchstone-golden-0"
MPMATH = "1.2.1"

PROVENANCE = (
    f"gen/generate.py with mpmath {MPMATH}: forward pass in {WORKING_DIGITS}-digit arithmetic, "
    f"derivatives by central differences with steps 2^{STEP_EXPONENTS[0]} and "
    f"2^{STEP_EXPONENTS[1]} that agree to at least {AGREEMENT} digits or are both exactly zero, "
    f"results correctly rounded to {RESULT_DIGITS} digits. No backpropagation.")

FILES = {"neuron": neuron, "patient": patient, "mazur": mazur,
         "ng": ng, "cs231n": cs231n, "rat42": rat42}


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
    if mpmath.__version__ != MPMATH:
        sys.exit(f"generate.py: mpmath {MPMATH} is needed, this is {mpmath.__version__}")

    selfcheck.run()
    texts, ids = {}, []
    for name, example in FILES.items():
        built = example.build()
        ids += [made["id"] for made in built["cases"]]
        texts[name] = document({"schema": SCHEMA, "source": built.pop("source"),
                                "provenance": PROVENANCE, **built})
    require(len(set(ids)) == len(ids), "an id is used twice")
    # All checks have passed. Only now is anything written.
    for name, text in texts.items():
        write(os.path.join(directory, f"{name}.json"), text)


if __name__ == "__main__":
    main(sys.argv[1:])
