//go:build unix

package main

import (
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// forever trains for longer than any test.
var forever = strings.Fields("train -data data.csv -target disease -epochs 2000000000 -save model.json -plot loss.svg")

// endless starts it and returns when it trains.
func endless(t *testing.T) *process {
	t.Helper()
	p := newProcess(t, "command", forever...)
	p.train(t)
	return p
}

// train starts the process and returns when it trains.
func (p *process) train(t *testing.T) {
	t.Helper()
	p.Stdout = nil
	stdout, err := p.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, p.Start())
	waitFor(t, stdout, "training  ")
}

// through makes p a child of the shell, which runs a script on its command, "$@".
func (p *process) through(t *testing.T, script string) {
	t.Helper()
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip(err)
	}
	p.Args = append([]string{sh, "-c", script, sh, p.Path}, p.Args[1:]...)
	p.Path = sh
}

// diedOf returns the signal of which a process died, or 0.
func diedOf(p *process) syscall.Signal {
	status := p.ProcessState.Sys().(syscall.WaitStatus)
	if !status.Signaled() {
		return 0
	}
	return status.Signal()
}

// Who interrupts training learns how far it was; the old model stays, and nothing else.
func TestInterruptTraining(t *testing.T) {
	for _, s := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP} {
		inDirWith(t, "data.csv", patients)
		require.NoError(t, os.WriteFile("model.json", []byte("old"), 0o644))
		p := endless(t)
		require.NoError(t, p.Process.Signal(s))
		assert.Error(t, p.wait())
		assert.Equal(t, s, diedOf(p), p.ProcessState)
		assert.Regexp(t, `^touchstone: interrupted in training, (before epoch 1 of 2000000000|after epoch (\d+) of 2000000000, loss \S+; -epochs \d+ gives that network again); model.json is not saved; loss.svg is not saved\n$`, p.stderr.String())
		assert.Equal(t, "old", read(t, "model.json"))
		assert.Equal(t, []string{"data.csv", "model.json"}, files(t))
	}
}

// A shell shows 128 and the number of the signal.
func TestInterruptedExitCode(t *testing.T) {
	for s, code := range map[syscall.Signal]string{syscall.SIGINT: "130\n", syscall.SIGTERM: "143\n", syscall.SIGHUP: "129\n"} {
		inDirWith(t, "data.csv", patients)
		p := newProcess(t, "command", forever...)
		// The whole group gets the signal, as from a terminal, and the shell outlives it.
		p.through(t, `trap : INT TERM HUP; "$@"; echo $? >code`)
		p.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
		p.train(t)
		t.Cleanup(func() { syscall.Kill(-p.Process.Pid, syscall.SIGKILL) }) // what outlived the shell
		require.NoError(t, syscall.Kill(-p.Process.Pid, s))
		assert.NoError(t, p.wait())
		assert.Equal(t, code, read(t, "code"))
	}
}

// What whoever starts it ignores, as nohup does, stays ignored. (This test itself may
// not ignore it: there is no way back, signal.Reset has none.)
func TestIgnoredSignal(t *testing.T) {
	inDirWith(t, "data.csv", patients)
	p := newProcess(t, "command", forever...)
	p.through(t, `trap '' HUP; exec "$@"`)
	p.train(t)
	require.NoError(t, p.Process.Signal(syscall.SIGHUP))
	time.Sleep(50 * time.Millisecond)
	require.NoError(t, p.Process.Signal(syscall.SIGTERM))
	p.wait()
	assert.Equal(t, syscall.SIGTERM, diedOf(p))
}

// The second signal ends the program at once, even if it cannot get rid of its last
// words.
func TestSecondInterrupt(t *testing.T) {
	inDirWith(t, "data.csv", patients)
	r, w, err := os.Pipe()
	require.NoError(t, err)
	defer r.Close()
	fd := int(w.Fd()) // once, as it makes it block
	require.NoError(t, syscall.SetNonblock(fd, true))
	for _, size := range []int{1024, 1} { // until the pipe is full
		for err = nil; err == nil; {
			_, err = syscall.Write(fd, make([]byte, size))
		}
		require.ErrorIs(t, err, syscall.EAGAIN)
	}
	require.NoError(t, syscall.SetNonblock(fd, false))

	p := newProcess(t, "command", forever...)
	p.Stderr = w
	p.train(t)
	w.Close()
	ended := make(chan struct{})
	go func() { p.wait(); close(ended) }()
	require.NoError(t, p.Process.Signal(os.Interrupt))
	select {
	case <-ended:
		t.Fatal("it did not wait for standard error, and so the test shows nothing")
	case <-time.After(100 * time.Millisecond):
	}
	again := time.NewTicker(50 * time.Millisecond) // as the first may not have been seen yet
	defer again.Stop()
	for deadline := time.After(patience); ; {
		p.Process.Signal(os.Interrupt) // if it is not over yet
		select {
		case <-ended:
			assert.Equal(t, syscall.SIGINT, diedOf(p))
			return
		case <-again.C:
		case <-deadline:
			p.Process.Kill()
			<-ended
			t.Fatal("it did not end at the second signal, nor at those after it")
		}
	}
}

// Whenever the signal comes, there is a whole new file or none, no other, and the last
// words are true.
func TestInterruptAnywhere(t *testing.T) {
	t.Chdir(t.TempDir())
	args := strings.Fields("generate -net 30-20-10 -batch 2 -out v.json")
	whole := newProcess(t, "command", args...)
	began := time.Now()
	require.NoError(t, whole.Run(), whole.stderr.String())
	took := time.Since(began)
	want := read(t, "v.json")
	rnd := rand.New(rand.NewPCG(1, 0))
	var tries, told, saved int
	for ; tries < 12 || tries < 100 && (told == 0 || saved == 0); tries++ {
		require.NoError(t, os.Remove("v.json"))
		p := newProcess(t, "command", args...)
		require.NoError(t, p.Start())
		time.Sleep(time.Duration(rnd.Int64N(int64(3 * took / 2)))) // or it would hardly ever be over
		p.Process.Signal(os.Interrupt)                             // if it is not over yet
		p.wait()
		switch names := files(t); {
		case slices.Equal(names, []string{"v.json"}):
			require.Equal(t, want, read(t, "v.json"))
			assert.NotContains(t, p.stderr.String(), "not saved")
			saved++
		default:
			require.Empty(t, names)
			require.NoError(t, os.WriteFile("v.json", nil, 0o644)) // for the next
			assert.Equal(t, syscall.SIGINT, diedOf(p))
			if p.stderr.Len() > 0 { // else it came before main
				// If it came before the flags were read, nothing is known of the file.
				assert.Regexp(t, `^touchstone: interrupted(( in .*)?; v.json is not saved)?\n$`, p.stderr.String())
				told++
			}
		}
	}
	t.Logf("%d of %d interrupted with last words, %d saved", told, tries, saved)
	assert.Positive(t, told)
	assert.Positive(t, saved)
}

// Who interrupts a command that waits for its input learns what it has not written.
func TestInterruptNamesFiles(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, args := range []string{
		"verify -html f -", "report -html f -", "export -out f -",
		"import -orientation in,out -layer w,,relu -loss squared -vector f -",
	} {
		p := newProcess(t, "command", strings.Fields(args)...)
		stdin, err := p.StdinPipe()
		require.NoError(t, err)
		require.NoError(t, p.Start())
		// More than a pipe holds: when it is written, some of it has been read.
		_, err = stdin.Write(make([]byte, 1<<20))
		require.NoError(t, err)
		require.NoError(t, p.Process.Signal(os.Interrupt))
		p.wait()
		assert.Equal(t, syscall.SIGINT, diedOf(p), args)
		assert.Regexp(t, `^touchstone: interrupted( in .*)?; f is not saved\n$`, p.stderr.String(), args)
		assert.Empty(t, files(t))
	}
}
