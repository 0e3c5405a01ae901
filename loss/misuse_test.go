package loss_test

import (
	"os"
	"testing"

	"touchstone/internal/misuse"
	"touchstone/loss"
)

// TestMisuse has every panic of the package, for every function.
func TestMisuse(t *testing.T) {
	v := make([]float64, 9)
	for _, f := range []loss.Func2{loss.Squared{}, loss.CrossEntropy{}, loss.LogitCrossEntropy{}, loss.SoftmaxCrossEntropy{}} {
		y, target, dst, dir := make([]float64, 3), make([]float64, 3), make([]float64, 3), make([]float64, 3)
		cases := []misuse.Case{
			{Panic: "loss: Value with y and t of different lengths", Do: func() { f.Value(y, target[1:]) }},
			{Panic: "loss: Grad with dst, y and t of different lengths", Do: func() { f.Grad(dst[1:], y, target) }},
			{Panic: "loss: Grad with dst, y and t of different lengths", Do: func() { f.Grad(dst, y, nil) }},
			{Panic: "loss: Grad with a dst that overlaps y or t without being it", Do: func() { f.Grad(v[1:4], v[:3], target) }},
			{Panic: "loss: Grad with a dst that overlaps y or t without being it", Do: func() { f.Grad(v[:3:3], y, v[2:5]) }},
			{Panic: "loss: HessVec with dst, y, t and v of different lengths", Do: func() { f.HessVec(dst, y, target, dir[:2]) }},
			{Panic: "loss: HessVec with a dst that overlaps y, t or v without being it", Do: func() { f.HessVec(v[1:4], v[:3], target, dir) }},
			{Panic: "loss: HessVec with a dst that overlaps y, t or v without being it", Do: func() { f.HessVec(v[1:4], y, v[:3], dir) }},
			{Panic: "loss: HessVec with a dst that overlaps y, t or v without being it", Do: func() { f.HessVec(v[1:4], y, target, v[3:6]) }},
		}
		for _, problem := range misuse.Check(os.DirFS("."), cases) {
			t.Errorf("%v: %s", f, problem)
		}
	}
}
