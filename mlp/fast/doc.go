// Package fast computes what package mlp computes, but faster: the objective, its
// gradient, the gradient with respect to the inputs, and steps of gradient descent.
// It promises not the bits of mlp but an error within u·Scale, u = 2⁻⁵³, with the Scale that
// package exact states: as there, to first order and underflow apart. The tests hold it to
// that on the golden vectors, and on random networks of which mlp keeps within it.
//
// The results do not depend on GOMAXPROCS, nor on what else the machine does. They do
// depend on the processor: one with fused multiply-adds rounds less often.
//
// NaN and Inf propagate as in mlp, and so do tails: derivatives are taken at z, never
// at a. No method of an Objective allocates, apart from the rare values for which packages
// activation and loss need math/big. Wrong shapes panic, with constant strings.
//
// # Where the time goes
//
// Nearly all of it goes to the three matrix products of a layer, equations (1), (6) and
// (8) of package mlp. See product.go for the order in which they are computed, and
// kernel.go for the innermost loop: tiles of C in registers, in assembly for amd64 with
// AVX-512F or with AVX2 and FMA, whichever the processor and the operating system have,
// for arm64 with NEON, which has been tested under emulation only, and in Go for all else.
// With the build tag purego, all is in Go. Skinny products in the forward direction go
// another way (inner.go), and so do those of the smallest layers (small.go) and steps with
// one sample of networks that have no others (online.go).
//
// What is left goes to sigmoid and tanh, with their derivatives. They are in assembly for
// the same processors of amd64, within 1.7 units in the last place: see vector.go. In Go,
// where package activation is asked in the tails, they take ten times as long: see
// sigmoid.go.
//
// Large products are shared out to as many goroutines as may run at a time, and with them
// what is done to each element: bias, activation and f′, or δ·f′. Each element of a result
// is computed by one of them. Between two products, and for some hundreds of microseconds
// after the last, the goroutines look out for work, and take a processor for it each: see
// team.go.
package fast
