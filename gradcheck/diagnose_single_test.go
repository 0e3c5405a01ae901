package gradcheck

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// wrongAt returns a suspect of the given shape. In the picture, x is wrong, o is wrong and zero,
// a point right, a question mark undecided, and a blank was not looked at.
func wrongAt(rows, cols int, picture string) *suspect {
	r := grid(rows, cols)
	for i, c := range strings.ReplaceAll(picture, "|", "") {
		e := Entry{Index: i, Analytic: 1, Numeric: 1}
		switch c {
		case 'x':
			e.Verdict, e.Analytic = Fail, 1.5+float64(i*i)
		case 'o':
			e.Verdict, e.Analytic = Fail, 0
		case '?':
			e.Verdict = Inconclusive
		case ' ':
			continue
		}
		e.Name = r.Blocks[0].name(i)
		r.count(&e)
		r.Entries = append(r.Entries, e)
	}
	return newSuspect(&Problem{X: make([]float64, rows*max(cols, 1))}, r, 0)
}

// What is wrong is named by the entry, the row or the column, if that is most of it, or
// by how few it is, and not where too little is known to be right. Only of zeros at an end
// is it said that a loop may not reach them.
func TestSingle(t *testing.T) {
	last, first := ", the last (a loop that ends too early?)", ", the first (a loop that starts too late?)"
	for _, c := range []struct {
		rows, cols int
		picture    string
		want       string
	}{
		{3, 4, "....|.x..|....", "only W[1,1] is wrong"},
		{3, 4, "o...|....|....", "only W[0,0] is wrong" + first},
		{3, 4, "....|....|...o", "only W[2,3] is wrong" + last},
		{3, 4, "x...|....|....", "only W[0,0] is wrong"}, // no loop that it is not in
		{3, 4, "....|....|ooxo", "only row 2 is wrong"},
		{3, 4, "....|xxx.|....", "only row 1 is wrong"},
		{3, 4, "oooo|....|....", "only row 0 is wrong" + first},
		{3, 4, "....|....|oooo", "only row 2 is wrong" + last},
		{3, 4, "....|xx..|....", "only 2 of 12 entries are wrong, the first is W[1,0]"}, // half is not most
		{3, 4, ".x..|.x..|....", "only column 1 is wrong"},
		{3, 4, "o...|o...|o...", "only column 0 is wrong" + first},
		{3, 4, "...o|...o|...o", "only column 3 is wrong" + last},
		{3, 4, "x...|.x..|...x", "only 3 of 12 entries are wrong, the first is W[0,0]"},
		{3, 4, "x...|.x..|x..x", ""}, // more than a quarter
		{1, 4, "xxx.", ""},           // of what is one row, that row is no news
		{4, 1, "x|x|x|.", ""},
		{4, 0, "x|x|x|.", ""},
		{4, 0, ".|.|.|o", "only W[3] is wrong" + last},
		{2, 6, "o.....|.?????", "only W[0,0] is wrong" + first},
		{2, 6, "o.....|o?????", "only column 0 is wrong" + first}, // half of the others is right
		{2, 6, "x....?|.?????", ""},                               // 5 of 11
		{3, 4, "xxxx|xxxx|xxxx", ""},
		{3, 4, " ...|.x..|....", "of the 11 entries looked at, only W[1,1] is wrong"},
	} {
		got := ""
		if causes := wrongAt(c.rows, c.cols, c.picture).single(); len(causes) > 0 {
			got, _, _ = strings.Cut(causes[0].Text, ": ")
			assert.Equal(t, CauseSingle, causes[0].Kind)
		}
		assert.Equal(t, c.want, got, "%d×%d: %s", c.rows, c.cols, c.picture)
	}
}

// An entry that is the only one is neither the first nor the last of a loop: which it is
// cannot be said, and the end is the likelier.
func TestEndOf(t *testing.T) {
	for _, c := range []struct{ k, n int }{{0, 3}, {1, 3}, {2, 3}} {
		assert.Equal(t, []string{", the first", "", ", the last"}[c.k], strings.Split(endOf(c.k, c.n), " (")[0], fmt.Sprint(c))
	}
}
