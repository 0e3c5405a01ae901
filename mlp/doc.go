// Package mlp is backpropagation for dense feed-forward networks, written to be
// read. Every loop in forward.go, backprop.go and hessvec.go carries the number of
// the equation below that it computes, with the same letters and the same indices.
//
// A Net is an architecture, and its parameters are one []float64 that the caller owns.
// Forward and Backward are one pass each, over a batch of samples, and a Trace holds all
// that they compute. An Objective puts a loss and data to them, and SGD minimises it.
//
// # Notation
//
// Everything counts from 0, here and in the code. A sum runs over all values of its
// index, and log is the natural logarithm.
//
//	L        the number of layers; l = 0 … L−1 numbers them
//	N        the number of samples
//	s        a sample, 0 … N−1, a row of every matrix
//	j, k     a neuron of layer l and one of its inputs
//	aˡ       the input of layer l, which is the output of layer l−1;
//	         a⁰ = x is the input of the network, aᴸ = y its output
//	Wˡ, bˡ   weights (row j belongs to neuron j) and biases of layer l
//	zˡ       pre-activations of layer l
//	fˡ       activation function of layer l; fˡ′ and fˡ″ are its derivatives
//	t        targets, of the shape of y
//	ℓ(y, t)  the loss of one sample, a function of its rows of y and t
//	E        the objective, a number
//	λ        the strength of the regulariser, and ‖Wˡ‖² = Σⱼₖ Wˡ[j,k]²
//	θ        all parameters in one vector: W⁰ row by row, b⁰, W¹, b¹, …
//	η        the learning rate
//
// # Forward
//
//	(1)  zˡ[s,j] = Σₖ Wˡ[j,k]·aˡ[s,k] + bˡ[j]
//	(2)  aˡ⁺¹[s,j] = fˡ(zˡ[s,j])
//	(3)  E = 1/N · Σₛ ℓ(y[s], t[s]) + ½λ · Σₗ ‖Wˡ‖²
//
// These three are definitions. In (3) the factor 1/N is absent where the objective is
// a sum over samples (and then in (4) and (13) too), and the regulariser leaves the
// biases alone.
//
// # Backward
//
// All of it is the chain rule: if u acts on E only through v₀, v₁, …, then
// ∂E/∂u = Σᵢ ∂E/∂vᵢ·∂vᵢ/∂u, one term for each way. Write δˡ = ∂E/∂zˡ for the
// derivative at the pre-activations, of the data term of (3) alone, and take one
// layer. Suppose that ∂E/∂aˡ⁺¹ is known. For the last layer it is, by
// differentiating (3), in which each sample has a term of its own:
//
//	(4)  ∂E/∂y[s,j] = 1/N · ∂ℓ/∂y[j] at (y[s], t[s])
//
// By (2), zˡ[s,j] acts on E only through aˡ⁺¹[s,j], whose derivative is fˡ′ at
// zˡ[s,j]. There is one way, and so one term:
//
//	(5)  δˡ[s,j] = ∂E/∂aˡ⁺¹[s,j] · fˡ′(zˡ[s,j])
//
// By (1), Wˡ[j,k] acts only through zˡ[s,j], with ∂zˡ[s,j]/∂Wˡ[j,k] = aˡ[s,k]. The
// samples share it, so it does that once in every sample s, and the ways add up:
//
//	(6)  ∂E/∂Wˡ[j,k] = Σₛ δˡ[s,j]·aˡ[s,k]
//
// A bias is the weight of an input that is always 1, as ∂zˡ[s,j]/∂bˡ[j] = 1, and the
// samples share it too. It is a sum and not a mean: the 1/N is in δ already, by (4).
//
//	(7)  ∂E/∂bˡ[j] = Σₛ δˡ[s,j]
//
// Again by (1), aˡ[s,k] acts through every neuron j that reads it, in its own sample
// only, with ∂zˡ[s,j]/∂aˡ[s,k] = Wˡ[j,k]:
//
//	(8)  ∂E/∂aˡ[s,k] = Σⱼ Wˡ[j,k]·δˡ[s,j]
//
// which is what (5) needs for layer l−1. So δ recurs: (8) put into (5) gives each δ
// from the δ of the layer above it and from nothing beyond,
//
//	δˡ⁻¹[s,k] = fˡ⁻¹′(zˡ⁻¹[s,k]) · Σⱼ Wˡ[j,k]·δˡ[s,j]
//
// and one sweep from the last layer to the first finds all of them. It multiplies and
// adds twice for each weight and sample, in (6) and (8), where the forward pass does so
// once, in (1). For l = 0, (8) is ∂E/∂x, the gradient with respect to the inputs.
//
// Two laws that wrong programs break are visible here: (5) takes f′ at z, and (8) takes
// the very W that the forward pass used, so no weight may change before all δ are known.
//
// Last, the regulariser of (3) adds its own derivative, as ½λ·W² has the derivative
// λ·W:
//
//	(9)  ∂E/∂Wˡ[j,k] += λ·Wˡ[j,k]
//
// and a step of gradient descent with learning rate η is
//
//	(10) θ ← θ − η·∂E/∂θ
//
// For sigmoids and the squared error, without 1/N and λ, equations (1) to (10) are those
// of Rumelhart, Hinton and Williams, "Learning representations by back-propagating
// errors", Nature 323 (1986), in matrix indices.
//
// # Second derivatives
//
// H is the Hessian of E, the matrix of its second derivatives ∂²E/∂θ∂θ, and v any
// vector as long as θ. The product H·v takes no more than a forward and a backward
// pass in which everything carries its derivative along v. For any quantity q that
// depends on θ, and a number r, write
//
//	R{q} = d/dr q(θ + r·v) at r = 0
//
// so that R{∂E/∂θ} = H·v, which is wanted. For another such quantity u, by the rules of
// differentiation,
// R{u + q} = R{u} + R{q}, R{u·q} = R{u}·q + u·R{q} and R{f(q)} = f′(q)·R{q}. By the
// definition R{θ} = v, and R{x} = R{t} = 0, as the data do not depend on θ. Split v
// as θ is split:
//
//	Vˡ, cˡ   the parts of v that stand where Wˡ and bˡ stand in θ: R{Wˡ} and R{bˡ}
//
// Then R applied to each of the equations in turn, to (1) and (2) with R{a⁰} = 0,
//
//	(11) R{zˡ[s,j]} = Σₖ (Wˡ[j,k]·R{aˡ[s,k]} + Vˡ[j,k]·aˡ[s,k]) + cˡ[j]
//	(12) R{aˡ⁺¹[s,j]} = fˡ′(zˡ[s,j])·R{zˡ[s,j]}
//
// to (4), where the loss has second derivatives of its own and i runs over the
// outputs like j,
//
//	(13) R{∂E/∂y[s,j]} = 1/N · Σᵢ ∂²ℓ/∂y[j]∂y[i]·R{y[s,i]} at (y[s], t[s])
//
// to (5), whose second factor depends on θ as well as its first,
//
//	(14) R{δˡ[s,j]} = R{∂E/∂aˡ⁺¹[s,j]}·fˡ′(zˡ[s,j]) + ∂E/∂aˡ⁺¹[s,j]·fˡ″(zˡ[s,j])·R{zˡ[s,j]}
//
// to (6), (7) and (8),
//
//	(15) R{∂E/∂Wˡ[j,k]} = Σₛ (R{δˡ[s,j]}·aˡ[s,k] + δˡ[s,j]·R{aˡ[s,k]})
//	(16) R{∂E/∂bˡ[j]} = Σₛ R{δˡ[s,j]}
//	(17) R{∂E/∂aˡ[s,k]} = Σⱼ (Wˡ[j,k]·R{δˡ[s,j]} + Vˡ[j,k]·δˡ[s,j])
//
// and to (9):
//
//	(18) R{∂E/∂Wˡ[j,k]} += λ·Vˡ[j,k]
//
// Nothing is approximated, and no matrix of second derivatives is ever formed. The
// equations are those of Pearlmutter, "Fast exact multiplication by the Hessian",
// Neural Computation 6 (1994), in the notation above.
//
// # Losses
//
// Equations (4) and (13) ask a loss for its derivatives. Those of package loss
// follow, for one sample: i and j are outputs, y[j] and t[j] one number each, and
// [i=j] is 1 if i is j and 0 otherwise. Where ℓ is a sum of one term for each output,
// its mixed second derivatives are 0.
//
// Squared. The ½ is there for the gradient to have no factor 2:
//
//	(19) ℓ = ½ Σⱼ (y[j]−t[j])²
//	(20) ∂ℓ/∂y[j] = y[j]−t[j]
//	(21) ∂²ℓ/∂y[j]∂y[i] = [i=j]
//
// CrossEntropy. If y[j] is the probability that an event happens, that of an outcome
// t[j], which is 1 or 0, is y[j] or 1−y[j]. The loss is minus the logarithm of it,
// written so that any t[j] will do; and (log y)′ = 1/y:
//
//	(22) ℓ = −Σⱼ (t[j]·log y[j] + (1−t[j])·log(1−y[j]))
//	(23) ∂ℓ/∂y[j] = −t[j]/y[j] + (1−t[j])/(1−y[j]) = (y[j]−t[j]) / (y[j]·(1−y[j]))
//	(24) ∂²ℓ/∂y[j]∂y[i] = [i=j]·(t[j]/y[j]² + (1−t[j])/(1−y[j])²)
//
// LogitCrossEntropy is CrossEntropy of σ(y[j]), for the σ of (33). As
// 1−σ(y) = σ(−y), the two logarithms are −log(1−σ(y)) = log(1+e^y) and
// −log σ(y) = log(1+e^y) − y, of which (22) makes
//
//	(25) ℓ = Σⱼ (log(1+e^y[j]) − t[j]·y[j])
//	(26) ∂ℓ/∂y[j] = σ(y[j])−t[j]
//	(27) ∂²ℓ/∂y[j]∂y[i] = [i=j]·σ′(y[j])
//
// Equation (26) is also what (23) and (5) make of CrossEntropy behind a sigmoid, whose
// σ′(z) = y·(1−y) cancels the denominator: in real numbers, but in float64 1−y
// has lost digits long before y rounds to 1, and then all of them.
//
// SoftmaxCrossEntropy. The outputs are made a distribution p, all positive and with
// the sum 1. T is the sum of the targets, which is 1 if they are a distribution too:
//
//	(28) p[j] = e^y[j] / Σᵢ e^y[i], T = Σᵢ t[i]
//	(29) ℓ = −Σⱼ t[j]·log p[j] = T·log Σᵢ e^y[i] − Σⱼ t[j]·y[j]
//
// Its Jacobian, from log p[j] = y[j] − log Σᵢ e^y[i] and the derivative of the last
// term with respect to y[i], which is e^y[i] over the sum and so p[i]:
//
//	(30) ∂p[j]/∂y[i] = p[j]·([i=j] − p[i])
//
// The chain rule through all p[i], as each depends on y[j], gives the gradient
// Σᵢ −t[i]/p[i]·p[i]·([i=j] − p[j]), and (30) once more the second derivatives:
//
//	(31) ∂ℓ/∂y[j] = T·p[j]−t[j]
//	(32) ∂²ℓ/∂y[j]∂y[i] = T·p[j]·([i=j] − p[i])
//
// # Activation functions
//
// Equations (5) and (14) ask an activation function for its derivatives. With
// σ(−z) = e^−z/(1+e^−z),
//
//	(33) σ(z) = 1/(1+e^−z)
//	(34) σ′(z) = e^−z/(1+e^−z)² = σ(z)·σ(−z)
//	(35) σ″(z) = σ′(z)·(σ(−z)−σ(z))
//
// where (35) is (34) differentiated, as σ′(−z) = σ′(z). From tanh z = 2σ(2z)−1 follow
// tanh′(z) = 4σ′(2z) and tanh″(z) = 8σ″(2z); the derivative of log(1+e^z), softplus, is
// σ(z). The identity has the derivatives 1 and 0, and ReLU, max(0, z), has 1 and 0 for
// z > 0, 0 and 0 for z < 0, and, by convention, at the kink z = 0.
//
// # Bits
//
// Sums run in index order, and each product is rounded to float64 before it is
// added (the conversion float64(x*y) forbids the compiler to fuse it with the
// addition, as it otherwise does on arm64, loong64, ppc64, ppc64le, riscv64 and s390x,
// and on amd64 with GOAMD64=v3). The
// activation functions and the terms of losses are correctly rounded, or, in the second
// derivatives of the softmax, made of operations that are. So this package gives the same bits on
// every platform with the arithmetic of IEEE 754; only the sign and the payload of a NaN
// are the processor's.
//
// # Misuse
//
// Arguments of the wrong shape are mistakes of the programmer: every function
// here panics on them, with a constant string that names the call. NaN and Inf
// are numbers: they propagate and never panic.
package mlp
