package auth

import (
	"errors"
	"fmt"
	"strings"
)

// Credentials are the values of an Authorization or Proxy-Authorization header, quotes taken off and escapes left as they
// came: digests are computed over what was sent.
//
//	Digest username="mei", realm="example.org", nonce="…", uri="sip:example.org", response="…",
//	       algorithm=MD5, cnonce="…", qop=auth, nc=00000001
type Credentials struct {
	Username, Realm, Nonce, URI, Response string
	Algorithm, Cnonce, Opaque, QOP, NC    string
}

// Challenge are the values of a WWW-Authenticate or Proxy-Authenticate header.
type Challenge struct {
	Realm, Nonce, Opaque, Algorithm, QOP, Domain string
	Stale                                        bool
}

// ErrScheme is returned for a header of another scheme than Digest: it is as if the header were not there (RFC 4475
// §3.3.7).
var ErrScheme = errors.New("not a digest header")

// Bounds of a digest header; what is beyond them is no phone's.
const (
	maxHeader = 4096
	maxParams = 24
)

// ParseCredentials reads the value of an Authorization header strictly: each parameter once, quoted strings closed, no
// control characters, nc of eight hex digits. Unknown parameters are skipped. Errors other than ErrScheme deserve a 400.
func ParseCredentials(value string) (Credentials, error) {
	var c Credentials
	err := parseParams(value, func(name, v string) {
		switch name {
		case "username":
			c.Username = v
		case "realm":
			c.Realm = v
		case "nonce":
			c.Nonce = v
		case "uri":
			c.URI = v
		case "response":
			c.Response = v
		case "algorithm":
			c.Algorithm = v
		case "cnonce":
			c.Cnonce = v
		case "opaque":
			c.Opaque = v
		case "qop":
			c.QOP = v
		case "nc":
			c.NC = v
		}
	})
	if err != nil {
		return Credentials{}, err
	}
	if c.Username == "" || c.Realm == "" || c.Nonce == "" || c.URI == "" || c.Response == "" {
		return Credentials{}, errors.New("digest header lacks username, realm, nonce, uri or response")
	}
	if c.NC != "" && !isHex(c.NC, 8) {
		return Credentials{}, errors.New("nonce count is not eight hex digits")
	}
	return c, nil
}

// ParseChallenge reads the value of a WWW-Authenticate header as strictly.
func ParseChallenge(value string) (Challenge, error) {
	var c Challenge
	err := parseParams(value, func(name, v string) {
		switch name {
		case "realm":
			c.Realm = v
		case "nonce":
			c.Nonce = v
		case "opaque":
			c.Opaque = v
		case "algorithm":
			c.Algorithm = v
		case "qop":
			c.QOP = v
		case "domain":
			c.Domain = v
		case "stale":
			c.Stale = strings.EqualFold(v, "true")
		}
	})
	if err != nil {
		return Challenge{}, err
	}
	if c.Nonce == "" {
		return Challenge{}, errors.New("challenge lacks a nonce")
	}
	return c, nil
}

// parseParams walks "Digest name=value, name="value"" and hands each pair over, names in lower case.
func parseParams(s string, each func(name, value string)) error {
	if len(s) > maxHeader {
		return fmt.Errorf("digest header of %d bytes", len(s))
	}
	rest, err := cutScheme(s)
	if err != nil {
		return err
	}
	var seen [maxParams]string
	for n := 0; ; n++ {
		name, value, after, err := cutParam(skipSpace(rest))
		if err != nil {
			return err
		}
		name = strings.ToLower(name)
		if n == maxParams {
			return errors.New("too many digest parameters")
		}
		for _, s := range seen[:n] {
			if s == name {
				return fmt.Errorf("digest parameter %s stands twice", name)
			}
		}
		seen[n] = name
		each(name, value)
		rest = skipSpace(after)
		if rest == "" {
			return nil
		}
		if rest[0] != ',' {
			return errors.New("digest parameters are not separated by commas")
		}
		rest = rest[1:]
	}
}

func cutScheme(s string) (rest string, err error) {
	s = skipSpace(s)
	const scheme = "Digest"
	if len(s) <= len(scheme) || !strings.EqualFold(s[:len(scheme)], scheme) || (s[len(scheme)] != ' ' && s[len(scheme)] != '\t') {
		return "", ErrScheme
	}
	return s[len(scheme):], nil
}

// cutParam cuts one name = value off: token "=" ( token / quoted-string ). Values without quotes may hold what a URI
// holds, as some phones leave the quotes of uri away.
func cutParam(s string) (name, value, rest string, err error) {
	n := 0
	for n < len(s) && tokenChar(s[n]) {
		n++
	}
	name, s = s[:n], skipSpace(s[n:])
	if name == "" || s == "" || s[0] != '=' {
		return "", "", "", errors.New("digest parameter is not name=value")
	}
	s = skipSpace(s[1:])
	if s != "" && s[0] == '"' {
		value, rest, err = cutQuoted(s)
		return name, value, rest, err
	}
	n = 0
	for n < len(s) && s[n] > ' ' && s[n] < 0x7f && s[n] != ',' && s[n] != '"' {
		n++
	}
	if n == 0 {
		return "", "", "", fmt.Errorf("digest parameter %q has no value", name)
	}
	return name, s[:n], s[n:], nil
}

// cutQuoted cuts a quoted string off; s begins with its quote.
func cutQuoted(s string) (value, rest string, err error) {
	for i := 1; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"':
			return s[1:i], s[i+1:], nil
		case c == '\\':
			i++
			if i < len(s) && (s[i] < ' ' || s[i] >= 0x7f) {
				return "", "", errors.New("control character in a quoted string")
			}
		case c < ' ' && c != '\t', c == 0x7f:
			return "", "", errors.New("control character in a quoted string")
		}
	}
	return "", "", errors.New("quoted string is not closed")
}

func skipSpace(s string) string { return strings.TrimLeft(s, " \t") }

func tokenChar(c byte) bool {
	switch {
	case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		return true
	}
	return c != 0 && strings.IndexByte("-.!%*_+`'~", c) >= 0
}

func isHex(s string, n int) bool {
	if len(s) != n {
		return false
	}
	for i := 0; i < n; i++ {
		if c := s[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') && (c < 'A' || c > 'F') {
			return false
		}
	}
	return true
}
