// Package misuse sees to it that every panic of a package has a test and a word in the
// documentation. It is for tests.
package misuse

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"io/fs"
	"slices"
	"strings"
)

// A Case is a mistake, and the constant string with which it panics.
type Case struct {
	Panic string // the constant string
	Do    func() // panics with it
}

// Check returns what is wrong with cases as the tests of the package whose sources are
// in dir: cases that panic otherwise, or not at all; panics of the sources that have no
// case; panics with something else than a constant string, but for those in excused, by
// the text of their argument and function: "err in files"; and exported functions that
// panic without saying so.
func Check(dir fs.FS, cases []Case, excused ...string) (problems []string) {
	report := func(format string, args ...any) { problems = append(problems, fmt.Sprintf(format, args...)) }
	tested := map[string]bool{}
	for _, c := range cases {
		tested[c.Panic] = true
		if got := panicOf(c.Do); got != c.Panic {
			report("%q: the panic is %v", c.Panic, got)
		}
	}
	found, err := Panics(dir)
	if err != nil {
		report("%v", err)
	}
	for _, p := range found {
		switch {
		case slices.Contains(excused, p.Text):
		case !p.constant:
			report("%v: %s: not a constant string", p.Pos, p.Text)
		case !tested[p.Text]:
			report("%v: %q has no case", p.Pos, p.Text)
		case p.undocumented:
			report("%v: %q: the documentation of the function does not say that it panics", p.Pos, p.Text)
		}
	}
	return problems
}

func panicOf(f func()) (value any) {
	defer func() { value = recover() }()
	f()
	return nil
}

// A Panic is a call of panic in the sources.
type Panic struct {
	Pos  token.Position // of the call
	Text string         // the string, or the argument and the function: "err in files"

	constant, undocumented bool
}

// Panics lists the calls of panic in the Go files of dir that are no tests.
func Panics(dir fs.FS) ([]Panic, error) {
	names, err := fs.Glob(dir, "*.go")
	if err != nil {
		return nil, err
	}
	set := token.NewFileSet()
	var files []*ast.File
	texts := map[string]string{} // of constants
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		src, err := fs.ReadFile(dir, name)
		if err != nil {
			return nil, err
		}
		file, err := parser.ParseFile(set, name, src, parser.ParseComments)
		if err != nil {
			return nil, err
		}
		files = append(files, file)
		ast.Inspect(file, func(n ast.Node) bool {
			if v, ok := n.(*ast.ValueSpec); ok && len(v.Names) == len(v.Values) {
				for i := range v.Names {
					if text, ok := literal(v.Values[i]); ok {
						texts[v.Names[i].Name] = text
					}
				}
			}
			return true
		})
	}
	var list []Panic
	for _, file := range files {
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Body == nil {
				continue
			}
			ast.Inspect(f.Body, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok || len(call.Args) != 1 {
					return true
				}
				if id, ok := call.Fun.(*ast.Ident); !ok || id.Name != "panic" {
					return true
				}
				p := Panic{Pos: set.Position(call.Pos()), undocumented: f.Name.IsExported() && !strings.Contains(f.Doc.Text(), "panics")}
				if p.Text, p.constant = literal(call.Args[0]); !p.constant {
					if id, ok := call.Args[0].(*ast.Ident); ok {
						p.Text, p.constant = texts[id.Name], texts[id.Name] != ""
						if !p.constant {
							p.Text = id.Name + " in " + f.Name.Name
						}
					} else {
						p.Text = "an expression in " + f.Name.Name
					}
				}
				list = append(list, p)
				return true
			})
		}
	}
	return list, nil
}

func literal(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	return constant.StringVal(constant.MakeFromLiteral(lit.Value, token.STRING, 0)), true
}
