"""Derivatives by central differences, with their own proof of accuracy.

(f(h) - f(-h)) / 2h has a relative truncation error of the order of h^2 and a rounding error
of the order of 10^-digits / h. Both steps below leave at least 100 correct digits. Because the
errors depend on the step in opposite ways, an agreement of two steps is evidence that neither
matters.
"""

from mpmath import mp, mpf

from arithmetic import SelfCheckError, ZERO_DIGITS, require

# Powers of two, about 6e-61 and 1e-65: adding one to a float64 is exact.
STEP_EXPONENTS = (-200, -216)
STEPS = tuple(mpf(2) ** exponent for exponent in STEP_EXPONENTS)

# Digits to which both steps agree; ten more than the vectors show.
AGREEMENT = 50
_TOLERANCE = mpf(10) ** -AGREEMENT


def central(f, h):
    """The central difference of f, a function of the displacement, at 0."""
    return (f(h) - f(-h)) / (2 * h)


def derivative(f, what):
    """The derivative of f at 0: both steps agree to AGREEMENT digits or are exactly zero.

    A saturated unit is flat in any arithmetic of too few digits, where both steps would agree
    on zero. A zero therefore has to stay one in very many digits.
    """
    first, second = (central(f, h) for h in STEPS)
    if not abs(first - second) <= abs(first) * _TOLERANCE:
        raise SelfCheckError(f"{what}: the two steps differ, {first} and {second}")
    if first == 0:
        with mp.workdps(ZERO_DIGITS):
            require(all(central(f, h) == 0 for h in STEPS),
                    f"{what}: zero only for want of digits")
    return first


def partial(f, point, i, what):
    """The derivative of f, a function of a list, by its element i."""
    def displaced(h):
        moved = list(point)
        moved[i] += h
        return f(moved)
    return derivative(displaced, what)


def gradient(f, point, what, indices=None):
    """All partial derivatives; zero where the index is not among the given ones."""
    wanted = range(len(point)) if indices is None else indices
    return [partial(f, point, i, f"{what}[{i}]") if i in wanted else mpf(0)
            for i in range(len(point))]
