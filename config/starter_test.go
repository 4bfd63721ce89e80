package config

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ringway/config/defaults"
	"ringway/config/diag"
)

// starter writes the starter configuration with its secrets, as `ringway init` does.
func starter(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "company")
	if err := Init(dir); err != nil {
		t.Fatal(err)
	}
	return dir
}

func render(l *diag.List, source func(string) []byte) string {
	var b strings.Builder
	if err := diag.Render(&b, l, source); err != nil {
		return err.Error()
	}
	return b.String()
}

func TestStarterLoadsWithoutAFinding(t *testing.T) {
	c, l, source := Load(starter(t))
	if l.Len() > 0 || c == nil {
		t.Fatalf("the starter configuration has findings:\n%s", render(l, source))
	}
	if len(c.Settings.Accounts) < 8 || len(c.Spec.Queues) != 2 || c.Secret(c.Settings.Accounts["mei"].Password) == "" {
		t.Fatalf("the starter configuration is read as %d accounts and %d queues", len(c.Settings.Accounts), len(c.Spec.Queues))
	}
}

func TestInitKeepsWhatIsThere(t *testing.T) {
	dir := starter(t)
	if err := Init(dir); err == nil {
		t.Fatal("a second init went over the first one's files")
	}
	info, err := os.Stat(filepath.Join(dir, "secrets", "phones"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("the secret of the phones: %v, mode %v; want 0600", err, info.Mode())
	}
}

func TestStarterIsCommented(t *testing.T) {
	err := fs.WalkDir(defaults.Starter, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(defaults.Starter, name)
		if !strings.HasPrefix(string(text), "# ") {
			t.Errorf("%s does not begin with what it is", name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
