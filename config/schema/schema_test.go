package schema

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v4"

	"ringway/config"
	"ringway/config/diag"
)

// compiled is a schema as a validator reads it.
func compiled(t *testing.T, file string) *jsonschema.Schema {
	t.Helper()
	s, ok := For(file, Names{Contexts: []string{"from-app"}})
	if !ok {
		t.Fatalf("no schema for %s", file)
	}
	text, err := s.JSON()
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource(file, doc); err != nil {
		t.Fatal(err)
	}
	out, err := c.Compile(file)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// kind is which schema a file has.
func kind(path string) string {
	if filepath.Base(filepath.Dir(path)) == "dialplan" {
		return "dialplan"
	}
	return strings.TrimSuffix(filepath.Base(path), ".yaml")
}

// asJSON makes of YAML what a browser's editor makes of it.
func asJSON(t *testing.T, src []byte) any {
	t.Helper()
	var v any
	if err := yaml.Unmarshal(src, &v); err != nil {
		t.Fatal(err)
	}
	return plain(v)
}

func plain(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k, x := range v {
			v[k] = plain(x)
		}
		return v
	case map[any]any:
		out := map[string]any{}
		for k, x := range v {
			out[fmt.Sprint(k)] = plain(x)
		}
		return out
	case []any:
		for i, x := range v {
			v[i] = plain(x)
		}
		return v
	case time.Time:
		return v.Format(time.DateOnly)
	}
	return v
}

// folders are configurations without errors: the starter, and those of testdata.
func folders(t *testing.T) []string {
	t.Helper()
	starter := filepath.Join(t.TempDir(), "starter")
	if err := config.Init(starter); err != nil {
		t.Fatal(err)
	}
	return []string{starter, "../../testdata/config/crowd", "../../testdata/config/real"}
}

func TestConfigurationsAreValid(t *testing.T) {
	for _, dir := range folders(t) {
		files, _, err := config.Texts(dir)
		if err != nil || len(files) < 4 {
			t.Fatalf("%s: %d files: %v", dir, len(files), err)
		}
		for name, text := range files {
			if err := compiled(t, kind(name)).Validate(asJSON(t, []byte(text))); err != nil {
				t.Errorf("%s: %s: %v", dir, name, err)
			}
		}
	}
}

// TestSoundDialplansAreValid: so are all that the dialplan's own tests compile.
func TestSoundDialplansAreValid(t *testing.T) {
	files, err := filepath.Glob("../../testdata/dialplan/ok/*/*.yaml")
	more, _ := filepath.Glob("../../testdata/dialplan/ok/*.yaml")
	if files = append(files, more...); err != nil || len(files) == 0 {
		t.Fatalf("no dialplans: %v", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Contains(text, []byte("contexts:")) {
			continue // tests of a plan
		}
		if err := compiled(t, "dialplan").Validate(asJSON(t, text)); err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
}

// TestMistakesAreRefused: unknown keys and values, as the loader refuses them.
func TestMistakesAreRefused(t *testing.T) {
	for _, c := range []struct{ file, text string }{
		{"ringway", "nod: x"}, {"ringway", "log: {level: loud}"}, {"ringway", "accounts: {mei: {}}"}, {"ringway", "limits: {calls: many}"},
		{"queues", "queues: {help: {ring_tim: 20s}}"}, {"queues", "queues: {help: {ring_time: 20}}"}, {"queues", "queues: {help: {rank: best}}"},
		{"people", "people: [{name: x}]"}, {"people", "people: [{id: x, languages: {en: 6}}]"},
		{"dialplan", "contexts: {a: {extensions: {x: [playbak]}}}"}, {"dialplan", "contexts: {a: {extensions: {x: [{queue: {nam: x}}]}}}"},
		{"dialplan", "contexts: {a: {includes: []}}"},
	} {
		if compiled(t, c.file).Validate(asJSON(t, []byte(c.text))) == nil {
			t.Errorf("%s: %s is taken", c.file, c.text)
		}
	}
	if _, ok := For("secrets", Names{}); ok {
		t.Error("a schema of nothing")
	}
}

// TestTheLoaderKnowsEveryKey: what an editor offers, the loader takes.
func TestTheLoaderKnowsEveryKey(t *testing.T) {
	dir := folders(t)[0]
	for _, file := range []string{"ringway", "queues", "people"} {
		s, _ := For(file, Names{})
		var b strings.Builder
		sample(&b, s, 0)
		text := b.String()
		_, found, _ := config.LoadOver(dir, config.Overlay{file + ".yaml": &text})
		for _, f := range found.All() {
			if f.Code == diag.CodeUnknown || f.Code == diag.CodeSyntax {
				t.Errorf("%v\n%s", f, text)
			}
		}
		if strings.Count(text, "\n") < 20 {
			t.Errorf("the sample of %s is too small to prove anything: %s", file, text)
		}
	}
}

// opens are values without which the keys beside them mean nothing.
var opens = map[string]string{"server": "mail.example.org:587", "issuer": "https://login.example.org", "client_id": "x", "from": "a@example.org"}

// sample writes every key of a schema, without values.
func sample(b *strings.Builder, s *Schema, depth int) {
	margin := strings.Repeat("  ", depth)
	for _, any := range s.AnyOf {
		if any.Properties != nil {
			sample(b, any, depth)
			return
		}
		if any.Items != nil && any.Items.Properties != nil {
			sample(b, any, depth)
			return
		}
	}
	entry, _ := s.Additional.(*Schema)
	switch {
	case s.Properties != nil:
		for key, f := range s.Properties {
			fmt.Fprintf(b, "%s%s: %s\n", margin, key, opens[key])
			sample(b, f, depth+1)
		}
	case s.Items != nil && s.Items.Properties != nil:
		fmt.Fprintf(b, "%s-\n", margin)
		sample(b, s.Items, depth+1)
	case entry != nil && entry.Properties != nil:
		fmt.Fprintf(b, "%sx:\n", margin)
		sample(b, entry, depth+1)
	}
}

func TestSettingsAreExplained(t *testing.T) {
	s, _ := For("ringway", Names{})
	if d := s.Properties["zone"].Description; !strings.Contains(d, "time zone") {
		t.Errorf("zone is explained as %q", d)
	}
	account, _ := s.Properties["accounts"].Additional.(*Schema)
	if d := account.Properties["context"].Description; d == "" {
		t.Error("an account's context is not explained")
	}
}
