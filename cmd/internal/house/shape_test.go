package house

import (
	"bytes"
	"go/ast"
	"os/exec"
	"strings"
	"testing"
)

func TestFilesAndFunctionsAreShort(t *testing.T) {
	files, funcs := map[string]bool{}, map[string]bool{}
	for _, s := range sources(t) {
		if lines := bytes.Count(s.text, []byte("\n")); lines > maxFileLines {
			files[s.path] = true
			if longFiles[s.path] == "" {
				t.Errorf("%s has %d lines, more than %d: split it by noun", s.path, lines, maxFileLines)
			}
		}
		for _, d := range s.ast.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || s.test { // a test may tell a long story
				continue
			}
			key := s.path + ":" + f.Name.Name
			if lines := s.line(f.End()) - s.line(f.Pos()) + 1; lines > maxFuncLines {
				funcs[key] = true
				if longFuncs[key] == "" {
					t.Errorf("%s:%d: %s has %d lines, more than %d", s.path, s.line(f.Pos()), f.Name.Name, lines, maxFuncLines)
				}
			}
		}
	}
	for p := range longFiles {
		if !files[p] {
			t.Errorf("exceptions.go excuses %s, which needs no excuse", p)
		}
	}
	for p := range longFuncs {
		if !funcs[p] {
			t.Errorf("exceptions.go excuses %s, which needs no excuse", p)
		}
	}
}

// gofmt is asked as a program: the race detector makes printing the whole tree slow.
func TestFormatted(t *testing.T) {
	base, err := root()
	if err != nil {
		t.Fatal(err)
	}
	ask := exec.Command("gofmt", "-l")
	ask.Dir = base
	for _, s := range sources(t) {
		ask.Args = append(ask.Args, s.path)
	}
	out, err := ask.CombinedOutput()
	if err != nil {
		t.Fatalf("gofmt, which comes with Go: %v: %s", err, out)
	}
	for _, path := range strings.Fields(string(out)) {
		t.Errorf("%s is not gofmt'ed", path)
	}
}

func TestNoInit(t *testing.T) {
	for _, s := range sources(t) {
		for _, d := range s.ast.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
				t.Errorf("%s:%d: no init: name the thing in a list instead", s.path, s.line(f.Pos()))
			}
		}
	}
}

// packageComments joins the package comments of all files of each package.
func packageComments(all []source) map[string]string {
	out := map[string]string{}
	for _, s := range all {
		if s.test {
			continue
		}
		out[s.dir] += ""
		if s.ast.Doc != nil {
			out[s.dir] += s.ast.Doc.Text()
		}
	}
	return out
}

func TestPackageComments(t *testing.T) {
	for dir, doc := range packageComments(sources(t)) {
		if strings.TrimSpace(doc) == "" {
			t.Errorf("package %s has no package comment", dir)
		}
	}
}

// TestGoroutinesAreNamed holds three rules: a goroutine is a run… function or is started in one, and a package that
// starts any says in its package comment, on a line that begins "Ownership:", who owns and ends them.
func TestGoroutinesAreNamed(t *testing.T) {
	all := sources(t)
	docs := packageComments(all)
	for _, s := range all {
		if s.test || testOnly[s.dir] {
			continue
		}
		for _, d := range s.ast.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			ast.Inspect(f, func(n ast.Node) bool {
				g, ok := n.(*ast.GoStmt)
				if !ok {
					return true
				}
				if !isRun(f.Name.Name) && !isRun(called(g.Call)) {
					t.Errorf("%s:%d: a goroutine without a name: start a run… method", s.path, s.line(g.Pos()))
				}
				if !strings.Contains(docs[s.dir], "Ownership:") {
					t.Errorf("%s:%d: package %s starts goroutines; its comment needs an \"Ownership:\" line", s.path, s.line(g.Pos()), s.dir)
				}
				return true
			})
		}
	}
}

func isRun(name string) bool { return strings.HasPrefix(name, "run") || strings.HasPrefix(name, "Run") }

func called(c *ast.CallExpr) string {
	switch f := c.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}
