package main

import (
	"flag"
	"fmt"
	"log"
	"maps"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"
)

func main() {
	log.SetFlags(0)
	quick := flag.Bool("quick", false, "two short rounds, without the largest tasks")
	python := flag.String("python", "/usr/bin/python3", "the `program` that knows the peers in Python")
	script := flag.String("script", "peer.py", "their `file`")
	worker := flag.String("work", "", "be the `peer` of that name, or of that library")
	flag.Parse()
	if *worker != "" {
		if err := workAs(*worker); err != nil {
			log.Fatal(err)
		}
		return
	}
	if err := compare(*python, *script, *quick); err != nil {
		log.Fatal(err)
	}
}

func workAs(name string) error {
	if p := programs[name]; p != nil {
		return work(p)
	}
	p, err := load(name)
	if err != nil {
		return err
	}
	return work(p)
}

// patience is when no further round begins: on a busy machine there are fewer.
const patience = 200 * time.Second

// compare runs everything and prints the tables.
func compare(python, script string, quick bool) error {
	runtime.LockOSThread() // the peers are killed with the thread that started them
	start := time.Now()
	self, err := os.Executable()
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "peers")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	rounds, seconds := 9, 0.04
	if quick {
		rounds, seconds = 2, 0.01
		products, steps = products[:3], steps[:4]
	}
	tasks := slices.Concat(products, steps)

	peers := list(self, python, script, dir, 1)
	if all := runtime.NumCPU(); all > 1 {
		peers = append(peers, list(self, python, script, dir, all)...)
	}
	peers = begin(peers)
	defer func() {
		for _, p := range peers {
			p.stop()
		}
	}()
	if err := checkAll(peers, tasks, dir); err != nil {
		return err
	}
	done := 0
	for ; done < rounds && (done == 0 || time.Since(start) < patience); done++ {
		fmt.Fprintf(os.Stderr, "round %d of %d\n", done+1, rounds)
		for _, t := range tasks {
			for _, p := range peers {
				if err := p.time(t, seconds); err != nil {
					return fmt.Errorf("%s at %v: %w", p.name, t, err)
				}
			}
		}
	}
	fmt.Print(report(peers, done))
	return nil
}

// begin starts the peers and returns those that are there.
func begin(peers []*peer) []*peer {
	var there []*peer
	missing := map[string]string{}
	for _, p := range peers {
		if err := p.start(); err != nil {
			missing[p.name] = p.wants
			continue
		}
		there = append(there, p)
	}
	var wants []string
	for _, name := range slices.Sorted(maps.Keys(missing)) {
		fmt.Fprintf(os.Stderr, "%s is not here: it wants the Debian package %s\n", name, missing[name])
		wants = append(wants, missing[name])
	}
	if slices.Sort(wants); len(wants) > 0 {
		fmt.Fprintf(os.Stderr, "for all peers: apt-get install --no-install-recommends %s\n", strings.Join(slices.Compact(wants), " "))
	}
	return there
}

// checkAll makes every peer do every task once.
func checkAll(peers []*peer, tasks []task, dir string) error {
	for _, t := range tasks {
		fmt.Fprintf(os.Stderr, "checking %v\n", t)
		o := newOperands(t)
		if err := writeOperands(dir, t, o); err != nil {
			return err
		}
		want := truth(t, o)
		for _, p := range peers {
			right := want
			if p.name == "limit" {
				right = nil
			}
			if err := p.check(t, right, dir); err != nil {
				fmt.Fprintf(os.Stderr, "%s, %d threads, is refused %v: %v\n", p.name, p.threads, t, err)
			}
		}
	}
	return nil
}
