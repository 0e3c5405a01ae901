package main

import (
	"fmt"
	"math"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
)

// report is what is printed: Markdown.
func report(peers []*peer, rounds int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s, %d processors, %s, %s.\n", cpu(), runtime.NumCPU(), kernel(), runtime.Version())
	fmt.Fprintf(&b, "The best of %d rounds, the median in brackets.\n", rounds)
	var single *peer
	for _, threads := range []int{1, runtime.NumCPU()} {
		var group []*peer
		for _, p := range peers {
			if p.threads == threads || p.name == "FANN" { // which knows of one thread only
				group = append(group, p)
			}
		}
		fast := find(group, "fast")
		fmt.Fprintf(&b, "\n### Threads: %d\n", threads)
		table(&b, "matrix product, GFLOP/s", products, group, single, speed)
		table(&b, "training step", steps, group, single, duration)
		if single = fast; runtime.NumCPU() == 1 {
			break
		}
	}
	return b.String()
}

// table prints a row for each peer, and rows that compare fast with them. A peer
// that does none of the tasks has no row, and a dash stands for what one cannot do, or
// was refused.
func table(b *strings.Builder, title string, tasks []task, group []*peer, single *peer, format func(t task, seconds float64) string) {
	header := "\n| " + title
	for _, t := range tasks {
		header += " | " + t.String()
	}
	fmt.Fprintf(b, "%s |\n|%s\n", header, strings.Repeat(" --- |", len(tasks)+1))
	limit, fast, gonum := find(group, "limit"), find(group, "fast"), find(group, "gonum")
	others := slices.DeleteFunc(slices.Clone(group), func(p *peer) bool { return p == limit || p == fast })
	most := func(t task) float64 { return limitFlops(limit.threads) / anyBest(limit) / 1e9 }

	row(b, "limit of fused multiply-adds, GFLOP/s", tasks, func(t task) string { return fmt.Sprintf("%.0f", most(t)) })
	for _, p := range append([]*peer{fast}, others...) {
		if !slices.ContainsFunc(tasks, func(t task) bool { return len(p.times[t.String()]) > 0 }) {
			continue
		}
		row(b, p.name, tasks, func(t task) string {
			if len(p.times[t.String()]) == 0 {
				return "–"
			}
			return fmt.Sprintf("%s (%s)", format(t, p.best(t)), format(t, p.median(t)))
		})
	}
	ratio := func(x float64) string {
		if x == 0 || math.IsInf(x, 0) || math.IsNaN(x) {
			return "–"
		}
		return fmt.Sprintf("%.2f", x)
	}
	beside := func(t task, counts func(p *peer) bool) string {
		least, name := math.Inf(1), ""
		for _, p := range others {
			if x := p.best(t); x < least && counts(p) {
				least, name = x, p.name
			}
		}
		return fmt.Sprintf("**%s** %s", ratio(least/fast.best(t)), name)
	}
	row(b, "**fast ÷ best peer**", tasks, func(t task) string { return beside(t, func(*peer) bool { return true }) })
	if tasks[0].n == 0 {
		row(b, "**fast ÷ best with a step of its own**", tasks, func(t task) string {
			return beside(t, func(p *peer) bool { return !p.ours })
		})
	}
	row(b, "fast ÷ gonum", tasks, func(t task) string { return ratio(gonum.best(t) / fast.best(t)) })
	if single != nil {
		row(b, "fast ÷ fast with one thread", tasks, func(t task) string { return ratio(single.best(t) / fast.best(t)) })
	}
	row(b, "fast ÷ limit", tasks, func(t task) string { return ratio(t.flops() / fast.best(t) / 1e9 / most(t)) })
}

func row(b *strings.Builder, name string, tasks []task, cell func(t task) string) {
	fmt.Fprintf(b, "| %s |", name)
	for _, t := range tasks {
		fmt.Fprintf(b, " %s |", cell(t))
	}
	fmt.Fprintln(b)
}

func speed(t task, seconds float64) string { return fmt.Sprintf("%.1f", t.flops()/seconds/1e9) }

func duration(_ task, seconds float64) string {
	switch {
	case seconds < 1e-6:
		return fmt.Sprintf("%.0f ns", seconds*1e9)
	case seconds < 1e-3:
		return fmt.Sprintf("%.3g µs", seconds*1e6)
	case seconds < 1:
		return fmt.Sprintf("%.3g ms", seconds*1e3)
	}
	return fmt.Sprintf("%.3g s", seconds)
}

func find(group []*peer, name string) *peer {
	for _, p := range group {
		if p.name == name {
			return p
		}
	}
	return nil
}

// best is the least of the rounds' times, +Inf if there is none.
func (p *peer) best(t task) float64 {
	if times := p.times[t.String()]; len(times) > 0 {
		return slices.Min(times)
	}
	return math.Inf(1)
}

func (p *peer) median(t task) float64 {
	times := slices.Clone(p.times[t.String()])
	slices.Sort(times)
	return times[len(times)/2]
}

// anyBest is the least of all times of a peer: of the limit, which does the same
// whatever the task.
func anyBest(p *peer) float64 {
	least := math.Inf(1)
	for _, times := range p.times {
		least = min(least, slices.Min(times))
	}
	return least
}

// cpu returns the model of the processor as the operating system has it.
func cpu() string {
	info, _ := os.ReadFile("/proc/cpuinfo")
	fields := map[string]string{}
	for line := range strings.Lines(string(info)) {
		if name, value, ok := strings.Cut(line, ":"); ok {
			fields[strings.TrimSpace(name)] = strings.TrimSpace(value)
		}
	}
	return fmt.Sprintf("%s (family %s, model %s)", fields["model name"], fields["cpu family"], fields["model"])
}

func kernel() string {
	out, err := exec.Command("uname", "-sr").Output()
	if err != nil {
		return runtime.GOOS
	}
	return strings.TrimSpace(string(out))
}
