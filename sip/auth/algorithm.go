package auth

import (
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
)

// Algorithm is a digest algorithm (RFC 7616 §3.3, RFC 8760). The session variants are not offered.
type Algorithm string

// Algorithms that can be challenged.
const (
	MD5    Algorithm = "MD5"
	SHA256 Algorithm = "SHA-256"
)

// ParseAlgorithm reads an algorithm's name, without case; none means MD5.
func ParseAlgorithm(name string) (Algorithm, error) {
	switch {
	case name == "", strings.EqualFold(name, string(MD5)):
		return MD5, nil
	case strings.EqualFold(name, string(SHA256)):
		return SHA256, nil
	}
	return "", fmt.Errorf("digest algorithm %q is not known", name)
}

// hash returns H(parts joined by colons) in lower-case hex.
func (a Algorithm) hash(parts ...string) string {
	var room [512]byte
	b := room[:0]
	for i, p := range parts {
		if i > 0 {
			b = append(b, ':')
		}
		b = append(b, p...)
	}
	var out [2 * sha256.Size]byte
	if a == SHA256 {
		sum := sha256.Sum256(b)
		return string(hex.AppendEncode(out[:0], sum[:]))
	}
	sum := md5.Sum(b)
	return string(hex.AppendEncode(out[:0], sum[:]))
}

// exchange is what a digest response covers.
//
//	HA1      = H(user:realm:password)
//	HA2      = H(method:uri)
//	response = H(HA1:nonce:nc:cnonce:qop:HA2)
type exchange struct {
	method, uri               string
	nonce, count, cnonce, qop string
}

// response is the digest of the exchange under HA1. Without qop it is that of RFC 2069, which only a client of ours uses
// towards an old carrier.
func (a Algorithm) response(ha1 string, e exchange) string {
	ha2 := a.hash(e.method, e.uri)
	if e.qop == "" {
		return a.hash(ha1, e.nonce, ha2)
	}
	return a.hash(ha1, e.nonce, e.count, e.cnonce, e.qop, ha2)
}

// ha1 is H(user:realm:password), computed anew whatever is stored, so that each way costs the same time.
func (s *Secret) ha1(a Algorithm, user, realm string) (string, bool) {
	computed := a.hash(user, realm, s.Plain)
	switch {
	case s.Plain != "":
		return computed, true
	case a == MD5 && s.HA1MD5 != "":
		return strings.ToLower(s.HA1MD5), true
	case a == SHA256 && s.HA1SHA256 != "":
		return strings.ToLower(s.HA1SHA256), true
	}
	return computed, false
}
