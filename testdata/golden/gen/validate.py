#!/usr/bin/python3
"""Validates the vectors: validate.py [DIRECTORY], by default the directory above this one.

Checks every file against schema/golden-1.schema.json, and what a schema cannot say: shapes, the
number of tests, that ids are unique, that flags are explained, that `nearest` is the float64 of
`value`, and that README.md states the number of tests of every file.

It needs Python 3 and jsonschema 4 (Debian: python3-jsonschema).
"""

import glob
import json
import os
import re
import sys

sys.dont_write_bytecode = True

try:
    from jsonschema import Draft202012Validator
except ImportError:
    sys.exit("validate.py needs jsonschema 4, in Debian: apt-get install python3-jsonschema")

LARGEST_FILE = 200_000
HOME = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


class Invalid(Exception):
    pass


def require(condition, message):
    if not condition:
        raise Invalid(message)


def shape(value):
    """The nested lengths of an array; ragged arrays have a shape that nothing equals."""
    if not isinstance(value, list):
        return ()
    inner = {shape(v) for v in value}
    return (len(value), *inner.pop()) if len(inner) == 1 else ("ragged", str(inner))


def parameters(net):
    """The number of parameters and the names of their blocks."""
    total, names, fan_in = 0, [], net["inputs"]
    for l, layer in enumerate(net["layers"]):
        total += layer["width"] * (fan_in + layer["bias"])
        names += [f"W{l}"] + ([f"b{l}"] if layer["bias"] else [])
        fan_in = layer["width"]
    return total, names


def network(group, test):
    widths = [layer["width"] for layer in group["net"]["layers"]]
    total, names = parameters(group["net"])
    samples = len(test["x"])
    target = test["dy" if group["loss"] == "none" else "t"]
    require(shape(test["theta"]) == (total,), "shape of theta")
    require(shape(test["x"]) == (samples, group["net"]["inputs"]), "shape of x")
    require(shape(target) == (samples, widths[-1]), "shape of the targets")
    for name in ("exact", "scale"):
        part = test[name]
        for field in ("z", "a", "delta"):
            require([shape(v) for v in part[field]] == [(samples, w) for w in widths],
                    f"shape of {name}.{field}")
        require(shape(part["grad"]) == (total,), f"shape of {name}.grad")
        require(shape(part["dx"]) == shape(test["x"]), f"shape of {name}.dx")
    descents = [test["step"], test["scale"]["step"]]
    descents += test["training"]["milestones"] if "training" in test else []
    require(all(shape(d["theta"]) == (total,) for d in descents), "shape of a later theta")
    frozen = test["step"]["frozen"] + test.get("training", {}).get("frozen", [])
    require(set(frozen) <= set(names), "a frozen block does not exist")


def scalar(group, test):
    arguments = [test[name] for name in ("z", "y", "t") if name in test]
    decimals = ",".join(repr(float.fromhex(v)) for v in arguments)
    require(test["id"] == f"{group['function']}@{decimals}", "the id does not name the arguments")
    near = float.fromhex(test["nearest"])
    if "value" not in test:
        require(near == 0, "a value is missing")
    elif "Tie" not in test["flags"]:
        # Forty digits decide, but for a tie; Python rounds what it reads correctly.
        want = float(test["value"])
        require(near == want or (near != near and want != want), "nearest is not that of value")


def file(path, validator, flags):
    """The ids of the tests in a file; adds its flags, with their types of bug, to the set."""
    with open(path, encoding="utf-8") as stream:
        text = stream.read()
    require(len(text.encode()) < LARGEST_FILE, "the file is too large")
    made = json.loads(text)
    error = next(iter(sorted(validator.iter_errors(made), key=lambda e: len(e.path))), None)
    if error is not None:
        raise Invalid(f"{'/'.join(map(str, error.absolute_path))}: {error.message[:300]}")
    ids, used = [], set()
    for group in made["groups"]:
        for test in group["tests"]:
            ids.append(test["id"])
            used.update(test["flags"])
            try:
                (network if group["kind"] == "network" else scalar)(group, test)
            except Invalid as invalid:
                raise Invalid(f"{test['id']}: {invalid}") from None
    require(used == set(made["flags"]), "the flags are not those of the tests")
    flags.update((flag, about["bug_type"]) for flag, about in made["flags"].items())
    require(made["count"] == len(ids), "count is not the number of tests")
    return ids


def main(arguments):
    directory = arguments[0] if arguments else HOME
    with open(os.path.join(HOME, "schema", "golden-1.schema.json"), encoding="utf-8") as stream:
        schema = json.load(stream)
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    with open(os.path.join(HOME, "README.md"), encoding="utf-8") as stream:
        readme = stream.read()
    stated = re.findall(r"^\| `([a-z0-9-]+\.json)` \|.*\| (\d+) \|$", readme, re.M)
    explained = set(re.findall(r"^\| `([A-Z][A-Za-z]+)` \| ([A-Z]+) \|", readme, re.M))
    ids, counts, flags = [], [], set()
    for path in sorted(glob.glob(os.path.join(directory, "*.json"))):
        name = os.path.basename(path)
        try:
            found = file(path, validator, flags)
        except Invalid as invalid:
            sys.exit(f"{name}: {invalid}")
        ids += found
        counts.append((name, str(len(found))))
    if len(set(ids)) != len(ids):
        sys.exit("an id is used in two files")
    if sorted(stated) != counts:
        sys.exit(f"README.md does not state these numbers of tests: {counts}")
    if explained != flags:
        sys.exit(f"README.md does not explain these flags: {sorted(explained ^ flags)}")
    total = f"**{len(ids)} tests in {len(counts)} files.**"
    if total not in readme:
        sys.exit(f"README.md does not state {total}")
    print(f"{len(ids)} tests in {len(counts)} files are valid")


if __name__ == "__main__":
    main(sys.argv[1:])
