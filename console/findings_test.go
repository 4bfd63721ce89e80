package console

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"ringway/config/diag"
	"ringway/config/expr"
	"ringway/dialplan/sim"
)

// findingsIn are the packages that say something of a configuration.
var findingsIn = []string{"config", "config/diag", "config/expr", "config/revise", "dialplan", "dialplan/apps", "dialplan/sim", "acd", "console/stream", "cmd/internal/node"}

// passOn are the files in which a sentence comes from elsewhere, and from where it is taken up below.
var passOn = []string{"config/diag/list.go", "config/diag/node.go", "config/diag/said.go", "config/expr/guard.go", "dialplan/args.go", "dialplan/ast.go", "dialplan/pattern.go"}

// makers are the functions that put hints together; what they say is written in them or among diag.Computed.
var makers = []string{"Suggest", "suggestCodec", "typeHint", "addressHint"}

// sayer is where a function takes its format, its hint, or words of ours: -1 for nowhere.
type sayer struct{ format, hint, words int }

var sayers = map[string]sayer{
	"Wrong": {3, 2, -1}, "Doubtful": {3, 2, -1}, "refuse": {1, 2, -1}, "broken": {1, -1, -1},
	"wrong": {-1, -1, 0}, "known": {-1, -1, 1}, "readSet": {-1, -1, 1}, "newNames": {-1, -1, 0},
}

// saidThere collects what the code says of configurations.
type saidThere struct {
	t     *testing.T
	file  string
	texts map[string]bool
}

// text is what is written at an argument; false where it is no plain text.
func text(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(lit.Value)
	return s, err == nil
}

func (s *saidThere) add(sentence string) {
	if sentence != "" {
		s.texts[sentence] = true
	}
}

// how tells where a call has its sentence; false where it says nothing of a configuration.
func how(call *ast.CallExpr) (sayer, bool) {
	lists := []string{"l", "list", "masks", "found"}
	switch f := call.Fun.(type) {
	case *ast.Ident:
		who, ok := sayers[f.Name]
		return who, ok
	case *ast.SelectorExpr:
		if f.Sel.Name != "Errorf" && f.Sel.Name != "Warnf" {
			who, ok := sayers[f.Sel.Name]
			return who, ok && len(call.Args) > max(who.format, who.hint, who.words)
		}
		of := ""
		switch x := f.X.(type) {
		case *ast.Ident:
			of = x.Name
		case *ast.SelectorExpr:
			of = x.Sel.Name
		}
		if slices.Contains(lists, of) {
			return sayer{3, 2, -1}, true
		}
		return sayer{2, 1, -1}, of != "fmt" && len(call.Args) > 2
	}
	return sayer{}, false
}

func (s *saidThere) call(call *ast.CallExpr) {
	who, ok := how(call)
	if !ok {
		return
	}
	if who.format >= 0 {
		format, plain := text(call.Args[who.format])
		if !plain && !slices.Contains(passOn, s.file) {
			s.t.Errorf("%s: a finding whose format is not written out can't be told in other languages", s.file)
		}
		s.add(diag.Sentence(format))
	}
	if who.words >= 0 {
		word, _ := text(call.Args[who.words])
		s.add(word)
	}
	if who.hint >= 0 {
		s.hint(call.Args[who.hint])
	}
}

func (s *saidThere) hint(e ast.Expr) {
	switch h := e.(type) {
	case *ast.BasicLit:
		hint, _ := text(h)
		s.add(hint)
	case *ast.Ident:
		if h.Name != "hint" {
			s.t.Errorf("%s: a hint that comes from %s", s.file, h.Name)
		}
	case *ast.CallExpr:
		name, _ := h.Fun.(*ast.Ident)
		if sel, ok := h.Fun.(*ast.SelectorExpr); ok {
			name = sel.Sel
		}
		if name == nil || !slices.Contains(makers, name.Name) {
			s.t.Errorf("%s: a hint that is made by %v", s.file, h.Fun)
		}
	case *ast.BinaryExpr:
		s.concatenated(h)
	}
}

// concatenated demands that a hint of several parts is among those that are known to be.
func (s *saidThere) concatenated(e *ast.BinaryExpr) {
	parts := []string{}
	ast.Inspect(e, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok {
			part, _ := text(lit)
			parts = append(parts, part)
		}
		return true
	})
	for _, c := range diag.Computed.Texts() {
		if strings.HasPrefix(c, parts[0]) {
			return
		}
	}
	s.t.Errorf("%s: the hint that begins with %q is not among diag.Computed", s.file, parts[0])
}

// look takes up what one file says.
func (s *saidThere) look(f *ast.File) {
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			s.call(n)
		case *ast.AssignStmt:
			for i, left := range n.Lhs {
				if v, ok := left.(*ast.Ident); ok && v.Name == "hint" && len(n.Rhs) == len(n.Lhs) {
					if _, isCall := n.Rhs[i].(*ast.CallExpr); !isCall {
						s.hint(n.Rhs[i])
					}
				}
			}
		case *ast.FuncDecl:
			if slices.Contains(makers, n.Name.Name) && n.Name.Name != "Suggest" {
				ast.Inspect(n, func(n ast.Node) bool {
					if r, ok := n.(*ast.ReturnStmt); ok {
						if _, plain := text(r.Results[0]); plain {
							s.hint(r.Results[0])
						}
					}
					return true
				})
			}
		}
		return true
	})
}

// others are sentences and words that stand in tables and errors.
func (s *saidThere) others() {
	for _, all := range []diag.Sentences{diag.Computed, diag.Causes, expr.Library, sim.Failures} {
		for _, text := range all.Texts() {
			s.add(text)
		}
	}
	for _, k := range []expr.Kind{expr.KindAny, expr.KindBool, expr.KindInt, expr.KindFloat, expr.KindString, expr.KindStrings, expr.KindOther} {
		s.add(string(k))
	}
	for _, word := range []string{"nothing", "a list", "a mapping", "a name", "a phone number", "a name and number", "a name or number"} {
		s.add(word)
	}
}

func parsedFile(t *testing.T, path string) *ast.File {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// Pages tell findings in other languages by what they say before their values are put in: the list of it is what their dictionaries are
// held against.
func TestFindings(t *testing.T) {
	s := &saidThere{t: t, texts: map[string]bool{}}
	for _, dir := range findingsIn {
		files, err := filepath.Glob(filepath.Join("..", dir, "*.go"))
		if err != nil || len(files) == 0 {
			t.Fatal(dir, err)
		}
		for _, path := range files {
			if s.file = dir + "/" + filepath.Base(path); !strings.HasSuffix(path, "_test.go") {
				s.look(parsedFile(t, path))
			}
		}
	}
	s.others()
	var all []string
	for text := range s.texts {
		if regexp.MustCompile(`%[a-z]`).MatchString(text) {
			t.Errorf("%q has a verb in it", text)
		}
		all = append(all, text)
	}
	slices.Sort(all)
	list, err := json.MarshalIndent(all, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	golden := filepath.Join("..", "testdata", "console", "findings.json")
	if *update {
		if err := os.WriteFile(golden, append(list, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if string(list)+"\n" != string(want) {
		t.Errorf("what is said of configurations differs from %s (rewrite with -update after a look, and translate what is new)", golden)
	}
}
