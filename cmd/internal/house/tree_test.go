package house

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
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
func root() (string, error) {
	dir, err := os.Getwd()
	for err == nil {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", errors.New("no go.mod above the test's folder")
		}
		dir = parent
	}
	return "", err
}

// skipped are folders that hold nothing of ours, or no Go.
func skipped(name string) bool {
	switch name {
	case ".git", "node_modules", "dist", "bin", "ringway-data", "testdata":
		return true
	}
	return false
}

// sources are the Go files of the tree, whatever their build tags. They are parsed once for all rules.
func sources(t *testing.T) []source {
	t.Helper()
	out, err := tree()
	if err != nil {
		t.Fatal(err)
	}
	if len(out) < 20 {
		t.Fatalf("only %d Go files found: the walk is broken", len(out))
	}
	return out
}

var tree = sync.OnceValues(parse)

func parse() (out []source, err error) {
	base, err := root()
	if err != nil {
		return nil, err
	}
	err = filepath.WalkDir(base, func(p string, d fs.DirEntry, err error) error {
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
	return out, err
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
