"""The flags of the tests: what a failure means, and which class of bug it is."""

from arithmetic import require

BUG_TYPES = ("SCALE", "SIGN", "TRANSPOSE", "ORDER", "REDUCTION", "SATURATION", "ALIASING",
             "MISSING", "STALE", "PRECISION")

FLAGS = {
    "Pair": ("SIGN", "The pair of loss and output activation, with the given hidden activation: "
             "y-t has the wrong sign, or the derivative of an activation is missing, taken at a "
             "instead of z, or of another function."),
    "Rectangular": ("TRANSPOSE", "All dimensions differ: W was used transposed, or rows and "
                    "columns, widths or samples were mistaken for each other."),
    "Asymmetric": ("TRANSPOSE", "Square and not symmetric: W was used transposed where no check "
                   "of shapes can notice."),
    "Deep": ("ALIASING", "Many layers, some of equal width: the values of one were written over "
             "those of another."),
    "SeveralSamples": ("ALIASING", "More than one sample: z, a or delta of one was written over "
                       "that of another, or only the last one counted."),
    "MeanOverSamples": ("REDUCTION", "Several outputs and several samples: the loss is a sum over "
                        "the former and a mean over the latter."),
    "SumOverSamples": ("REDUCTION", "Several samples and a sum: it was divided by their number."),
    "Penalty": ("SCALE", "lambda is not zero: biases were penalised, lambda was divided by the "
                "number of samples, or 1/2 was forgotten."),
    "NoBias": ("MISSING", "A layer has no bias and no block for it in theta."),
    "Cotangent": ("SCALE", "There is no loss: the derivative by the output is given as dy."),
    "FrozenBias": ("MISSING", "The blocks named in frozen, most often biases, keep their values in "
                   "step and training."),
    "UpdateOrder": ("ORDER", "The deltas of a layer need the weights above as they were in the "
                    "forward pass. sequential_loss instead of step.loss means that those weights "
                    "were updated first."),
    "Training": ("STALE", "Many steps: a gradient was added to that of the step before, or taken "
                 "at parameters that were no longer current."),
    "RaggedBatch": ("REDUCTION", "The last batch is smaller: it was divided by its own size, left "
                    "out, or filled up."),
    "Saturated": ("SATURATION", "An activation rounds to its limit in float64, or e^z overflows. "
                  "A derivative that comes out as zero, NaN, infinite, or with few digits, was "
                  "computed from the rounded a instead of from z."),
    "SoftTargets": ("SCALE", "Targets other than 0 and 1: the loss was simplified as if there "
                    "were none."),
    "TargetSum": ("SCALE", "Targets that do not sum to 1: the derivative is T p - t with their "
                  "sum T, and not p - t."),
    "Cancellation": ("PRECISION", "The result is the small remainder of large terms. Its scale "
                     "says what can be expected of it."),
    "Permuted": ("ORDER", "Two tests are the same network with its hidden units in another order: "
                 "results are the same, in that order."),
    "ZeroWeights": ("MISSING", "Weights are zero: derivatives that vanish with them are exactly "
                    "zero, and those by these weights themselves are not."),
    "EqualUnits": ("STALE", "Hidden units with equal parameters have equal derivatives, to the "
                   "last digit."),
    "DeadUnit": ("STALE", "A relu unit is off for some or all samples: the zeros behind it are "
                 "exact, and not what an earlier sample left there."),
    "SpecialValue": ("SATURATION", "An argument is zero, infinite or NaN: the limit is asked "
                     "for."),
    "Kink": ("SIGN", "relu at 0 has no derivative; 0 is the convention of this format."),
    "Tail": ("SATURATION", "The function is close to its limit: what remains of it was rounded "
             "away, or an intermediate value overflowed."),
    "Subnormal": ("PRECISION", "The nearest float64 is subnormal, and was flushed to zero or "
                  "rounded twice."),
    "Underflow": ("SATURATION", "The result is not zero, the nearest float64 is."),
    "Overflow": ("SATURATION", "The result is finite, the nearest float64 is not."),
    "NearTarget": ("PRECISION", "The target is as close to the prediction as float64 gets: what "
                   "remains is the rounding error of the target."),
    "HardToRound": ("PRECISION", "The result is so close to the middle between two float64 that "
                    "only an evaluation with many more bits can tell which is nearest."),
    "Tie": ("PRECISION", "The result is exactly in the middle between two float64; nearest is the "
            "even one."),
}


def table(tests):
    """The object "flags" of a file: those that its tests use, in the order of the table."""
    used = {flag for test in tests for flag in test["flags"]}
    require(used <= set(FLAGS), f"flags without a meaning: {used - set(FLAGS)}")
    require(all(bug in BUG_TYPES for bug, _ in FLAGS.values()), "unknown type of bug")
    return {flag: {"bug_type": bug, "meaning": meaning}
            for flag, (bug, meaning) in FLAGS.items() if flag in used}
