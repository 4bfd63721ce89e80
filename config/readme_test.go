package config

import (
	"os"
	"path/filepath"
	"regexp"
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
