"""The scale of each result: what one unit roundoff may cost a fair evaluation.

An evaluation in precision u, its inputs rounded to u as well, in any order of summation, is
off by at most u * scale to first order. README.md states the definition. This is the only
backward recursion in the generator. It runs over absolute values, takes the exact results as
given, and never touches them.
"""

from mpmath import mp, mpf

from arithmetic import scale_string
from forward import ACTIVATIONS, blocks
from layout import Rows


def _logistic(z):
    """sigma(z) and its first two derivatives, without cancellation in the tails."""
    e = mp.exp(-abs(z))
    value = (1 if z >= 0 else e) / (1 + e)
    slope = e / (1 + e) ** 2
    bend = slope * (1 - e) / (1 + e)
    return value, slope, -bend if z >= 0 else bend


def _slopes(name, z):
    """f'(z) and f''(z)."""
    if name == "sigmoid":
        return _logistic(z)[1:]
    if name == "softplus":
        return _logistic(z)[:2]
    if name == "tanh":  # tanh(z) = 2 sigma(2z) - 1
        return tuple(4 * 2 ** i * v for i, v in enumerate(_logistic(2 * z)[1:]))
    return (mpf(1) if name == "identity" or z > 0 else mpf(0)), mpf(0)


def _total(terms):
    return sum(map(abs, terms), mpf(0))


class Scale:
    def __init__(self, problem, exact, step):
        self.p, self.exact = problem, exact
        self.samples = range(len(problem.x))
        self.c = mpf(1) / len(problem.x) if problem.reduction == "mean" else mpf(1)
        found = {name: (rows, columns, start) for name, rows, columns, start in blocks(problem.net)}
        self.layers = range(len(problem.net["layers"]))
        self.weights = [found[f"W{l}"] for l in self.layers]
        self.biases = [found.get(f"b{l}") for l in self.layers]
        self.dz, self.da = {}, {}
        self.forward()
        self.grad = [mpf(0)] * len(problem.theta)
        sample_losses = [self.output(s) for s in self.samples]
        self.backward()
        self.loss = self.reduced(sample_losses)
        self.step = self.stepped(step)

    def weight(self, l, j, k):
        _, columns, start = self.weights[l]
        return abs(self.p.theta[start + j * columns + k])

    def activation(self, l):
        return self.p.net["layers"][l]["activation"]

    def below(self, l, s):
        return self.p.x[s] if l == 0 else self.exact["a"][l - 1][s]

    def forward(self):
        self.z, self.a = [], [[[abs(v) for v in row] for row in self.p.x]]
        for l in self.layers:
            rows, n, _ = self.weights[l]
            start = self.biases[l] and self.biases[l][2]
            self.z.append([])
            self.a.append([])
            for s in self.samples:
                bias = [abs(self.p.theta[start + j]) if start else mpf(0) for j in range(rows)]
                z = [sum(self.weight(l, j, k) * (self.a[l][s][k]
                                                 + (n + 3) * abs(self.below(l, s)[k]))
                         for k in range(n)) + (n + 3) * bias[j] for j in range(rows)]
                self.z[l].append(z)
                self.a[l + 1].append([self.of_value(l, s, j, zj) for j, zj in enumerate(z)])

    def of_value(self, l, s, j, sz):
        name, z = self.activation(l), self.exact["z"][l][s][j]
        exact_kind = name in ("identity", "relu")
        rounding = 0 if exact_kind else 8 * abs(self.exact["a"][l][s][j])
        return abs(_slopes(name, z)[0]) * sz + rounding

    def of_slope(self, l, s, j):
        name, z = self.activation(l), self.exact["z"][l][s][j]
        slope, bend = _slopes(name, z)
        rounding = 0 if name in ("identity", "relu") else 8 * abs(slope)
        return abs(bend) * self.z[l][s][j] + rounding

    def output(self, s):
        """Stores the derivative by the outputs and its scale; returns that of the loss."""
        y, t, sy = self.exact["a"][-1][s], self.p.t[s], self.a[-1][s]
        dy, sdy, loss = LOSSES[self.p.loss](y, t, sy, self.c)
        self.da[s] = list(zip(dy, sdy))
        return loss

    def backward(self):
        self.delta = [[None for _ in self.samples] for _ in self.layers]
        for l in reversed(self.layers):
            rows, columns, start = self.weights[l]
            for s in self.samples:
                delta = self.exact["delta"][l][s]
                sd = [abs(da) * self.of_slope(l, s, j)
                      + abs(_slopes(self.activation(l), self.exact["z"][l][s][j])[0]) * sda
                      + abs(delta[j]) for j, (da, sda) in enumerate(self.da[s])]
                self.delta[l][s] = sd
                signed = [[self.p.theta[start + j * columns + k] * delta[j] for j in range(rows)]
                          for k in range(columns)]
                self.da[s] = [(sum(signed[k]),
                               sum(self.weight(l, j, k) * sd[j] for j in range(rows))
                               + (rows + 3) * _total(signed[k])) for k in range(columns)]
            self.parameters(l)
        self.dx = [[sda for _, sda in self.da[s]] for s in self.samples]

    def parameters(self, l):
        rows, columns, start = self.weights[l]
        n, delta = len(self.samples), self.exact["delta"][l]
        for j in range(rows):
            for k in range(columns):
                self.grad[start + j * columns + k] = sum(
                    self.delta[l][s][j] * abs(self.below(l, s)[k])
                    + abs(delta[s][j]) * self.a[l][s][k]
                    + (n + 2) * abs(delta[s][j] * self.below(l, s)[k]) for s in self.samples
                ) + 4 * self.p.l2 * self.weight(l, j, k)
            if self.biases[l]:
                self.grad[self.biases[l][2] + j] = sum(
                    self.delta[l][s][j] + n * abs(delta[s][j]) for s in self.samples)

    def reduced(self, sample_losses):
        values = [self.p.sample_loss(s, self.p.theta) for s in self.samples]
        penalised = 1 if self.p.l2 else 0
        return (self.c * sum(sample_losses)
                + (len(self.p.x) + 1 + penalised) * self.c * _total(values)
                + (len(self.p.theta) + 6) * self.p.penalty(self.p.theta))

    def stepped(self, step):
        frozen = {i for name, rows, columns, start in blocks(self.p.net) if name in step["frozen"]
                  for i in range(start, start + rows * columns)}
        rate = mpf(step["rate"])
        return [abs(v) if i in frozen else 2 * abs(v) + rate * (sg + 3 * abs(g))
                for i, (v, g, sg) in enumerate(zip(self.p.theta, self.exact["grad"], self.grad))]


def _squared(y, t, sy, c):
    d = [a - b for a, b in zip(y, t)]
    away = [s + abs(b) + abs(v) for s, b, v in zip(sy, t, d)]
    return ([c * v for v in d], [c * (s + 2 * abs(v)) for s, v in zip(away, d)],
            sum(abs(v) * s + mpf(len(y) + 4) / 2 * v ** 2 for v, s in zip(d, away)))


def _cross_entropy(y, t, sy, c):
    dy, sdy, loss = [], [], mpf(0)
    for a, b, s in zip(y, t, sy):
        variance, d = a * (1 - a), abs(a - b)
        dy.append(c * (a - b) / variance)
        sdy.append(c * ((s + abs(b)) / variance + d * abs(1 - 2 * a) / variance ** 2 * s
                        + 8 * d / variance))
        hit, miss = mp.log(a), mp.log(1 - a)
        loss += (d / variance * s + abs(b) * abs(hit - miss)
                 + (len(y) + 12) * (abs(b * hit) + abs((1 - b) * miss)))
    return dy, sdy, loss


def _logit_cross_entropy(y, t, sy, c):
    dy, sdy, loss = [], [], mpf(0)
    for a, b, s in zip(y, t, sy):
        value, slope, _ = _logistic(a)
        d = value - b
        dy.append(c * d)
        sdy.append(c * (slope * s + 8 * value + abs(b) + 3 * abs(d)))
        loss += (abs(d) * s + 2 * abs(a * b)
                 + (len(y) + 12) * (abs(a * b) + ACTIVATIONS["softplus"](a)))
    return dy, sdy, loss


def _softmax_cross_entropy(y, t, sy, c):
    k, total, size = len(y), sum(t), _total(t)
    log_sum = mp.log(sum(mp.exp(v) for v in y))
    p = [mp.exp(v - log_sum) for v in y]
    mean = sum(pj * s for pj, s in zip(p, sy))
    sp = [pj * (mean + s + 8 + k) for pj, s in zip(p, sy)]
    d = [total * pj - tj for pj, tj in zip(p, t)]
    return ([c * v for v in d],
            [c * (abs(total) * s + pj * size * (k + 1) + abs(tj) + 3 * abs(v))
             for s, pj, tj, v in zip(sp, p, t, d)],
            sum(abs(tj) * (s + mean + (2 * k + 12) * (abs(v) + abs(log_sum)))
                for tj, s, v in zip(t, sy, y)))


def _cotangent(y, dy, sy, c):
    return (dy, [abs(v) for v in dy],
            sum(abs(v) * (s + (len(y) + 1) * abs(a)) for v, s, a in zip(dy, sy, y)))


# Each gives, for one sample, the derivative by y, its scale, and the scale of the loss.
LOSSES = {
    "squared": _squared,
    "cross-entropy": _cross_entropy,
    "logit-cross-entropy": _logit_cross_entropy,
    "softmax-cross-entropy": _softmax_cross_entropy,
    "none": _cotangent,
}


def _printed(values):
    return [_printed(v) if isinstance(v, list) else scale_string(v) for v in values]


def scale(problem, exact, step):
    """The section "scale" of a test."""
    found = Scale(problem, exact, step)
    return {
        "z": _printed(found.z), "a": _printed(found.a[1:]), "loss": scale_string(found.loss),
        "delta": _printed(found.delta),
        "grad": Rows(_printed(found.grad), exact["grad"].lengths),
        "dx": _printed(found.dx),
        "step": {"theta": Rows(_printed(found.step), exact["grad"].lengths)},
    }
