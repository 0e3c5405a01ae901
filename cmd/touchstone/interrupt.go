package main

import (
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
)

// interruptions are the signals on which the program says how far it was.
var interruptions = []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP}

// notify returns the signals to come, but for those that whoever started the program
// wants it to ignore, as nohup does.
func notify() chan os.Signal {
	c := make(chan os.Signal, 1)
	for _, s := range interruptions {
		if !signal.Ignored(s) {
			signal.Notify(c, s)
		}
	}
	return c
}

// saving is held while a file is replaced: the program does not end in between, and
// leaves no temporary file. It holds the names of those that were replaced.
var saving struct {
	sync.Mutex
	done []string
}

// interrupted says what was done, dies of the signal and, where that is not possible,
// returns an exit code. A second signal kills the program at once, whatever this one
// waits for.
func interrupted(s os.Signal, out *output) int {
	signal.Reset(interruptions...)
	saving.Lock() // what is being replaced is finished, and nothing more begins
	line := out.progress.interrupt()
	if len(saving.done) > 0 {
		line += "; saved " + strings.Join(saving.done, ", ")
	}
	for _, path := range out.files {
		if !slices.Contains(saving.done, path) {
			line += "; " + path + " is not saved"
		}
	}
	fmt.Fprintln(out.stderr, "touchstone: "+line)
	return die(s)
}

// die ends the program as if it did not catch the signal, so that a shell stops its
// loop over many files. Where that is not possible, it returns the code that a shell
// would show.
func die(s os.Signal) int {
	if self, err := os.FindProcess(os.Getpid()); err == nil && self.Signal(s) == nil {
		time.Sleep(time.Second) // it is on its way
	}
	if n, ok := s.(syscall.Signal); ok {
		return 128 + int(n)
	}
	return 1
}
