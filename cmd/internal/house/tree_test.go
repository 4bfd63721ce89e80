package house

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

const module = "ringway"

// source is one parsed Go file of the tree.
type source struct {
	path string // from the module's root, with slashes
	dir  string // its package
	test bool
	text []byte
	ast  *ast.File
	fset *token.FileSet
}

func (s source) line(p token.Pos) int { return s.fset.Position(p).Line }

// root walks up from the test's folder to go.mod.
func root(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if parent := filepath.Dir(dir); parent != dir {
			dir = parent
			continue
		}
		t.Fatal("no go.mod above the test's folder")
	}
}

// skipped are folders that hold nothing of ours, or no Go.
func skipped(name string) bool {
	switch name {
	case ".git", "node_modules", "dist", "bin", "ringway-data", "testdata":
		return true
	}
	return false
}

// sources parses every Go file of the tree, whatever its build tags.
func sources(t *testing.T) []source {
	t.Helper()
	base := root(t)
	var out []source
	err := filepath.WalkDir(base, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if skipped(d.Name()) {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(p, ".go") {
			return nil
		}
		text, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, p, text, parser.ParseComments)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(base, p)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		out = append(out, source{rel, path.Dir(rel), strings.HasSuffix(rel, "_test.go"), text, file, fset})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(out) < 20 {
		t.Fatalf("only %d Go files found below %s: the walk is broken", len(out), base)
	}
	return out
}

// imported is one import of a file.
type imported struct {
	path, name string
	line       int
}

func (s source) imports(t *testing.T) []imported {
	t.Helper()
	var out []imported
	for _, i := range s.ast.Imports {
		p, err := strconv.Unquote(i.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		name := ""
		if i.Name != nil {
			name = i.Name.Name
		}
		out = append(out, imported{p, name, s.line(i.Pos())})
	}
	return out
}

// under says whether package dir is folder or stands below it.
func under(dir, folder string) bool { return dir == folder || strings.HasPrefix(dir, folder+"/") }
