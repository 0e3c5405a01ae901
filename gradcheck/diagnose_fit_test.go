package gradcheck

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

// A factor is taken from the entry that tells it best, by all that is known of it.
func TestFit(t *testing.T) {
	s := spoiled(2, 0, []float64{1, 1}, []float64{2, 2.5})
	v := quantity{[]float64{1, 1}, []float64{0.1, 0.5}}
	_, c, ok := s.fit(s.none, v)
	assert.True(t, ok)
	assert.Equal(t, 2., c, "and not that of the other")
}

// Of several factors, each is told by the entries that tell it, however small they are.
func TestFitAllSizes(t *testing.T) {
	const small = 0x1p-40
	n := []float64{1, 3, 2 * small, -small}
	x := quantity{[]float64{1, 3, small, small}, make([]float64, 4)} // all alike but for the small ones
	a := make([]float64, 4)
	for k := range a {
		a[k] = 2*n[k] + 0.125*x.value[k]
	}
	s := spoiled(4, 0, n, a)
	m, c := s.fitAll(s.none, []quantity{s.n, x})
	assert.Equal(t, 2, m.free)
	assert.InDeltaSlice(t, []float64{2, 0.125}, c, 1e-9)
	assert.True(t, s.explains(m))
}

// A number is that of another entry, or its negative, within what both may be off, however
// large they are.
func TestCopies(t *testing.T) {
	for _, size := range []float64{1, 1e12, 1e-12} {
		for _, c := range []struct {
			value, err []float64
			want       []bool
		}{
			{[]float64{1, 2, 3}, []float64{0, 0, 0}, []bool{false, false, false}},
			{[]float64{1, -1, 3}, []float64{0, 0, 0}, []bool{false, true, false}},
			{[]float64{1, 3, 1 + 0x1p-42}, []float64{0, 0, 0}, []bool{false, false, true}},
			{[]float64{1, 3, 1 + 0x1p-38}, []float64{0, 0, 0}, []bool{false, false, false}},
			{[]float64{1, 3, 1.25}, []float64{0.125, 0, 0.125}, []bool{false, false, true}},
			{[]float64{0, 0, 1}, []float64{0, 0, 0}, []bool{false, false, false}},
		} {
			q := quantity{c.value, c.err}.scaled(size)
			assert.Equal(t, c.want, q.copies(), "%v times %+v", size, c)
		}
	}
}

// What explains several blocks is asked of so many entries and no more.
func TestTogether(t *testing.T) {
	c := newTrial(1, 1e-12, shapes...)
	everywhere(times(2), w0, b0, w2)(c, nil)
	var r *Report
	c.edit = func(found *Report) { r = found }
	c.diagnose(w0, false)
	for most, want := range map[int]int{0: 12, 12: 12, 13: 13, 20: 20, math.MaxInt: 12 + 3 + 30} {
		assert.Len(t, newSuspect(&c.p, r, w0).together(most).a, want, "%d", most)
	}
}

// Four numbers in another order have as much evidence as bits are known of them, less the
// 4.6 that tell one of their 24 orders.
func TestPermutedPrice(t *testing.T) {
	for bits, want := range map[float64]int{16.25: 0, 17: 1} {
		s := spoiled(4, 0, []float64{1, 2, 3, 4}, []float64{2, 1, 4, 3})
		for k := range s.n.err {
			s.n.err[k] = math.Exp2(-bits/4) * (1 - 1e-9)
		}
		assert.Len(t, s.permuted(), want, "%v", bits)
	}
}

// An explanation must have enough evidence, and that is enough.
func TestIsEnough(t *testing.T) {
	assert.True(t, isEnough(enough))
	assert.False(t, isEnough(math.Nextafter(enough, 0)))
}

// An element is known to a relative error that is below the limit, and a 0 is not.
func TestIsKnown(t *testing.T) {
	q := quantity{[]float64{4, -4, 4, 0, 0, 4}, []float64{0.25, 0.25, 0, 0, 1, math.Inf(1)}}
	for k, want := range []bool{false, false, true, false, false, false} {
		assert.Equal(t, want, q.isKnown(k, 0x1p-4), "%d", k)
	}
	for k, want := range []bool{true, true, true, false, false, false} {
		assert.Equal(t, want, q.isKnown(k, 0x1p-3), "%d", k)
	}
	assert.True(t, q.isAnyKnown(0x1p-4))
	assert.False(t, q.at([]int{0, 1, 3, 4, 5}).isAnyKnown(0x1p-4))
}
