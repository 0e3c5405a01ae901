package main

import (
	"math"
	"os"
	"path/filepath"
	"testing"
)

// TestRefused has peers, in processes of their own, that do a task right, inaccurately, not at
// all and with too few numbers: only the first is timed.
func TestRefused(t *testing.T) {
	if name := os.Getenv("PEERS_TEST_WORKER"); name != "" {
		work(planted[name])
		os.Exit(0)
	}
	for _, s := range []task{products[0], steps[0], steps[1]} {
		o, dir := newOperands(s), t.TempDir()
		if err := writeOperands(dir, s, o); err != nil {
			t.Fatal(err)
		}
		want := truth(s, o)
		for name := range planted {
			p := &peer{
				name:    name,
				command: []string{os.Args[0], "-test.run=^TestRefused$"},
				env:     []string{"PEERS_TEST_WORKER=" + name},
			}
			if err := p.start(); err != nil {
				t.Fatal(name, err)
			}
			defer p.stop()
			err := p.check(s, want, dir)
			if (err == nil) != (name == "right" || name == "none") {
				t.Errorf("%s, %v: %v", name, s, err)
			}
			if err := p.time(s, 0.001); err != nil {
				t.Fatal(name, err)
			}
			if timed := len(p.times[s.String()]) == 1; timed != (name == "right") {
				t.Errorf("%s, %v: timed is %v", name, s, timed)
			}
		}
	}
}

// planted are programs of which one is right.
var planted = map[string]program{
	"right": gonumProgram,
	"none":  func(task, operands) *job { return nil },
	"far": func(t task, o operands) *job {
		j := gonumProgram(t, o)
		return &job{j.run, func() []float64 { v := j.result(); v[len(v)-1] += 1e-9; return v }}
	},
	"twice": func(t task, o operands) *job {
		j := gonumProgram(t, o)
		if t.n > 0 {
			return &job{j.run, func() []float64 { return make([]float64, t.n*t.n) }}
		}
		return &job{func(k int) { j.run(2 * k) }, j.result}
	},
	"short": func(t task, o operands) *job {
		j := gonumProgram(t, o)
		return &job{j.run, func() []float64 { return j.result()[1:] }}
	},
}

func TestAgree(t *testing.T) {
	for _, c := range []struct {
		got  []float64
		fine bool
	}{
		{[]float64{1, 2}, true},
		{[]float64{1, 2 + 1e-11}, true},
		{[]float64{1, 2 + 2e-10}, false},
		{[]float64{1 - 2e-10, 2}, false},
		{[]float64{1, math.NaN()}, false},
		{[]float64{1, math.Inf(1)}, false},
		{[]float64{1}, false},
		{nil, false},
	} {
		if err := agree(c.got, []float64{1, 2}); (err == nil) != c.fine {
			t.Errorf("%v: %v", c.got, err)
		}
	}
}

// TestFast is the one peer that is always there.
func TestFast(t *testing.T) {
	for _, s := range append(products[:2:2], steps[:3]...) {
		o := newOperands(s)
		want, j := truth(s, o), fastProgram(s, o)
		j.run(1)
		if err := agree(j.result(), want); err != nil {
			t.Errorf("%v: %v", s, err)
		}
	}
}

func TestReadResult(t *testing.T) {
	path := filepath.Join(t.TempDir(), "result")
	if err := writeResult(path, []float64{1, -0.5}); err != nil {
		t.Fatal(err)
	}
	if v, err := readResult(path, 2); err != nil || v[0] != 1 || v[1] != -0.5 {
		t.Error(v, err)
	}
	if v, err := readResult(path, 3); err == nil {
		t.Error(v, "of a short file")
	}
}
