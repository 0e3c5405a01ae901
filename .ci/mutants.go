// Mutants compiles all mutants of a package into it, for .ci/mutate:
//
//	go run .ci/mutants.go directory work <mutants.json
//
// reads the mutants, numbered from 1, and writes to work an overlay.json for go's -overlay,
// with which the package is built such that MUTANT=number in the environment chooses the
// mutant that it is, and none without it. If SEEN in the environment names a file, what is
// reached is noted in it: its byte of a number is 1 if the operator that this mutant changes
// was evaluated. Prints the numbers of the mutants that are left out, as a JSON array: those
// in constant expressions and sums of texts.
package main

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"log"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A mutant has Now in the place of the operator that is at byte Start of File.
type mutant struct {
	Number int
	File   string
	Start  int
	Now    string
}

// An edit puts text in the place of some bytes. Of those at one place, the one of the
// smallest order comes first.
type edit struct {
	at, length int
	text       string
	order      int
}

func main() {
	if len(os.Args) != 3 {
		log.Fatal("usage: go run .ci/mutants.go directory work <mutants.json")
	}
	dir, work := os.Args[1], os.Args[2]
	var mutants []mutant
	if err := json.NewDecoder(os.Stdin).Decode(&mutants); err != nil {
		log.Fatal(err)
	}
	left := map[int]bool{}
	for _, m := range mutants {
		left[m.Number] = true
	}
	fset := token.NewFileSet()
	var files []*ast.File
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		log.Fatal(err)
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(fset, name, nil, parser.SkipObjectResolution)
		if err != nil {
			log.Fatal(err)
		}
		files = append(files, f)
	}
	info := &types.Info{Types: map[ast.Expr]types.TypeAndValue{}}
	config := types.Config{Importer: importer.ForCompiler(fset, "source", nil)}
	if _, err := config.Check(dir, fset, files, info); err != nil {
		log.Fatal(err)
	}
	overlay := map[string]string{}
	write := func(name, text string) {
		path, err := filepath.Abs(filepath.Join(dir, name))
		if err != nil {
			log.Fatal(err)
		}
		overlay[path] = filepath.Join(work, name)
		if err := os.WriteFile(overlay[path], []byte(text), 0o666); err != nil {
			log.Fatal(err)
		}
	}
	for _, f := range files {
		name := fset.Position(f.Package).Filename
		at := map[int]map[string]int{} // the number of what an operator becomes
		for _, m := range mutants {
			if filepath.Clean(m.File) == filepath.Clean(name) {
				if at[m.Start] == nil {
					at[m.Start] = map[string]int{}
				}
				at[m.Start][m.Now] = m.Number
			}
		}
		text, err := os.ReadFile(name)
		if err != nil {
			log.Fatal(err)
		}
		edits := rewrite(fset, f, info, text, at, left)
		if len(edits) == 0 {
			continue
		}
		slices.SortStableFunc(edits, func(a, b edit) int {
			if a.at != b.at {
				return a.at - b.at
			}
			return a.order - b.order
		})
		var out strings.Builder
		done := 0
		for _, e := range edits {
			out.Write(text[done:e.at])
			out.WriteString(e.text)
			done = e.at + e.length
		}
		out.Write(text[done:])
		write(filepath.Base(name), out.String())
	}
	write("mutants_chosen.go", "package "+files[0].Name.Name+chosen)
	out, err := json.Marshal(map[string]any{"Replace": overlay})
	if err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(work, "overlay.json"), out, 0o666); err != nil {
		log.Fatal(err)
	}
	numbers := []int{}
	for _, m := range mutants {
		if left[m.Number] {
			numbers = append(numbers, m.Number)
		}
	}
	if err := json.NewEncoder(os.Stdout).Encode(numbers); err != nil {
		log.Fatal(err)
	}
}

// rewrite returns what makes functions out of the operators of a file that have mutants,
// and takes the numbers of these from left.
func rewrite(fset *token.FileSet, f *ast.File, info *types.Info, text []byte, at map[int]map[string]int, left map[int]bool) []edit {
	var edits []edit
	offset := func(p token.Pos) int { return fset.Position(p).Offset }
	// call makes a call of a function with the numbers of the mutants out of what is between
	// two places, and puts a comma in the place of the operator, if there is one to replace.
	call := func(from, to token.Pos, operator, comma string, place token.Pos, function string, numbers ...int) {
		var list strings.Builder
		for _, n := range numbers {
			fmt.Fprintf(&list, "%d, ", n)
			delete(left, n)
		}
		// Of calls that begin at one place the longest is the outermost, as it is of those
		// that end at one place; what ends comes before what begins.
		x, y := offset(from), offset(to)
		edits = append(edits, edit{x, 0, "mutant" + function + "(" + list.String(), 1<<30 - y}, edit{y, 0, ")", -x})
		if operator != "" {
			edits = append(edits, edit{offset(place), len(operator), comma, 1 << 30})
		}
	}
	// of instantiates a function for a predeclared type: it could not be inferred for 1<<n
	// beside a float64, which takes its type from the other operand.
	of := func(operands ...ast.Expr) string {
		for _, x := range operands {
			if b, ok := info.Types[x].Type.(*types.Basic); ok && b.Info()&types.IsUntyped == 0 {
				return "[" + b.Name() + "]"
			}
		}
		return ""
	}
	ast.Inspect(f, func(n ast.Node) bool {
		switch e := n.(type) {
		case *ast.BinaryExpr:
			m := at[offset(e.OpPos)]
			if m == nil || info.Types[e].Value != nil {
				break
			}
			switch op := e.Op; op {
			case token.EQL, token.NEQ:
				other := map[token.Token]string{token.EQL: "!=", token.NEQ: "=="}[op]
				call(e.X.Pos(), e.Y.End(), "", "", 0, "Not", m[other])
			case token.LSS, token.LEQ, token.GTR, token.GEQ:
				name := map[token.Token]string{token.LSS: "Less", token.LEQ: "LessEqual", token.GTR: "Greater", token.GEQ: "GreaterEqual"}[op]
				boundary := map[token.Token]string{token.LSS: "<=", token.LEQ: "<", token.GTR: ">=", token.GEQ: ">"}[op]
				negation := map[token.Token]string{token.LSS: ">=", token.LEQ: ">", token.GTR: "<=", token.GEQ: "<"}[op]
				call(e.X.Pos(), e.Y.End(), op.String(), ",", e.OpPos, name+of(e.X, e.Y), m[boundary], m[negation])
			case token.ADD, token.SUB, token.MUL, token.QUO, token.REM:
				if b, ok := info.Types[e].Type.Underlying().(*types.Basic); ok && b.Info()&types.IsString != 0 {
					break
				}
				name := map[token.Token]string{token.ADD: "Add", token.SUB: "Sub", token.MUL: "Mul", token.QUO: "Quo", token.REM: "Rem"}[op]
				other := map[token.Token]string{token.ADD: "-", token.SUB: "+", token.MUL: "/", token.QUO: "*", token.REM: "*"}[op]
				call(e.X.Pos(), e.Y.End(), op.String(), ",", e.OpPos, name+of(e), m[other])
			}
		case *ast.UnaryExpr:
			if m := at[offset(e.OpPos)]; m != nil && e.Op == token.SUB && info.Types[e].Value == nil {
				call(e.OpPos, e.X.End(), "-", "", e.OpPos, "Neg", m["+"])
			}
		case *ast.IncDecStmt:
			if m := at[offset(e.TokPos)]; m != nil {
				name, other := "Inc", "--"
				if e.Tok == token.DEC {
					name, other = "Dec", "++"
				}
				x := text[offset(e.X.Pos()):offset(e.X.End())] // for its type; evaluating it again must do no harm
				delete(left, m[other])
				edits = append(edits, edit{offset(e.TokPos), 2, fmt.Sprintf(" += mutant%s(%d, %s)", name, m[other], x), 0})
			}
		}
		return true
	})
	return edits
}

const chosen = `

import (
	"cmp"
	"os"
	"strconv"
	"syscall"
)

var mutantChosen, _ = strconv.Atoi(os.Getenv("MUTANT"))

// A mapped file keeps what was written when the process ends in any way.
var mutantsSeen = func() []byte {
	name := os.Getenv("SEEN")
	if name == "" {
		return nil
	}
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o666)
	if err != nil {
		panic(err)
	}
	if err := f.Truncate(1 << 16); err != nil {
		panic(err)
	}
	b, err := syscall.Mmap(int(f.Fd()), 0, 1<<16, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED)
	if err != nil {
		panic(err)
	}
	return b
}()

func mutantIs(n int) bool {
	if mutantsSeen != nil {
		mutantsSeen[n] = 1
	}
	return mutantChosen == n && n != 0
}

type mutantInteger interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64
}
type mutantNumber interface {
	mutantInteger | ~float32 | ~float64 | ~complex64 | ~complex128
}

func mutantNot(n int, is bool) bool { return is != mutantIs(n) }

// Of an order there are two mutants, the boundary and the negation.
func mutantLess[T cmp.Ordered](b, n int, x, y T) bool {
	if mutantIs(b) {
		return x <= y
	}
	if mutantIs(n) {
		return x >= y
	}
	return x < y
}
func mutantLessEqual[T cmp.Ordered](b, n int, x, y T) bool {
	if mutantIs(b) {
		return x < y
	}
	if mutantIs(n) {
		return x > y
	}
	return x <= y
}
func mutantGreater[T cmp.Ordered](b, n int, x, y T) bool {
	if mutantIs(b) {
		return x >= y
	}
	if mutantIs(n) {
		return x <= y
	}
	return x > y
}
func mutantGreaterEqual[T cmp.Ordered](b, n int, x, y T) bool {
	if mutantIs(b) {
		return x > y
	}
	if mutantIs(n) {
		return x < y
	}
	return x >= y
}
func mutantAdd[T mutantNumber](n int, x, y T) T {
	if mutantIs(n) {
		return x - y
	}
	return x + y
}
func mutantSub[T mutantNumber](n int, x, y T) T {
	if mutantIs(n) {
		return x + y
	}
	return x - y
}
func mutantMul[T mutantNumber](n int, x, y T) T {
	if mutantIs(n) {
		return x / y
	}
	return x * y
}
func mutantQuo[T mutantNumber](n int, x, y T) T {
	if mutantIs(n) {
		return x * y
	}
	return x / y
}
func mutantRem[T mutantInteger](n int, x, y T) T {
	if mutantIs(n) {
		return x * y
	}
	return x % y
}
func mutantNeg[T mutantNumber](n int, x T) T {
	if mutantIs(n) {
		return x
	}
	return -x
}
func mutantInc[T mutantNumber](n int, _ T) T {
	var zero T
	if mutantIs(n) {
		return zero - 1
	}
	return zero + 1
}
func mutantDec[T mutantNumber](n int, _ T) T {
	var zero T
	if mutantIs(n) {
		return zero + 1
	}
	return zero - 1
}
`
