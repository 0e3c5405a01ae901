"""The peers in Python, as main.go asks for them: python3 peer.py NAME THREADS.

The steps are written as somebody would who wants them fast: nothing is allocated that
need not be, the learning rate is in the deltas from the start, and of two ways to write
a step both are timed and the faster counts.
"""

import os
import sys
import time

RATE = 1 / 128


def operands(name):
    """The matrices of a task, from the file that task.go wrote."""
    import numpy as np

    data = np.fromfile(os.path.join(sys.argv[3], name))
    if "," not in name:
        n = int(name)
        return data[: n * n].reshape(n, n), data[n * n :].reshape(n, n)
    widths, batch = name.split(",")
    widths, batch = [int(w) for w in widths.split("-")], int(batch)
    params, at = [], 0
    for inputs, outputs in zip(widths, widths[1:]):
        w = data[at : at + inputs * outputs].reshape(outputs, inputs).copy()
        at += inputs * outputs
        params.append((w, data[at : at + outputs].copy()))
        at += outputs
    x = data[at : at + batch * widths[0]].reshape(batch, -1).copy()
    t = data[at + batch * widths[0] :].reshape(batch, -1).copy()
    return params, x, t


def flat(params):
    import numpy as np

    return np.concatenate([np.asarray(p).ravel() for pair in params for p in pair])


class Numpy:
    def product(self, a, b):
        import numpy as np

        c = np.empty((len(a), len(b)))
        return [(lambda: np.matmul(a, b.T, out=c), lambda: c)]

    def steps(self, params, x, t):
        import numpy as np

        acts = [x] + [np.empty((len(x), len(b))) for _, b in params]
        deltas = [np.empty_like(a) for a in acts[1:]]
        grads = [np.empty_like(w) for w, _ in params]
        scale = RATE / len(x)

        def step():
            for l, (w, b) in enumerate(params):
                z = acts[l + 1]
                np.matmul(acts[l], w.T, out=z)
                np.add(z, b, out=z)
                np.negative(z, out=z)
                np.exp(z, out=z)
                np.add(z, 1, out=z)
                np.reciprocal(z, out=z)
            d = deltas[-1]
            np.subtract(acts[-1], t, out=d)
            np.multiply(d, scale, out=d)
            for l in range(len(params) - 1, -1, -1):
                (w, b), a, d = params[l], acts[l + 1], deltas[l]
                d *= a
                np.subtract(1, a, out=a)
                d *= a
                if l:
                    np.matmul(d, w, out=deltas[l - 1])
                np.matmul(d.T, acts[l], out=grads[l])
                w -= grads[l]
                b -= d.sum(0)

        return [(step, lambda: flat(params))]


class Torch:
    def __init__(self, threads):
        import torch

        torch.set_num_threads(threads)

    def product(self, a, b):
        import torch

        a, b = torch.from_numpy(a), torch.from_numpy(b)
        c = torch.empty(len(a), len(b), dtype=torch.float64)
        return [(lambda: torch.mm(a, b.t(), out=c), lambda: c.numpy())]

    def steps(self, params, x, t):
        return [self.by_hand(params, x, t), self.autograd(params, x, t)]

    def by_hand(self, params, x, t):
        import torch

        params = [(torch.from_numpy(w.copy()), torch.from_numpy(b.copy())) for w, b in params]
        x, t = torch.from_numpy(x), torch.from_numpy(t)
        acts = [x] + [torch.empty(len(x), len(b), dtype=torch.float64) for _, b in params]
        deltas = [torch.empty_like(a) for a in acts[1:]]
        back = torch.ops.aten.sigmoid_backward.grad_input
        scale = RATE / len(x)

        @torch.inference_mode()
        def step():
            for l, (w, b) in enumerate(params):
                torch.addmm(b, acts[l], w.t(), out=acts[l + 1])
                acts[l + 1].sigmoid_()
            d = deltas[-1]
            torch.sub(acts[-1], t, out=d).mul_(scale)
            for l in range(len(params) - 1, -1, -1):
                (w, b), d = params[l], deltas[l]
                back(d, acts[l + 1], grad_input=d)
                if l:
                    torch.mm(d, w, out=deltas[l - 1])
                w.addmm_(d.t(), acts[l], alpha=-1)
                b.sub_(d.sum(0))

        return step, lambda: flat(params)

    def autograd(self, params, x, t):
        import torch

        params = [(torch.from_numpy(w.copy()), torch.from_numpy(b.copy())) for w, b in params]
        leaves = [p.requires_grad_() for pair in params for p in pair]
        x, t = torch.from_numpy(x), torch.from_numpy(t)
        linear, scale = torch.nn.functional.linear, RATE / (2 * len(x))

        def step():
            a = x
            for w, b in params:
                a = linear(a, w, b).sigmoid()
            a = torch.nn.functional.mse_loss(a, t, reduction="sum") * scale
            grads = torch.autograd.grad(a, leaves)
            with torch.no_grad():
                torch._foreach_sub_(leaves, grads)

        return step, lambda: flat([[p.detach() for p in pair] for pair in params])


class Sklearn:
    """MLPRegressor's own pieces: it has no sigmoid behind its last layer when it is
    made, and takes no derivative there, so both are put in."""

    def product(self, a, b):
        return []

    def steps(self, params, x, t):
        import numpy as np
        from sklearn.neural_network import MLPRegressor
        from sklearn.neural_network._base import inplace_logistic_derivative as derivative
        from sklearn.neural_network._stochastic_optimizers import SGDOptimizer

        n = MLPRegressor(activation="logistic", alpha=0)
        n.n_layers_, n.out_activation_ = len(params) + 1, "logistic"
        n.coefs_ = [np.array(w.T, order="C") for w, _ in params]
        n.intercepts_ = [b.copy() for _, b in params]
        acts = [x] + [None] * len(params)
        deltas, gw, gb = ([None] * len(params) for _ in range(3))
        weights = n.coefs_ + n.intercepts_
        optimizer = SGDOptimizer(weights, RATE, momentum=0, nesterov=False)

        def step():
            n._forward_pass(acts)
            last = len(params) - 1
            deltas[last] = acts[-1] - t
            derivative(acts[-1], deltas[last])
            n._compute_loss_grad(last, len(x), acts, deltas, gw, gb)
            for l in range(last, 0, -1):
                deltas[l - 1] = deltas[l] @ n.coefs_[l].T
                derivative(acts[l], deltas[l - 1])
                n._compute_loss_grad(l - 1, len(x), acts, deltas, gw, gb)
            optimizer.update_params(weights, gw + gb)

        return [(step, lambda: flat([(w.T, b) for w, b in zip(n.coefs_, n.intercepts_)]))]


def least(f, seconds):
    """What a run of f takes in the fastest of some chunks: see package clock."""
    clock, k = time.perf_counter, 1
    end = clock() + seconds
    while True:
        start = clock()
        for _ in range(k):
            f()
        took = clock() - start
        if took > seconds / 16:
            break
        k *= 2
    best = took
    while clock() < end:
        start = clock()
        for _ in range(k):
            f()
        best = min(best, clock() - start)
    return best / k


def agree(results):
    """The first of the results, if the others are the same but for rounding."""
    import numpy as np

    for r in results[1:]:
        if not np.all(np.abs(r - results[0]) <= 1e-10):
            return np.full_like(results[0], np.nan)
    return results[0]


def main():
    name, threads = sys.argv[1], int(sys.argv[2])
    peer = Torch(threads) if name == "torch" else Numpy() if name == "numpy" else Sklearn()
    if name == "sklearn":
        import sklearn.neural_network  # noqa: F401
    import numpy  # noqa: F401

    ways = {}
    print("ready", flush=True)
    for line in sys.stdin:
        verb, task, argument = line.split()
        if verb == "check":
            make = peer.steps if "," in task else peer.product
            ways[task] = make(*operands(task))
        if not ways[task]:
            print("none", flush=True)
        elif verb == "check":
            for run, _ in ways[task]:
                run()
            agree([numpy.asarray(result()).ravel() for _, result in ways[task]]).tofile(argument)
            print("ok", flush=True)
        else:
            # The slower way is dropped once both have been timed.
            took = [least(run, float(argument)) for run, _ in ways[task]]
            best = took.index(min(took))
            if len(took) > 1 and max(took) > 1.3 * took[best]:
                ways[task] = [ways[task][best]]
            print(took[best], flush=True)


main()
