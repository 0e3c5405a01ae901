package exact

import (
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"gonum.org/v1/gonum/blas/blas64"

	"touchstone/activation"
	"touchstone/loss"
)

// values are all that a pass computes. In z, a and delta the first index is the
// layer; each holds the samples one after the other. a[l] is the output of layer l.
type values[T any] struct {
	loss        T
	grad        []T
	dx          []T
	z, a, delta [][]T
	after       []T // θ after one step of gradient descent
}

// A pass is a forward and a backward pass in some arithmetic: equations (1) to
// (10) of package mlp, with the division by the number of samples left to the
// end, so that sums of exact terms stay exact.
type pass[T any] struct {
	arithmetic[T]
	p *Problem
	L int

	// by layer and sample; a[l] is the input of layer l, as in mlp, and flat
	z, a, deriv, delta [][][]T
	y                  [][][]T    // the output of layer l, not flat
	kink               [][][]bool // δ may depend on ReLU′(0)
	loss               []T        // by sample
	dx                 [][]T      // by sample
	values             values[T]
}

func newPass[T any](ar arithmetic[T], p *Problem) *pass[T] {
	ps := &pass[T]{arithmetic: ar, p: p, L: p.Net.NumLayers()}
	n := p.X.Rows
	ps.a = append(ps.a, make([][]T, n))
	for range ps.L {
		ps.z = append(ps.z, make([][]T, n))
		ps.a = append(ps.a, make([][]T, n))
		ps.y = append(ps.y, make([][]T, n))
		ps.deriv = append(ps.deriv, make([][]T, n))
		ps.delta = append(ps.delta, make([][]T, n))
		ps.kink = append(ps.kink, make([][]bool, n))
	}
	ps.loss, ps.dx = make([]T, n), make([][]T, n)
	return ps
}

// run computes everything. Samples, and then rows of the gradient, are worked on
// concurrently; each result is computed by one goroutine in a fixed order, so that
// its bits depend on neither their number nor their timing.
func (ps *pass[T]) run() *values[T] {
	p := ps.p
	concurrently(p.X.Rows, func(s int) {
		ps.forward(s)
		ps.output(s)
		ps.backward(s)
	})
	ps.gradient()
	ps.finish()
	return &ps.values
}

// concurrently calls f(0) … f(n−1), from as many goroutines as there are
// processors.
func concurrently(n int, f func(i int)) {
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				f(i)
			}
		}()
	}
	wg.Wait()
}

func (ps *pass[T]) forward(s int) {
	n, theta := ps.p.Net, ps.p.Theta
	x := make([]T, n.Inputs())
	for k, v := range row(ps.p.X, s) {
		x[k] = ps.exactly(v)
	}
	ps.a[0][s] = ps.flat(x)
	for l := range ps.L {
		f, w, b := n.Layer(l).Activation, n.Weights(theta, l), n.Biases(theta, l)
		z, a, deriv, kink := make([]T, w.Rows), make([]T, w.Rows), make([]T, w.Rows), make([]bool, w.Rows)
		for j := range z {
			bias := 0.0
			if b != nil {
				bias = b[j]
			}
			z[j] = ps.dot(bias, row(w, j), ps.a[l][s])     // (1)
			a[j], deriv[j], kink[j] = ps.activate(f, z[j]) // (2)
		}
		ps.z[l][s], ps.y[l][s], ps.deriv[l][s], ps.kink[l][s] = z, a, deriv, kink
		ps.a[l+1][s] = ps.flat(a)
	}
}

// output computes the loss of a sample and δ of the output layer.
func (ps *pass[T]) output(s int) {
	last := ps.L - 1
	f := ps.p.Net.Layer(last).Activation
	z, y, deriv := ps.z[last][s], ps.y[last][s], ps.deriv[last][s]
	dy := make([]T, len(y)) // (4), not divided
	value := ps.exactly(0)
	_, sigmoid := f.(activation.Sigmoid)

	switch ps.p.Loss.(type) {
	case nil:
		for j, d := range row(ps.p.DY, s) {
			dy[j] = ps.exactly(d)
			value = ps.add(value, ps.mul(y[j], dy[j]))
		}
	case loss.Squared:
		for j, t := range row(ps.p.T, s) {
			dy[j] = ps.outputMinus(f, z[j], y[j], t)
			value = ps.add(value, ps.mul(ps.mul(dy[j], dy[j]), ps.exactly(0.5)))
		}
	case loss.CrossEntropy:
		if sigmoid {
			// dℓ/dz = σ(z)−t without the detour by y, whose σ′ would cancel.
			delta := make([]T, len(z))
			for j, t := range row(ps.p.T, s) {
				delta[j] = ps.sigmoidMinus(z[j], t)
				value = ps.add(value, ps.logitLoss(z[j], t))
			}
			ps.loss[s], ps.delta[last][s] = value, delta
			return
		}
		for j, t := range row(ps.p.T, s) {
			var v T
			v, dy[j] = ps.probabilityLoss(y[j], t)
			value = ps.add(value, v)
		}
	case loss.LogitCrossEntropy:
		for j, t := range row(ps.p.T, s) {
			dy[j] = ps.sigmoidMinus(y[j], t)
			value = ps.add(value, ps.logitLoss(y[j], t))
		}
	case loss.SoftmaxCrossEntropy:
		value = ps.softmaxLoss(dy, y, row(ps.p.T, s))
	}
	delta := make([]T, len(dy))
	for j := range delta {
		delta[j] = ps.mul(dy[j], deriv[j]) // (5)
	}
	ps.loss[s], ps.delta[last][s] = value, delta
}

func (ps *pass[T]) backward(s int) {
	n := ps.p.Net
	for l := ps.L - 1; l >= 0; l-- {
		da := ps.columns(n.Weights(ps.p.Theta, l), ps.delta[l][s]) // (8)
		if l == 0 {
			ps.dx[s] = da
			return
		}
		above := false
		for _, kink := range ps.kink[l][s] {
			above = above || kink
		}
		for k := range da {
			da[k] = ps.mul(da[k], ps.deriv[l-1][s][k]) // (5)
			ps.kink[l-1][s][k] = ps.kink[l-1][s][k] || above
		}
		ps.delta[l-1][s] = da
	}
}

// gradient computes (6) and (7).
func (ps *pass[T]) gradient() {
	n := ps.p.Net
	ps.values.grad = make([]T, n.NumParams())
	samples := ps.p.X.Rows
	for l, at := 0, 0; l < ps.L; l++ {
		w := n.Weights(ps.p.Theta, l)
		biases := n.Biases(ps.p.Theta, l) != nil
		concurrently(w.Rows, func(j int) {
			d := make([]T, samples)
			for s := range d {
				d[s] = ps.delta[l][s][j]
			}
			grad := ps.weighted(ps.a[l], d) // (6)
			ps.means(grad)
			copy(ps.values.grad[at+j*w.Cols:], grad)
			if biases {
				grad = []T{ps.total(d)} // (7)
				ps.means(grad)
				ps.values.grad[at+w.Rows*w.Cols+j] = grad[0]
			}
		})
		at += w.Rows * w.Cols
		if biases {
			at += w.Rows
		}
	}
}

// mean divides a sum over the samples by their number, if the objective is a mean.
func (ps *pass[T]) mean(sum T) T {
	if n := ps.p.divisor(); n != 1 {
		return ps.div(sum, ps.exactly(n))
	}
	return sum
}

// means does so with each of some sums, in their place.
func (ps *pass[T]) means(sums []T) {
	for i, sum := range sums {
		sums[i] = ps.mean(sum)
	}
}

// finish adds the samples up, adds the regulariser, takes the step, and lays the
// values out.
func (ps *pass[T]) finish() {
	p, v := ps.p, &ps.values
	total := ps.exactly(0)
	for _, l := range ps.loss {
		total = ps.add(total, l)
	}
	total = ps.mean(total)
	for s := range ps.dx {
		ps.means(ps.dx[s])
	}
	v.dx = slices.Concat(ps.dx...)
	for l := range ps.L {
		for s := range ps.delta[l] {
			ps.means(ps.delta[l][s])
		}
		v.z = append(v.z, slices.Concat(ps.z[l]...))
		v.a = append(v.a, slices.Concat(ps.y[l]...))
		v.delta = append(v.delta, slices.Concat(ps.delta[l]...))
	}

	if p.Lambda != 0 {
		lambda := ps.exactly(p.Lambda)
		norm := ps.exactly(0)
		for l, at := 0, 0; l < ps.L; l++ {
			w := p.Net.Weights(p.Theta, l).Data
			balls := make([]T, len(w))
			for i := range w {
				balls[i] = ps.exactly(w[i])
				v.grad[at+i] = ps.add(v.grad[at+i], ps.mul(lambda, balls[i])) // (9)
			}
			norm = ps.add(norm, ps.dot(0, w, ps.flat(balls)))
			at += len(w) + len(p.Net.Biases(p.Theta, l))
		}
		total = ps.add(total, ps.mul(ps.mul(lambda, ps.exactly(0.5)), norm)) // (3)
	}
	v.loss = total

	rate := ps.exactly(p.Rate)
	v.after = make([]T, len(p.Theta))
	for i, t := range p.Theta {
		v.after[i] = ps.sub(ps.exactly(t), ps.mul(rate, v.grad[i])) // (10)
	}
}

func row(m blas64.General, i int) []float64 { return m.Data[i*m.Stride : i*m.Stride+m.Cols] }
