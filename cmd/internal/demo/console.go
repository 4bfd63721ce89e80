package demo

import (
	"cmp"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// consoleAt is where the demo's console listens: the configured port or the next free one, for this machine only unless the
// whole network may join.
func (c *company) consoleAt(listen string) string {
	_, text, err := net.SplitHostPort(listen)
	if err != nil {
		return "" // the configuration turned it off
	}
	host := loopback.String()
	if c.o.LAN {
		host = ""
	}
	port, err := strconv.Atoi(text)
	if err != nil || c.o.Port < 0 {
		return net.JoinHostPort(host, "0")
	}
	const enough = 200
	for range enough {
		at := net.JoinHostPort(host, strconv.Itoa(port))
		if l, err := net.Listen("tcp", at); err == nil {
			l.Close() //nolint:errcheck // it was only a question
			return at
		}
		port++
	}
	return net.JoinHostPort(host, "0")
}

// passwordFile keeps, among the secrets of the sample company, the password of all its people.
const passwordFile = "console"

// consolePassword is the password with which the people of the sample company log in to the console: random, and the same at
// every start.
func consolePassword(dir string) (string, error) {
	path := filepath.Join(dir, "secrets", passwordFile)
	text, err := os.ReadFile(path)
	if kept := strings.TrimSpace(string(text)); err == nil && kept != "" {
		return kept, nil
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	fresh := strings.ToLower(rand.Text()[:12])
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return "", err
	}
	return fresh, os.WriteFile(path, []byte(fresh+"\n"), 0o600)
}

// passwords gives everybody in people.yaml the console's password.
func (c *company) passwords() (map[string]string, error) {
	password, err := consolePassword(c.config.Dir)
	if err != nil {
		return nil, err
	}
	c.password = password
	out := map[string]string{}
	for _, p := range c.config.Spec.People {
		out[p.ID] = password
	}
	return out, nil
}

// consoleGuide says where the console is and who may log in.
func (c *company) consoleGuide() {
	at := c.node.ConsoleURL()
	if at == "" {
		return
	}
	if c.o.LAN {
		at = strings.Replace(at, loopback.String(), c.reachable().Addr().String(), 1)
	}
	c.printf("\nThe console: open %s in a browser; everybody's password is %s\n", at, c.password)
	w := c.table()
	for _, role := range []string{"agent", "manager", "admin"} {
		for _, p := range c.config.Spec.People {
			if p.Role == role && !(role == "agent" && p.ID != newcomer) {
				w.row(role, fmt.Sprintf("%s (%s)", cmp.Or(p.Login, p.ID), p.Name))
				break
			}
		}
	}
	w.flush()
}
