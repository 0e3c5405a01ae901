package docs

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Every exported name of every package says what it is, on the page where a user
// meets it.
func TestEveryExportedNameHasAComment(t *testing.T) {
	fset := token.NewFileSet()
	for dir, files := range packages(t, fset) {
		for _, name := range undocumented(fset, files) {
			t.Errorf("%s: %s has no comment", dir, name)
		}
	}
}

func TestUndocumentedNamesAreFound(t *testing.T) {
	source := `package p
// F is documented.
func F() {}
func G() {}
type hidden struct{ A int }
func (hidden) Method() {}
type T struct {
	A int // is documented
	B int
	// C and D are, together.
	C int
	D int

	E int
}
func (*T) String() string { return "" }
// U mentions A.
type U struct{ A, B int }
// I is an interface.
type I interface {
	M()
	N() // is documented
}
// These are documented.
const (
	X = 1
	Y = 2
)
var V, w int
var Z = 1 // is documented
`
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "p.go", source, parser.ParseComments)
	require.NoError(t, err)
	assert.Equal(t, []string{"package p", "G", "T", "T.B", "T.E", "T.String", "U.B", "I.M", "V"}, undocumented(fset, []*ast.File{f}))
}

// packages returns the parsed files of every package of this module but commands and
// tests, by directory.
func packages(t *testing.T, fset *token.FileSet) map[string][]*ast.File {
	found := map[string][]*ast.File{}
	for _, path := range sources(t) {
		if filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(fset, path, nil, parser.ParseComments)
		require.NoError(t, err)
		if f.Name.Name != "main" {
			found[filepath.Dir(path)] = append(found[filepath.Dir(path)], f)
		}
	}
	require.Greater(t, len(found), 9)
	return found
}

// sources returns the files of this module, as paths from here. It opens each of them,
// by which go test knows that a result from before they changed is worth nothing.
func sources(t *testing.T) []string {
	var paths []string
	require.NoError(t, filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir():
			_, err := os.Stat(filepath.Join(path, "go.mod"))
			other := path != ".." && (err == nil || strings.HasPrefix(d.Name(), ".") || d.Name() == "vendor")
			if other {
				return filepath.SkipDir
			}
			return nil
		case !d.Type().IsRegular():
			return nil
		}
		f, err := os.Open(path)
		if err == nil {
			err = f.Close()
		}
		paths = append(paths, path)
		return err
	}))
	return paths
}

// undocumented lists the exported names that have no comment, in the order of files.
// The comment of a group counts for all of it: of a declaration in parentheses, and of
// fields without a blank line between them. A field that the comment of its type
// mentions has one.
func undocumented(fset *token.FileSet, files []*ast.File) []string {
	var names []string
	if !slices.ContainsFunc(files, func(f *ast.File) bool { return f.Doc != nil }) {
		names = append(names, "package "+files[0].Name.Name)
	}
	for _, f := range files {
		for _, d := range f.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if name := funcName(d); name != "" && d.Doc == nil {
					names = append(names, name)
				}
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					names = append(names, undocumentedIn(fset, d, spec)...)
				}
			}
		}
	}
	return names
}

// funcName returns "F" or "T.M", and "" for what is not exported.
func funcName(d *ast.FuncDecl) string {
	name := d.Name.Name
	if d.Recv != nil {
		of := d.Recv.List[0].Type
		if star, ok := of.(*ast.StarExpr); ok {
			of = star.X
		}
		id, ok := of.(*ast.Ident)
		if !ok || !id.IsExported() {
			return ""
		}
		name = id.Name + "." + name
	}
	if !d.Name.IsExported() {
		return ""
	}
	return name
}

func undocumentedIn(fset *token.FileSet, d *ast.GenDecl, spec ast.Spec) (names []string) {
	switch spec := spec.(type) {
	case *ast.ValueSpec:
		if d.Doc == nil && spec.Doc == nil && spec.Comment == nil {
			for _, id := range spec.Names {
				if id.IsExported() {
					names = append(names, id.Name)
				}
			}
		}
	case *ast.TypeSpec:
		if !spec.Name.IsExported() {
			return nil
		}
		doc := spec.Doc
		if doc == nil {
			doc = d.Doc
		}
		if doc == nil {
			names = append(names, spec.Name.Name)
		}
		switch t := spec.Type.(type) {
		case *ast.StructType:
			names = append(names, undocumentedFields(fset, spec.Name.Name, doc, t.Fields)...)
		case *ast.InterfaceType:
			names = append(names, undocumentedFields(fset, spec.Name.Name, nil, t.Methods)...)
		}
	}
	return names
}

func undocumentedFields(fset *token.FileSet, of string, doc *ast.CommentGroup, fields *ast.FieldList) (names []string) {
	line, covered := 0, false // of the field before
	for _, field := range fields.List {
		if field.Doc != nil {
			covered = true
		} else if fset.Position(field.Pos()).Line > line+1 {
			covered = false
		}
		line = fset.Position(field.End()).Line
		for _, id := range field.Names {
			if id.IsExported() && !covered && field.Comment == nil && !mentions(doc, id.Name) {
				names = append(names, of+"."+id.Name)
			}
		}
	}
	return names
}

func mentions(doc *ast.CommentGroup, name string) bool {
	return doc != nil && regexp.MustCompile(`\b`+name+`\b`).MatchString(doc.Text())
}
