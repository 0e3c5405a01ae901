"""NIST's nonlinear regression Rat42 as a network, with the minimum to 40 digits."""

from mpmath import mp, mpf

from arithmetic import require, require_printed
from differentiate import AGREEMENT, STEPS, central
from forward import Problem
from measure import case

SOURCE = (
    "NIST Statistical Reference Datasets, nonlinear regression, Rat42 (Ratkowsky 1983, pasture "
    "yield), https://www.itl.nist.gov/div898/strd/nls/data/ratkowsky2.shtml : "
    "y = b1/(1+exp(b2-b3 x)). As a network: theta = (b3, -b2, b1), loss = half the residual sum "
    "of squares.")

NET = {"inputs": 1, "layers": [{"width": 1, "activation": "sigmoid", "bias": True},
                               {"width": 1, "activation": "identity", "bias": False}]}
X = [[9.0], [14.0], [21.0], [28.0], [42.0], [57.0], [63.0], [70.0], [79.0]]
Y = [[8.93], [10.80], [18.59], [22.33], [39.35], [56.11], [61.73], [64.62], [67.08]]

# Small, because the parameters differ in size by a factor of a thousand.
RATE = 2.0 ** -20

CERTIFIED = {
    "b1": "72.462237576", "b2": "2.6180768402", "b3": "0.067359200066",
    "rss": "8.0565229338", "residual_sd": "1.1587725499",
    "sd_b1": "1.7340283401", "sd_b2": "0.088295217536", "sd_b3": "0.0034465663377",
}

# The minimum for the data as NIST prints them, in decimal, from an independent computation. The
# data of the case are their float64 neighbours, which moves the sixteenth digit.
DECIMAL_SOLUTION = {"b1": "72.4622375755691902", "b2": "2.61807684020849671",
                    "b3": "0.067359200066105014", "rss": "8.05652293381130017"}


def as_theta(b):
    b1, b2, b3 = b
    return [b3, -b2, b1]


def _moved(b, i, h):
    return [v + h if k == i else v for k, v in enumerate(b)]


def slopes(f, b, h):
    """Central differences without the test for agreement.

    On its way to the minimum the gradient of the loss goes to zero, and a number that is zero
    but for its error has no digits in which two steps could agree.
    """
    return [central(lambda d: f(_moved(b, i, d)), h) for i in range(len(b))]


def minimum(rss, start, h):
    """Newton's method on the numerical gradient of step h.

    The Hessian differences the gradient with a coarser step, where the error of the gradient
    still leaves it some 70 digits; every iteration gains as many, up to the accuracy of the
    gradient itself.
    """
    coarse = mpf(2) ** -120
    b = list(start)
    for _ in range(8):
        columns = [[(p - m) / (2 * coarse) for p, m in zip(slopes(rss, _moved(b, i, coarse), h),
                                                           slopes(rss, _moved(b, i, -coarse), h))]
                   for i in range(3)]
        change = mp.lu_solve(mp.matrix(columns).T, mp.matrix(slopes(rss, b, h)))
        b = [v - c for v, c in zip(b, change)]
        if all(abs(c) <= abs(v) * mpf(10) ** -(AGREEMENT + 20) for v, c in zip(b, change)):
            return b
    require(False, "Newton's method did not converge")


def standard_deviations(problem, b, rss):
    """The residual deviation s and the deviations of b, from s^2 (J'J)^-1."""
    def model(s):
        return lambda c: problem.forward(as_theta(c), problem.x[s])[1][1][0]
    jacobian = mp.matrix([slopes(model(s), b, STEPS[0]) for s in range(len(problem.x))])
    variance = rss / (len(problem.x) - len(b))
    covariance = variance * (jacobian.T * jacobian) ** -1
    return [mp.sqrt(variance)] + [mp.sqrt(covariance[i, i]) for i in range(3)]


def solve(problem):
    """The least-squares solution, found twice with different steps."""
    def rss(b):
        return 2 * problem.value(as_theta(b))
    start = [mpf(CERTIFIED[name]) for name in ("b1", "b2", "b3")]
    found, other = (minimum(rss, start, h) for h in STEPS)
    require(all(abs(p - q) <= abs(p) * mpf(10) ** -AGREEMENT for p, q in zip(found, other)),
            "the minimum depends on the step")
    return dict(zip(("b1", "b2", "b3"), found), rss=rss(found))


def fit(problem):
    """The certified values and the minimum for the float64 data."""
    solution = solve(problem)
    b = [solution[name] for name in ("b1", "b2", "b3")]
    names = ("residual_sd", "sd_b1", "sd_b2", "sd_b3")
    deviations = standard_deviations(problem, b, solution["rss"])
    for name, value in [*solution.items(), *zip(names, deviations)]:
        require_printed(value, CERTIFIED[name], f"certified {name}")

    printed = [[mpf(repr(y))] for (y,) in Y]
    decimal_solution = solve(Problem(NET, "squared", problem.theta, X, printed, reduction="sum"))
    for name, figure in DECIMAL_SOLUTION.items():
        require_printed(decimal_solution[name], figure, f"{name} for the decimal data")
    return {"certified": CERTIFIED, "solution": solution}


def _check_model(problem, b):
    """The network is the regression function, evaluated here without it."""
    b1, b2, b3 = (mpf(v) for v in b)
    for (x,) in problem.x:
        direct = b1 / (1 + mp.exp(b2 - b3 * x))
        y = problem.forward(problem.theta, [x])[1][1][0]
        require(abs(y - direct) <= direct * mpf(10) ** -150, "the network is not the model")


def build():
    starts = [
        ("rat42-start-1", "b = (100, 1, 0.1), NIST's first starting point.",
         [100.0, 1.0, 0.1], []),
        ("rat42-start-2", "b = (75, 2.5, 0.07), NIST's second starting point.",
         [75.0, 2.5, 0.07], []),
        ("rat42-certified", "The certified b, rounded to float64: the gradient is what remains "
         "after nine large terms cancel.",
         [float(CERTIFIED[name]) for name in ("b1", "b2", "b3")], ["Cancellation"]),
    ]
    cases = []
    for case_id, comment, b, flags in starts:
        problem, made = case(case_id, comment, NET, "squared", as_theta(b), X, Y,
                             ["NoBias"] + flags, reduction="sum", rate=RATE)
        _check_model(problem, b)
        cases.append(made)
    return {"source": SOURCE, "fit": fit(problem), "cases": cases}
