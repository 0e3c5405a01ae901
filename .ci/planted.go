// Planted plants the known bugs of .ci/plants, for .ci/plant, and demands that each turns
// the test red that its patch names in the first line, "Caught by TestName of ./package",
// which may say "for it waits for ever": then, and only then, running out of time is red.
//
// The sources on disk are not touched: go's -overlay shows the changed files to the
// compiler. Where bugs change nothing but the bodies of functions, all of those that tests
// of one package catch are compiled into one program, and PLANTED in the environment
// chooses one. Others are compiled alone. Without a bug the tests must be green.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
)

const workers = 2

// A bug is a patch of one file.
type bug struct {
	name, file string
	test, pkg  string            // that catches it
	waits      bool              // for ever
	text       []byte            // of the file with the bug
	bodies     map[string]string // the functions that it changes, and what they become
	in         *program
	number     int // there, from 1; 0 if it is alone
}

// A program has the tests of a package, and bugs.
type program struct {
	pkg, path string
	bugs      []*bug
	wrong     string // with it, not with a bug
}

func main() {
	log.SetFlags(0)
	work, err := os.MkdirTemp("", "")
	if err != nil {
		log.Fatal(err)
	}
	code := run(os.Args[1:], work)
	os.RemoveAll(work)
	os.Exit(code)
}

func run(names []string, work string) int {
	if len(names) == 0 {
		patches, err := filepath.Glob(".ci/plants/*.patch")
		if err != nil {
			log.Fatal(err)
		}
		for _, p := range patches {
			names = append(names, strings.TrimSuffix(filepath.Base(p), ".patch"))
		}
	}
	together := map[string]*program{}
	var programs []*program
	var bugs []*bug
	for _, name := range names {
		b, err := read(name, work)
		if err != nil {
			log.Printf("NOT PLANTED: %s: %v", name, err)
			return 1
		}
		p := together[b.pkg]
		if b.bodies == nil || p == nil {
			p = &program{pkg: b.pkg}
			programs = append(programs, p)
		}
		if b.bodies != nil {
			together[b.pkg] = p
			b.number = len(p.bugs) + 1
		}
		p.bugs = append(p.bugs, b)
		b.in = p
		bugs = append(bugs, b)
	}
	for i, p := range programs {
		p.path = filepath.Join(work, fmt.Sprint("program", i))
	}
	each(programs, func(p *program) { p.build() })
	var lock sync.Mutex
	caught := 0
	each(bugs, func(b *bug) {
		is, what := b.in.judge(b)
		lock.Lock()
		defer lock.Unlock()
		fmt.Println(what)
		if is {
			caught++
		}
	})
	if caught < len(bugs) {
		fmt.Printf("of %d bugs planted, %d caught\n", len(bugs), caught)
		return 1
	}
	fmt.Printf("%d bugs planted, all caught\n", len(bugs))
	return 0
}

// each calls f for all of a list, on all workers.
func each[T any](list []T, f func(T)) {
	next := make(chan T)
	var group sync.WaitGroup
	for range workers {
		group.Add(1)
		go func() {
			defer group.Done()
			for x := range next {
				f(x)
			}
		}()
	}
	for _, x := range list {
		next <- x
	}
	close(next)
	group.Wait()
}

var (
	caughtBy = regexp.MustCompile(`^Caught by (\w+) of ([^,\n]+)(, for it waits for ever)?\n`)
	changes  = regexp.MustCompile(`(?m)^\+\+\+ b/(.*)$`)
	failed   = regexp.MustCompile(`(?m)^(--- FAIL: \w+|panic:|fatal error:)`)
)

// read reads a patch, and applies it to a copy of its file.
func read(name, work string) (*bug, error) {
	patch, err := os.ReadFile(".ci/plants/" + name + ".patch")
	if err != nil {
		return nil, err
	}
	by, file := caughtBy.FindSubmatch(patch), changes.FindAllSubmatch(patch, -1)
	if by == nil || len(file) != 1 {
		return nil, errors.New("want \"Caught by TestName of ./package\" in the first line, and one file")
	}
	b := &bug{name: name, file: string(file[0][1]), test: string(by[1]), pkg: string(by[2]), waits: by[3] != nil}
	was, err := os.ReadFile(b.file)
	if err != nil {
		return nil, err
	}
	dir := filepath.Join(work, name)
	copied := filepath.Join(dir, b.file)
	if err := os.MkdirAll(filepath.Dir(copied), 0o777); err != nil {
		return nil, err
	}
	if err := os.WriteFile(copied, was, 0o666); err != nil {
		return nil, err
	}
	apply := exec.Command("git", "apply")
	apply.Dir, apply.Env, apply.Stdin = dir, append(os.Environ(), "GIT_CEILING_DIRECTORIES="+work), bytes.NewReader(patch)
	if out, err := apply.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("the patch does not apply to %s: %s", b.file, out)
	}
	if b.text, err = os.ReadFile(copied); err != nil {
		return nil, err
	}
	if bytes.Equal(b.text, was) {
		return nil, fmt.Errorf("the patch changes nothing in %s", b.file)
	}
	if strings.HasSuffix(b.file, ".go") {
		b.bodies = changed(was, b.text)
	}
	return b, nil
}

// changed returns the functions that differ and what their bodies become, or nil if more
// than bodies do, or there is a label, which is unique in a function.
func changed(was, is []byte) map[string]string {
	before, _ := declarations(was)
	after, labels := declarations(is)
	if len(before) != len(after) || labels {
		return nil
	}
	bodies := map[string]string{}
	for signature, body := range after {
		old, ok := before[signature]
		if !ok {
			return nil
		}
		if old != body {
			bodies[signature] = body
		}
	}
	return bodies
}

// declarations returns the bodies of functions by what is before them, and other
// declarations with none, and whether a label is among it.
func declarations(text []byte) (bodies map[string]string, labels bool) {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "", text, parser.SkipObjectResolution)
	if err != nil {
		return nil, false
	}
	bodies = map[string]string{}
	for _, d := range f.Decls {
		from, to := fset.Position(d.Pos()).Offset, fset.Position(d.End()).Offset
		if fn, ok := d.(*ast.FuncDecl); ok && fn.Body != nil {
			brace := fset.Position(fn.Body.Lbrace).Offset
			body := string(text[brace:to])
			if fn.Type.Results == nil {
				body += "\nreturn"
			}
			bodies[string(text[from:brace])] = body
			continue
		}
		bodies[string(text[from:to])] = ""
	}
	ast.Inspect(f, func(n ast.Node) bool {
		_, label := n.(*ast.LabeledStmt)
		labels = labels || label
		return true
	})
	return bodies, labels
}

// build compiles a program, and runs its tests without a bug.
func (p *program) build() {
	replace := map[string]string{}
	show := func(file string, text []byte) {
		path, err := filepath.Abs(file)
		if err != nil {
			log.Fatal(err)
		}
		replace[path] = fmt.Sprint(p.path, "-", len(replace))
		if err := os.WriteFile(replace[path], text, 0o666); err != nil {
			log.Fatal(err)
		}
	}
	if b := p.bugs[0]; b.number == 0 {
		show(b.file, b.text)
	} else {
		p.combine(show)
	}
	overlay, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile(p.path+".json", overlay, 0o666); err != nil {
		log.Fatal(err)
	}
	if out, err := exec.Command("go", "test", "-c", "-overlay", p.path+".json", "-o", p.path, p.pkg).CombinedOutput(); err != nil {
		p.wrong = "DOES NOT COMPILE"
		log.Printf("%s: %s: %s", p.wrong, p.pkg, out)
		return
	}
	var tests []string
	for _, b := range p.bugs {
		tests = append(tests, b.test)
	}
	slices.Sort(tests)
	pattern := "^(" + strings.Join(slices.Compact(tests), "|") + ")$"
	without := p.command(pattern, 0)
	if p.bugs[0].number == 0 {
		without = exec.Command("go", "test", "-run", pattern, p.pkg)
	}
	if out, err := without.CombinedOutput(); err != nil {
		p.wrong = "RED WITHOUT ANY BUG"
		log.Printf("%s: %s: %s", p.wrong, p.pkg, out)
	}
}

// combine writes the files that the bugs change, with all of them.
func (p *program) combine(show func(file string, text []byte)) {
	files := map[string][]*bug{}
	for _, b := range p.bugs {
		files[b.file] = append(files[b.file], b)
	}
	packages := map[string]bool{}
	for file, bugs := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			log.Fatal(err)
		}
		functions := map[string]string{} // what is to be put before their bodies
		for _, b := range bugs {
			for signature, body := range b.bodies {
				functions[signature] += fmt.Sprintf("\nif plantedBug == %d {\n%s\n}", b.number, body)
			}
		}
		for signature, bodies := range functions {
			// A signature is there once: it has a name.
			at := bytes.Index(text, []byte("\n"+signature)) + 1 + len(signature)
			text = slices.Concat(text[:at], []byte("{"+bodies+"\n"), text[at+1:])
		}
		show(file, text)
		if dir := filepath.Dir(file); !packages[dir] {
			packages[dir] = true
			f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.PackageClauseOnly)
			if err != nil {
				log.Fatal(err)
			}
			show(filepath.Join(dir, "planted_bug.go"), []byte("package "+f.Name.Name+chosen))
		}
	}
}

const chosen = `

import (
	"os"
	"strconv"
)

var plantedBug, _ = strconv.Atoi(os.Getenv("PLANTED"))
`

// command returns what runs tests of a program with a bug.
func (p *program) command(pattern string, number int) *exec.Cmd {
	path, err := filepath.Abs(p.path)
	if err != nil {
		log.Fatal(err)
	}
	c := exec.Command(path, "-test.run", pattern, "-test.failfast", "-test.timeout", "2m")
	c.Dir, c.Env = p.pkg, append(os.Environ(), fmt.Sprint("PLANTED=", number))
	return c
}

// judge reports whether a bug is caught, and says what came of it.
func (p *program) judge(b *bug) (caught bool, what string) {
	if p.wrong != "" {
		return false, fmt.Sprintf("%s: %s", p.wrong, b.name)
	}
	out, err := p.command("^"+b.test+"$", b.number).CombinedOutput()
	switch {
	case err == nil && bytes.Contains(out, []byte("no tests to run")):
		return false, fmt.Sprintf("NO TEST: %s: %s has no %s", b.name, b.pkg, b.test)
	case err == nil:
		return false, fmt.Sprintf("SURVIVED: %s: %s passes", b.name, b.test)
	case !b.waits && bytes.Contains(out, []byte("panic: test timed out")):
		return false, fmt.Sprintf("OUT OF TIME: %s", b.name)
	case !failed.Match(out):
		return false, fmt.Sprintf("NO TEST FAILED: %s: %v\n%s", b.name, err, out)
	}
	return true, fmt.Sprintf("caught: %s: %s", b.name, b.test)
}
