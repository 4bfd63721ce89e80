package console

import (
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"
)

var update = flag.Bool("update", false, "rewrite golden files")

// The list of operations, who may use them and what is on record is a contract with other systems: a change shows here.
func TestOperations(t *testing.T) {
	api := newAPI(http.NewServeMux(), Options{})
	var lines []string
	for _, op := range api.ops {
		who := "anyone"
		if !op.Allow.anyone {
			who = strings.Trim(string(op.Allow.least)+" | "+strings.Trim(fmt.Sprint(op.Allow.scopes), "[]"), " |")
		}
		flags := ""
		if op.Audit {
			flags += " audit"
		}
		if op.Once {
			flags += " once"
		}
		lines = append(lines, strings.TrimRight(fmt.Sprintf("%-6s %-34s %-20s %-28s%s", op.Method, op.Path, op.ID, who, flags), " "))
	}
	slices.Sort(lines)
	got := strings.Join(lines, "\n") + "\n"
	golden := filepath.Join("..", "testdata", "console", "operations.txt")
	if *update {
		if err := os.MkdirAll(filepath.Dir(golden), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the operations differ from %s (rewrite with -update after a look):\n%s", golden, got)
	}
}

// An operation may take longer than its body took to come: a deadline of reading that is set once the body is there ends the
// request's context while the operation works, and every later request of the connection.
func TestNoDeadlineBehindTheBody(t *testing.T) {
	for path, item := range newAPI(http.NewServeMux(), Options{}).huma.OpenAPI().Paths {
		for _, op := range []*huma.Operation{item.Get, item.Post, item.Put, item.Delete} {
			if op != nil && op.BodyReadTimeout >= 0 {
				t.Errorf("%s %s gets a deadline of %s", op.Method, path, op.BodyReadTimeout)
			}
		}
	}
}

// The description is OpenAPI 3.1, names every operation once, and says what each asks for.
func TestDescription(t *testing.T) {
	o := opened(t)
	var d struct {
		OpenAPI string `json:"openapi"`
		Paths   map[string]map[string]struct {
			ID       string                `json:"operationId"`
			Security []map[string][]string `json:"security"`
			Summary  string                `json:"summary"`
			Answers  map[string]struct {
				Content map[string]any `json:"content"`
			} `json:"responses"`
		} `json:"paths"`
	}
	if err := json.Unmarshal([]byte(o.anonymous().want("GET", "/api/openapi.json", nil, 200)), &d); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(d.OpenAPI, "3.1") {
		t.Errorf("OpenAPI %q", d.OpenAPI)
	}
	seen := map[string]bool{}
	for path, methods := range d.Paths {
		for method, op := range methods {
			if seen[op.ID] || op.ID == "" || op.Summary == "" {
				t.Errorf("%s %s: operation %q", method, path, op.ID)
			}
			seen[op.ID] = true
			for status, a := range op.Answers {
				if len(a.Content) == 0 && (status == "200" || status == "201") {
					t.Errorf("%s: what %s brings is not described: give it a Media", op.ID, status)
				}
			}
		}
	}
	if me := d.Paths["/api/v1/me"]["get"]; len(me.Security) != 1 || me.Security[0]["session"] == nil {
		t.Errorf("/me asks for %v", me.Security)
	}
}
