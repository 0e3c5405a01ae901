package neuron

import (
	"fmt"
	"strings"
	"testing"

	"touchstone/gradcheck"
)

// A log is a test that fails without a sound.
type log struct{ text string }

func (l *log) Helper()                           {}
func (l *log) Errorf(format string, args ...any) { l.text += fmt.Sprintf(format, args...) }

// checked returns what gradcheck says of a gradient: nothing if it is right.
func checked(grad func(grad, w []float64)) string {
	x := []float64{1.5, -0.5}
	l := new(log)
	gradcheck.Assert(l, gradcheck.Problem{
		Func:   func(w []float64) float64 { return Loss(w, x, 1) },
		Grad:   grad,
		X:      []float64{0.2, -0.4, 0.1},
		Blocks: []gradcheck.Block{{Name: "W", Rows: 1, Cols: 2}, {Name: "b", Offset: 2, Rows: 1}},
	}, nil)
	return l.text
}

func TestGradient(t *testing.T) {
	x := []float64{1.5, -0.5}
	right := func(grad, w []float64) { Grad(grad, w, x, 1) }
	if said := checked(right); said != "" {
		t.Errorf("of the right gradient: %s", said)
	}
	twice := func(grad, w []float64) {
		right(grad, w)
		for i := range grad {
			grad[i] *= 2
		}
	}
	if said := checked(twice); !strings.Contains(said, "FAIL: 3 of 3") || !strings.Contains(said, "likely: it is twice what it should be") {
		t.Errorf("of twice the gradient: %s", said)
	} else {
		t.Log(said)
	}
}
