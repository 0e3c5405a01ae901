"""What a case reports: exact results, their scale, one step of descent, a training run."""

from mpmath import mp, mpf

from arithmetic import WORKING_DIGITS, require
from differentiate import derivative, gradient, partial
from forward import Problem, blocks
from layout import Rows
from scale import scale

# Float64 errs by far less than this where a relu unit could change sides.
RELU_MARGIN = mpf(10) ** -6


def theta_rows(net, theta):
    """theta, to be printed one weight row or bias vector per line; still one flat array."""
    return Rows(theta, [columns for _, rows, columns, _ in blocks(net) for _ in range(rows)])


def _flat(values):
    return [w for v in values for w in _flat(v)] if isinstance(values, list) else [values]


def _forward(problem):
    """z, a and the loss, which a hundred more digits do not change by 1e-60 of themselves."""
    def found():
        passes = [problem.forward(problem.theta, row) for row in problem.x]
        return passes, problem.value(problem.theta)
    passes, loss = found()
    with mp.extradps(100):
        finer_passes, finer_loss = found()
        for v, w in zip(_flat([*map(list, passes), loss]),
                        _flat([*map(list, finer_passes), finer_loss])):
            require(abs(v - w) <= abs(w) * mpf(10) ** -60, "the forward pass wants more digits")
    return passes, loss


def exact(problem):
    """z, a, loss and every derivative of the loss, for the inputs as they are."""
    theta, x = problem.theta, problem.x
    samples, layers = range(len(x)), range(len(problem.net["layers"]))
    forward, loss = _forward(problem)
    for l, layer in enumerate(problem.net["layers"]):
        require(layer["activation"] != "relu" or all(
            abs(z) >= RELU_MARGIN for passed in forward for z in passed[0][l]),
            "a relu unit is too close to its kink")

    def delta(l, s, j):
        return derivative(
            lambda h: problem.reduced(problem.sample_loss(s, theta, offset=(l, j, h))),
            f"delta[{l}][{s}][{j}]")

    def dx(s, k):
        return partial(lambda row: problem.reduced(problem.sample_loss(s, theta, x=row)),
                       x[s], k, f"dx[{s}][{k}]")

    return {
        "z": [[forward[s][0][l] for s in samples] for l in layers],
        "a": [[forward[s][1][l] for s in samples] for l in layers],
        "loss": loss,
        "delta": [[[delta(l, s, j) for j in range(problem.net["layers"][l]["width"])]
                   for s in samples] for l in layers],
        "grad": theta_rows(problem.net, gradient(problem.value, theta, "grad")),
        "dx": [[dx(s, k) for k in range(problem.net["inputs"])] for s in samples],
    }


def _free_indices(net, frozen):
    names = [block[0] for block in blocks(net)]
    require(all(name in names for name in frozen), "a frozen block does not exist")
    return {i for name, rows, columns, start in blocks(net) if name not in frozen
            for i in range(start, start + rows * columns)}


def step(problem, grad, rate, frozen):
    """One step of gradient descent along a gradient that is already known."""
    free = _free_indices(problem.net, frozen)
    rate_exact = mpf(rate)
    theta = [v - rate_exact * g if i in free else v
             for i, (v, g) in enumerate(zip(problem.theta, grad))]
    return {"rate": rate, "frozen": frozen,
            "theta": theta_rows(problem.net, theta), "loss": problem.value(theta)}


def training(problem, rate, batch, frozen, epochs):
    """Gradient descent by batches in file order, reported after the given epochs.

    The divisor is the nominal batch size also for a ragged last batch, so that every sample
    has the same weight in an epoch.
    """
    require(problem.reduction == "mean" and problem.l2 == 0,
            "batches are defined for the mean without penalty only")
    free = _free_indices(problem.net, frozen)
    rate_exact, theta, milestones = mpf(rate), list(problem.theta), []
    for epoch in range(1, max(epochs) + 1):
        for first in range(0, len(problem.x), batch):
            members = range(first, min(first + batch, len(problem.x)))
            descent = gradient(
                lambda p: sum(problem.sample_loss(s, p) for s in members) / batch,
                theta, f"epoch {epoch}, batch at {first}, grad", free)
            theta = [v - rate_exact * g for v, g in zip(theta, descent)]
        if epoch in epochs:
            milestones.append({"epoch": epoch, "loss": problem.value(theta),
                               "theta": theta_rows(problem.net, theta)})
    return {"rate": rate, "batch": batch, "shuffle": False, "frozen": frozen,
            "milestones": milestones}


def case(case_id, comment, net, loss, theta, x, t, flags=(), reduction="mean", l2=0.0,
         rate=0.5, frozen=(), digits=WORKING_DIGITS):
    """A complete case but for the optional sections; returns it with its Problem.

    "problem" in it is what the cases of a group have in common.
    """
    with mp.workdps(digits):
        problem = Problem(net, loss, theta, x, t, reduction, l2)
        require(loss != "none" or reduction == "sum", "there is no mean without a loss")
        results = exact(problem)
        after = step(problem, results["grad"], rate, list(frozen))
        made = {
            "problem": {"net": net, "loss": loss, "reduction": reduction, "l2": l2},
            "id": case_id, "comment": comment, "flags": list(flags),
            "theta": theta_rows(net, theta), "x": x, "dy" if loss == "none" else "t": t,
            "exact": results, "scale": scale(problem, results, after), "step": after,
        }
    return problem, made
