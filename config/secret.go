package config

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Secret is where a secret comes from, as written in YAML: "env:NAME", "file:PATH", "ha1:HEX" or the secret itself. It
// prints as its kind, so that a log of settings gives nothing away.
type Secret string

// HA1 is the digest hash of a secret that is stored hashed (RFC 7616 §3.4.2), and whether it is one.
func (s Secret) HA1() (string, bool) { return strings.CutPrefix(string(s), "ha1:") }

// Read fetches the secret. dir is the folder that a relative file is looked for in. A hashed secret has no plain text.
func (s Secret) Read(dir string) (string, error) {
	kind, rest, found := strings.Cut(string(s), ":")
	switch {
	case s == "":
		return "", errors.New("no secret is set")
	case found && kind == "env":
		v, ok := os.LookupEnv(rest)
		if !ok || v == "" {
			return "", fmt.Errorf("environment variable %s is not set", rest)
		}
		return v, nil
	case found && kind == "file":
		if !filepath.IsAbs(rest) {
			rest = filepath.Join(dir, rest)
		}
		b, err := readBounded(rest, maxSecret)
		if err != nil {
			return "", err
		}
		if v := strings.TrimRight(string(b), "\r\n"); v != "" {
			return v, nil
		}
		return "", fmt.Errorf("%s is empty", rest)
	case found && kind == "ha1":
		return "", errors.New("a ha1 secret has no plain text")
	}
	return string(s), nil
}

// String hides the secret.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	if kind, _, ok := strings.Cut(string(s), ":"); ok && (kind == "env" || kind == "file" || kind == "ha1") {
		return kind + ":…"
	}
	return "…"
}
