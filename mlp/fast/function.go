package fast

import "touchstone/activation"

// A function adds b to z, unless b is nil, and stores f(z) in a and, unless first is
// nil, f′(z) in first, element by element. All slices have the length of z. That of the
// identity may be given z as a.
type function func(a, first, z, b []float64)

// functionOf returns f as a function: for those of package activation one that is
// assembled, or compiled as a loop, for others one that calls the methods of f.
func functionOf(f activation.Func) function {
	switch f.(type) {
	case activation.Identity:
		return identity
	case activation.Sigmoid:
		return bestUnit.sigmoid
	case activation.Tanh:
		return bestUnit.tanh
	case activation.ReLU:
		return relu
	}
	return func(a, first, z, b []float64) {
		plus(z, b)
		for i, v := range z {
			a[i] = f.Value(v)
		}
		for i := range first {
			first[i] = f.Deriv(z[i])
		}
	}
}

// costOf returns about what an element of functionOf(f) costs, in multiply-adds of a product.
func costOf(f activation.Func) float64 {
	switch f.(type) {
	case activation.Identity, activation.ReLU:
		return 50
	case activation.Sigmoid, activation.Tanh:
		return 100
	}
	return 1000
}

// plus adds b to z, unless b is nil.
func plus(z, b []float64) {
	for i, v := range b {
		z[i] += v
	}
}

func identity(a, first, z, b []float64) {
	plus(z, b)
	if len(z) > 0 && &a[0] != &z[0] {
		copy(a, z)
	}
	for i := range first {
		first[i] = activation.Identity{}.Deriv(z[i])
	}
}

func relu(a, first, z, b []float64) {
	plus(z, b)
	for i, v := range z {
		a[i] = activation.ReLU{}.Value(v)
	}
	for i := range first {
		first[i] = activation.ReLU{}.Deriv(z[i])
	}
}
