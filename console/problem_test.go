package console

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Pages translate by codes: the list of them is what their dictionaries are held against.
func TestSentences(t *testing.T) {
	all := map[string]string{}
	add := func(code, text string) {
		if _, twice := all[code]; !twice {
			all[code] = text
		}
	}
	for code, text := range sentences {
		add(code, text)
	}
	for _, w := range append(slices.Clone(templates), details...) {
		add(w.code, w.text)
	}
	for _, k := range known {
		if strings.Contains(k.err.Error(), "\n") {
			t.Errorf("%s is no sentence", k.code)
		}
		add(k.code, k.err.Error())
	}
	text, err := json.MarshalIndent(all, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	golden := filepath.Join("..", "testdata", "console", "problems.json")
	if *update {
		if err := os.WriteFile(golden, append(text, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if string(text)+"\n" != string(want) {
		t.Errorf("the sentences differ from %s (rewrite with -update after a look, and translate what is new)", golden)
	}
}

// Every code that is said is a sentence, and every sentence is said.
func TestCodesAreSentences(t *testing.T) {
	said := map[string]bool{}
	for _, f := range parsed(t, ".") {
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			name, ok := call.Fun.(*ast.Ident)
			if !ok || !slices.Contains([]string{"refused", "wrongField", "badField", "bad"}, name.Name) || len(call.Args) < 2 {
				return true
			}
			lit, ok := call.Args[1].(*ast.BasicLit)
			if !ok {
				return true
			}
			code, _ := strconv.Unquote(lit.Value)
			if _, known := sentences[code]; !known {
				t.Errorf("%q is no sentence", code)
			}
			said[code] = true
			return true
		})
	}
	for code := range sentences {
		if !said[code] {
			t.Errorf("nobody says %q", code)
		}
	}
}

// What is wrong with a request has a code, whoever found it, and what was sent is not told again: it may be a password.
func TestEveryFlawHasACode(t *testing.T) {
	o := opened(t)
	ada, mei := o.as("ada"), o.as("mei")
	for _, q := range []string{"limit=x", "from=x", "from=2026-02-30T00:00:00Z", "clock=x", "share=x", "again_within=x", "up_from=x", "open=x&open=y"} {
		eachCoded(t, ada.want("GET", "/api/v1/calls?"+q, nil, 422))
	}
	eachCoded(t, ada.want("GET", "/api/v1/recordings/r?download=x", nil, 422))
	for _, body := range []string{`{`, `[]`, `1`, `{} {}`, `x`, `{"old": 1e999}`, strings.Repeat("[", 20000), `{"old": "s3cret-word", "password": 7}`, `{"old": "s3cret-word"`, `{"s3cret-word": 1}`,
		`{"old": "` + strings.Repeat("s3cret-word", 200) + `", "password": "x"}`} {
		_, said := mei.send("POST", "/api/v1/me/password", body)
		eachCoded(t, said)
		if strings.Contains(strings.ReplaceAll(said, "body.s3cret-word", ""), "s3cret-word") {
			t.Errorf("%s is told again: %s", cut(body, 60), cut(said, 300))
		}
	}
}

// eachCoded checks that a problem and its flaws have codes.
func eachCoded(t *testing.T, problem string) {
	t.Helper()
	var p struct {
		Code   string
		Errors []sentence
	}
	if err := json.Unmarshal([]byte(problem), &p); err != nil || p.Code == "" || len(p.Errors) == 0 {
		t.Errorf("%v in %s", err, cut(problem, 300))
	}
	for _, e := range p.Errors {
		if e.Code == "" {
			t.Errorf("no code in %s", cut(problem, 300))
		}
	}
}

// What other packages say to people who asked through this one has a code.
func TestWhatOthersSayHasACode(t *testing.T) {
	own := map[string]bool{}
	for _, k := range known {
		own[k.err.Error()] = true
	}
	for file, calls := range map[string][]string{
		"desk/errors.go": {"New"}, "desk/act.go": {"words"}, "staff/guard.go": {"New"}, "staff/self.go": {"New"}, "staff/key.go": {"New"}, "staff/invite.go": {"New"},
		"../sip/call/origin.go": {"New"}, "../store/report/query.go": {"fail", "FieldError"}, "../store/report/drilled.go": {"fail"},
		"../cmd/internal/node/simulation_caller.go": {"no", "WrongField"}, "../cmd/internal/node/callback.go": {"NotPlaced"},
	} {
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		found := sentencesIn(f, calls)
		if len(found) == 0 {
			t.Errorf("%s says nothing with %v", file, calls)
		}
		for _, s := range found {
			s = strings.NewReplacer("%q", `"x"`, "%s", "x", "%d", "7", "%v", "name one of the app domains: x").Replace(s)
			if strings.HasPrefix(s, " ") {
				s = "x" + s
			}
			if codeOfText(s).Code == "" && !own[s] {
				t.Errorf("%s: %q has no code", file, s)
			}
		}
	}
}

// sentencesIn are the texts with which some functions are called, types are made, or a table is filled.
func sentencesIn(f *ast.File, names []string) (out []string) {
	name := func(e ast.Expr) string {
		switch e := e.(type) {
		case *ast.Ident:
			return e.Name
		case *ast.SelectorExpr:
			return e.Sel.Name
		}
		return ""
	}
	take := func(parts []ast.Expr) {
		longest := ""
		for _, e := range parts {
			if s := longestIn(e); len(s) > len(longest) {
				longest = s
			}
		}
		if strings.Contains(longest, " ") {
			out = append(out, longest)
		}
	}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			if slices.Contains(names, name(n.Fun)) {
				take(n.Args)
			}
		case *ast.CompositeLit:
			if n.Type != nil && slices.Contains(names, name(n.Type)) {
				take(n.Elts)
			}
		case *ast.ValueSpec:
			if slices.Contains(names, n.Names[0].Name) {
				for _, e := range n.Values[0].(*ast.CompositeLit).Elts {
					take([]ast.Expr{e})
				}
			}
		}
		return true
	})
	return out
}

// longestIn is the longest text written in an expression: sentences are longer than names of fields.
func longestIn(e ast.Expr) (out string) {
	ast.Inspect(e, func(n ast.Node) bool {
		if l, is := n.(*ast.BasicLit); is && l.Kind == token.STRING {
			if s, err := strconv.Unquote(l.Value); err == nil && len(s) > len(out) {
				out = s
			}
		}
		return true
	})
	return out
}

// What huma says of requests is coded on its way out, with what it tells beside.
func TestChecksOfRequestsAreCoded(t *testing.T) {
	o := opened(t)
	ada := o.as("ada")
	for _, c := range []struct {
		method, path string
		body         any
		status       int
		want         string
	}{
		{"POST", "/customers", map[string]any{"id": strings.Repeat("x", 129)}, 422, `validation: body.id max_length map[n:128]`},
		{"POST", "/customers", map[string]any{"id": "a b"}, 422, `validation: body.id pattern map[pattern:^[A-Za-z0-9_.:@+-]+$]`},
		{"POST", "/customers", map[string]any{}, 422, `validation: body required map[name:id]`},
		{"POST", "/customers", map[string]any{"id": "c", "zone": "Mars/Phobos", "priority_seconds": 100000}, 422, `validation: body.priority_seconds maximum map[n:86400]`},
		{"POST", "/customers", map[string]any{"id": "c", "zone": "Mars/Phobos", "region": "Taiwan"}, 422, `validation: body.region region_code map[]; body.zone zone_name map[]`},
		{"GET", "/audit?cursor=x", nil, 422, `validation: query.cursor cursor map[]`},
		{"GET", "/calls/none", nil, 404, `not_found:`},
		{"POST", "/staff/zoe/logout", nil, 404, `no_person map[person:zoe]:`},
		{"GET", "/nowhere", nil, 404, `no_operation:`},
	} {
		_, text := ada.send(c.method, base+c.path, c.body)
		var p refusal
		if err := json.Unmarshal([]byte(text), &p); err != nil {
			t.Fatalf("%s %s: %v: %s", c.method, c.path, err, text)
		}
		got := p.Code
		if len(p.Params) > 0 {
			got += fmt.Sprint(" ", p.Params)
		}
		var fields []string
		for _, f := range p.Errors {
			fields = append(fields, fmt.Sprintf("%s %s %v", f.Location, f.Code, f.Params))
		}
		slices.Sort(fields)
		if got = strings.TrimSpace(got + ": " + strings.Join(fields, "; ")); got != c.want || p.Status != c.status {
			t.Errorf("%s %s: %d %s, want %d %s", c.method, c.path, p.Status, got, c.status, c.want)
		}
	}
}

func parsed(t *testing.T, dir string) (out []*ast.File) {
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, f)
	}
	return out
}
