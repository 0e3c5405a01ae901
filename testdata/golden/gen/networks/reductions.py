"""Mean and sum over samples, with and without penalty, and training in batches."""

from draw import Draw
from measure import case, training
from networks.drawn import SOURCE, dense, network


def reductions():
    cases = []
    for loss, output in (("squared", "tanh"), ("cross-entropy", "sigmoid"),
                         ("logit-cross-entropy", "identity"),
                         ("softmax-cross-entropy", "identity")):
        for reduction in ("mean", "sum"):
            for l2 in (0.0, 0.25):
                for samples in (1, 3):
                    flags = ["Penalty"] if l2 else []
                    if samples > 1:
                        flags.append("MeanOverSamples" if reduction == "mean"
                                     else "SumOverSamples")
                    penalised = "-penalty" if l2 else ""
                    cases.append(network(
                        f"reduction-{loss}-{reduction}{penalised}-{samples}",
                        f"The {reduction} over {samples} sample(s)"
                        + (", with a penalty." if l2 else "."),
                        dense(2, (2, output)), loss, flags, samples=samples,
                        reduction=reduction, l2=l2))
    cases.append(network(
        "reduction-penalty-alone", "The target is the output, so the whole gradient is the "
        "penalty's: lambda W for weights and exactly zero for biases. theta, x and t by hand.",
        dense(2, (2, "identity")), "squared", ["Penalty"],
        theta=[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], x=[[0.5, 0.25]], t=[[6.0, 8.5]], l2=0.125))
    return cases


def cotangents():
    """No loss, several samples: the objective is the sum of dy y over all of them."""
    return [network(
        f"cotangent-{output}", "The derivative by the outputs is given, for three samples.",
        dense(2, (2, "tanh"), (2, output)), "none", ["Cotangent", "SumOverSamples"], samples=3,
        reduction="sum") for output in ("identity", "sigmoid", "softplus")]


def batches():
    """Training where the batch divides the number of samples, and where it does not."""
    cases = []
    for case_id, loss, output, samples, batch, frozen in (
            ("whole", "squared", "tanh", 4, 4, []),
            ("single", "logit-cross-entropy", "identity", 3, 1, []),
            ("even", "softmax-cross-entropy", "identity", 4, 2, []),
            ("ragged", "logit-cross-entropy", "identity", 5, 2, []),
            ("ragged-softmax", "softmax-cross-entropy", "identity", 5, 3, []),
            ("larger-than-data", "squared", "sigmoid", 3, 4, []),
            ("frozen", "cross-entropy", "sigmoid", 5, 2, ["b0", "W1"])):
        net = dense(2, (2, "tanh"), (2, output))
        draw = Draw(f"batch-{case_id}")
        theta, x = draw.vector(12), draw.rows(samples, 2)
        t = (draw.rows(samples, 2) if loss == "squared"
             else draw.classes(samples, 2) if loss.startswith("softmax")
             else draw.labels(samples, 2))
        problem, made = case(
            f"batch-{case_id}", f"{samples} samples in batches of {batch}"
            + (f", with {' and '.join(frozen)} frozen." if frozen else "."), net, loss, theta, x,
            t, ["Training", "SeveralSamples"] + (["RaggedBatch"] if samples % batch else [])
            + (["FrozenBias"] if frozen else []), rate=0.25, frozen=frozen)
        made["training"] = training(problem, 0.25, batch, frozen, [1, 2, 5])
        cases.append(made)
    return cases


def losses():
    return {"source": SOURCE, "cases": reductions()}


def training_runs():
    return {"source": SOURCE, "cases": [*batches(), *cotangents()]}
