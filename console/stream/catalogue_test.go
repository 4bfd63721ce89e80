package stream_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"ringway/console/stream"
	"ringway/store"
)

var update = flag.Bool("update", false, "rewrite golden files")

// kindsOfStore reads the constants of store/event.go: whoever adds one there is told to describe it here.
func kindsOfStore(t *testing.T) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join("..", "..", "store", "event.go"), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	ast.Inspect(file, func(n ast.Node) bool {
		v, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if typ, ok := v.Type.(*ast.Ident); ok && typ.Name == "EventKind" {
			name, err := strconv.Unquote(v.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, name)
		}
		return true
	})
	return out
}

func TestCatalogueIsComplete(t *testing.T) {
	var have []string
	for _, k := range stream.Catalogue {
		have = append(have, string(k.Name))
		if k.Doc == "" {
			t.Errorf("%s has no description", k.Name)
		}
		subject, _, _ := strings.Cut(string(k.Name), ".")
		if slices.Contains([]string{"call", "leg", "visit", "offer", "agent"}, subject) && !slices.Contains(k.Always, subject) {
			t.Errorf("%s does not always name its %s", k.Name, subject)
		}
	}
	if want := kindsOfStore(t); !slices.Equal(have, want) {
		t.Errorf("the catalogue has\n%v\nand store has\n%v", have, want)
	}
}

func TestAsyncAPIGolden(t *testing.T) {
	got, err := json.MarshalIndent(stream.AsyncAPI("test"), "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	got = append(got, '\n')
	golden := filepath.Join("..", "..", "testdata", "events", "asyncapi.json")
	if *update {
		if err := os.WriteFile(golden, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("the description of events differs from %s (rewrite with -update after a look)", golden)
	}
	var doc any
	if err := json.Unmarshal(got, &doc); err != nil {
		t.Fatal(err)
	}
	for _, part := range bytes.Split(got, []byte(`"$ref": "#/`))[1:] {
		path, _, _ := bytes.Cut(part, []byte(`"`))
		if !resolves(doc, string(path)) {
			t.Errorf("nothing stands at #/%s", path)
		}
	}
}

func resolves(at any, path string) bool {
	for _, key := range strings.Split(path, "/") {
		m, ok := at.(map[string]any)
		if !ok {
			return false
		}
		at = m[key]
	}
	return at != nil
}

func TestWireForm(t *testing.T) {
	e := event("b1", 17)
	e.At = e.At.Add(1_499)
	got := string((&stream.Entry{Event: e}).Text())
	if want := `{"id":"b1.17","node":"n","at":"2026-03-02T09:00:00.000001Z","kind":"agent.state","agent":"mei","state":"talk"}`; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if err := stream.Check(e); err != nil {
		t.Error(err)
	}
	for _, bad := range []store.Event{
		{Kind: "agent.born"}, {Kind: store.AgentState, Agent: "mei"}, {Kind: store.AgentState, Agent: "mei", State: "happy"},
		{Kind: store.CallAnswer, Call: "c", Agent: "mei"}, {Kind: store.ClockStep, Data: map[string]string{"name": "Mei"}},
	} {
		if stream.Check(bad) == nil {
			t.Errorf("%+v passes", bad)
		}
	}
}

func TestPlaces(t *testing.T) {
	for _, s := range []string{"", "b", "b.", ".3", "b.-1", "b.x", strings.Repeat("b", 80) + ".1", "b.99999999999999999999"} {
		if p, ok := store.ParseEventPlace(s); ok {
			t.Errorf("%q is read as %v", s, p)
		}
	}
	if p, ok := store.ParseEventPlace("b1.17"); !ok || p.String() != "b1.17" {
		t.Errorf("b1.17 is read as %v", p)
	}
}
