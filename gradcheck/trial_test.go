package gradcheck

import (
	"math"
	"math/rand/v2"
	"slices"
)

// A trial is a gradient made up of the gradients of numSamples, each an outer product
// like that of a layer, with numerical derivatives that are right within a bound,
// and a place to plant mistakes in the analytic gradient.
type trial struct {
	rnd    *rand.Rand
	p      Problem
	noise  float64 // relative, of the numerical derivatives
	sample [][]float64
	truth  []float64 // their mean
	a      []float64
	state  bool
	own    [][]float64     // the analytic gradients of the samples, nil if there are none
	edit   func(r *Report) // of what was found, before the diagnosis
}

const numSamples = 3

func newTrial(seed uint64, noise float64, blocks ...Block) *trial {
	t := &trial{rnd: rand.New(rand.NewPCG(seed, 1)), noise: noise}
	size := 0
	for _, b := range blocks {
		b.Offset = size
		t.p.Blocks = append(t.p.Blocks, b)
		size += b.size()
	}
	t.p.Sizes = map[string]int{"samples": numSamples, "outputs": 5}
	t.p.X = t.normal(size)
	t.truth = make([]float64, size)
	for range numSamples {
		g := make([]float64, size)
		for _, b := range t.p.Blocks {
			delta, in := t.normal(b.Rows), t.normal(max(b.Cols, 1))
			for k := range b.size() {
				g[b.Offset+k] = delta[k/len(in)] * in[k%len(in)]
			}
		}
		t.sample = append(t.sample, g)
		for i, v := range g {
			t.truth[i] += v / numSamples
		}
	}
	t.a = slices.Clone(t.truth)
	return t
}

func (t *trial) normal(n int) []float64 {
	v := make([]float64, n)
	for i := range v {
		v[i] = t.rnd.NormFloat64()
	}
	return v
}

// block returns that part of v.
func (t *trial) block(v []float64, block int) []float64 {
	b := t.p.Blocks[block]
	return v[b.Offset : b.Offset+b.size()]
}

// diagnose returns the causes for a block of what was planted.
func (t *trial) diagnose(block int, parts bool) []Cause {
	r := &Report{hasState: t.state}
	for n, b := range t.p.Blocks {
		r.Blocks = append(r.Blocks, BlockReport{Block: b})
		for k := range b.size() {
			i := b.Offset + k
			bound := t.noise * (math.Abs(t.truth[i]) + 0.01)
			e := Entry{Index: i, Block: n, Name: b.name(k), Analytic: t.a[i], Bound: bound,
				Numeric: t.truth[i] + bound*(2*t.rnd.Float64()-1)}
			if !(math.Abs(e.Analytic-e.Numeric) <= bound+inexact*math.Abs(e.Numeric)) {
				e.Verdict = Fail
			}
			r.count(&e)
			r.Entries = append(r.Entries, e)
		}
	}
	if t.edit != nil {
		t.edit(r)
	}
	if !parts {
		return diagnose(&t.p, r, block, terms{})
	}
	d := terms{numeric: t.numericParts}
	if t.own != nil {
		d.analytic = t.analyticParts
	}
	return diagnose(&t.p, r, block, d)
}

func (t *trial) analyticParts(entries []Entry) [][]float64 {
	parts := make([][]float64, numSamples)
	for s := range parts {
		for _, e := range entries {
			parts[s] = append(parts[s], t.own[s][e.Index])
		}
	}
	return parts
}

func (t *trial) numericParts(entries []Entry) []quantity {
	parts := make([]quantity, numSamples)
	for s := range parts {
		for _, e := range entries {
			v := t.sample[s][e.Index]
			bound := t.noise * (math.Abs(v) + 0.01)
			parts[s].value = append(parts[s].value, v+bound*(2*t.rnd.Float64()-1))
			parts[s].err = append(parts[s].err, bound)
		}
	}
	return parts
}

// The blocks of most trials.
const (
	w0 = iota // 3×4
	b0        // 3
	w1        // 4×4
	b1        // 4
	w2        // 6×5
	c0        // 1
)

var shapes = []Block{
	{Name: "W0", Rows: 3, Cols: 4}, {Name: "b0", Rows: 3}, {Name: "W1", Rows: 4, Cols: 4},
	{Name: "b1", Rows: 4}, {Name: "W2", Rows: 6, Cols: 5}, {Name: "c0", Rows: 1},
}
