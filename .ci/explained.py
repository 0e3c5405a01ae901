"""What .ci/mutate and .ci/cover share: the packages they look at, and lists of what is explained."""
import sys

PACKAGES = ["activation", "loss", "internal/dd", "internal/round", "internal/bigfloat", "mlp", "mlp/exact", "gradcheck", "."]


def explained(path, width):
    """The lines of a file without their last field, the explanation, of so many between tabs."""
    known = set()
    with open(path) as f:
        for number, line in enumerate(f, 1):
            if line.startswith("#"):
                continue
            fields = line.rstrip("\n").split("\t")
            if len(fields) != width or not all(fields):
                sys.exit(f"{path}:{number}: not {width} fields between tabs")
            known.add(tuple(fields[:-1]))
    return known
