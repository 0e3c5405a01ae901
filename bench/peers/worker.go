package main

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"os"
	"time"

	"touchstone/bench/peers/internal/clock"
)

// A program is a peer in Go, or called from Go. It makes of each task a function that
// does it k times, and one that returns the result so far. It returns nil for a task
// that it cannot do.
type program func(t task, o operands) *job

type job struct {
	run    func(k int)
	result func() []float64
}

// programs are the peers by name; some are not there in every build.
var programs = map[string]program{"fast": fastProgram, "gonum": gonumProgram, "limit": limitProgram}

// work answers the questions on standard input. They are
//
//	check TASK FILE   do the task once, and write the result to FILE
//	time TASK SECONDS do it for so long
//
// and the answers, after a first line "ready", are "ok", or the least seconds that the
// task took, or "none".
func work(p program) error {
	in := bufio.NewScanner(os.Stdin)
	jobs := map[string]*job{}
	fmt.Println("ready")
	for in.Scan() {
		var verb, name, argument string
		if _, err := fmt.Sscan(in.Text(), &verb, &name, &argument); err != nil {
			return err
		}
		if verb == "check" {
			t, err := taskByName(name)
			if err != nil {
				return err
			}
			jobs[name] = p(t, newOperands(t))
		}
		j := jobs[name]
		switch {
		case j == nil:
			fmt.Println("none")
		case verb == "check":
			j.run(1)
			if err := writeResult(argument, j.result()); err != nil {
				return err
			}
			fmt.Println("ok")
		case verb == "time":
			var seconds float64
			if _, err := fmt.Sscan(argument, &seconds); err != nil {
				return err
			}
			fmt.Println(clock.Least(j.run, time.Duration(seconds*float64(time.Second))))
		}
	}
	return in.Err()
}

func taskByName(name string) (task, error) {
	for _, t := range append(products[:len(products):len(products)], steps...) {
		if t.String() == name {
			return t, nil
		}
	}
	return task{}, fmt.Errorf("no task %q", name)
}

func writeResult(path string, v []float64) error {
	data, err := binary.Append(nil, binary.LittleEndian, v)
	if err != nil {
		return err
	}
	return os.WriteFile(path, data, 0o600)
}
