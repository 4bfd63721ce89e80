package config

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"ringway/config/defaults"
)

// secretFiles are what the starter configuration refers to as file:secrets/NAME.
var secretFiles = []string{"phones", "app-k1"}

// Init writes the starter configuration into dir, with fresh secrets of its own. It never touches a folder that already
// holds a configuration.
func Init(dir string) error {
	if info, err := os.Stat(dir); err == nil && !info.IsDir() {
		return fmt.Errorf("%s is no folder: name one, or a name that nothing has yet", dir)
	}
	if _, err := os.Stat(filepath.Join(dir, settingsFile)); !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s already holds a %s: it stays as it is", dir, settingsFile)
	}
	if err := os.MkdirAll(filepath.Join(dir, "secrets"), 0o700); err != nil {
		return err
	}
	for _, name := range secretFiles {
		secret := strings.ToLower(rand.Text()) + "\n"
		if err := os.WriteFile(filepath.Join(dir, "secrets", name), []byte(secret), 0o600); err != nil {
			return err
		}
	}
	return fs.WalkDir(defaults.Starter, ".", func(name string, d fs.DirEntry, err error) error {
		to := filepath.Join(dir, filepath.FromSlash(name))
		switch {
		case err != nil:
			return err
		case d.IsDir():
			return os.MkdirAll(to, 0o755)
		}
		text, err := fs.ReadFile(defaults.Starter, name)
		if err != nil {
			return err
		}
		return os.WriteFile(to, text, 0o644)
	})
}
