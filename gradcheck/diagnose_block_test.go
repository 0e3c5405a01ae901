package gradcheck

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

// A number is found elsewhere if it is there within what is known, and with what a right
// gradient may be off.
func TestIsAt(t *testing.T) {
	for _, value := range []float64{2, -2} {
		for _, off := range []float64{0.5 + 2*inexact, -0.5 - 2*inexact} {
			s := &suspect{a: []float64{value + off}}
			assert.True(t, s.isAt(0, value, 0.5))
			assert.False(t, s.isAt(0, value, 0.5-0x1p-50))
			assert.False(t, s.isAt(0, value, math.Inf(1)))
		}
	}
}

// What is in no block is not one piece of X, and what lies between is not taken for it.
func TestDiagnoseStrangersInPieces(t *testing.T) {
	c := newTrial(1, 1e-12, Block{Name: "x", Rows: 3}, Block{Name: "W", Rows: 3}, Block{Name: "x", Rows: 1}, Block{Name: "b", Rows: 4})
	c.edit = func(r *Report) {
		for i := range r.Entries {
			if r.Entries[i].Block == 2 {
				r.Entries[i].Block = 0
			}
		}
		r.Blocks[0].Rows = 4 // elements 0, 1, 2 and 6
	}
	copy(c.block(c.a, 3), c.truth[:4]) // and 3 is the first of W
	for _, cause := range c.diagnose(3, false) {
		assert.NotContains(t, cause.Text, "gradient of x:")
		assert.NotEqual(t, "it holds the gradient of x", cause.Text)
	}
}

// One number in the place of each is no piece of another gradient, and one that fits a
// number among many to fifteen bits fits one of them by accident.
func TestDiagnosePieces(t *testing.T) {
	for seed := range uint64(5) {
		c := newTrial(seed, 1e-12, Block{Name: "W", Rows: 3, Cols: 5}, Block{Name: "b", Rows: 2})
		copy(c.block(c.a, 1), []float64{c.truth[1], c.truth[13]})
		for _, cause := range c.diagnose(1, false) {
			assert.NotEqual(t, CauseBlock, cause.Kind, "seed %d: %v", seed, cause)
		}
	}
	for err, want := range map[float64]int{0x1p-15: 0, 0x1p-20: 1} {
		c := newTrial(1, 0, Block{Name: "W", Rows: 8, Cols: 8}, Block{Name: "b", Rows: 1})
		for i := range 64 {
			c.truth[i] = float64(2 + i)
		}
		c.truth[64] = 1
		copy(c.a, c.truth)
		c.a[64] = 2 // that of W[0,0], among 65, and 1 off
		var r *Report
		c.edit = func(found *Report) { r = found }
		c.diagnose(1, false)
		for i := range r.Entries {
			r.Entries[i].Bound = err
		}
		assert.Len(t, newSuspect(&c.p, r, 1).elsewhere(), want, "%v", err)
	}
}
