package house

import (
	"strings"
	"testing"
)

// place is a package's floor; test-only packages stand above everything they test.
func place(dir string) (floor int, known bool) {
	if testOnly[dir] {
		return 100, true
	}
	floor, known = floors[dir]
	return floor, known
}

func TestEveryPackageHasAFloor(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range sources(t) {
		seen[s.dir] = true
		if _, ok := place(s.dir); !ok {
			t.Errorf("%s: package %s has no floor; give it one in floors.go", s.path, s.dir)
		}
	}
	for dir := range floors {
		if !seen[dir] {
			t.Errorf("floors.go names %s, which does not exist", dir)
		}
	}
}

func TestImportsOnlyGoDown(t *testing.T) {
	for _, s := range sources(t) {
		if s.test {
			continue // tests may look at anything but the bans
		}
		mine, ok := place(s.dir)
		if !ok {
			continue
		}
		for _, i := range s.imports(t) {
			dir, ours := strings.CutPrefix(i.path, module+"/")
			if !ours {
				continue
			}
			if testOnly[dir] && !testOnly[s.dir] {
				t.Errorf("%s:%d: %s is for tests only", s.path, i.line, dir)
			}
			if theirs, _ := place(dir); theirs >= mine && !testOnly[s.dir] {
				t.Errorf("%s:%d: %s (floor %d) imports %s (floor %d)", s.path, i.line, s.dir, mine, dir, theirs)
			}
		}
	}
}

func TestBans(t *testing.T) {
	for _, s := range sources(t) {
		for _, i := range s.imports(t) {
			for _, b := range bans {
				if s.test || !under(s.dir, b.under) || s.dir == "dialplan/sim" {
					continue
				}
				for _, never := range b.never {
					if i.path == strings.TrimSuffix(never, "/") || strings.HasPrefix(i.path, strings.TrimSuffix(never, "/")+"/") {
						t.Errorf("%s:%d: %s must not import %s: %s", s.path, i.line, s.dir, i.path, b.reason)
					}
				}
			}
			if s.dir == "store" && !s.test && strings.HasPrefix(i.path, module+"/") {
				t.Errorf("%s:%d: the store's root imports nothing of ours", s.path, i.line)
			}
		}
	}
}

func TestLibrariesStayInTheirRooms(t *testing.T) {
	for _, s := range sources(t) {
		if s.test {
			continue
		}
		for _, i := range s.imports(t) {
			for _, l := range libraries {
				if i.path == l.prefix || strings.HasPrefix(i.path, l.prefix+"/") {
					if !allowed(s.dir, l.only) {
						t.Errorf("%s:%d: only %v see %s", s.path, i.line, l.only, l.prefix)
					}
				}
			}
		}
	}
}

func allowed(dir string, only []string) bool {
	for _, o := range only {
		if under(dir, o) {
			return true
		}
	}
	return false
}

func TestAliases(t *testing.T) {
	for _, s := range sources(t) {
		for _, i := range s.imports(t) {
			if want, ok := aliases[i.path]; ok && i.name != want {
				t.Errorf("%s:%d: import %s as %s", s.path, i.line, i.path, want)
			}
		}
	}
}
