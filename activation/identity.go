package activation

// Identity is f(z) = z, for linear layers and for outputs that are logits.
type Identity struct{}

// Value returns z, also where it is ±0, ±Inf or NaN.
func (Identity) Value(z float64) float64 { return z }

// Deriv returns 1.
//
// Special cases are:
//
//	Deriv(NaN) = NaN
func (Identity) Deriv(z float64) float64 {
	if z != z {
		return z
	}
	return 1
}

// Deriv2 returns 0.
//
// Special cases are:
//
//	Deriv2(NaN) = NaN
func (Identity) Deriv2(z float64) float64 { return vanish(z) }

// String returns "identity".
func (Identity) String() string { return "identity" }
