package main

// nearest returns the word of the list that a slip of the fingers would have turned
// into typed: at most two letters wrong, missing or too many, and less than half of
// them. The first of equals wins.
func nearest(typed string, list []string) (word string, ok bool) {
	least := min(2, (len(typed)-1)/2) + 1
	for _, w := range list {
		if max(len(typed)-len(w), len(w)-len(typed)) >= least {
			continue // it is no nearer than that, and either may be as long as a file
		}
		if d := distance(typed, w); d < least {
			word, least, ok = w, d, true
		}
	}
	return word, ok
}

// distance returns how many bytes have to be put in, taken out or replaced to get
// from a to b.
func distance(a, b string) int {
	row := make([]int, len(b)+1) // of the first i bytes of a, to the first j of b
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replaced := diagonal
			if a[i] != b[j] {
				replaced++
			}
			diagonal = row[j+1]
			row[j+1] = min(replaced, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
