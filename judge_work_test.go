package touchstone

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"

	"touchstone/activation"
	"touchstone/loss"
)

// The work that is counted is that of the products that are computed, and of the
// functions: where it would be too little, a search would take longer than it may.
func TestTrialCountsWork(t *testing.T) {
	const N, F = 3, functionWork
	c := roughCase(chain(5, activation.Sigmoid{}, 4, 6, 2), loss.Squared{}, N, 1)
	weights, units := 5*4+4*6+6*2, 4+6+2
	forward := N*weights + F*N*units
	everything := forward + 2*F*N*2 + // loss and ∂ℓ/∂y
		F*N*units + 2*N*weights // f′, (6) and (8)
	for _, b := range []struct {
		name string
		v    variant
		work int
	}{
		{"nothing wrong", variant{}, everything},
		{"W transposed", variant{transposed: true}, everything},
		{"without b", variant{noBias: true}, everything},
		{"next input", variant{shifted: true}, everything},
		{"weights after the step", variant{updated: 1}, everything},
		{"weights after the samples", variant{updated: 2}, everything + N*weights},
		{"half of the units, twice", variant{of: func(s int) float64 { return 0.5 }}, everything},
	} {
		nothing := newPass(&c)
		tr := &trial{variant: &b.v, pass: newPass(&c), c: &c, right: &nothing, proof: newEvidence(&c, nil, 0),
			scratch: layersOfTheta(&c), whole: true, most: math.MaxInt64}
		tr.a[0] = c.X.Data
		assert.True(t, tr.run(false), b.name)
		assert.Equal(t, int64(b.work), tr.work, b.name)
	}

	// What is right need not be computed again, and is compared once.
	k := planted{}.claim(&c)
	list := blocks(&c, &k)
	right := rightPass(&c)
	m := newLimits(&c, right, Float64)
	compared := 0
	for i := range list {
		m.allow(&list[i])
		if list[i].Stage != "loss" {
			compared += len(list[i].entries)
		}
	}
	d := newDetective(&c, &k, list, right, m)
	d.work = math.MaxInt64
	tr := d.trial(new(variant))
	assert.True(t, tr.run(false))
	assert.Equal(t, int64(compared), tr.work)
	tr = d.trial(new(variant))
	assert.True(t, tr.run(false))
	assert.Zero(t, tr.work)

	// The first layers need not either.
	tr = d.trial(&variant{in: func(l int) bool { return l == 2 }, deriv: func(f activation.Func, z, a float64) float64 { return f.Deriv(z) + 1e-300 }})
	assert.True(t, tr.run(false))
	assert.Equal(t, int64(N*6*2+F*N*2), tr.work)
}

// A search whose work ends between two mistakes is cut short like any other.
func TestSearchEndsBetweenMistakes(t *testing.T) {
	c := roughCase(chain(3, activation.Sigmoid{}, 4, 2), loss.Squared{}, 3, 2)
	k := planted{from: func(s, n int) int { return 0 }}.claim(&c)
	list := blocks(&c, &k)
	right := rightPass(&c)
	m := newLimits(&c, right, Float64)
	for i := range list {
		m.allow(&list[i])
		list[i].judge(math.MaxFloat64)
	}
	d := newDetective(&c, &k, list, right, m)
	d.work = math.MaxInt64
	mistakes := known(&c)
	for i := range mistakes[:60] {
		if d.explains(&mistakes[i], false) {
			break
		}
		if spent := math.MaxInt64 - d.work; spent > 0 {
			v := judge(&c, &k, spent)
			assert.True(t, v.CutShort, "after %d", i)
			assert.Nil(t, v.Cause)
		}
	}
	v := judge(&c, &k, maxSearch)
	assert.Equal(t, "STALE: the error of the first sample is taken for all", v.Cause.String())
}
