package report

import (
	"fmt"
	"slices"
)

// What a page has at most. Maps share their cells evenly, so that a page of one large
// block shows it in some detail.
const (
	maxBlocks = 200
	maxCells  = 9216 // three of 48 × 64
	maxRows   = 200  // of the worst entries
	eachBlock = 3    // of these, in a block
	maxNotes  = 20
	maxCauses = 3 // of a block
)

// selected returns which of n blocks are shown, in their order: if there are too many,
// those with errors first, then those without a verdict. left says what is not.
func selected(n int, of func(i int) outcome) (list []int, left string) {
	for i := range n {
		list = append(list, i)
	}
	if n <= maxBlocks {
		return list, ""
	}
	slices.SortStableFunc(list, func(i, k int) int { return int(of(k)) - int(of(i)) })
	wrong := 0
	for _, i := range list[maxBlocks:] {
		if of(i) == fail {
			wrong++
		}
	}
	list = list[:maxBlocks]
	slices.Sort(list)
	return list, fmt.Sprintf("%s more blocks are not shown, %s of them wrong.", grouped(n-maxBlocks), grouped(wrong))
}

// add adds a row, unless there are too many. more says that the block has more.
func (t *table) add(r row, more bool) {
	switch {
	case len(t.Rows) == maxRows:
		t.More = fmt.Sprintf("The %d worst of each block, as far as there is room.", eachBlock)
		return
	case more && t.More == "":
		t.More = fmt.Sprintf("The %d worst of each block.", eachBlock)
	}
	t.Rows = append(t.Rows, r)
}

// share returns how many cells each map may have, where they want so many: all have
// the same share, but for what small ones leave to the others.
func share(wanted []int) int {
	left, maps := maxCells, len(wanted)
	slices.Sort(wanted)
	for _, n := range wanted {
		if n > left/maps {
			return left / maps
		}
		left -= n
		maps--
	}
	return maxCells
}

// vectorEdge says how the entries of a vector follow each other.
func vectorEdge(l layout, n int) edge {
	switch {
	case n == 1:
		return edge{}
	case l.rows == 1:
		return edge{"0", "", grouped(n - 1)}
	}
	return edge{"0", fmt.Sprintf("line by line, %d in a line, to %s", l.width, grouped(n-1)), ""}
}
