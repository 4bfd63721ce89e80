package diag

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "rewrite golden files")

const sample = `# a queue
queues:
  support:
    number: 700
    rin_time: 20s
    ring_time: 20
    ring: "al"
    number: 701
    members: [a, b]
    title: 'it''s ${x}'
    want: >
      speaks(agent) and
      serves(agent)
    join: {yes: 1}
    size: many
  沒有: x
	tab: 1
`

func TestWalkFindsEverythingAtOnce(t *testing.T) {
	src := []byte(strings.Replace(sample, "\ttab: 1\n", "", 1))
	var l List
	root, ok := ParseYAML("queues.yaml", src, &l)
	if !ok {
		t.Fatal(l.Err())
	}
	top := root.Mapping()
	for _, e := range top.Field("queues").Mapping().Entries() {
		q := e.Value.Mapping()
		if got := q.Field("number").String(""); e.Name() == "support" && got != "700" {
			t.Errorf("number %q", got)
		}
		if d := q.Field("ring_time").Duration(15 * time.Second); d != 15*time.Second {
			t.Errorf("ring_time %v", d)
		}
		q.Field("ring").OneOf("one", "one", "all")
		q.Field("size").Int(3)
		q.Field("join").String("")
		q.Field("members").Strings()
		text := q.Field("title").Text()
		if i := strings.Index(text.Value, "${"); i > 0 {
			if p := text.Slice(i, len(text.Value)).Pos(); p.Line != 10 || p.Col != 19 {
				t.Errorf("inside a quoted scalar: %v", p)
			}
		}
		want := q.Require("want").Text()
		if i := strings.Index(want.Value, "serves"); i > 0 {
			if p := want.Slice(i, i+6).Pos(); p.Line != 13 || p.Col != 7 {
				t.Errorf("inside a folded scalar: %v", p)
			}
		}
		q.Done()
	}
	top.Done()
	var out bytes.Buffer
	if err := Render(&out, &l, func(string) []byte { return src }); err != nil {
		t.Fatal(err)
	}
	golden(t, "testdata/walk.txt", out.Bytes())
	js, err := json.MarshalIndent(l.All(), "", " ")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "testdata/walk.json", js)
	if !errors.Is(l.Err(), ErrFindings) {
		t.Error(l.Err())
	}
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("%s differs (rewrite with -update): %v\n%s", name, err, got)
	}
}

func TestBrokenFiles(t *testing.T) {
	deep := strings.Repeat("[", 100) + strings.Repeat("]", 100)
	bomb := "a: &a [x,x,x,x,x,x,x,x,x,x]\n"
	for c := 'b'; c < 'j'; c++ {
		s, p := string(c), string(c-1)
		bomb += s + ": &" + s + " [" + strings.Repeat("*"+p+",", 9) + "*" + p + "]\n"
	}
	for name, c := range map[string]struct{ src, want string }{
		"tab":       {sample, "queues.yaml:17:1: error[YAML001]"},
		"brace":     {"a: {b: 1\nc: 2\n", ":2:2: error[YAML001]"},
		"alias":     {"a: *x\n", ":1:4: error[YAML001]"},
		"circle":    {"a: &x [*x]\n", "YAML001"},
		"bomb":      {bomb, "more than"},
		"deep":      {deep, "YAML001"},
		"two":       {"a: 1\n---\nb: 2\n", ":2:1: error[YAML001]"},
		"nul":       {"a: \x00", "NUL"},
		"merge key": {"a: &a {x: 1}\nb: {<<: *a}\n", ":2:5: error[YAML002]: merge keys"},
		"list key":  {"? [a]\n: 1\n", "a list where a name is wanted"},
	} {
		var l List
		if root, ok := ParseYAML("queues.yaml", []byte(c.src), &l); ok {
			for _, e := range root.Mapping().Entries() {
				if e.Value.Kind() == KindMapping {
					e.Value.Mapping()
				}
			}
		}
		if l.Len() == 0 || !strings.Contains(l.All()[0].String(), c.want) {
			t.Errorf("%s: %v, want %s", name, l.All(), c.want)
		}
	}
	var l List
	if root, ok := ParseYAML("empty.yaml", nil, &l); !ok || root.Present() || root.Mapping().Field("x").Mapping().Field("y").Int(7) != 7 || l.Len() != 0 {
		t.Errorf("an empty file: %v", l.All())
	}
}

func TestSuggest(t *testing.T) {
	known := []string{"playback", "background", "wait_exten", "hangup", "goto"}
	for word, want := range map[string]string{"playbak": "playback", "PlayBack": "playback", "wait-exten": "wait_exten", "waitexten": "wait_exten", "hagnup": "hangup", "zzz": "", "": "", "got": "goto"} {
		if got := Nearest(word, known); got != want {
			t.Errorf("%s: %q, want %q", word, got, want)
		}
	}
}

// A text in which everything is wrong makes a list that somebody can read, and tells that there is more.
func TestMoreThanAnybodyReads(t *testing.T) {
	var l List
	for i := range most + 7 {
		l.Warnf(Pos{File: "a.yaml", Line: i + 1}, "X1", "", "doubtful")
		l.Errorf(Pos{File: "a.yaml", Line: i + 1}, "X2", "", "wrong")
	}
	all := l.All()
	last := all[len(all)-1]
	if len(all) != 2*most+1 || last.Code != CodeMore || last.Severity != Error || !strings.Contains(last.Message, "14 more") || l.Errors() != most+7 || l.Len() != 2*most+14 {
		t.Errorf("%d findings, of %d; the last: %s", len(all), l.Len(), last)
	}
}

func FuzzParseYAML(f *testing.F) {
	f.Add([]byte(sample))
	f.Add([]byte("a: \"x\\\n  y\\u00e9\"\nb: |+\n  x\n\n"))
	f.Fuzz(func(t *testing.T, src []byte) {
		var l List
		root, ok := ParseYAML("f", src, &l)
		if !ok && !l.HasErrors() {
			t.Error("refused without a finding")
		}
		walk(root, 0)
	})
}

func walk(n Node, depth int) {
	switch n.Kind() {
	case KindMapping:
		for _, e := range n.Mapping().Entries() {
			walk(e.Value, depth+1)
		}
	case KindList:
		for _, i := range n.Items() {
			walk(i, depth+1)
		}
	case KindScalar:
		text := n.Text()
		text.TrimSpace().At(3)
		n.Duration(0)
	}
}
