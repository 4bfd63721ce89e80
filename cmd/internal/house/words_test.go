package house

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// foreign matches what must not stand in any file of the tree: addresses of package registries and paths of one
// developer's machine. The patterns are put together here so that this file does not match itself.
var foreign = regexp.MustCompile(strings.Join([]string{
	`registry\.npm` + `js\.org`, `proxy\.go` + `lang\.org`, `deb\.deb` + `ian\.org`,
	`"resolved": *"ht` + `tp`, `(^|[^a-z.])/wo` + `rk/`, `/home/[a-z]+/`, `/ro` + `ot/`, `/tm` + `p/`,
}, "|"))

// telltales are pieces without which nothing of foreign can stand in a file: looking for them spares most files the pattern,
// which the race detector makes slow.
var telltales = []string{`registry`, `proxy.go`, `deb.deb`, `"resolved"`, `/wo` + `rk/`, `/home/`, `/ro` + `ot/`, `/tm` + `p/`}

func mayBeForeign(text string) bool {
	return slices.ContainsFunc(telltales, func(piece string) bool { return strings.Contains(text, piece) })
}

func TestNoForeignAddresses(t *testing.T) {
	base, err := root()
	if err != nil {
		t.Fatal(err)
	}
	list := exec.Command("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	list.Dir = base
	out, err := list.Output()
	if err != nil {
		t.Fatalf("git ls-files: %v", err)
	}
	for _, name := range strings.Split(strings.TrimRight(string(out), "\x00"), "\x00") {
		if name == "go.sum" || strings.HasSuffix(name, ".wav") {
			continue
		}
		text, err := os.ReadFile(filepath.Join(base, name))
		if os.IsNotExist(err) {
			continue // deleted, not yet committed
		} else if err != nil {
			t.Fatal(err)
		}
		if !mayBeForeign(string(text)) {
			continue
		}
		for n, line := range strings.Split(string(text), "\n") {
			if m := foreign.FindString(line); m != "" {
				t.Errorf("%s:%d: %q must not stand in the tree", name, n+1, m)
			}
		}
	}
}
