package internal_test

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Limits of size. Tests are not counted: they are read one case at a time.
const (
	mostFiles     = 30  // Go files of a package
	mostLines     = 350 // of a file
	longest       = 45  // lines of a function that is no table
	longNinetieth = 30  // nine in ten functions have at most so many
	longMedian    = 10
)

// function is a declared function with its length in lines.
type function struct {
	name  string // file and name
	lines int
	table bool // it holds nothing but a table
}

func TestSizes(t *testing.T) {
	files := map[string]int{} // by folder
	var all []function
	for _, path := range goFiles(t) {
		files[filepath.Dir(path)]++
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if n := bytes.Count(text, []byte("\n")); n > mostLines {
			t.Errorf("%s has %d lines, and the limit is %d: what in it is a thing of its own?", path, n, mostLines)
		}
		all = append(all, functions(t, path, text)...)
	}
	for dir, n := range files {
		if n > mostFiles {
			t.Errorf("%s has %d Go files, and the limit is %d: which of them are a package of their own?", dir, n, mostFiles)
		}
	}
	checkLengths(t, all)
}

func checkLengths(t *testing.T, all []function) {
	t.Helper()
	if len(all) < 1000 {
		t.Fatalf("only %d functions are found", len(all))
	}
	var lengths []int
	for _, f := range all {
		lengths = append(lengths, f.lines)
		if f.lines > longest && !f.table {
			t.Errorf("%s has %d lines, and the limit is %d", f.name, f.lines, longest)
		}
	}
	slices.Sort(lengths)
	if n := lengths[len(lengths)*9/10]; n > longNinetieth {
		t.Errorf("nine in ten functions have up to %d lines, and the limit is %d", n, longNinetieth)
	}
	if n := lengths[len(lengths)/2]; n > longMedian {
		t.Errorf("the median of the functions has %d lines, and the limit is %d", n, longMedian)
	}
}

// goFiles are those of the module that are no tests.
func goFiles(t *testing.T) []string {
	t.Helper()
	var list []string
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "testdata" || d.Name() == ".git"):
			return fs.SkipDir
		case filepath.Ext(path) == ".go" && !strings.HasSuffix(path, "_test.go"):
			list = append(list, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func functions(t *testing.T, path string, text []byte) []function {
	t.Helper()
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, path, text, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	var list []function
	for _, d := range file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok {
			lines := set.Position(f.End()).Line - set.Position(f.Pos()).Line + 1
			list = append(list, function{path + ": " + f.Name.Name, lines, isTable(f)})
		}
	}
	return list
}

// isTable tells whether a function only returns a literal.
func isTable(f *ast.FuncDecl) bool {
	if f.Body == nil || len(f.Body.List) != 1 {
		return false
	}
	back, ok := f.Body.List[0].(*ast.ReturnStmt)
	if !ok || len(back.Results) != 1 {
		return false
	}
	_, ok = back.Results[0].(*ast.CompositeLit)
	return ok
}
