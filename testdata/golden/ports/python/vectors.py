"""Reads the golden vectors and judges what a network computes for them. See ../../README.md."""

import json
import math
import sys
from collections import Counter
from fractions import Fraction


def floats(values):
    """Hexadecimal strings, nested in lists, as floats in the same lists."""
    return [floats(v) for v in values] if isinstance(values, list) else float.fromhex(values)


def flat(values):
    return [w for v in values for w in flat(v)] if isinstance(values, list) else [values]


def blocks(net):
    """The name of each block of theta, the index it begins at, its rows and its columns."""
    start, fan_in = 0, net["inputs"]
    for l, layer in enumerate(net["layers"]):
        width = layer["width"]
        yield f"W{l}", start, width, fan_in
        start += width * fan_in
        if layer["bias"]:
            yield f"b{l}", start, width, 1
            start += width
        fan_in = width


def results(net, got, test):
    """What is compared, in the order of its computation: name, got, exact, scale."""
    columns, layers = (got, test["exact"], test["scale"]), range(len(net["layers"]))
    for l in layers:
        for field in ("z", "a"):
            yield f"{field}{l}", *(flat(c[field][l]) for c in columns)
    yield "loss", *([c["loss"]] for c in columns)
    for l in reversed(layers):
        yield f"delta{l}", *(flat(c["delta"][l]) for c in columns)
    for name, start, rows, width in reversed(list(blocks(net))):
        yield name, *(c["grad"][start:start + rows * width] for c in columns)
    yield "dx", *(flat(c["dx"]) for c in columns)
    yield "after", got["after"], test["step"]["theta"], test["scale"]["step"]["theta"]


def judge(net, got, test):
    """The verdict on a network, and why it is not a pass.

    A float64 may be off by 2^-53 scale, and by underflow if there is something to lose. If that
    is as much as the value, for all entries of a block, then zeros would pass as well, and the
    verdict is inconclusive. The first block that fails is named, with the index of an entry.
    """
    verdict, why = "pass", ""
    for name, *entries in results(net, got, test):
        decides = False
        for i, (g, e, s) in enumerate(zip(*entries, strict=True)):
            exact = Fraction(e)
            allowed = Fraction(s) / 2**53 + (0 if e == "0" else Fraction(1, 2**1022))
            if not math.isfinite(g) or abs(Fraction(g) - exact) > allowed:
                return "fail", f"{name}[{i}] is {g!r}, not {e}"
            decides = decides or allowed < abs(exact) or allowed == 0
        if not decides and verdict == "pass":
            verdict, why = "inconclusive", f"zeros would pass as {name}"
    return verdict, why


def judge_scalar(function, got, test):
    """The verdict on the value of a function, and why it is not a pass: 4 ulp are allowed.

    sigma(z) - t cancels, so that there 4 ulp of t are, unless t is 0 or 1, where it need not.
    """
    nearest = float.fromhex(test["nearest"])
    ulp, t = math.ulp(nearest), float.fromhex(test.get("t", "0"))
    if function == "logit-cross-entropy-derivative" and 0 < t < 1:
        ulp = max(ulp, math.ulp(t))
    same = got == nearest or math.isnan(got) and math.isnan(nearest)
    if same or math.isfinite(nearest) and abs(got - nearest) <= 4 * ulp:
        return "pass", ""
    return "fail", f"is {got!r}, not {nearest!r}"


def judge_test(group, test, network, scalar):
    if group["kind"] == "network":
        got = network(group, test)
        return judge(group["net"], got, test) if got else ("skipped", "")
    got = None
    if group["kind"] == "scalar" and scalar:
        arguments = [float.fromhex(test[k]) for k in "yzt" if k in test]
        got = scalar(group["function"], *arguments)
    return judge_scalar(group["function"], got, test) if got is not None else ("skipped", "")


def judge_all(title, network, scalar=None, known={}):
    """Judges the vectors in the files of the command line, and prints what is not a pass.

    network(group, test) returns a dictionary: z, a and delta are lists with a list of rows for
    each layer, dx is a list of rows, grad and after are flat, loss is a number. scalar(function,
    argument, target) returns a value, and has no target where there is none. Both return None for
    what they do not have. known has the reasons why tests are known to fail, by their ids.
    Returned is whether no other failed.
    """
    if len(sys.argv) < 2:
        sys.exit(f"usage: {sys.argv[0]} FILE.json...")
    counts, good = {}, True
    for path in sys.argv[1:]:
        with open(path, encoding="utf-8") as stream:
            groups = json.load(stream)["groups"]
        for group in groups:
            count = counts.setdefault(group["kind"], Counter())
            for test in group["tests"]:
                verdict, why = judge_test(group, test, network, scalar)
                count[verdict] += 1
                if verdict == "fail" and test["id"] in known:
                    why += f"; known: {known[test['id']]}"
                elif verdict == "fail":
                    good = False
                if why:
                    print(f"{verdict.upper()} {test['id']}: {why}")
    for kind, count in counts.items():
        verdicts = ", ".join(f"{count[v]} {v}" for v in ("pass", "inconclusive", "fail", "skipped"))
        print(f"{title}: {count.total()} {kind} tests: {verdicts}")
    return good and sum(count["pass"] for count in counts.values()) > 0
