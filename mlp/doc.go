// Package mlp is backpropagation for dense feed-forward networks, written to be
// read. Every loop in forward.go, backprop.go and hessvec.go carries the number of
// the equation below that it computes, with the same letters and the same indices.
//
// # Notation
//
// Everything counts from 0, here and in the code.
//
//	L        the number of layers; l = 0 … L−1 numbers them
//	s        a sample, 0 … N−1, a row of every matrix
//	j, k     a neuron of layer l and one of its inputs
//	aˡ       the input of layer l, which is the output of layer l−1;
//	         a⁰ = x is the input of the network, aᴸ = y its output
//	Wˡ, bˡ   weights (row j belongs to neuron j) and biases of layer l
//	zˡ       pre-activations of layer l
//	fˡ       activation function of layer l
//	t        targets
//	ℓ(y, t)  the loss of one sample
//	E        the objective, a number
//	θ        all parameters in one vector: W⁰ row by row, b⁰, W¹, b¹, …
//
// # Forward
//
//	(1)  zˡ[s,j] = Σₖ Wˡ[j,k]·aˡ[s,k] + bˡ[j]
//	(2)  aˡ⁺¹[s,j] = fˡ(zˡ[s,j])
//	(3)  E = 1/N · Σₛ ℓ(y[s], t[s]) + ½λ · Σₗ ‖Wˡ‖²
//
// In (3) the factor 1/N is absent where the objective is a sum over samples, and
// λ ≥ 0 leaves the biases alone.
//
// # Backward
//
// Write δˡ = ∂E/∂zˡ for the derivative at the pre-activations, of the data term
// of (3) alone. Take one layer, and suppose ∂E/∂aˡ⁺¹ is known. For the last
// layer it is, by differentiating (3):
//
//	(4)  ∂E/∂y[s,j] = 1/N · ∂ℓ/∂y[j] at (y[s], t[s])
//
// By (2), zˡ[s,j] acts on E only through aˡ⁺¹[s,j], one to one:
//
//	(5)  δˡ[s,j] = ∂E/∂aˡ⁺¹[s,j] · fˡ′(zˡ[s,j])
//
// By (1), Wˡ[j,k] acts only through zˡ[s,j], with ∂zˡ[s,j]/∂Wˡ[j,k] = aˡ[s,k],
// once in every sample s; and bˡ[j] likewise, with ∂zˡ[s,j]/∂bˡ[j] = 1:
//
//	(6)  ∂E/∂Wˡ[j,k] = Σₛ δˡ[s,j]·aˡ[s,k]
//	(7)  ∂E/∂bˡ[j] = Σₛ δˡ[s,j]
//
// Again by (1), aˡ[s,k] acts through every neuron j that reads it, with
// ∂zˡ[s,j]/∂aˡ[s,k] = Wˡ[j,k]:
//
//	(8)  ∂E/∂aˡ[s,k] = Σⱼ Wˡ[j,k]·δˡ[s,j]
//
// which is what (5) needs for layer l−1; and for l = 0 it is ∂E/∂x, the gradient
// with respect to the inputs. Two laws that wrong programs break are visible
// here: (5) takes f′ at z, and (8) takes the very W that the forward pass used,
// so no weight may change before all δ are known.
//
// Last, the regulariser of (3) adds its own derivative:
//
//	(9)  ∂E/∂Wˡ[j,k] += λ·Wˡ[j,k]
//
// and a step of gradient descent with learning rate η is
//
//	(10) θ ← θ − η·∂E/∂θ
//
// Equations (1) to (10) are those of Rumelhart, Hinton and Williams, "Learning
// representations by back-propagating errors", Nature 323 (1986), in matrix
// indices.
//
// # Second derivatives
//
// H is the Hessian of E, the matrix of its second derivatives ∂²E/∂θ∂θ, and v a
// vector as long as θ. The product H·v takes no more than a forward and a backward
// pass in which everything carries its derivative along v. For any quantity q that
// depends on θ, write
//
//	R{q} = d/dr q(θ + r·v) at r = 0
//
// so that R{∂E/∂θ} = H·v, which is wanted. By the rules of differentiation,
// R{p + q} = R{p} + R{q}, R{p·q} = R{p}·q + p·R{q} and R{f(q)} = f′(q)·R{q}. By the
// definition R{θ} = v, and R{x} = R{t} = 0, as the data do not depend on θ. Split v
// as θ is split:
//
//	Vˡ, cˡ   the parts of v that stand where Wˡ and bˡ stand in θ: R{Wˡ} and R{bˡ}
//	fˡ″      the second derivative of fˡ
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
// # Bits
//
// Sums run in index order, and each product is rounded to float64 before it is
// added (the conversion float64(x*y) forbids the compiler to fuse it with the
// addition, as it otherwise may on arm64, ppc64le, riscv64 and s390x). The
// activation and loss functions are correctly rounded, or, in the second derivatives of
// the softmax, made of operations that are. So this package gives the same bits on
// every platform with the arithmetic of IEEE 754; only the sign and the payload of a NaN
// are the processor's.
//
// # Misuse
//
// Arguments of the wrong shape are mistakes of the programmer: every function
// here panics on them, with a constant string that names the call. NaN and Inf
// are numbers: they propagate and never panic.
package mlp
