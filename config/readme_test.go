package config

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// yamlBlock is a block of YAML in Markdown whose first line is a comment with the file that it stands for.
var yamlBlock = regexp.MustCompile("(?s)```yaml\n# ([a-z0-9/.-]+)\n(.*?)```")

func TestReadmeSamplesLoad(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	blocks := yamlBlock.FindAllSubmatch(text, -1)
	if len(blocks) < 2 {
		t.Fatalf("only %d YAML samples found in the README", len(blocks))
	}
	for _, b := range blocks {
		t.Run(string(b[1]), func(t *testing.T) {
			dir := starter(t)
			if err := os.WriteFile(filepath.Join(dir, filepath.FromSlash(string(b[1]))), b[2], 0o600); err != nil {
				t.Fatal(err)
			}
			if c, l, source := Load(dir); c == nil {
				t.Fatalf("the sample has errors:\n%s", render(l, source))
			}
		})
	}
}

// TestReadmeShowsARealFinding makes the README's typing mistake in the starter configuration.
func TestReadmeShowsARealFinding(t *testing.T) {
	readme, err := os.ReadFile(filepath.Join("..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	dir := starter(t)
	file := filepath.Join(dir, "dialplan", "10-customers.yaml")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, bytes.Replace(text, []byte("playback: welcome"), []byte("playbck: welcome"), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	_, l, source := Load(dir)
	found := strings.TrimRight(render(l, source), "\n")
	if shown := "    " + strings.ReplaceAll(found, "\n", "\n    "); !strings.Contains(string(readme), shown) {
		t.Errorf("the README shows another finding than this one:\n%s", found)
	}
}
