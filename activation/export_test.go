package activation

// A Quick is the quick phase of a function: its value, and whether it is settled.
type Quick func(z float64) (y float64, ok bool)

var (
	QuickSigmoid      Quick = quickSigmoid
	QuickSigmoidDeriv Quick = quickSigmoidDeriv
	QuickTanh         Quick = quickTanh
	QuickTanhDeriv    Quick = quickTanhDeriv
	QuickSoftplus     Quick = quickSoftplus
)
