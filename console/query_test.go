package console

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// A parameter that an operation does not take is refused, whoever asks what: left out, it would be an answer to another question.
func TestUnknownParametersAreRefused(t *testing.T) {
	o, _ := busy(t)
	ada := o.as("ada")
	for _, c := range []struct{ path, want string }{
		{"/calls?quene=help", "query.quene unknown_parameter"},
		{"/calls?quene=help&que%20ue=x&agent=mei", "query.que ue unknown_parameter; query.quene unknown_parameter"},
		{"/calls?agent=mei&agent=ken", "query.agent parameter_twice"},
		{"/calls?agent=%zz", "query query_unread"},
		{"/calls?agent=mei;queue=help", "query query_unread"},
		{"/me?id=ken", "query.id no_parameters"},
		{"/calls/of-mei?id=of-ken", "query.id no_parameters"}, // what the path names, a query does not
		{"/agents?Limit=5", "query.Limit unknown_parameter"},
		{"/events?kind=call.*&kind=agent.*&quene=help", "query.quene unknown_parameter"},
	} {
		var p refusal
		if err := json.Unmarshal([]byte(ada.want("GET", base+c.path, nil, 422)), &p); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, f := range p.Errors {
			got = append(got, f.Location+" "+f.Code)
		}
		if strings.Join(got, "; ") != c.want || p.Code != "validation" {
			t.Errorf("%s: %q, want %q", c.path, got, c.want)
		}
	}
	ada.want("GET", base+"/agents?Limit=5", nil, 422, `"there is no such parameter: there are cursor, limit"`, `"params":{"all":"cursor, limit"}`)
	ada.want("POST", base+"/agents/ken/pause?reason=lunch", "{}", 422, "query.reason") // it belongs into the body
	o.anonymous().want("GET", base+"/calls?quene=help", nil, 401)                      // strangers learn no names
	ada.want("GET", base+"/calls?queue=&agent=&limit=5", nil, 200)                     // an empty form is no mistake
}

// What the figures of reports lead to is read by store/report: every name that it reads is in the description, or is refused.
func TestDrillsAreDeclared(t *testing.T) {
	f, err := parser.ParseFile(token.NewFileSet(), "../store/report/drilled.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var read []string
	ast.Inspect(f, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok || len(call.Args) == 0 {
			return true
		}
		lit, text := call.Args[0].(*ast.BasicLit)
		method, is := call.Fun.(*ast.SelectorExpr)
		if !text || !is {
			return true
		}
		switch name, _ := strconv.Unquote(lit.Value); method.Sel.Name {
		case "Get", "at", "length":
			read = append(read, name)
		case "within":
			read = append(read, name+"_from", name+"_to")
		}
		return true
	})
	if len(read) < 30 {
		t.Fatalf("found %v alone", read)
	}
	var d struct {
		Paths map[string]map[string]struct {
			Parameters []struct{ Name string }
		} `json:"paths"`
	}
	opened(t).anonymous().read("/api/openapi.json", &d)
	var declared []string
	for _, p := range d.Paths[base+"/calls"]["get"].Parameters {
		declared = append(declared, p.Name)
	}
	for _, name := range read {
		if !slices.Contains(declared, name) {
			t.Errorf("GET /calls reads %q and does not declare it: add it to DrillInput", name)
		}
	}
	if fmt.Sprint(slices.Compact(slices.Sorted(slices.Values(declared)))) != fmt.Sprint(slices.Sorted(slices.Values(declared))) {
		t.Errorf("declared twice: %v", declared)
	}
}
