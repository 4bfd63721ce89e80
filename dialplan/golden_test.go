package dialplan_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"ringway/acd"
	"ringway/config/diag"
	"ringway/dialplan"
	"ringway/dialplan/apps"
	"ringway/dialplan/sim"
)

var update = flag.Bool("update", false, "rewrite golden files")

const data = "../testdata/dialplan"

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func options() dialplan.LoadOptions {
	return dialplan.LoadOptions{Apps: apps.All(), Prompts: []string{"welcome", "menu", "goodbye", "all-busy", "closed", "invalid", "sorry-failed", "please-hold"},
		Music: []string{"hold"}, Queues: []string{"support", "700"}, Trunks: []string{"carrier"}, Accounts: []string{"reception", "mei", "ken"}, Entries: []string{"from-app"}}
}

// TestGoodPlans lives through the tests beside each good plan and compares the whole trace.
func TestGoodPlans(t *testing.T) {
	for _, file := range plans(t, "ok") {
		t.Run(filepath.Base(file), func(t *testing.T) {
			var l diag.List
			plan := dialplan.Load([]dialplan.File{{Name: filepath.Base(file), Data: read(t, file)}}, options(), &l)
			if l.Len() > 0 {
				var out bytes.Buffer
				_ = diag.Render(&out, &l, func(string) []byte { return read(t, file) })
				t.Fatalf("%s", out.String())
			}
			base := strings.TrimSuffix(file, ".yaml")
			spec := acd.LoadSpec(acd.File{Name: "queues.yaml", Text: read(t, base+".queues.yaml")}, acd.File{Name: "people.yaml", Text: read(t, base+".people.yaml")}, &l)
			tests := sim.LoadTests(filepath.Base(base)+".tests.yaml", read(t, base+".tests.yaml"), &l)
			if err := l.Err(); err != nil {
				t.Fatal(err)
			}
			var out strings.Builder
			for _, test := range tests {
				report, problems := sim.RunTest(t.Context(), plan, spec, test)
				for _, p := range problems {
					t.Errorf("%s: %s: %s", test.Pos, test.Name, p)
				}
				fmt.Fprintf(&out, "== %s: %s after %s\n", test.Name, report.Cause, report.End.Sub(report.Trace[0].At))
				for _, line := range report.Trace {
					fmt.Fprintf(&out, "%6.1f %s\n", line.At.Sub(report.Trace[0].At).Seconds(), line)
				}
				for _, event := range report.Events {
					fmt.Fprintf(&out, "       event   %s\n", event)
				}
			}
			golden(t, base+".golden", []byte(out.String()))
		})
	}
}

// TestBadPlans compares all findings of each bad plan, as an administrator sees them.
func TestBadPlans(t *testing.T) {
	for _, file := range plans(t, "bad") {
		t.Run(filepath.Base(file), func(t *testing.T) {
			var l diag.List
			plan := dialplan.Load([]dialplan.File{{Name: filepath.Base(file), Data: read(t, file)}}, options(), &l)
			if plan != nil || !l.HasErrors() {
				t.Error("a bad plan was loaded")
			}
			var out bytes.Buffer
			if err := diag.Render(&out, &l, func(string) []byte { return read(t, file) }); err != nil {
				t.Fatal(err)
			}
			golden(t, strings.TrimSuffix(file, ".yaml")+".golden", out.Bytes())
		})
	}
}

func plans(t *testing.T, folder string) []string {
	t.Helper()
	all, err := filepath.Glob(filepath.Join(data, folder, "*.yaml"))
	if err != nil || len(all) == 0 {
		t.Fatal("no plans", err)
	}
	var out []string
	for _, f := range all {
		if strings.Count(filepath.Base(f), ".") == 1 {
			out = append(out, f)
		}
	}
	return out
}

func read(t *testing.T, file string) []byte {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return b
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
