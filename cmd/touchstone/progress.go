package main

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
)

const (
	// progressFrom is how long something takes for which progress is shown.
	progressFrom = 2 * time.Second
	// progressEvery is how often that is drawn.
	progressEvery = 100 * time.Millisecond
)

// A progress is how far a command has come: in one line on a terminal, which is
// rewritten in place and gone in the end, and for who interrupts it. It is shown for
// what takes more than two seconds.
type progress struct {
	w io.Writer // the terminal, or nil

	mu          sync.Mutex
	task        // that is going on
	began       time.Time
	drawn       string        // the line on the terminal, or ""
	stop        chan struct{} // of who draws it, or nil
	interrupted bool
}

// A task is something that takes long, in steps or, where a library does it in one, of
// an expected duration.
type task struct {
	name        string // "training"
	unit        string // "epoch"; "" if the total is an estimate
	done, total int    // steps; total is 0 if there are none
	figure      string // with its name: "loss"
	value       float64
	expected    time.Duration // of all, if there are no steps; 0 if that is unknown too
	advice      string        // for who interrupts it, with the %d steps
}

// begin starts a task.
func (p *progress) begin(t task) {
	p.end()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.task, p.began = t, time.Now()
	if p.w != nil && !p.interrupted {
		p.stop = make(chan struct{})
		go p.watch(p.stop)
	}
}

// step says that so many steps are done, and the value of the figure.
func (p *progress) step(done int, value float64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done, p.value = done, value
}

// end ends the task and takes its line away.
func (p *progress) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.stop != nil {
		close(p.stop)
	}
	p.stop, p.task = nil, task{}
	p.erase()
}

// interrupt ends progress for good and says how far the task was.
func (p *progress) interrupt() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.interrupted = true
	p.erase()
	return p.task.interruption()
}

func (p *progress) watch(stop chan struct{}) {
	tick := time.NewTicker(progressEvery)
	defer tick.Stop()
	for {
		select {
		case <-stop:
			return
		case <-tick.C:
			p.draw(stop)
		}
	}
}

func (p *progress) draw(stop chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.stop != stop || p.interrupted { // it was waiting for the lock meanwhile
		return
	}
	// One column less, as some terminals begin a new line after the last.
	line := p.task.line(time.Since(p.began), columnsOf(p.w)-1)
	if line != p.drawn && line != "" {
		fmt.Fprint(p.w, "\r"+line+"\x1b[K") // and clear what is right of it
		p.drawn = line
	}
}

// erase takes the line off the terminal.
func (p *progress) erase() {
	if p.drawn != "" {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
	p.drawn = ""
}

// line returns what there is to show, in so many columns, or "".
func (t *task) line(elapsed time.Duration, columns int) string {
	left, known := t.left(elapsed)
	if elapsed < progressFrom/4 || elapsed < progressFrom && !(known && elapsed+left > progressFrom) {
		return ""
	}
	words := []string{t.name, "", "", shortDuration(elapsed)}
	if t.unit != "" {
		words[1] = fmt.Sprintf("%s %d/%d", t.unit, t.done, t.total)
	}
	if 0 < t.total && t.done <= t.total {
		words[3] = fmt.Sprintf("%d%%", int(100*float64(t.done)/float64(t.total)))
	}
	if t.figure != "" && t.done > 0 {
		words[2] = fmt.Sprintf("%s %.4g", t.figure, t.value)
	}
	if known {
		words = append(words, shortDuration(left)+" left")
		if t.total == 0 {
			words[3] += ", about" // nobody counts
		}
	}
	// The time is what matters: the other words go where there is no room.
	for i := range words {
		line := strings.Join(strings.Fields(strings.Join(words[i:], " ")), " ")
		if len(line) <= columns {
			return line
		}
	}
	return ""
}

// left returns how long the rest takes if it goes on as it went so far, or as
// expected, and whether that is known.
func (t *task) left(elapsed time.Duration) (left time.Duration, known bool) {
	switch {
	case t.total > 0 && t.done > 0:
		rest := float64(elapsed) / float64(t.done) * float64(t.total-t.done)
		return time.Duration(min(rest, float64(1000*time.Hour))), t.done <= t.total
	case t.total == 0 && t.expected > elapsed:
		return t.expected - elapsed, true
	}
	return 0, false
}

// shortDuration returns d as "45s", "1m40s" or "3h05m".
func shortDuration(d time.Duration) string {
	s := int(d.Round(time.Second) / time.Second)
	switch {
	case s >= 3600:
		return fmt.Sprintf("%dh%02dm", s/3600, s%3600/60)
	case s >= 60:
		return fmt.Sprintf("%dm%02ds", s/60, s%60)
	}
	return fmt.Sprintf("%ds", s)
}

// interruption returns what to tell who interrupts the task.
func (t *task) interruption() string {
	switch {
	case t.name == "":
		return "interrupted"
	case t.unit == "":
		return "interrupted in " + t.name
	case t.done == 0:
		return fmt.Sprintf("interrupted in %s, before %s 1 of %d", t.name, t.unit, t.total)
	}
	s := fmt.Sprintf("interrupted in %s, after %s %d of %d", t.name, t.unit, t.done, t.total)
	if t.figure != "" {
		s += fmt.Sprintf(", %s %.6g", t.figure, t.value)
	}
	if t.advice != "" {
		s += "; " + fmt.Sprintf(t.advice, t.done)
	}
	return s
}
