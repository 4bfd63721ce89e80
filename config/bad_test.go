package config

import (
	"encoding/json"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"ringway/config/diag"
)

var update = flag.Bool("update", false, "rewrite golden files")

// overlay copies the files of a case over the starter configuration; a file REMOVE lists what to take away.
func overlay(t *testing.T, from, to string) {
	t.Helper()
	err := filepath.WalkDir(from, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		switch d.Name() {
		case "golden.txt":
			return nil
		case "REMOVE":
			for _, name := range strings.Fields(string(text)) {
				if err := os.Remove(filepath.Join(to, name)); err != nil {
					return err
				}
			}
			return nil
		}
		rel, err := filepath.Rel(from, p)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, rel), text, 0o600)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// translated demands that pages can tell a finding in other languages: their dictionaries are held against this list.
func translated(t *testing.T, l *diag.List) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "testdata", "console", "findings.json"))
	var list []string
	if err == nil {
		err = json.Unmarshal(text, &list)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range l.All() {
		if !slices.Contains(list, f.Said.Text) || f.Said.String() != f.Message {
			t.Errorf("%q says %q, which is not in the list", f.Message, f.Said.Text)
		}
		if a := f.Advice(); a.Text != "" && !slices.Contains(list, a.Text) {
			t.Errorf("the hint %q is not in the list", a.Text)
		}
		for _, p := range f.Said.Params {
			if p.Said != nil && !slices.Contains(list, p.Said.Text) {
				t.Errorf("%q of %q is not in the list", p.Said.Text, f.Said.Text)
			}
		}
	}
}

// TestBadConfigurations shows what an administrator reads for broken folders: everything at once, with its place.
func TestBadConfigurations(t *testing.T) {
	base := filepath.Join("..", "testdata", "config", "bad")
	cases, err := os.ReadDir(base)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		t.Run(c.Name(), func(t *testing.T) {
			dir := starter(t)
			overlay(t, filepath.Join(base, c.Name()), dir)
			loaded, l, source := Load(dir)
			if loaded != nil || !l.HasErrors() {
				t.Fatal("a broken configuration was loaded")
			}
			translated(t, l)
			got := strings.ReplaceAll(render(l, source), dir, "DIR")
			golden := filepath.Join(base, c.Name(), "golden.txt")
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("findings differ from %s (rewrite with -update after a look):\n%s", golden, got)
			}
		})
	}
}
