package loss

// The quick phases of the losses, with whether their value is settled.
var (
	QuickSquared          = quickSquared
	QuickCrossEntropy     = quickCrossEntropy
	QuickCrossEntropyGrad = quickCrossEntropyGrad
	QuickLogit            = quickLogit
	QuickLogitGrad        = quickLogitGrad
	FinerLogitGrad        = finerLogitGrad
	QuickCrossEntropyHess = quickCrossEntropyHess
	QuickLogitHess        = quickLogitHess
)

// What they decide by.
var (
	Bound  = bound
	IsPart = isPart
	Inside = inside
)

// SoftmaxTop returns the logit that the others are compared with.
func SoftmaxTop(y, t []float64) int { return newSoftmax(y, t).top }

// QuickSoftmax returns the value.
func QuickSoftmax(y, t []float64, _ int) (v float64, ok bool) {
	s := newSoftmax(y, t)
	return s.quickValue()
}

// SlowSoftmaxGrad returns the j-th entry of the gradient from the fallback.
func SlowSoftmaxGrad(y, t []float64, j int) float64 {
	return newSlowSum(y, t, newSoftmax(y, t).top).grad(j, t[j])
}

// QuickSoftmaxGrad returns the j-th entry of the gradient.
func QuickSoftmaxGrad(y, t []float64, j int) (g float64, ok bool) {
	s := newSoftmax(y, t)
	return s.quickGrad(j)
}
