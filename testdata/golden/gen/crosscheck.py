#!/usr/bin/python3
"""Compares the vectors with PyTorch: crosscheck.py [DIRECTORY], default the one above this one.

An implementation that shares nothing with the generator, neither code nor method: reverse-mode
automatic differentiation of torch.autograd. Each network test is evaluated

* in float64 with the framework's own functions and their derivatives,
* in float64 and in float32 with activations whose derivatives are taken at z, and a logit loss
  that keeps its tail,

and |got - exact| <= u * scale + the smallest normal number is asked of z, a, loss, delta, grad,
dx and the theta of the step, with u = 2^-53 or 2^-24. In float32 the inputs are rounded, which
the scale covers. The sums run forwards and, in a second evaluation, backwards.

It needs Python 3 and PyTorch 1.13 or later (Debian: python3-torch). Nothing is written: what it
prints is copied to crosscheck_result.py by hand.
"""

import glob
import json
import math
import os
import sys
from fractions import Fraction

sys.dont_write_bytecode = True

try:
    import torch
except ImportError:
    sys.exit("crosscheck.py needs PyTorch, in Debian: apt-get install python3-torch")

HOME = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ROUNDOFF = {torch.float64: Fraction(1, 2 ** 53), torch.float32: Fraction(1, 2 ** 24)}
SMALLEST = {torch.float64: Fraction(1, 2 ** 1022), torch.float32: Fraction(1, 2 ** 126)}


class Sigmoid(torch.autograd.Function):
    """The derivative at z, e/(1+e)^2 with e = e^-|z|, instead of a(1-a)."""

    @staticmethod
    def forward(ctx, z):
        ctx.save_for_backward(z)
        return torch.where(z < 0, torch.exp(-abs(z)), torch.ones_like(z)) / (1 + torch.exp(-abs(z)))

    @staticmethod
    def backward(ctx, grad):
        e = torch.exp(-abs(ctx.saved_tensors[0]))
        return grad * (e / (1 + e) ** 2)


class Tanh(torch.autograd.Function):
    """The derivative at z, 4e/(1+e)^2 with e = e^-2|z|, instead of 1-a^2."""

    @staticmethod
    def forward(ctx, z):
        ctx.save_for_backward(z)
        return torch.tanh(z)

    @staticmethod
    def backward(ctx, grad):
        e = torch.exp(-2 * abs(ctx.saved_tensors[0]))
        return grad * (4 * e / (1 + e) ** 2)


class Softplus(torch.autograd.Function):
    """Without the framework's threshold of 20, above which it returns z."""

    @staticmethod
    def forward(ctx, z):
        ctx.save_for_backward(z)
        return torch.clamp(z, min=0) + torch.log1p(torch.exp(-abs(z)))

    @staticmethod
    def backward(ctx, grad):
        return grad * Sigmoid.apply(ctx.saved_tensors[0])


FRAMEWORK = {"identity": lambda z: z, "relu": torch.relu, "sigmoid": torch.sigmoid,
             "tanh": torch.tanh, "softplus": torch.nn.functional.softplus}
AT_Z = {**FRAMEWORK, "sigmoid": Sigmoid.apply, "tanh": Tanh.apply, "softplus": Softplus.apply}


def loss(name, y, t, activations):
    """The sum over outputs and samples, with the framework's losses where they are its own."""
    functional = torch.nn.functional
    if name == "none":
        return (y * t).sum()
    if name == "squared":
        return ((y - t) ** 2).sum() / 2
    if name == "cross-entropy":
        # Written out: the framework's clamps the logarithm at -100.
        return -(t * torch.log(y) + (1 - t) * torch.log1p(-y)).sum()
    if name == "logit-cross-entropy":
        if activations is AT_Z:
            return (Softplus.apply(y) - t * y).sum()
        return functional.binary_cross_entropy_with_logits(y, t, reduction="sum")
    return -(t * functional.log_softmax(y, dim=1)).sum()


def floats(values, dtype):
    if isinstance(values, list):
        return torch.stack([floats(v, dtype) for v in values])
    return torch.tensor(float.fromhex(values), dtype=torch.float64).to(dtype)


def evaluate(group, test, activations, dtype, backwards):
    """The results in the shape of "exact"."""
    def order(v, dim):
        return v.flip(dim) if backwards else v
    theta = floats(test["theta"], dtype).requires_grad_()
    x = floats(test["x"], dtype).requires_grad_()
    t = floats(test["dy" if group["loss"] == "none" else "t"], dtype)
    a, start, z_all, a_all, penalty = x, 0, [], [], torch.zeros((), dtype=dtype)
    for layer in group["net"]["layers"]:
        width, fan_in = layer["width"], a.shape[1]
        w = theta[start:start + width * fan_in].reshape(width, fan_in)
        start += width * fan_in
        z = order(a, 1) @ order(w, 1).T
        penalty = penalty + (w ** 2).sum()
        if layer["bias"]:
            z = z + theta[start:start + width]
            start += width
        a = activations[layer["activation"]](z)
        z.retain_grad()
        z_all.append(z)
        a_all.append(a)
    total = loss(group["loss"], a, t, activations)
    if group["reduction"] == "mean":
        total = total / len(x)
    l2 = float.fromhex(group["l2"])
    if l2:
        total = total + floats(group["l2"], dtype) * penalty / 2
    total.backward()
    moving, start, fan_in = torch.ones_like(theta), 0, group["net"]["inputs"]
    for l, layer in enumerate(group["net"]["layers"]):
        sizes = [("W", layer["width"] * fan_in), ("b", layer["width"] * layer["bias"])]
        for kind, size in sizes:
            if f"{kind}{l}" in test["step"]["frozen"]:
                moving[start:start + size] = 0
            start += size
        fan_in = layer["width"]
    step = theta - floats(test["step"]["rate"], dtype) * theta.grad * moving
    return {"step": step, "z": z_all, "a": a_all, "loss": total, "delta": [z.grad for z in z_all],
            "grad": theta.grad, "dx": x.grad}


def flat(value):
    if isinstance(value, list):
        return [w for v in value for w in flat(v)]
    return value.detach().double().flatten().tolist() if torch.is_tensor(value) else [value]


def worst(got, test, dtype):
    """The largest error in units of what is allowed, and the field it is in."""
    found = (0.0, "")
    for field, value in got.items():
        if field == "step":
            exact, scale = test["step"]["theta"], test["scale"]["step"]["theta"]
        else:
            exact, scale = test["exact"][field], test["scale"][field]
        for g, e, s in zip(flat(value), flat(exact), flat(scale)):
            allowed = ROUNDOFF[dtype] * Fraction(s) + (SMALLEST[dtype] if e != "0" else 0)
            error = abs(Fraction(g) - Fraction(e)) if math.isfinite(g) else None
            if error == 0:
                continue
            ratio = math.inf if error is None or allowed == 0 else float(error / allowed)
            found = max(found, (ratio, field))
    return found


def tests(directory):
    for path in sorted(glob.glob(os.path.join(directory, "*.json"))):
        with open(path, encoding="utf-8") as stream:
            for group in json.load(stream)["groups"]:
                if group["kind"] == "network":
                    yield from ((group, test) for test in group["tests"])


def main(arguments):
    torch.set_num_threads(1)
    everything = list(tests(arguments[0] if arguments else HOME))
    print(f"PyTorch {torch.__version__}, {len(everything)} network tests")
    for title, activations, dtype in (("float64, framework", FRAMEWORK, torch.float64),
                                      ("float64, from z", AT_Z, torch.float64),
                                      ("float32, from z", AT_Z, torch.float32)):
        within, largest, outside = 0, (0.0, "", ""), []
        for group, test in everything:
            ratio, field = max(worst(evaluate(group, test, activations, dtype, backwards), test,
                                     dtype) for backwards in (False, True))
            if ratio <= 1:
                within += 1
                largest = max(largest, (ratio, field, test["id"]))
            else:
                outside.append((test["id"], field, ratio))
        print(f"{title}: {within} within the bound, the worst of them at {largest[0]:.2f} of it "
              f"({largest[1]} of {largest[2]}); {len(outside)} outside")
        for case_id, field, ratio in outside:
            print(f"  {case_id}: {field} at {ratio:.3g} of the bound")


if __name__ == "__main__":
    main(sys.argv[1:])
