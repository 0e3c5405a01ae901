"""Networks with drawn parameters and data, see draw.py."""

from draw import Draw
from forward import size
from measure import case

SOURCE = (
    "Made for these vectors. Unless a comment says otherwise, theta, x and the targets of a test "
    "are drawn in this order, rows in theirs, from the generator of draw.py, started with the id "
    "of the test.")


def dense(inputs, *layers):
    """A network from (width, activation) or (width, activation, bias) per layer."""
    return {"inputs": inputs, "layers": [
        {"width": layer[0], "activation": layer[1], "bias": layer[2] if len(layer) > 2 else True}
        for layer in layers]}


def targets(loss, draw, samples, width):
    """Targets that suit the loss."""
    if loss in ("squared", "none"):
        return draw.rows(samples, width)
    if loss == "softmax-cross-entropy":
        return draw.classes(samples, width)
    return draw.labels(samples, width)


def network(case_id, comment, net, loss, flags, samples=1, theta=None, x=None, t=None, **options):
    """A case, with whatever is not given drawn; returns it without its Problem."""
    draw = Draw(case_id)
    theta = draw.vector(size(net)) if theta is None else theta
    x = draw.rows(samples, net["inputs"]) if x is None else x
    t = targets(loss, draw, len(x), net["layers"][-1]["width"]) if t is None else t
    flags = list(flags) + (["SeveralSamples"] if len(x) > 1 else [])
    return case(case_id, comment, net, loss, theta, x, t, flags, **options)[1]
