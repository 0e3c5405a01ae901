"""The forward pass of a dense network and its loss, written down from the definitions.

There is no derivative in this file, and no rearranged formula that would need one to be
justified: 200 digits make the textbook forms accurate even where float64 would overflow,
round to one or cancel.
"""

from mpmath import mp, mpf

from arithmetic import require

# At its kink relu has two slopes and the central difference is their mean at every step: two
# steps would agree on a number that is no derivative. No step comes as far as this margin.
KINK_MARGIN = mpf(10) ** -30


def _relu(z):
    require(abs(z) > KINK_MARGIN, "a relu unit is at its kink")
    return max(mpf(0), z)


ACTIVATIONS = {
    "sigmoid": lambda z: 1 / (1 + mp.exp(-z)),
    "tanh": mp.tanh,
    "relu": _relu,
    "softplus": lambda z: mp.log(1 + mp.exp(z)),
    "identity": lambda z: z,
}


def _squared(y, t):
    return sum((yj - tj) ** 2 for yj, tj in zip(y, t)) / 2


def _cross_entropy(y, t):
    return -sum(tj * mp.log(yj) + (1 - tj) * mp.log(1 - yj) for yj, tj in zip(y, t))


def _logit_cross_entropy(y, t):
    return sum(mp.log(1 + mp.exp(yj)) - tj * yj for yj, tj in zip(y, t))


def _softmax_cross_entropy(y, t):
    log_sum_exp = mp.log(sum(mp.exp(yj) for yj in y))
    return -sum(tj * (yj - log_sum_exp) for yj, tj in zip(y, t))


def _cotangent(y, dy):
    return sum(dj * yj for yj, dj in zip(y, dy))


# Each loss compares the output y of one sample with its row of "t" ("dy" for "none").
LOSSES = {
    "squared": _squared,
    "cross-entropy": _cross_entropy,
    "logit-cross-entropy": _logit_cross_entropy,
    "softmax-cross-entropy": _softmax_cross_entropy,
    "none": _cotangent,
}


def blocks(net):
    """The parameter blocks (name, rows, columns, start) in the order of theta."""
    found, start, fan_in = [], 0, net["inputs"]
    for l, layer in enumerate(net["layers"]):
        width = layer["width"]
        found.append((f"W{l}", width, fan_in, start))
        start += width * fan_in
        if layer["bias"]:
            found.append((f"b{l}", 1, width, start))
            start += width
        fan_in = width
    return found


def size(net):
    """The number of parameters."""
    _, rows, columns, start = blocks(net)[-1]
    return start + rows * columns


class Problem:
    """A network, its loss and its data; numbers are converted to mpf without rounding."""

    def __init__(self, net, loss, theta, x, t, reduction="mean", l2=0.0):
        self.net = net
        self.loss = loss
        self.reduction = reduction
        self.l2 = mpf(l2)
        self.theta = [mpf(v) for v in theta]
        self.x = [[mpf(v) for v in row] for row in x]
        self.t = [[mpf(v) for v in row] for row in t]
        outputs = net["layers"][-1]["width"]
        require(len(theta) == size(net), "theta does not fit the network")
        require(len(x) == len(t), "x and t have different numbers of samples")
        require(all(len(row) == net["inputs"] for row in x), "x does not fit the network")
        require(all(len(row) == outputs for row in t), "t does not fit the network")
        require(reduction in ("mean", "sum"), "unknown reduction")

    def forward(self, theta, x, offset=None):
        """All z and a of one sample.

        offset = (layer, unit, amount) adds an amount to one z, which is how the loss is
        seen as a function of that z.
        """
        z_all, a_all, a = [], [], x
        position = 0
        for l, layer in enumerate(self.net["layers"]):
            width, fan_in = layer["width"], len(a)
            z = [mp.fdot(theta[position + j * fan_in:position + (j + 1) * fan_in], a)
                 for j in range(width)]
            position += width * fan_in
            if layer["bias"]:
                z = [zj + bj for zj, bj in zip(z, theta[position:position + width])]
                position += width
            if offset is not None and offset[0] == l:
                z[offset[1]] += offset[2]
            a = [ACTIVATIONS[layer["activation"]](zj) for zj in z]
            z_all.append(z)
            a_all.append(a)
        return z_all, a_all

    def sample_loss(self, s, theta, x=None, offset=None):
        """The loss of sample s alone, without the penalty."""
        _, a = self.forward(theta, self.x[s] if x is None else x, offset)
        return LOSSES[self.loss](a[-1], self.t[s])

    def penalty(self, theta):
        """The L2 term, half lambda times the sum of the squared weights; biases do not count."""
        total = mpf(0)
        if self.l2 != 0:
            for name, rows, columns, start in blocks(self.net):
                if name.startswith("W"):
                    total += sum(w ** 2 for w in theta[start:start + rows * columns])
        return self.l2 * total / 2

    def reduced(self, total):
        """The sum over all samples, reduced."""
        return total / len(self.x) if self.reduction == "mean" else total

    def value(self, theta):
        """The reduced loss with the penalty."""
        total = sum(self.sample_loss(s, theta) for s in range(len(self.x)))
        return self.reduced(total) + self.penalty(theta)
