// Package exact computes what package mlp computes, but truer: the loss, every
// component of the gradient and every value on the way to it (Evaluate), and the
// product of the Hessian with a vector (HessVec), each as a ball that contains the
// real number and, nearly always, as the float64 nearest to it. Func is the objective
// alone, in math/big to any precision, for checks that are to share no derivation of
// a gradient.
//
// The truth is that of the float64 inputs as they are, in real arithmetic. It owes
// nothing to float64 backpropagation, of which no useful number of digits can be
// promised where sums cancel.
//
// # How
//
// A pass through the network runs in balls: a centre in double-double arithmetic
// and a radius that bounds its distance from the truth, both carried through every
// operation with the error bounds that package internal/dd proves. Sums are
// compensated dot products, whose bound dot.go proves. Where both ends of a ball round
// to one float64, that is the answer. If any ball of the problem is left open, the
// pass is repeated in math/big, with 200, 400, … bits, up to MaxBits.
//
// There a number has two parts, an exact one and a remainder: a dyadic number, of as
// many bits as it takes, and a ball that is far smaller and may know its sign. So a sum
// of dyadic numbers, as in a network of identities, is exact, ties included; and so is
// the 1 of a saturated neuron, whose value is 1 − e^−z, with −e^−z as its remainder.
// Where such 1s add up to the middle of two float64s, e^−z decides the rounding, be it
// 10^−400000: 200 bits see it.
//
// A component that is 0 because a factor is 0 is recognised as such. A sum of
// irrational terms that is 0 by symmetry rounds to 0 as soon as its ball is smaller
// than any float64. Where such terms cancel to leave exactly the middle of two float64s,
// no precision can tell, and the ball stays open, with Rounded = false. So it does where
// quotients that are not dyadic add up to the middle, as the thirds of a softmax of
// three equal logits; where it is approached by remainders of both signs that are all
// below e^−500000000: of those no more than the signs are known; and where remainders
// near ε cancel but for ε² or less, and 2·log₂(1/ε) exceeds MaxBits.
//
// The textbook's equations are used as they stand (see package mlp), but for the
// places where a cancellation can be avoided by an identity: y − t near the limit
// of a sigmoid or a tanh is taken from the other side of it, cross-entropy behind a
// sigmoid from its logit, and softmax relative to the largest logit. These change
// how soon a ball is decided, not what it contains.
//
// # Fair tolerance
//
// Scale tells what may be asked of an ordinary implementation. To first order, any
// evaluation of the textbook's equations in precision u, in any order of summation
// and with its inputs rounded to that precision too, errs by at most u·Scale. It is
// the same pass over absolute values: with S the Scale of a value, n the fan-in of
// a layer, m its width, N the samples, K the outputs, P the parameters, and c = 1/N
// for a mean and 1 for a sum,
//
//	S(x)    = |x|
//	S(z)    = Σₖ |W|·S(a) + (n+3)·(Σₖ |W·a| + |b|)
//	S(f)    = |f′|·S(z) + 8|f|       identity and ReLU: |f′|·S(z)
//	S(f′)   = |f″|·S(z) + 8|f′|      identity and ReLU: 0
//	S(δ)    = |∂E/∂a|·S(f′) + |f′|·S(∂E/∂a) + |δ|
//	S(∂W)   = Σₛ (S(δ)·|a| + |δ|·S(a)) + (N+2)·Σₛ |δ·a| + 4|λW|
//	S(∂b)   = Σₛ S(δ) + N·Σₛ |δ|
//	S(∂a)   = Σⱼ |W|·S(δ) + (m+3)·Σⱼ |W·δ|      and so S(∂x)
//	S(θ−η∂) = 2|θ| + η·(S(∂) + 3|∂|)
//
// and at the output, with y the outputs, d = y−t, q = y(1−y), p the softmax, T = Σt,
//
//	squared   S(∂y) = c·(S(y) + |t| + 3|d|)
//	          S(ℓ)  = Σ |d|·(S(y) + |t| + |d|) + (K+4)·½d²
//	logistic  S(∂y) = c·((S(y) + |t|)/q + |d·(1−2y)|/q²·S(y) + 8|d|/q)
//	          S(ℓ)  = Σ |d|/q·S(y) + |t|·|log y − log(1−y)| + (K+12)·ℓ
//	logit     S(∂y) = c·(σ′·S(y) + 8σ + |t| + 3|σ−t|)
//	          S(ℓ)  = Σ |σ−t|·S(y) + 2|t·y| + (K+12)·(|t·y| + log(1+e^y))
//	softmax   S(p)  = p·(Σ p·S(y) + S(y) + 8 + K)
//	          S(∂y) = c·(|T|·S(p) + p·Σ|t|·(K+1) + |t| + 3|T·p−t|)
//	          S(ℓ)  = Σ |t|·(S(y) + Σ p·S(y) + (2K+12)·(|y| + |log Σ e^y|))
//	S(E)      = c·Σ S(ℓ) + (N+1)·c·Σ ℓ, and with λ another c·Σ ℓ + (P+6)·½|λ|·‖W‖²
//
// where Σ ℓ is of absolute values, and the terms of each sample are added first. Without a
// loss, S(∂y) = |∂E/∂y|, S(ℓ) = Σ |∂E/∂y|·(S(y) + (K+1)·|y|) and c = 1. Where the
// formulas overflow, or divide by the q of a saturated probability, Scale is +Inf:
// nothing can be asked. Underflow is not counted, on the way to a Scale neither: but
// none is below the |Value| it belongs to. Where |d| is taken from a y that is rounded, the
// Radius of y is added to it: y may round to t.
//
// The constants 8 and 12 allow an activation function some units in the last place.
// A judge compares |got − Value| with u·Scale + Radius, and says nothing where that
// exceeds the value itself.
//
// To first order: products of errors are left out, and derivatives are taken to be the same
// at a value and at its approximation. So u·Scale is no bound where, with e = u·S of it,
//
//	a sigmoid, tanh, softplus or softmax has an argument for which e is not far below 1
//	a rectifier has a z with |z| ≤ e, whose sign is not decided: f′ may be 0 as well as 1
//	a squared loss has a y with |y−t| ≤ e: it lacks Σ ½e²
//	the cross-entropy of probabilities has a y with q ≤ e, which may round to 0 or to 1
//
// There a sound evaluation may err by more, and a judge has to allow it, as touchstone.Judge
// does. Elsewhere what is left out has room, as not all errors meet at their largest: in the
// tests package mlp errs by no more, on all golden vectors and on random networks of all
// losses but the cross-entropy of probabilities. The four exceptions have a test, too.
package exact
