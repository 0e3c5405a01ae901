package samebits

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"flag"
	"fmt"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// A result is what one call has returned, as text.
type result struct{ part, name, text string }

func (r result) String() string { return r.part + "\t" + r.name + "\t" + r.text + "\n" }

// A recorder collects results.
type recorder struct{ results []result }

func (r *recorder) put(part, name, text string) {
	r.results = append(r.results, result{part, name, text})
}

// bits returns numbers as text that keeps every bit of them, but not which NaN it is.
func bits(v ...float64) string {
	var b []byte
	for i, x := range v {
		if i > 0 {
			b = append(b, ' ')
		}
		b = strconv.AppendFloat(b, x, 'x', -1, 64)
	}
	return string(b)
}

// everything evaluates all that is hashed, once.
var everything = sync.OnceValue(func() []result {
	r := new(recorder)
	r.activations()
	r.losses()
	for _, p := range problems() {
		r.mlp(&p)
		r.exact(&p)
	}
	return r.results
})

// hashes returns a line for each part, and one for all.
func hashes(results []result) []string {
	var names []string
	parts := map[string]*bytes.Buffer{"all": new(bytes.Buffer)}
	for _, r := range results {
		if parts[r.part] == nil {
			parts[r.part] = new(bytes.Buffer)
			names = append(names, r.part)
		}
		parts[r.part].WriteString(r.String())
		parts["all"].WriteString(r.String())
	}
	var lines []string
	for _, name := range append(names, "all") {
		lines = append(lines, fmt.Sprintf("%s %x", name, sha256.Sum256(parts[name].Bytes())))
	}
	return lines
}

//go:embed testdata/hashes
var wanted string

var linesTo = flag.String("lines", "", "the `file` to write what is hashed to")

func TestSameBits(t *testing.T) {
	results := everything()
	if *linesTo != "" {
		var b bytes.Buffer
		for _, r := range results {
			b.WriteString(r.String())
		}
		if err := os.WriteFile(*linesTo, b.Bytes(), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	got := hashes(results)
	t.Logf("%d results\n%s", len(results), strings.Join(got, "\n"))
	for _, line := range differ(got) {
		t.Errorf("testdata/hashes does not have %s", line)
	}
}

// differ returns the lines that are not those wanted.
func differ(got []string) []string {
	want := strings.Split(strings.TrimSpace(wanted), "\n")
	var bad []string
	for i, line := range got {
		if i >= len(want) || want[i] != line {
			bad = append(bad, line)
		}
	}
	if len(bad) == 0 && len(want) != len(got) {
		bad = append(bad, fmt.Sprintf("%d lines", len(got)))
	}
	return bad
}

// nextUp moves the first number of a text by one unit in the last place.
func nextUp(text string) string {
	first, rest, _ := strings.Cut(text, " ")
	v, err := strconv.ParseFloat(first, 64)
	if err != nil {
		panic(err)
	}
	return strings.TrimSpace(bits(math.Nextafter(v, math.Inf(1))) + " " + rest)
}

// TestSameBitsCatches changes one result at a time, as little as it can be changed.
func TestSameBitsCatches(t *testing.T) {
	if testing.Short() {
		t.Skip("computes everything many times")
	}
	right := everything()
	for _, p := range []struct {
		part, name string
		spoil      func(text string) string
	}{
		{"activation", "tanh at 0x1p+00", nextUp},
		{"activation", "relu at -0x0p+00", func(text string) string { return "-" + text }},
		{"loss", "softmax-cross-entropy 0 Value", nextUp},
		{"mlp", "mazur W0[1,0]", nextUp},
		{"mlp", "deep z4[2,1]", nextUp},
		{"mlp", "an infinite input loss", func(string) string { return "+Inf" }},
		{"exact", "deep W3[0,2]", nextUp},
		{"exact", "deep W3[0,2]", func(text string) string { return strings.Replace(text, "rounded", "", 1) }},
		{"radius", "deep W3[0,2]", nextUp},
		{"scale", "deep W3[0,2]", nextUp},
		{"decimal", "deep W3[0,2]", func(text string) string { return strings.Replace(text, "e", "0e", 1) }},
	} {
		i := slices.IndexFunc(right, func(r result) bool { return r.part == p.part && r.name == p.name })
		if i < 0 {
			t.Errorf("%s has no %s", p.part, p.name)
			continue
		}
		wrong := slices.Clone(right)
		wrong[i].text = p.spoil(wrong[i].text)
		if wrong[i] == right[i] {
			t.Errorf("%s %s is not changed", p.part, p.name)
		}
		bad := differ(hashes(wrong))
		if len(bad) != 2 || !strings.HasPrefix(bad[0], p.part+" ") || !strings.HasPrefix(bad[1], "all ") {
			t.Errorf("with one change in %s %s, these differ: %q", p.part, p.name, bad)
		}
	}
	if bad := differ(hashes(right[1:])); len(bad) != 2 {
		t.Errorf("without the first result, these differ: %q", bad)
	}
	if bad := differ(hashes(right)[1:]); len(bad) == 0 {
		t.Error("a missing line is not seen")
	}
}
