package loss

// Squared is ℓ = ½‖y−t‖² = ½ Σ (yⱼ−tⱼ)². The ½ belongs to the loss, so that its
// gradient is y−t and not twice that. Over several outputs it is a sum, never a
// mean.
//
// NaN and Inf propagate by the ordinary rules.
type Squared struct{}

// Value returns ½ Σ (yⱼ−tⱼ)².
func (Squared) Value(y, t []float64) float64 {
	checkValue(y, t)
	sum := 0.0
	for j, yj := range y {
		d := yj - t[j]
		sum += float64(0.5 * d * d)
	}
	return sum
}

// Grad stores ∂ℓ/∂yⱼ = yⱼ−tⱼ.
func (Squared) Grad(dst, y, t []float64) {
	checkGrad(dst, y, t)
	for j, yj := range y {
		dst[j] = yj - t[j]
	}
}

// String returns "squared".
func (Squared) String() string { return "squared" }
