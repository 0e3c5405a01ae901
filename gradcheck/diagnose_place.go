package gradcheck

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// A place says where the numbers of a gradient may have gone: entry k of the
// analytic gradient is entry from(k) of the numeric one.
type place struct {
	kind CauseKind
	text string
	from func(k int) int
}

// displaced looks for the right numbers at places that follow a rule.
func (s *suspect) displaced() []Cause {
	if !s.whole {
		return nil
	}
	list := s.places()
	for _, p := range list {
		if but, ok := s.movedBy(p.from, math.Log2(float64(len(list)))); ok {
			return []Cause{{Kind: p.kind, Text: p.text + but}}
		}
	}
	return s.swapped()
}

// movedBy reports whether the gradient is the numeric one in another order, or but
// for weight decay, which keeps its place, and what is to be said of that.
func (s *suspect) movedBy(place func(k int) int, price float64) (but string, ok bool) {
	from := make([]int, len(s.a))
	stay := s.x.scaled(1)
	moved := 0
	for k := range from {
		from[k] = place(k)
		stay.value[k] -= s.x.value[from[k]]
		if from[k] != k {
			moved++
		}
	}
	m := s.exactly(s.n.at(from))
	m.price = price
	if s.explains(m) {
		return "", true
	}
	m, c, ok := s.fit(s.n.at(from), stay)
	m.price = price
	// Two entries that change places keep their sum. So do two errors that cancel, as
	// those of a softmax do.
	if ok && moved > 2 && s.explains(m) {
		return fmt.Sprintf(", apart from weight decay of %.6g·x", c), true
	}
	return "", false
}

func (s *suspect) places() (list []place) {
	rows, cols := s.rows, s.cols
	across, down := "columns", "rows"
	if cols == 1 {
		down = "elements"
	}
	switch {
	case rows == cols:
		list = append(list, place{CauseTranspose, "it is transposed", func(k int) int { return k%cols*cols + k/cols }})
	case rows != 1 && cols != 1:
		list = append(list,
			place{CauseTranspose, "it is written column by column, as if transposed", func(k int) int { return k%rows*cols + k/rows }},
			place{CauseTranspose, "it is read column by column, as if transposed", func(k int) int { return k%cols*rows + k/cols }})
	}
	list = append(list,
		place{CausePermutation, "its " + down + " are in reverse order", func(k int) int { return (rows-1-k/cols)*cols + k%cols }},
		place{CausePermutation, "its " + across + " are in reverse order", func(k int) int { return k/cols*cols + cols - 1 - k%cols }})
	for _, r := range rotations(rows) {
		list = append(list, place{CausePermutation, fmt.Sprintf("its %s are rotated by %d", down, r),
			func(k int) int { return (k/cols+r)%rows*cols + k%cols }})
	}
	for _, r := range rotations(cols) {
		list = append(list, place{CausePermutation, fmt.Sprintf("its %s are rotated by %d", across, r),
			func(k int) int { return k/cols*cols + (k%cols+r)%cols }})
	}
	return list
}

// rotations returns by how much n lines may have been rotated: by up to 64 to either side,
// for each is tried on all entries, and those of a long vector would take minutes.
func rotations(n int) (list []int) {
	const most = 64
	for r := 1; r < n; r++ {
		if r <= most || r >= n-most {
			list = append(list, r)
		}
	}
	return list
}

// swapped looks for two entries that have changed places.
func (s *suspect) swapped() []Cause {
	wrong := s.wrong()
	if len(wrong) != 2 {
		return nil
	}
	i, j := wrong[0], wrong[1]
	but, ok := s.movedBy(func(k int) int {
		switch k {
		case i:
			return j
		case j:
			return i
		}
		return k
	}, 2*math.Log2(float64(len(s.a))))
	if !ok {
		return nil
	}
	return []Cause{{Kind: CausePermutation, Text: s.entries[i].Name + " and " + s.entries[j].Name + " have changed places" + but}}
}

// permuted looks for the right numbers in any other order.
func (s *suspect) permuted() []Cause {
	if !s.whole || slices.Contains(s.n.err, math.Inf(1)) {
		return nil
	}
	order := func(v []float64) []int {
		rank := make([]int, len(v))
		for k := range rank {
			rank[k] = k
		}
		slices.SortStableFunc(rank, func(i, j int) int { return cmp.Compare(v[i], v[j]) })
		return rank
	}
	from := make([]int, len(s.a))
	byNumeric := order(s.n.value)
	for i, k := range order(s.a) {
		from[k] = byNumeric[i]
	}
	m := s.exactly(s.n.at(from))
	permutations, _ := math.Lgamma(float64(len(from) + 1))
	m.price = permutations / math.Ln2
	if !s.explains(m) {
		return nil
	}
	return []Cause{{Kind: CausePermutation, Text: "it has the right numbers in another order"}}
}

// wrong returns the entries that fail.
func (s *suspect) wrong() (list []int) {
	for k, e := range s.entries {
		if e.Verdict == Fail {
			list = append(list, k)
		}
	}
	return list
}
