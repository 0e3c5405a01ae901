package touchstone

import (
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"

	"touchstone/activation"
	"touchstone/loss"
	"touchstone/mlp"
)

// roughCase is a case of any size at once: what NewCase makes, but with the results
// of a pass in float64 for the exact ones, and a guess for what rounding may cost.
func roughCase(n *mlp.Net, l loss.Func, samples int, seed uint64) Case {
	rnd := rand.New(rand.NewPCG(seed, 0))
	c := Case{Net: n, Loss: l, Theta: filled(1, n.NumParams(), rnd.NormFloat64).Data, X: filled(samples, n.Inputs(), rnd.NormFloat64),
		T: filled(samples, n.Outputs(), rnd.Float64), Step: &Step{Rate: 0.5}}
	for l := range n.NumLayers() {
		w := n.Weights(c.Theta, l)
		for i := range w.Data {
			w.Data[i] /= math.Sqrt(float64(w.Cols))
		}
	}
	p := rightPass(&c)
	decimals := func(v []float64) (d []Decimal, scale []float64) {
		for _, x := range v {
			d = append(d, Decimal(strconv.FormatFloat(x, 'e', 39, 64)))
			scale = append(scale, 100*math.Abs(x))
		}
		return d, scale
	}
	rows := func(want *[][][]Decimal, scale *[][][]float64, v []float64) {
		d, s := decimals(v)
		*want, *scale = append(*want, matrixOf(d, samples)), append(*scale, matrixOf(s, samples))
	}
	for l := range n.NumLayers() {
		rows(&c.Exact.Z, &c.Scale.Z, p.z[l])
		rows(&c.Exact.A, &c.Scale.A, p.a[l+1])
		rows(&c.Exact.Delta, &c.Scale.Delta, p.delta[l])
	}
	var dx [][][]Decimal
	var dxScale [][][]float64
	rows(&dx, &dxScale, p.da[0])
	c.Exact.DX, c.Scale.DX = dx[0], dxScale[0]
	c.Exact.Grad, c.Scale.Grad = decimals(slices.Concat(p.grad...))
	c.Step.Theta, c.Scale.After = decimals(p.after)
	value, scale := decimals([]float64{p.loss})
	c.Exact.Loss, c.Scale.Loss = value[0], scale[0]
	return c
}

func chain(inputs int, f activation.Func, widths ...int) *mlp.Net {
	var layers []mlp.Layer
	for _, w := range widths {
		layers = append(layers, mlp.Layer{Width: w, Activation: f})
	}
	return mlp.New(inputs, layers...)
}

// largeClaims are claims with a mistake that nobody knows, here and there.
func largeClaims(c *Case) map[string]Claim {
	p := rightPass(c)
	claims := map[string]Claim{}
	wrong := func(name string, of []float64, i int, k Claim) {
		of[i]++
		claims[name] = k
	}
	grad := slices.Concat(p.grad...)
	wrong("last gradient", grad, len(grad)-1, Claim{Grad: grad})
	grad = slices.Concat(p.grad...)
	for i := range grad {
		grad[i] += float64(i % 7)
	}
	loss := []float64{p.loss}
	wrong("gradient and loss", loss, 0, Claim{Grad: grad, Loss: &loss[0]})
	dx := slices.Clone(p.da[0])
	wrong("last dx", dx, len(dx)-1, Claim{DX: dx})
	after := slices.Clone(p.after)
	wrong("first after", after, 0, Claim{After: after})
	return claims
}

// The search through all known mistakes takes about what so many right passes take,
// though there are a thousand mistakes in a batch of 64.
func TestJudgeSearchesLittle(t *testing.T) {
	width := 100
	if testing.Short() {
		width = 30
	}
	c := roughCase(chain(width, activation.Sigmoid{}, width, 10), loss.Squared{}, 64, 1)
	pass := int64(3 * 64 * c.Net.NumParams())
	for name, k := range largeClaims(&c) {
		passes := int64(2000 / width)
		if name == "last dx" {
			passes = 400 // ∂E/∂x is what a pass computes last
		}
		v := judge(&c, &k, passes*pass)
		assert.Equal(t, Fail, v.Outcome, name)
		assert.False(t, v.CutShort, name)
		assert.True(t, judge(&c, &k, pass/100).CutShort, name)
	}
	assert.Greater(t, len(known(&c)), 900)
	assert.Less(t, 400*pass, int64(maxSearch))
}

// A search that is cut short says so, and names nothing that it did not get to. With
// the same limit it always ends at the same place.
func TestJudgeIsCutShort(t *testing.T) {
	var stale planted
	for _, b := range bugs {
		if b.name == "δ of the sample before" {
			stale = b
		}
	}
	all := Cases()
	c := &all[slices.IndexFunc(all, func(c Case) bool { return stale.cases(&c) && hidden(&c) })]
	k := stale.claim(c)
	v := judge(c, &k, maxSearch)
	assert.Equal(t, "STALE", v.Cause.Type)
	assert.False(t, v.CutShort)
	least := int64(0) // with which it is found
	for step := int64(1 << 24); step > 0; step /= 2 {
		if v := judge(c, &k, least+step); v.CutShort {
			assert.Nil(t, v.Cause)
			assert.Equal(t, Fail, v.Outcome)
			least += step
		}
	}
	assert.Greater(t, least, int64(100))
	for range 3 {
		assert.True(t, judge(c, &k, least).CutShort)
		v := judge(c, &k, least+1)
		assert.False(t, v.CutShort)
		assert.Equal(t, "STALE", v.Cause.Type)
	}
}
