package auth

import (
	"errors"
	"strings"
	"testing"

	sipmsg "github.com/emiago/sipgo/sip"
)

// Our client answers our server, whatever it challenges.
func TestClientLogsIn(t *testing.T) {
	for _, algs := range [][]Algorithm{{MD5}, {SHA256}, {MD5, SHA256}} {
		b := newBench(Options{Algorithms: algs})
		c := &Client{Realm: "example.org", User: "mei", Password: "tea"}
		challenge := b.Check(b.request("INVITE", "mei", "example.org"), Peer{Source: office}).Response
		for range 3 { // the count rises
			req := b.request("INVITE", "mei", "example.org")
			h, err := c.Answer(req, challenge)
			if err != nil {
				t.Fatal(err)
			}
			if len(algs) > 1 && !strings.Contains(h.Value(), "SHA-256") {
				t.Error("the weaker was taken")
			}
			req.AppendHeader(h)
			if v := b.Check(req, Peer{Source: office}); status(v) != 200 {
				t.Errorf("%v: %d", algs, status(v))
			}
		}
	}
}

func TestClientKeepsItsDigest(t *testing.T) {
	b := newBench(Options{})
	challenge := b.Check(b.request("INVITE", "mei", "example.org"), Peer{Source: office}).Response
	mine := &Client{Realm: "example.org", User: "mei", Password: "tea"}
	if _, err := (&Client{Realm: "carrier.example", User: "u"}).Answer(b.request("INVITE", "mei", "example.org"), challenge); !errors.Is(err, ErrOtherRealm) {
		t.Error(err)
	}
	for _, m := range []string{"BYE", "ACK", "CANCEL", "INFO", "REFER"} {
		if _, err := mine.Answer(b.request(m, "mei", "example.org"), challenge); !errors.Is(err, ErrNotOurs) {
			t.Errorf("%s: %v", m, err)
		}
	}
	req := b.request("INVITE", "mei", "example.org")
	h, _ := mine.Answer(req, challenge)
	req.AppendHeader(h)
	if _, err := mine.Answer(req, challenge); !errors.Is(err, ErrRefusedAgain) {
		t.Error(err)
	}
	bare := sipmsg.NewResponseFromRequest(req, 401, "Unauthorized", nil)
	if _, err := mine.Answer(req, bare); !errors.Is(err, ErrNoChallenge) {
		t.Error(err)
	}
}
