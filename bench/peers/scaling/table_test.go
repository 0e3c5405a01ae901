package main

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestTable(t *testing.T) {
	path := filepath.Join(t.TempDir(), "table")
	points := []point{{"width", 1, "fast", 1, 1e-6, 20}, {"batch", 4, "reference", 2, 0.5, 0.0625}}
	if err := write(path, points); err != nil {
		t.Fatal(err)
	}
	if got, err := read(path); err != nil || !slices.Equal(got, points) {
		t.Error(got, err)
	}
	for _, bad := range []string{"", "a,b\n1,2\n", "axis,value,program,threads,seconds,ns_per_multiply_add\nwidth,one,fast,1,1,1\n"} {
		if err := os.WriteFile(path, []byte(bad), 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := read(path); err == nil {
			t.Errorf("%q is read as %v", bad, got)
		}
	}
}

func TestKnee(t *testing.T) {
	for _, c := range []struct {
		each []float64
		knee int
	}{
		{[]float64{8, 4, 2.1, 1.9, 1}, 3},
		{[]float64{1}, 0},
		{[]float64{4, 1, 3}, 1},
	} {
		var points []point
		for i, each := range c.each {
			points = append(points, point{axis: "width", value: i, each: each})
		}
		if got := curves(points, "width"); len(got) != 1 || got[0].knee() != c.knee {
			t.Errorf("%v: %v", c.each, got)
		}
	}
}

// TestMultiplyAdds counts a network by hand: 3·4 and 4·2 weights, five samples.
func TestMultiplyAdds(t *testing.T) {
	if got := multiplyAdds(size{"", 0, []int{3, 4, 2}, 5}); got != 5*(2*12+3*8) {
		t.Error(got)
	}
}
