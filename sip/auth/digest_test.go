package auth

import (
	"errors"
	"strings"
	"testing"
)

func TestParseCredentials(t *testing.T) {
	c, err := ParseCredentials(`dIgEsT USERNAME = "m\"ei" ,realm="a, b",nonce="n=1", uri=sip:example.org;transport=udp , response="r",qop=auth,nc=0000000A,cnonce="",algorithm=md5,auts="x"`)
	want := Credentials{Username: `m\"ei`, Realm: "a, b", Nonce: "n=1", URI: "sip:example.org;transport=udp", Response: "r", Algorithm: "md5", QOP: "auth", NC: "0000000A"}
	if err != nil || c != want {
		t.Errorf("%+v, %v", c, err)
	}
	if hexCount(c.NC) != 10 {
		t.Error(hexCount(c.NC))
	}
	if _, err := ParseCredentials("Basic bWVpOnRlYQ=="); !errors.Is(err, ErrScheme) {
		t.Error(err)
	}
}

// FuzzDigest: whatever is read can be written and read again as the same, and nothing of it breaks a header.
func FuzzDigest(f *testing.F) {
	f.Add(`Digest username="mei", realm="example.org", nonce="x", uri="sip:example.org", response="x", nc=00000001, qop=auth, cnonce="y"`)
	f.Add(`Digest username="a\"b", realm="", nonce=x, uri=sip:a, response=0, nc=zz`)
	f.Add("Digest a=\x00")
	f.Add(`digest realm="x", nonce="y", stale=TRUE, qop="auth,auth-int"`)
	f.Fuzz(func(t *testing.T, s string) {
		if c, err := ParseChallenge(s); err == nil && c.Nonce == "" {
			t.Error("challenge without nonce")
		}
		c, err := ParseCredentials(s)
		if err != nil {
			return
		}
		all := c.Username + c.Realm + c.Nonce + c.URI + c.Response + c.Algorithm + c.Cnonce + c.Opaque + c.QOP + c.NC
		if strings.ContainsAny(all, "\r\n\x00") {
			t.Errorf("control characters in %q", all)
		}
		again, err := ParseCredentials(`Digest username="` + c.Username + `", realm="` + c.Realm + `", nonce="` + c.Nonce + `", uri="` + c.URI + `", response="` + c.Response + `"`)
		if err != nil || again.Username != c.Username || again.URI != c.URI {
			t.Errorf("%+v, %v", again, err)
		}
	})
}
