package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What has no end, or is far too large to be meant, is refused at its name and not read: a switch that has calls reads its
// configuration again with the memory that it has.
func TestNothingWithoutEndIsRead(t *testing.T) {
	for _, c := range []struct {
		name, want string
		put        func(path string) error
	}{
		{"queues.yaml", "it is a pipe or a device", func(path string) error { return os.Symlink(os.DevNull, path) }},
		{"dialplan/99-log.yaml", "it has more than 67108864 bytes", func(path string) error { return sparse(path, maxText+1) }},
		{"secrets/phones", "it has more than 65536 bytes", func(path string) error { return sparse(path, maxSecret+1) }},
	} {
		dir := filepath.Join(t.TempDir(), "company")
		if err := Init(dir); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, c.name)
		if err := os.Remove(path); err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		if err := c.put(path); err != nil {
			t.Fatal(err)
		}
		loaded, found, _ := Load(dir)
		if err := found.Err(); loaded != nil || err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}

// sparse makes a file of so many zeros that take no room.
func sparse(path string, size int64) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	if err := f.Truncate(size); err != nil {
		return err
	}
	return f.Close()
}
