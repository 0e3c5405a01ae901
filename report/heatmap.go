package report

import (
	"fmt"
	"iter"
	"math"
	"strconv"
)

// A heatMap is a picture of the errors of a block: a grid of cells, each of which
// stands for an entry or, in a large block, for the worst of several.
type heatMap struct {
	Title         string // of one map among several
	Label         string // for those who do not see it
	Width, Height int    // in pixels, where there is room
	Box           string // of the picture, in its own units
	Cells         []cell
	Top, Side     edge
	Note          string // what a cell stands for, if that is several entries
}

// An edge is what stands along a map.
type edge struct{ From, What, To string }

type cell struct {
	Class, Path, Title string
	Digits             string // the power of ten of the error of a wrong one, or ""
	X, Y               int    // of the digits
}

// A level is what a cell looks like, the worse the larger.
type level int

const (
	unseen level = iota
	right
	near
	undecided
	wrong // and, for each three powers of ten, one more
	worst = wrong + 4
)

// unit is the side of a cell, in the units of the picture.
const unit = 20

// legend explains a level.
type legend struct{ Class, Path, Text string }

func legends() []legend {
	list := []legend{
		{right.class(), right.path(0, 0), "right, at most half of what is allowed"},
		{near.class(), near.path(0, 0), "right, nearly all that is allowed"},
		{undecided.class(), undecided.path(0, 0), "inconclusive"},
	}
	for l := wrong; l <= worst; l++ {
		text := "wrong, up to 10" + superscript.Replace(strconv.Itoa(3*int(l-wrong+1))) + " × what is allowed"
		if l == worst {
			text = "wrong by more, or not finite"
		}
		list = append(list, legend{l.class(), l.path(0, 0), text})
	}
	return list
}

// levelOf returns the level of an entry whose error is err times what is allowed.
func levelOf(o outcome, err float64) level {
	switch {
	case o == fail && err <= math.MaxFloat64:
		return min(wrong+level(math.Floor(math.Log10(max(err, 1))/3)), worst)
	case o == fail:
		return worst
	case o == inconclusive:
		return undecided
	case err > 0.5:
		return near
	}
	return right
}

func (l level) class() string { return "c" + strconv.Itoa(int(l)) }

// path is the shape of a cell: a dot if it is right, a diamond if that is open, and
// all of the square if it is wrong.
func (l level) path(x, y int) string {
	switch l {
	case right:
		return fmt.Sprintf("M%d %dh6v6h-6z", x+7, y+7)
	case near:
		return fmt.Sprintf("M%d %dh10v10h-10z", x+5, y+5)
	case undecided:
		return fmt.Sprintf("M%d %dl8 8-8 8-8-8z", x+unit/2, y+2)
	}
	return fmt.Sprintf("M%d %dh20v20h-20z", x, y)
}

// A point is an entry of a map.
type point struct {
	at      int // in the block, row by row
	name    string
	outcome outcome
	err     float64 // in units of what is allowed
}

// worse reports whether p is to be shown and not q.
func (p point) worse(q point) bool {
	a, b := levelOf(p.outcome, p.err), levelOf(q.outcome, q.err)
	return a > b || a == b && p.err > q.err
}

// A layout says which cell an entry is in.
type layout struct {
	rows, cols int // of cells
	high, wide int // entries of a cell
	width      int // entries of a row
	vector     bool
}

// layOut returns the layout of a matrix, or of a vector in one row, as at most so
// many cells. A vector goes on in further rows.
func layOut(rows, cols, most int) layout {
	maxRows, maxCols := 48, 64
	for maxRows*maxCols > max(most, 1) {
		if maxRows > 1 {
			maxRows /= 2
		}
		if maxRows*maxCols > most && maxCols > 1 {
			maxCols /= 2
		}
	}
	if rows > 1 {
		l := layout{high: ceil(rows, maxRows), wide: ceil(cols, maxCols), width: cols}
		l.rows, l.cols = ceil(rows, l.high), ceil(cols, l.wide)
		return l
	}
	l := layout{high: 1, wide: ceil(cols, maxRows*maxCols), vector: true}
	cells := ceil(cols, l.wide)
	switch {
	case cells <= 16:
		l.cols = cells
	case cells <= 256:
		l.cols = min(16, maxCols)
	default:
		l.cols = maxCols
	}
	l.rows, l.width = ceil(cells, l.cols), l.cols*l.wide
	return l
}

func ceil(n, d int) int { return n/d + min(n%d, 1) } // and no overflow

func (l layout) cell(at int) int { return at/l.width/l.high*l.cols + at%l.width/l.wide }

// drawn returns the map of the given points, which are those of a block, and how many
// of them are wrong.
func (l layout) drawn(block string, points iter.Seq[point]) (m heatMap, bad int) {
	type sum struct {
		worst      point
		all, wrong int
	}
	cells := make([]sum, l.rows*l.cols)
	var total sum
	for p := range points {
		for _, s := range []*sum{&cells[l.cell(p.at)], &total} {
			if s.all == 0 || p.worse(s.worst) {
				s.worst = p
			}
			if s.all++; p.outcome == fail {
				s.wrong++
			}
		}
	}
	size := 11
	switch {
	case l.cols <= 16:
		size = 28
	case l.cols <= 32:
		size = 18
	}
	m = heatMap{
		Width: l.cols * size, Height: l.rows * size,
		Box: fmt.Sprintf("0 0 %d %d", l.cols*unit, l.rows*unit),
	}
	if total.all > 0 {
		m.Label = fmt.Sprintf("Heat map of %s: %s of %s wrong. The worst is %s", name(block), grouped(total.wrong), plural(total.all, "entry", "entries"), total.worst.String())
	}
	for i, s := range cells {
		if s.all == 0 {
			continue
		}
		x, y := i%l.cols*unit, i/l.cols*unit
		look := levelOf(s.worst.outcome, s.worst.err)
		c := cell{Class: look.class(), Path: look.path(x, y), Title: s.worst.String(), X: x + unit/2, Y: y + 14}
		if s.all > 1 {
			c.Title += fmt.Sprintf(", the worst of %d; %d wrong", s.all, s.wrong)
		}
		if look >= wrong && l.cols <= 16 {
			c.Digits = power(s.worst.err)
		}
		m.Cells = append(m.Cells, c)
	}
	if l.high*l.wide > 1 {
		m.Note = fmt.Sprintf("A cell is the worst of %d × %d entries.", l.high, l.wide)
		if l.vector {
			m.Note = fmt.Sprintf("A cell is the worst of %d entries.", l.wide)
		}
	}
	return m, total.wrong
}

// power returns the power of ten of an error, and 0 for none, of which a report may yet say
// that it is wrong.
func power(err float64) string {
	switch {
	case !(err <= math.MaxFloat64):
		return "∞"
	case err == 0:
		return "0"
	}
	return strconv.Itoa(int(math.Floor(math.Log10(err))))
}

// String returns the name of p and the verdict on it.
func (p point) String() string {
	text := times(p.err) + " × what is allowed"
	if math.IsNaN(p.err) {
		text = "not a number"
	}
	switch p.outcome {
	case fail:
		text = "wrong, " + text
	case inconclusive:
		text = "inconclusive"
	}
	return name(p.name) + ": " + text
}
