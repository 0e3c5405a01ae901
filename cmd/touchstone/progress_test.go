package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestProgressLine(t *testing.T) {
	training := task{name: "training", unit: "epoch", done: 812, total: 20000, figure: "loss", value: 0.512345}
	for _, test := range []struct {
		name    string
		task    task
		elapsed time.Duration
		columns int
		want    string
	}{
		{"all", training, 10 * time.Second, 79, "training epoch 812/20000 loss 0.5123 4% 3m56s left"},
		{"narrow", training, 10 * time.Second, 49, "epoch 812/20000 loss 0.5123 4% 3m56s left"},
		{"narrower", training, 10 * time.Second, 26, "loss 0.5123 4% 3m56s left"},
		{"narrowest", training, 10 * time.Second, 20, "4% 3m56s left"},
		{"hardly anything", training, 10 * time.Second, 10, "3m56s left"},
		{"nothing", training, 10 * time.Second, 9, ""},
		{"early", training, 499 * time.Millisecond, 79, ""},
		{"short", task{name: "proving", unit: "part", done: 1, total: 4}, 501 * time.Millisecond, 79, "proving part 1/4 25% 2s left"},
		{"over before two seconds", task{name: "proving", unit: "part", done: 3, total: 4}, time.Second, 79, ""},
		{"no step yet", task{name: "training", unit: "epoch", total: 9}, time.Second, 79, ""},
		{"still none", task{name: "training", unit: "epoch", total: 9}, 3 * time.Second, 79, "training epoch 0/9 0%"},
		{"estimated total", task{name: "gradient check", done: 30, total: 100}, 3 * time.Second, 79, "gradient check 30% 7s left"},
		{"more than estimated", task{name: "gradient check", done: 120, total: 100}, 12 * time.Second, 79, "gradient check 12s"},
		{"expected", task{name: "exact results", expected: 20 * time.Second}, 5 * time.Second, 79, "exact results 5s, about 15s left"},
		{"longer than expected", task{name: "exact results", expected: 2 * time.Second}, 5 * time.Second, 79, "exact results 5s"},
		{"unknown", task{name: "judging"}, 5 * time.Second, 79, "judging 5s"},
		{"forever", task{name: "training", unit: "epoch", done: 1, total: 1 << 30}, time.Hour, 79, "training epoch 1/1073741824 0% 1000h00m left"},
	} {
		got := test.task.line(test.elapsed, test.columns)
		assert.Equal(t, test.want, got, test.name)
		assert.LessOrEqual(t, len(got), test.columns)
	}
}

func TestShortDuration(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0s", 1499 * time.Millisecond: "1s", 59600 * time.Millisecond: "1m00s", 100 * time.Second: "1m40s",
		time.Hour - time.Second: "59m59s", time.Hour: "1h00m", 3*time.Hour + 5*time.Minute + 59*time.Second: "3h05m",
	} {
		assert.Equal(t, want, shortDuration(d))
	}
}

func TestInterruption(t *testing.T) {
	training := task{name: "training", unit: "epoch", total: 20000, figure: "loss", advice: "-epochs %d gives that network again"}
	assert.Equal(t, "interrupted in training, before epoch 1 of 20000", training.interruption())
	training.done, training.value = 812, 0.5
	assert.Equal(t, "interrupted in training, after epoch 812 of 20000, loss 0.5; -epochs 812 gives that network again", training.interruption())
	assert.Equal(t, "interrupted in the gradient check", (&task{name: "the gradient check", done: 3, total: 9}).interruption())
	assert.Equal(t, "interrupted", new(task).interruption())
}

// On a terminal the line is gone when it is over, and before anything else is printed
// there; and where there is none, nothing is drawn.
func TestProgressIsErased(t *testing.T) {
	for _, terminal := range []bool{true, false} {
		var b bytes.Buffer
		out := &output{w: &b, shared: true}
		if terminal {
			out.progress.w = &b
		}
		p := &out.progress
		p.begin(task{name: "training", unit: "epoch", total: 10})
		p.mu.Lock()
		p.began = p.began.Add(-time.Minute) // it has gone on for that
		p.mu.Unlock()
		p.step(5, 0)
		for p.w != nil && !drawn(p) {
			time.Sleep(time.Millisecond)
		}
		out.Write([]byte("result\n"))
		p.end()
		p.end() // of nothing
		if !terminal {
			assert.Equal(t, "result\n", b.String())
			continue
		}
		const erase = "\r\x1b[K"
		assert.True(t, strings.HasPrefix(b.String(), "\rtraining epoch 5/10 50% 1m00s left\x1b[K"), "%q", b.String())
		assert.Contains(t, b.String(), erase+"result\n")
		assert.Regexp(t, `(result\n|\r\x1b\[K)$`, b.String())
	}
}

func drawn(p *progress) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.drawn != ""
}

// After an interruption nothing is drawn any more.
func TestProgressInterrupted(t *testing.T) {
	var b bytes.Buffer
	p := &progress{w: &b}
	p.begin(task{name: "training", unit: "epoch", total: 10})
	p.step(4, 0)
	assert.Equal(t, "interrupted in training, after epoch 4 of 10", p.interrupt())
	p.mu.Lock()
	p.began = p.began.Add(-time.Minute)
	stop := p.stop
	p.mu.Unlock()
	p.draw(stop)
	p.begin(task{name: "gradient check"})
	assert.Nil(t, p.stop)
	assert.Empty(t, b.String())
}
