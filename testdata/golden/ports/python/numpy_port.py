#!/usr/bin/python3
"""Judges a network in NumPy by the golden vectors. Debian: python3-numpy.

usage: numpy_port.py ../../*.json

Prints each verdict that is not a pass, and the number of each. The exit code is 1 if a test fails.
"""

import sys

import numpy as np

import vectors


def sigmoid(z):
    e = np.exp(-abs(z))  # never more than 1
    return np.where(z < 0, e, 1) / (1 + e)


def sigmoid_slope(z):
    e = np.exp(-abs(z))
    return e / (1 + e) ** 2  # of z: a(1-a) is 0 once a has rounded to 1


def softplus(z):
    return np.maximum(z, 0) + np.log1p(np.exp(-abs(z)))


ACTIVATIONS = {  # each with its derivative, both functions of z
    "identity": (lambda z: z, lambda z: np.where(np.isnan(z), z, 1)),
    "sigmoid": (sigmoid, sigmoid_slope),
    "tanh": (np.tanh, lambda z: 4 * sigmoid_slope(2 * z)),
    "relu": (lambda z: np.maximum(z, 0), lambda z: np.heaviside(z, 0)),
    "softplus": (softplus, sigmoid),
}


def times(t, v):
    return np.where(t == 0, 0, t * v)  # nothing, also of infinity


def cross_entropy(y, t):
    slope = (y - t) / (y * (1 - y))
    slope = np.where(t == 0, 1 / (1 - y), np.where(t == 1, -1 / y, slope))
    return -times(t, np.log(y)) - times(1 - t, np.log1p(-y)), slope


def logit_cross_entropy(y, t):
    # log(1+e^y) - ty and sigma(y) - t, where y > 0 without the y and the 1 that may cancel.
    value = times(np.where(y > 0, 1 - t, -t), y) + np.log1p(np.exp(-abs(y)))
    return value, np.where(y > 0, (1 - t) - sigmoid(-y), sigmoid(y) - t)


def softmax_cross_entropy(y, t):
    top = y.argmax(axis=1)[:, None]
    y = y - np.take_along_axis(y, top, axis=1)
    e = np.exp(y)
    rest = e.copy()  # the sum of e^y is e^top·(1 + others)
    np.put_along_axis(rest, top, 0, axis=1)
    others = rest.sum(axis=1, keepdims=True)
    return -t * (y - np.log1p(others)), t.sum(axis=1, keepdims=True) * (e / (1 + others)) - t


LOSSES = {  # the terms of the loss, and its derivative by y
    "squared": lambda y, t: ((y - t) ** 2 / 2, y - t),
    "cross-entropy": cross_entropy,
    "logit-cross-entropy": logit_cross_entropy,
    "softmax-cross-entropy": softmax_cross_entropy,
    "none": lambda y, dy: (dy * y, dy),
}


def unpack(net, theta):
    """W and b of each layer, as views of theta; b is None where a layer has none."""
    views = {name: theta[start:start + rows * columns].reshape(rows, columns)
             for name, start, rows, columns in vectors.blocks(net)}
    return [(views[f"W{l}"], views[f"b{l}"][:, 0] if f"b{l}" in views else None)
            for l in range(len(net["layers"]))]


def forward(net, theta, x):
    z, a = [], [x]
    for layer, (W, b) in zip(net["layers"], unpack(net, theta)):
        z.append(a[-1] @ W.T + (0 if b is None else b))
        a.append(ACTIVATIONS[layer["activation"]][0](z[-1]))
    return z, a  # a[0] is x, so that a[l] is what layer l takes


def backward(net, theta, z, a, dy, l2):
    grad, delta, da = np.empty_like(theta), [None] * len(z), dy
    layers = list(zip(net["layers"], unpack(net, theta), unpack(net, grad)))
    for l, (layer, (W, _), (dW, db)) in reversed(list(enumerate(layers))):
        delta[l] = da * ACTIVATIONS[layer["activation"]][1](z[l])
        dW[:] = delta[l].T @ a[l] + l2 * W
        if db is not None:
            db[:] = delta[l].sum(axis=0)
        da = delta[l] @ W
    return grad, delta, da


def network(group, test):
    if group["loss"] not in LOSSES or not all(
            layer["activation"] in ACTIVATIONS for layer in group["net"]["layers"]):
        return None
    net, theta, x = group["net"], *(np.array(vectors.floats(test[k])) for k in ("theta", "x"))
    t = np.array(vectors.floats(test["dy" if group["loss"] == "none" else "t"]))
    l2, rate = float.fromhex(group["l2"]), float.fromhex(test["step"]["rate"])
    samples = len(x) if group["reduction"] == "mean" else 1

    z, a = forward(net, theta, x)
    terms, dy = LOSSES[group["loss"]](a[-1], t)
    loss = terms.sum() / samples + l2 / 2 * sum((W ** 2).sum() for W, _ in unpack(net, theta))
    grad, delta, dx = backward(net, theta, z, a, dy / samples, l2)
    after = theta - rate * grad
    for name, start, rows, columns in vectors.blocks(net):
        if name in test["step"]["frozen"]:
            after[start:start + rows * columns] = theta[start:start + rows * columns]
    return {"z": [v.tolist() for v in z], "a": [v.tolist() for v in a[1:]], "loss": float(loss),
            "delta": [v.tolist() for v in delta], "grad": grad.tolist(), "dx": dx.tolist(),
            "after": after.tolist()}


def scalar(function, argument, target=None):
    name, is_slope = function.removesuffix("-derivative"), function.endswith("-derivative")
    if name in LOSSES:
        return float(LOSSES[name](np.float64(argument), np.float64(target))[is_slope])
    if name == "log-sigmoid":
        return float(-softplus(np.float64(-argument)))
    return float(ACTIVATIONS[name][is_slope](np.float64(argument))) if name in ACTIVATIONS else None


if __name__ == "__main__":
    np.seterr(all="ignore")  # infinities are right answers here
    sys.exit(0 if vectors.judge_all(f"NumPy {np.__version__}", network, scalar) else 1)
