package house

import (
	"go/ast"
	"maps"
	"testing"
)

// bare are the goroutines that have no recover of their own, each with its reason: package:function.
var bare = map[string]string{
	"cmd/ringway:runKeys":     "it reads lines from a terminal and hands them on",
	"dialplan/apps:runDrain":  "it waits for the others and closes a channel",
	"rtp:runReader":           "it reads into a buffer and hands it on; the loop that takes it recovers",
	"sip/call:runWait":        "it waits for the others and closes a channel",
	"sip/transport:runWriter": "it writes what is there to a socket, and looks into nothing",
}

// reach is how many calls a goroutine's recover may be away from where it starts.
const reach = 3

// TestGoroutinesRecover: a panic costs one call, message, session or input and never the switch, so each goroutine that is started
// recovers, itself or in the functions of its package that do the work for it.
func TestGoroutinesRecover(t *testing.T) {
	all := sources(t)
	bodies := map[string][]*ast.FuncDecl{} // by package
	for _, s := range all {
		for _, d := range s.ast.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && !s.test && !testOnly[s.dir] {
				bodies[s.dir] = append(bodies[s.dir], f)
			}
		}
	}
	excused := map[string]bool{}
	for _, s := range all {
		if s.test || testOnly[s.dir] {
			continue
		}
		ast.Inspect(s.ast, func(n ast.Node) bool {
			g, ok := n.(*ast.GoStmt)
			if !ok {
				return true
			}
			name := started(g, s.ast)
			key := s.dir + ":" + name
			switch {
			case recovering(bodies[s.dir])[name]:
			case bare[key] != "":
				excused[key] = true
			default:
				t.Errorf("%s:%d: a panic in %s ends the whole switch: let it recover where the work is done, or say in bare why not",
					s.path, s.line(g.Pos()), name)
			}
			return true
		})
	}
	for key := range bare {
		if !excused[key] {
			t.Errorf("%s needs no excuse", key)
		}
	}
}

// started is the function that a go statement is about: the one it names, else the first run… that its literal calls, else the one
// around it.
func started(g *ast.GoStmt, file *ast.File) (name string) {
	lit, ok := g.Call.Fun.(*ast.FuncLit)
	if !ok {
		return called(g.Call)
	}
	ast.Inspect(lit, func(n ast.Node) bool {
		if c, ok := n.(*ast.CallExpr); ok && name == "" && isRun(called(c)) {
			name = called(c)
		}
		return true
	})
	for _, d := range file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && name == "" && f.Pos() <= g.Pos() && g.End() <= f.End() {
			name = f.Name.Name
		}
	}
	return name
}

// recovering names the functions of a package that recover, or come to one that does within reach.
func recovering(pkg []*ast.FuncDecl) map[string]bool {
	out := map[string]bool{"recover": true, "Contain": true, "Loop": true} // of console/fault
	for range reach + 1 {
		next := maps.Clone(out)
		for _, f := range pkg {
			if calls(f, out) {
				next[f.Name.Name] = true
			}
		}
		out = next
	}
	return out
}

// calls tells whether a function calls one of those names.
func calls(f *ast.FuncDecl, names map[string]bool) (found bool) {
	ast.Inspect(f, func(n ast.Node) bool {
		c, ok := n.(*ast.CallExpr)
		found = found || ok && names[called(c)]
		return !found
	})
	return found
}
