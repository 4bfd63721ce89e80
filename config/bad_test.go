package config

import (
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
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
