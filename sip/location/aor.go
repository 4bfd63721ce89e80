package location

import (
	"errors"
	"strings"

	sipmsg "github.com/emiago/sipgo/sip"
)

// ErrNotSIP is returned for an address of record that is no SIP or SIPS URI; a registrar answers 400 (RFC 4475 §3.3.4).
var ErrNotSIP = errors.New("address of record is not a sip or sips URI")

// ErrBadUser is returned for a URI without user or host, or with a broken escape in its user part.
var ErrBadUser = errors.New("address of record has no valid user and host")

// AOR returns the canonical address of record that a To, From or Request-URI names, "sip:user@host": scheme sip, host in
// lower case, no port, no password, parameters or headers, and each escape of the user part undone where the character may
// stand as it is (RFC 3261 §10.3 step 5, §19.1.4). %00 stays %00: a NUL is never cut and never reaches a log.
func AOR(u *sipmsg.Uri) (string, error) {
	if u == nil || u.Wildcard || (u.Scheme != "sip" && u.Scheme != "sips" && u.Scheme != "") {
		return "", ErrNotSIP
	}
	return UserAOR(u.User, u.Host)
}

// Is tells whether a URI names a canonical address of record. Mostly it does so letter by letter, and nothing is written.
func Is(aor string, u *sipmsg.Uri) bool {
	if n := len("sip:") + len(u.User); (u.Scheme == "sip" || u.Scheme == "sips") && len(aor) == n+1+len(u.Host) && n > len("sip:") &&
		aor[:4] == "sip:" && aor[4:n] == u.User && aor[n] == '@' && aor[n+1:] == u.Host {
		return true
	}
	got, err := AOR(u)
	return err == nil && got == aor
}

// UserAOR is AOR for a user part, escaped as on the wire, and a host.
func UserAOR(user, host string) (string, error) {
	host = CanonicalHost(host)
	if user == "" || host == "" {
		return "", ErrBadUser
	}
	if plainUser(user) {
		return "sip:" + user + "@" + host, nil
	}
	raw, ok := unescape(user)
	if !ok {
		return "", ErrBadUser
	}
	return "sip:" + EscapeUser(raw) + "@" + host, nil
}

// CanonicalHost returns a host name or address in lower case, without the final dot of a fully qualified name.
func CanonicalHost(host string) string {
	return strings.TrimSuffix(strings.ToLower(host), ".")
}

// EscapeUser writes a user part for a URI: what the grammar of RFC 3261 §25.1 does not allow becomes %XX.
func EscapeUser(raw string) string {
	if plainUser(raw) {
		return raw
	}
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	b.Grow(len(raw) + 8)
	for i := 0; i < len(raw); i++ {
		if c := raw[i]; userChar(c) {
			b.WriteByte(c)
		} else {
			b.WriteByte('%')
			b.WriteByte(hex[c>>4])
			b.WriteByte(hex[c&15])
		}
	}
	return b.String()
}

// plainUser tells whether a user part needs neither escaping nor unescaping.
func plainUser(s string) bool {
	for i := 0; i < len(s); i++ {
		if !userChar(s[i]) {
			return false
		}
	}
	return true
}

// userChar tells whether c may stand unescaped in a user part: unreserved / user-unreserved.
func userChar(c byte) bool {
	switch {
	case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		return true
	}
	return strings.IndexByte("-_.!~*'()&=+$,;?/", c) >= 0
}

// unescape undoes %XX; false when an escape is broken.
func unescape(s string) (string, bool) {
	if strings.IndexByte(s, '%') < 0 {
		return s, true
	}
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] != '%' {
			b = append(b, s[i])
			continue
		}
		if i+2 >= len(s) {
			return "", false
		}
		hi, ok1 := fromHex(s[i+1])
		lo, ok2 := fromHex(s[i+2])
		if !ok1 || !ok2 {
			return "", false
		}
		b = append(b, hi<<4|lo)
		i += 2
	}
	return string(b), true
}

func fromHex(c byte) (byte, bool) {
	switch {
	case '0' <= c && c <= '9':
		return c - '0', true
	case 'a' <= c && c <= 'f':
		return c - 'a' + 10, true
	case 'A' <= c && c <= 'F':
		return c - 'A' + 10, true
	}
	return 0, false
}
