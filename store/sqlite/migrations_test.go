package sqlite

import (
	"io/fs"
	"strings"
	"testing"
)

// TestMigrationsAreOneStatementEachWay: goose is not made to look for the ends of statements, which takes 4 MB a line.
func TestMigrationsAreOneStatementEachWay(t *testing.T) {
	files, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, name := range files {
		text, err := migrations.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		inside := false
		for n, line := range strings.Split(string(text), "\n") {
			switch {
			case line == "-- +goose StatementBegin":
				inside = true
			case line == "-- +goose StatementEnd":
				inside = false
			case !inside && line != "" && !strings.HasPrefix(line, "--"):
				t.Errorf("%s:%d: put it between '-- +goose StatementBegin' and '-- +goose StatementEnd'", name, n+1)
			}
		}
	}
}
