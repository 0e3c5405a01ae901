package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// A peer is a process that does tasks.
type peer struct {
	name    string
	wants   string // the Debian package
	ours    bool   // its training step is written here, around its product
	threads int
	command []string
	env     []string

	process *exec.Cmd
	in      io.Writer
	out     *bufio.Scanner
	refused map[string]bool      // tasks that it does not do, or not right
	times   map[string][]float64 // by task, one for each round
}

// start returns when the process is ready.
func (p *peer) start() error {
	p.refused, p.times = map[string]bool{}, map[string][]float64{}
	p.process = exec.Command(p.command[0], p.command[1:]...)
	p.process.Env = append(untuned(os.Environ()), p.env...)
	p.process.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} // a stopped process would stay
	in, err := p.process.StdinPipe()
	if err != nil {
		return err
	}
	out, err := p.process.StdoutPipe()
	if err != nil {
		return err
	}
	p.in, p.out = in, bufio.NewScanner(out)
	if err := p.process.Start(); err != nil {
		return err
	}
	if !p.out.Scan() || p.out.Text() != "ready" {
		p.stop()
		return fmt.Errorf("it does not start")
	}
	return p.process.Process.Signal(syscall.SIGSTOP)
}

// untuned returns env without what tunes a BLAS: the settings of a machine are not those
// that a peer is at its best with, or that it finds by itself.
func untuned(env []string) []string {
	return slices.DeleteFunc(slices.Clone(env), func(v string) bool {
		return slices.ContainsFunc([]string{"OPENBLAS_", "GOTO_", "BLIS_", "OMP_", "MKL_"}, func(prefix string) bool {
			return strings.HasPrefix(v, prefix)
		})
	})
}

// ask lets the process run for as long as it takes to answer.
func (p *peer) ask(question string) (string, error) {
	if err := p.process.Process.Signal(syscall.SIGCONT); err != nil {
		return "", err
	}
	if _, err := fmt.Fprintln(p.in, question); err != nil {
		return "", err
	}
	if !p.out.Scan() {
		return "", fmt.Errorf("no answer to %q", question)
	}
	return p.out.Text(), p.process.Process.Signal(syscall.SIGSTOP)
}

// check makes the peer do a task once. It is refused the task if it cannot do it, or if
// the result is not want.
func (p *peer) check(t task, want []float64, dir string) error {
	p.refused[t.String()] = true
	path := filepath.Join(dir, "result")
	switch answer, err := p.ask(fmt.Sprintf("check %v %s", t, path)); {
	case err != nil:
		return err
	case answer == "none":
		return nil
	}
	got, err := readResult(path, len(want))
	if err != nil {
		return err
	}
	if err := agree(got, want); err != nil {
		return err
	}
	delete(p.refused, t.String())
	return nil
}

// time adds a round.
func (p *peer) time(t task, seconds float64) error {
	if p.refused[t.String()] {
		return nil
	}
	answer, err := p.ask(fmt.Sprintf("time %v %v", t, seconds))
	if err != nil {
		return err
	}
	took, err := strconv.ParseFloat(strings.TrimSpace(answer), 64)
	if err != nil {
		return err
	}
	p.times[t.String()] = append(p.times[t.String()], took)
	return nil
}

func (p *peer) stop() {
	p.process.Process.Kill()
	p.process.Wait()
}
