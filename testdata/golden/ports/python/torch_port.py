#!/usr/bin/python3
"""Judges torch.autograd by the golden vectors. Debian: python3-torch.

usage: torch_port.py ../../*.json

The network is judged twice: with the functions that the framework has, and with functions of ours
whose derivatives are taken at z. Prints each verdict that is not a pass, and the number of each.
The exit code is 1 if a test fails that is not among those of KNOWN with the framework's functions.
"""

import sys

import torch
from torch.nn import functional

import vectors

# What PyTorch 1.13 is known to fail, in float64 with functions of its own, and why.
ROUNDED = "the derivative is a(1-a) or 1-a^2 of a rounded a"
OVERFLOW = "e^-z overflows in 1/(1+e^-z)"
NO_LOG1P = "the loss is log(1+e^z) without log1p"
KNOWN = {
    **dict.fromkeys([
        "neuron-raw-label-0", "patient-single-raw", "rat42-start-1",
        "saturated-hidden-sigmoid-plus-37", "saturated-hidden-sigmoid-plus-50",
        "saturated-hidden-tanh-plus-37", "saturated-hidden-tanh-minus-37",
        "saturated-hidden-tanh-plus-50", "saturated-hidden-tanh-minus-50",
        "saturated-sigmoid-plus-19-target-0", "saturated-sigmoid-plus-37-target-0",
        "saturated-sigmoid-plus-50-target-0", "saturated-sigmoid-plus-710-target-0",
        "saturated-tanh-plus-19-target-minus-1", "saturated-tanh-minus-19-target-1",
        "saturated-tanh-plus-37-target-minus-1", "saturated-tanh-minus-37-target-1",
        "saturated-tanh-plus-50-target-minus-1", "saturated-tanh-minus-50-target-1"], ROUNDED),
    **dict.fromkeys([
        "saturated-sigmoid-minus-710-target-1", "saturated-logit-minus-710-label-0"], OVERFLOW),
    **dict.fromkeys([
        "saturated-logit-minus-19-label-0", "saturated-logit-minus-37-label-0",
        "saturated-logit-minus-50-label-0", "near-thirty-below", "near-thirty-nearest",
        "near-thirty-above"], NO_LOG1P),
}


class Tanh(torch.autograd.Function):
    """The derivative at z, 4e/(1+e)^2 with e = e^-2|z|: 1 - a^2 is 0 once a has rounded to 1."""

    @staticmethod
    def forward(ctx, z):
        ctx.save_for_backward(z)
        return torch.tanh(z)

    @staticmethod
    def backward(ctx, da):
        e = torch.exp(-2 * abs(ctx.saved_tensors[0]))
        return da * 4 * e / (1 + e) ** 2


FRAMEWORK = {"identity": lambda z: z, "relu": torch.relu, "sigmoid": torch.sigmoid,
             "tanh": torch.tanh, "softplus": functional.softplus}

# logsigmoid and its derivative keep their digits in both tails.
AT_Z = {**FRAMEWORK, "sigmoid": lambda z: torch.exp(functional.logsigmoid(z)),
        "tanh": Tanh.apply, "softplus": lambda z: -functional.logsigmoid(-z)}


def logit_cross_entropy(activations, y, t):
    if activations is FRAMEWORK:
        return functional.binary_cross_entropy_with_logits(y, t, reduction="sum")
    return (activations["softplus"](y) - t * y).sum()


def sum_of_losses(name, activations, y, t):
    if name == "squared":
        return ((y - t) ** 2).sum() / 2
    if name == "cross-entropy":  # the framework's clamps the logarithm at -100
        return -(torch.xlogy(t, y) + torch.special.xlog1py(1 - t, -y)).sum()
    if name == "logit-cross-entropy":
        return logit_cross_entropy(activations, y, t)
    if name == "softmax-cross-entropy":
        return -(t * functional.log_softmax(y, dim=1)).sum()
    return (t * y).sum()  # t is dy, the cotangent


def tensor(values):
    return torch.tensor(vectors.floats(values), dtype=torch.float64)


def network(activations):
    def evaluate(group, test):
        net, theta, x = group["net"], *(tensor(test[k]).requires_grad_() for k in ("theta", "x"))
        parameters = {name: theta[start:start + rows * columns].reshape(rows, columns)
                      for name, start, rows, columns in vectors.blocks(net)}
        z, a = [], [x]
        for l, layer in enumerate(net["layers"]):
            b = parameters.get(f"b{l}")
            z.append(functional.linear(a[-1], parameters[f"W{l}"], None if b is None else b[:, 0]))
            z[-1].retain_grad()
            a.append(activations[layer["activation"]](z[-1]))

        t = tensor(test["dy" if group["loss"] == "none" else "t"])
        loss = sum_of_losses(group["loss"], activations, a[-1], t)
        if group["reduction"] == "mean":
            loss = loss / len(x)
        squares = sum((w ** 2).sum() for name, w in parameters.items() if name.startswith("W"))
        loss = loss + float.fromhex(group["l2"]) / 2 * squares
        loss.backward()

        after = theta.detach() - float.fromhex(test["step"]["rate"]) * theta.grad
        for name, start, rows, columns in vectors.blocks(net):
            if name in test["step"]["frozen"]:
                after[start:start + rows * columns] = theta[start:start + rows * columns].detach()
        return {"z": [v.tolist() for v in z], "a": [v.tolist() for v in a[1:]],
                "loss": loss.item(), "delta": [v.grad.tolist() for v in z],
                "grad": theta.grad.tolist(), "dx": x.grad.tolist(), "after": after.tolist()}
    return evaluate


if __name__ == "__main__":
    torch.set_num_threads(1)  # for matrices this small
    title = f"PyTorch {torch.__version__}"
    verdicts = [vectors.judge_all(f"{title}, its functions", network(FRAMEWORK), known=KNOWN),
                vectors.judge_all(f"{title}, derivatives at z", network(AT_Z))]
    sys.exit(0 if all(verdicts) else 1)
