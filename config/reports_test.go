package config

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// TestReadmeReportsLoad puts the README's reports in the place of the starter configuration's.
func TestReadmeReportsLoad(t *testing.T) {
	readme, err := os.ReadFile(filepath.Join("..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	sample := regexp.MustCompile("(?s)```yaml\n# in ringway.yaml\n(reports:.*?)```").FindSubmatch(readme)
	if sample == nil {
		t.Fatal("the README shows no reports")
	}
	dir := starter(t)
	path := filepath.Join(dir, settingsFile)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(text), "\nreports:\n")
	_, after, more := strings.Cut(rest, "\n\n")
	if !found || !more {
		t.Fatal("the starter configuration has no reports")
	}
	if err := os.WriteFile(path, []byte(before+"\n"+string(sample[1])+"\n"+after), 0o600); err != nil {
		t.Fatal(err)
	}
	c, l, source := Load(dir)
	if c == nil {
		t.Fatalf("the sample has errors:\n%s", render(l, source))
	}
	r := c.Settings.Reports
	if len(r.ServiceLevels) != 2 || r.RepeatWindow != 7*24*time.Hour || len(r.Mail) != 2 || r.Mail[1].On != "mon" || r.Mail[1].Span != "week" || c.Settings.SMTP.From == "" {
		t.Errorf("read as %+v, %+v", r, c.Settings.SMTP)
	}
}
