package main

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// asCommand, in the environment of the test binary, makes it another program: the
// command itself, or one of the writers below.
const asCommand = "TOUCHSTONE_TEST_AS"

func TestMain(m *testing.M) {
	switch os.Getenv(asCommand) {
	case "command":
		main()
	case "writer":
		rewrite(writeAtomically)
	case "careless writer":
		rewrite(func(name string, data []byte) error { return os.WriteFile(name, data, 0o644) })
	}
	// What is ignored here, as after nohup, children would ignore, too. What is caught
	// they do not catch.
	caught := make(chan os.Signal, 1)
	for _, s := range interruptions {
		if signal.Ignored(s) {
			signal.Notify(caught, s)
		}
	}
	os.Exit(m.Run())
}

// A process is the test binary as another program, in the current directory.
type process struct {
	*exec.Cmd
	stdout, stderr bytes.Buffer
}

// newProcess returns one that is not started.
func newProcess(t *testing.T, as string, args ...string) *process {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	p := &process{Cmd: exec.Command(self, args...)}
	p.Env = append(os.Environ(), asCommand+"="+as)
	p.Stdout, p.Stderr = &p.stdout, &p.stderr
	p.WaitDelay = patience // for children of its own, which write there, too
	t.Cleanup(func() {
		if p.Process != nil && p.ProcessState == nil { // the test failed before it ended
			p.Process.Kill()
			p.Wait()
		}
	})
	return p
}

// patience is how long tests wait for what takes a moment on a machine that is free.
const patience = 30 * time.Second

// wait is Wait, but for a process that does not end: it dies of SIGKILL.
func (p *process) wait() error {
	kill := time.AfterFunc(patience, func() { p.Process.Kill() })
	defer kill.Stop()
	return p.Wait()
}

// waitFor reads up to a text.
func waitFor(t *testing.T, r io.Reader, text string) {
	t.Helper()
	var read []byte
	b := make([]byte, 4096)
	for !bytes.Contains(read, []byte(text)) {
		n, err := r.Read(b)
		require.NoError(t, err, "%s", read)
		read = append(read, b[:n]...)
	}
}
