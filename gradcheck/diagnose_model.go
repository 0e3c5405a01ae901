package gradcheck

import (
	"math"
	"slices"
)

const (
	// An explanation that fits has evidence: the logarithm to base 2 of the odds
	// against an accident. An entry that fits to a thousandth of what is to be
	// explained in it gives 10 bits; numbers that were chosen to make it fit take them
	// away again. It must have enough.
	enough = 12
	// maxBits is the most that one entry can give.
	maxBits = 30
)

// A model is what an explanation says that the analytic gradient is.
type model struct {
	value []float64
	slack []float64 // how far the gradient may be off it
	free  int       // how many numbers were fitted to the gradient
	price float64   // bits: how many models of the kind were tried
}

// isEnough reports whether the evidence is.
func isEnough(bits float64) bool { return bits >= enough }

// explains reports whether m fits all entries, and not by accident.
func (s *suspect) explains(m model) bool {
	bits, fits := s.evidence(m)
	return fits && isEnough(bits)
}

// evidence reports whether m fits all entries, and what that is worth.
func (s *suspect) evidence(m model) (sum float64, fits bool) {
	bits := make([]float64, len(s.a))
	for k, a := range s.a {
		if !isWithin(a, m.value[k], m.slack[k]) {
			return 0, false
		}
		n := s.n.value[k]
		moved := math.Max(math.Abs(a-n), math.Abs(m.value[k]-n))
		if moved > m.slack[k] && !math.IsInf(s.n.err[k], 1) && !s.copies[k] {
			bits[k] = math.Min(math.Log2(moved/m.slack[k]), maxBits)
		}
	}
	slices.Sort(bits)
	for _, b := range bits[:max(len(bits)-m.free, 0)] {
		sum += b
	}
	return sum - m.price, true
}

// exactly returns the model q.
func (s *suspect) exactly(q quantity) model { return s.sum(q, nil, nil) }

// sum returns the model base + Σ c·v.
func (s *suspect) sum(base quantity, c []float64, v []quantity) model {
	m := model{value: slices.Clone(base.value), slack: make([]float64, len(s.a)), free: len(c)}
	for k, a := range s.a {
		size := math.Max(math.Abs(a), math.Abs(s.n.value[k]))
		m.slack[k] = math.Max(s.n.err[k], base.err[k])
		for i := range c {
			term := float64(c[i] * v[i].value[k])
			m.value[k] += term
			if c[i] != 0 { // else it does not matter how little is known of v
				m.slack[k] += math.Abs(c[i]) * v[i].err[k]
			}
			size = math.Max(size, math.Abs(term))
		}
		m.slack[k] += inexact * math.Max(size, math.Abs(m.value[k]))
	}
	return m
}

// fit returns the model base + c·v with the c of the entry that tells it best.
func (s *suspect) fit(base, v quantity) (m model, c float64, ok bool) {
	best := math.Inf(1) // the error of c
	for k, a := range s.a {
		size := math.Max(math.Abs(a), math.Abs(s.n.value[k]))
		ck := (a - base.value[k]) / v.value[k]
		err := math.Max(s.n.err[k], base.err[k]) + math.Abs(ck)*v.err[k] + inexact*size
		if off := err / math.Abs(v.value[k]); off < best {
			best, c = off, ck
		}
	}
	if !isFinite(best) || !isFinite(c) {
		return m, c, false
	}
	m = s.sum(base, []float64{c}, []quantity{v})
	m.loosen(2) // c has the error of the entry it comes from
	return m, c, true
}

// fitAll returns the model base + Σ c·v with the best c, by least squares in units
// of what each entry may be off.
func (s *suspect) fitAll(base quantity, v []quantity) (m model, c []float64) {
	rest := make([]float64, len(s.a))
	columns := make([][]float64, len(v))
	for k, a := range s.a {
		size, off := math.Max(math.Abs(a), math.Abs(base.value[k])), s.n.err[k]
		for i := range v {
			size, off = math.Max(size, math.Abs(v[i].value[k])), math.Max(off, v[i].err[k])
		}
		unit := off + inexact*size
		if unit == 0 {
			unit = 1 // all is 0 here
		}
		rest[k] = (a - base.value[k]) / unit
		for i := range v {
			columns[i] = append(columns[i], v[i].value[k]/unit)
		}
	}
	c, free := leastSquares(columns, rest)
	m = s.sum(base, c, v)
	m.free = free
	// If the right c leave at most 1 everywhere, the best leave no more than this.
	m.loosen(math.Max(2, math.Sqrt(float64(len(s.a)))))
	return m, c
}

func (m *model) loosen(times float64) {
	for k := range m.slack {
		m.slack[k] *= times
	}
}
