package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"touchstone/weights"
)

// A screen is a terminal on which a process runs, and all that was written to it.
type screen struct {
	master *os.File
	mu     sync.Mutex
	seen   bytes.Buffer
	ended  chan struct{}
}

// onScreen starts a process on a new terminal of so many columns. Its standard output
// is that, too, unless it is set.
func onScreen(t *testing.T, p *process, columns uint16) *screen {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skip(err)
	}
	t.Cleanup(func() { master.Close() })
	fd := int(master.Fd())
	require.NoError(t, unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0))
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	require.NoError(t, err)
	require.NoError(t, unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: columns}))
	slave, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|syscall.O_NOCTTY, 0)
	require.NoError(t, err)
	defer slave.Close()

	if p.Stdout == &p.stdout {
		p.Stdout = slave
	}
	p.Stdin, p.Stderr = slave, slave
	p.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	require.NoError(t, p.Start())
	s := &screen{master: master, ended: make(chan struct{})}
	go s.read()
	return s
}

// read ends when the process has: a terminal that nobody has open is an error.
func (s *screen) read() {
	defer close(s.ended)
	b := make([]byte, 4096)
	for {
		n, err := s.master.Read(b)
		s.mu.Lock()
		s.seen.Write(b[:n])
		s.mu.Unlock()
		if err != nil {
			return
		}
	}
}

func (s *screen) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.seen.String()
}

// await waits until the text was written.
func (s *screen) await(t *testing.T, text string) {
	t.Helper()
	for deadline := time.Now().Add(patience); !strings.Contains(s.String(), text); time.Sleep(10 * time.Millisecond) {
		require.True(t, time.Now().Before(deadline), "no %q within %v on the screen: %q", text, patience, s)
	}
}

// lines returns what is to be seen: what the last return of the cursor did not clear.
func (s *screen) lines() []string {
	var all []string
	for line := range strings.SplitSeq(strings.ReplaceAll(s.String(), "\r\n", "\n"), "\n") {
		parts := strings.Split(line, "\r")
		all = append(all, strings.TrimPrefix(parts[len(parts)-1], "\x1b[K"))
	}
	return all
}

// environment returns that of p with TERM and NO_COLOR as given.
func (p *process) environment(term, noColor string) {
	p.Env = append(p.Env, "TERM="+term, "NO_COLOR="+noColor)
}

// Colours are for terminals that show them, and for who wants them.
func TestColor(t *testing.T) {
	inDirWith(t, "claim.json", strings.Replace(ownClaim, "[-0.125, -0.25, -0.125]", "[0.125, 0.25, 0.125]", 1))
	for _, test := range []struct {
		term, noColor string
		piped, want   bool
	}{
		{"xterm", "", false, true},
		{"xterm", "1", false, false},
		{"xterm", "0", false, false}, // any value
		{"dumb", "", false, false},
		{"", "", false, false},
		{"xterm", "", true, false},
	} {
		p := newProcess(t, "command", "verify", "claim.json")
		p.environment(test.term, test.noColor)
		var b bytes.Buffer
		if test.piped {
			p.Stdout = &b
		}
		s := onScreen(t, p, 80)
		p.wait()
		<-s.ended
		got := s.String() + b.String()
		assert.Equal(t, test.want, strings.Contains(got, "\x1b["), "%+v: %q", test, got)
		assert.Equal(t, test.want, strings.Contains(got, "\x1b[31mFAIL\x1b[0m: a network 2-1"), "%q", got)
		assert.Equal(t, test.want, strings.Contains(got, "loss   \x1b[32mpass\x1b[0m"), "%q", got)
		assert.Contains(t, got, "touchstone: the claim fails\r\n")
	}
}

// Ctrl-C on a terminal: progress was there, with the time left, no wider than the
// terminal; and nothing of it stays on the screen.
func TestCtrlC(t *testing.T) {
	for _, columns := range []uint16{80, 20} {
		inDirWith(t, "data.csv", patients)
		p := newProcess(t, "command", forever...)
		p.environment("xterm", "")
		s := onScreen(t, p, columns)
		s.await(t, " left\x1b[K")
		_, err := s.master.WriteString("\x03")
		require.NoError(t, err)
		p.wait()
		<-s.ended
		assert.Equal(t, syscall.SIGINT, diedOf(p))
		lines := s.lines()
		require.Len(t, lines, 6, "%q", lines)
		assert.Regexp(t, `^touchstone: interrupted in training, after epoch \d+ of 2000000000, loss \S+; -epochs \d+ gives that network again; model.json is not saved; loss.svg is not saved$`, lines[4])
		assert.Empty(t, lines[5])
		drawn := strings.Split(s.String(), "\x1b[K")
		for _, line := range drawn[1 : len(drawn)-1] { // the first has what is before it, too
			line = strings.TrimPrefix(line, "^C") // that is the terminal's echo
			assert.Less(t, len(strings.TrimPrefix(line, "\r")), int(columns))
			assert.Regexp(t, `^\r(.*\d+h\d\dm left)?$`, line)
		}
	}
}

// Progress is not for who asked for no escapes, or looks elsewhere; and what goes into
// a pipe is the same as ever.
func TestNoProgress(t *testing.T) {
	inDirWith(t, "data.csv", patients)
	p := newProcess(t, "command", forever...)
	p.environment("dumb", "")
	s := onScreen(t, p, 80)
	s.await(t, "training  ")
	time.Sleep(progressFrom/4 + 3*progressEvery)
	require.NoError(t, p.Process.Signal(os.Interrupt))
	p.wait()
	<-s.ended
	assert.Equal(t, syscall.SIGINT, diedOf(p))
	assert.NotContains(t, s.String(), "left")
	assert.NotContains(t, s.String(), "\x1b")
}

// An import computes as long as generate does, and says so, too.
func TestImportProgress(t *testing.T) {
	t.Chdir(t.TempDir())
	const n, samples = 400, 8
	tensor := func(name string, rows, cols int) weights.Tensor {
		return weights.Tensor{Name: name, Shape: []int{rows, cols}, Data: normal(rand.New(rand.NewPCG(1, 0)), rows*cols, 0.1)}
	}
	require.NoError(t, os.WriteFile("w.npz", weights.EncodeNetwork(netOf(t), make([]float64, 2),
		tensor("w", n, n), tensor("x", samples, n), tensor("t", samples, n)), 0o644))
	p := newProcess(t, "command", strings.Fields("import -orientation in,out -layer w,,sigmoid -loss squared -vector v.json w.npz")...)
	p.environment("xterm", "")
	s := onScreen(t, p, 80)
	s.await(t, "\rthe exact results ")
	s.await(t, "s left\x1b[K")
	_, err := s.master.WriteString("\x03")
	require.NoError(t, err)
	p.wait()
	<-s.ended
	assert.Equal(t, syscall.SIGINT, diedOf(p))
	assert.Contains(t, s.String(), "touchstone: interrupted in the exact results; v.json is not saved\r\n")
	assert.Equal(t, []string{"w.npz"}, files(t))
}
