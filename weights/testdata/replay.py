#!/usr/bin/python3
"""Replays NPZ files that "touchstone export" wrote, in NumPy, and compares all results.

    replay.py FILE.npz ...

The forward and the backward pass below are written down from the README of the golden
vectors, in float64. What differs from a file by more than its scale allows, plus half a
unit in the last place for the rounding of the file, is printed, and the exit code is 1.
Needs Debian's python3-numpy. Nothing in the files is pickled, so numpy.load may refuse
that.
"""

import sys

import numpy as np

U, SMALLEST = 2.0**-53, 2.0**-1022


def sigmoid(z):
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1 / (1 + e), e / (1 + e))


def softplus(z):
    return np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))


# Each with its derivative, of z and not of the rounded a.
ACTIVATIONS = {
    "identity": (lambda z: z, lambda z: np.ones_like(z)),
    "sigmoid": (sigmoid, lambda z: sigmoid(z) * sigmoid(-z)),
    "tanh": (np.tanh, lambda z: 4 * sigmoid(2 * z) * sigmoid(-2 * z)),
    "relu": (lambda z: np.maximum(z, 0), lambda z: (z > 0).astype(float)),
    "softplus": (softplus, sigmoid),
}


def log_sum_exp(y):
    top = y.max(axis=1, keepdims=True)
    return top + np.log(np.exp(y - top).sum(axis=1, keepdims=True))


def squared(y, t):
    return ((y - t) ** 2).sum() / 2, y - t


def cross_entropy(y, t):
    loss = 0.0
    for share, log in (t, np.log(y)), (1 - t, np.log1p(-y)):
        loss -= (share[share != 0] * log[share != 0]).sum()  # 0·log 0 = 0
    return loss, (y - t) / (y * (1 - y))


def logit_cross_entropy(y, t):
    # Σ softplus(y) − t·y, without the cancellation at large y.
    loss = np.where(y >= 0, (1 - t) * y, -t * y) + np.log1p(np.exp(-np.abs(y)))
    # σ(y) − t, without that near t = 1.
    return loss.sum(), (1 - t) * sigmoid(y) - t * sigmoid(-y)


def softmax_cross_entropy(y, t):
    log_p = y - log_sum_exp(y)
    total = t.sum(axis=1, keepdims=True)
    others = np.exp(log_p)
    dy = total * others - t
    for s, j in zip(*np.nonzero(t)):  # T·p − t = (T − t) − T·(1 − p), the latter from the other units
        rest = np.delete(others[s], j).sum()
        dy[s, j] = (total[s, 0] - t[s, j]) - total[s, 0] * rest if others[s, j] > 0.5 else dy[s, j]
    return -(t * log_p).sum(), dy


LOSSES = {"squared": squared, "cross-entropy": cross_entropy, "logit-cross-entropy": logit_cross_entropy,
          "softmax-cross-entropy": softmax_cross_entropy}


def replay(f):
    """Everything that a file holds results of, by name."""
    got, a = {}, f["x"]
    names = f["activations"].tolist()
    inputs = []
    for l, name in enumerate(names):
        inputs.append(a)
        z = a @ f[f"W{l}"].T
        if f"b{l}" in f:
            z = z + f[f"b{l}"]
        got[f"z{l}"] = z
        got[f"a{l}"] = a = ACTIVATIONS[name][0](z)

    share = 1 / len(a) if f["reduction"] == "mean" else 1.0
    if f["loss_function"] == "none":
        loss, dy = (f["dy"] * a).sum(), f["dy"]
    else:
        loss, dy = LOSSES[str(f["loss_function"])](a, f["t"])
    penalty = sum((f[f"W{l}"] ** 2).sum() for l in range(len(names)))
    got["loss"] = share * loss + f["l2"] / 2 * penalty

    upstream = share * dy
    for l in reversed(range(len(names))):
        delta = upstream * ACTIVATIONS[names[l]][1](got[f"z{l}"])
        got[f"delta{l}"] = delta
        got[f"grad_W{l}"] = delta.T @ inputs[l] + f["l2"] * f[f"W{l}"]
        if f"b{l}" in f:
            got[f"grad_b{l}"] = delta.sum(axis=0)
        upstream = delta @ f[f"W{l}"]
    got["dx"] = upstream
    return got


def compare(path):
    """The names of what differs, each with its worst error in units of what is allowed."""
    with np.load(path, allow_pickle=False) as f:
        f = {name: f[name] for name in f.files}
    wrong, worst = [], 0.0
    for name, got in replay(f).items():
        want, scale = f[name], f["scale_" + name]
        if np.shape(got) != want.shape or want.dtype != np.float64:
            return [f"{name} has the shape {np.shape(got)}, want {want.shape}"], np.inf
        allowed = U * scale + U * np.abs(want) + SMALLEST
        error = np.abs(got - want) / allowed
        if not np.all(error <= 1):
            wrong.append(f"{name}: off by {error.max():.3g} of what is allowed")
        worst = max(worst, error.max())
    return wrong, worst


def main(paths):
    np.seterr(all="ignore")
    failed, worst = 0, 0.0
    for path in paths:
        wrong, error = compare(path)
        worst = max(worst, error)
        if wrong:
            failed += 1
            print(f"{path}: " + "; ".join(wrong))
    print(f"{len(paths)} files replayed, {failed} differ, the worst at {worst:.2g} of what is allowed")
    return 1 if failed or not paths else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
