#!/usr/bin/python3
"""Writes arrays, networks, predictions and gradients of NumPy, PyTorch and scikit-learn,
for the tests of package weights.

    make.py          writes the files next to it
    make.py OUTDIR   writes them elsewhere

Needs Debian's python3-numpy, python3-torch and python3-sklearn. It was run with NumPy
1.24.2, PyTorch 1.13.1 and scikit-learn 1.2.1. Debian has no python3-safetensors: those
files are written here, from torch's tensors, in the layout of its documentation.
"""

import hashlib
import json
import os
import struct
import sys
import warnings

import numpy as np
import torch
from sklearn.neural_network import MLPClassifier, MLPRegressor

OUTDIR = sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.abspath(__file__))


def path(name):
    return os.path.join(OUTDIR, name)


# --- safetensors -------------------------------------------------------------------

DTYPES = {torch.float16: "F16", torch.bfloat16: "BF16", torch.float32: "F32", torch.float64: "F64",
          torch.int64: "I64", torch.uint8: "U8", torch.bool: "BOOL"}


def save_safetensors(tensors, name):
    """The length of the header in 8 bytes, the header in JSON, padded to a multiple of 8,
    and the tensors, little endian and row by row, the widest types first."""
    header, data = {"__metadata__": {"format": "pt"}}, b""
    for key in sorted(tensors, key=lambda k: (-tensors[k].element_size(), k)):
        t = tensors[key].contiguous()
        raw = bytes(t.flatten().view(torch.uint8).numpy()) if t.dtype != torch.bool else t.numpy().tobytes()
        header[key] = {"dtype": DTYPES[t.dtype], "shape": list(t.shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path(name), "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text + data)


# --- PyTorch -----------------------------------------------------------------------

def make_torch():
    """A network 3-4-5-2 in float32, and what it computes in float32 and float64."""
    torch.manual_seed(1)
    torch.set_num_threads(1)
    net = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Tanh(), torch.nn.Linear(4, 5), torch.nn.Sigmoid(),
                              torch.nn.Linear(5, 2))
    x, t = torch.randn(7, 3), torch.randint(0, 2, (7, 2)).float()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.5)
    for _ in range(100):
        optimizer.zero_grad()
        loss_of(net(x), t).backward()
        optimizer.step()

    state = {k: v.detach().clone() for k, v in net.state_dict().items()}
    save_safetensors(dict(state, steps=torch.tensor(100)), "torch.safetensors")
    np.savez(path("torch.npz"), **{k: v.numpy() for k, v in state.items()})
    save_safetensors({k: v.half() for k, v in state.items()}, "torch_float16.safetensors")
    save_safetensors({k: v.bfloat16() for k, v in state.items()}, "torch_bfloat16.safetensors")
    for name, dtype in ("torch_run32.npz", torch.float32), ("torch_run64.npz", torch.float64):
        run(net.to(dtype), x.to(dtype), t.to(dtype), name)

    # What torch makes of the weights in 16 bits.
    expected = {}
    for name, dtype in ("torch_float16.safetensors", torch.float16), ("torch_bfloat16.safetensors", torch.bfloat16):
        expected[name] = {k: [v.hex() for v in t.to(dtype).double().flatten().tolist()] for k, t in state.items()}
    return expected


def loss_of(y, t):
    """Cross-entropy of logits: the sum over the outputs, the mean over the samples."""
    return torch.nn.functional.binary_cross_entropy_with_logits(y, t, reduction="sum") / len(y)


def run(net, x, t, name):
    """Predictions, loss and gradients, the latter under the names of the parameters."""
    net.zero_grad()
    x = x.clone().requires_grad_()
    y = net(x)
    loss = loss_of(y, t)
    loss.backward()
    grads = {k: p.grad.numpy() for k, p in net.named_parameters()}
    np.savez(path(name), x=x.detach().numpy(), t=t.numpy(), y=y.detach().numpy(), loss=loss.detach().numpy(), dx=x.grad.numpy(), **grads)


# --- scikit-learn ------------------------------------------------------------------

def make_sklearn():
    """A classifier 3-4-5-1, and a regressor 3-3-3-3, whose matrices are all square."""
    rnd = np.random.default_rng(2)
    x = rnd.normal(size=(40, 3))
    label = (x @ [1.0, -2.0, 0.5] + rnd.normal(size=40) > 0).astype(np.int64)
    classifier = MLPClassifier((4, 5), activation="tanh", alpha=0.01, max_iter=300, random_state=1)
    save_sklearn(classifier, x, label, "sklearn_classifier", y=lambda m, x: m.predict_proba(x)[:, 1])
    targets = np.stack([np.sin(x[:, 0]), x[:, 1] * x[:, 2], x[:, 0]], axis=1)
    regressor = MLPRegressor((3, 3), activation="logistic", alpha=0.01, max_iter=300, random_state=1)
    save_sklearn(regressor, x, targets, "sklearn_regressor", y=lambda m, x: m.predict(x))


def save_sklearn(m, x, t, name, y):
    """The parameters, and a run with its gradient under their names."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # not converged: no matter
        m.fit(x, t)
    # The gradient is that of its own backpropagation, which has no public name.
    column = t.reshape(len(x), -1)
    layers = [x] + [None] * (m.n_layers_ - 1)
    deltas = [None] * (m.n_layers_ - 1)
    coef_grads = [np.empty_like(w) for w in m.coefs_]
    intercept_grads = [np.empty_like(b) for b in m.intercepts_]
    loss, coef_grads, intercept_grads = m._backprop(x, column, layers, deltas, coef_grads, intercept_grads)
    parameters, gradient = {}, {}
    for l in range(len(m.coefs_)):
        parameters[f"coefs_{l}"], gradient[f"coefs_{l}"] = m.coefs_[l], coef_grads[l]
        parameters[f"intercepts_{l}"], gradient[f"intercepts_{l}"] = m.intercepts_[l], intercept_grads[l]
    np.savez(path(name + ".npz"), **parameters)
    # Of several outputs its loss is the mean, while its gradient is that of the sum.
    loss_name = "loss" if column.shape[1] == 1 else "loss_over_outputs"
    np.savez(path(name + "_run.npz"), x=x, t=t, y=y(m, x), l2=m.alpha / len(x), **{loss_name: loss}, **gradient)


# --- NumPy -------------------------------------------------------------------------

def make_numpy():
    """Arrays of every kind, and what NumPy says is in them."""
    m = np.array([[1.5, -2.25, 3e-5], [0.1, 1e4, -0.0]])
    arrays = {
        "f2": m.astype("<f2"), "f4": m.astype("<f4"), "f8": m, "big_f2": m.astype(">f2"), "big_f4": m.astype(">f4"),
        "big_f8": m.astype(">f8"), "fortran": np.asfortranarray(m), "big_fortran": np.asfortranarray(m.astype(">f4")),
        "special": np.array([np.nan, np.inf, -np.inf, 5e-324, -0.0]),
        "i1": np.array([-128, 127], "i1"), "i2": np.array([-2**15], "<i2"), "big_i4": np.array([[-2**31, 3]], ">i4"),
        "i8": np.array([2**53, -2**63, -2**60 - 2**8]), "u1": np.array([255], "u1"), "big_u2": np.array([1, 65535], ">u2"),
        "u4": np.array([2**32 - 1], "<u4"), "u8": np.array([2**64 - 2**11], "<u8"), "bool": np.array([True, False]),
        "number": np.float64(0.3), "empty": np.zeros((0, 3)), "column": np.array([[1.0], [2.0]]),
        "odd_i8": np.array([1, 2**53 + 1]), "odd_u8": np.array([2**64 - 1], "<u8"),
        "object": np.array([1.5, None], dtype=object), "struct": np.array([(1, 2.0)], dtype=[("a", "<i4"), ("b", "<f8")]),
        "complex": np.array([1 + 2j]), "long": np.array([1], np.longdouble), "text": np.array(["tanh"]), "cube": np.zeros((1, 2, 3)),
        "date": np.array(["2020-01-01"], "datetime64[D]"), "void": np.array([b"ab"], "V2"),
    }
    np.savez(path("numpy.npz"), **arrays)
    np.savez_compressed(path("numpy_compressed.npz"), m=m, zeros=np.zeros((50, 40)))
    for name, version in ("version1.npy", (1, 0)), ("version2.npy", (2, 0)), ("version3.npy", (3, 0)):
        with open(path(name), "wb") as f:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                np.lib.format.write_array(f, m, version)
    numbers = {}
    for key, a in arrays.items():
        if a.dtype.kind in "fiub" and a.dtype.itemsize <= 8 and a.ndim <= 2 and not key.startswith("odd"):
            numbers[key] = {"shape": list(a.shape), "values": [float(v).hex() for v in a.flatten()]}
    return numbers


def hash_of(values):
    """Of float64s, with one NaN for all."""
    v = np.array(values, "<f8")
    v[np.isnan(v)] = np.nan
    return hashlib.sha256(v.tobytes()).hexdigest()


def main():
    every = np.arange(65536, dtype=np.uint16)
    expected = {
        "numpy": make_numpy(),
        "torch": make_torch(),
        "float16": hash_of(every.view(np.float16)),
        "bfloat16": hash_of(torch.from_numpy(every.view(np.int16)).view(torch.bfloat16).double().numpy()),
    }
    make_sklearn()
    with open(path("expected.json"), "w") as f:
        json.dump(expected, f, indent=1)
        f.write("\n")


if __name__ == "__main__":
    main()
