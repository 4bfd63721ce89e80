package auth

import (
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"sync"

	sipmsg "github.com/emiago/sipgo/sip"
)

// Errors of a Client.
var (
	ErrNoChallenge  = errors.New("response carries no digest challenge of our realm that we can answer")
	ErrOtherRealm   = errors.New("challenge of another realm than the configured one")
	ErrNotOurs      = errors.New("credentials are not given for this method")
	ErrRefusedAgain = errors.New("challenged again with the same nonce: the password is wrong")
)

// Client answers the challenges of one peer that knows us: a trunk. It gives credentials for its realm only, and only for
// requests that begin something; never for BYE, whose challenge is how a caller makes a switch give its digest away.
//
//	INVITE 1 ──▶ 401 realm, nonce ──▶ Answer ──▶ INVITE 2 with Authorization   (CSeq and branch are the caller's to change)
//
// It may be used from any goroutine.
type Client struct {
	Realm    string // empty takes any realm
	User     string
	Password string

	mu    sync.Mutex // a leaf; guards all below
	nonce string
	count uint32
}

// Answer returns the header that answers the challenge in a 401 or 407 to req. Of several challenges SHA-256 is preferred
// (RFC 8760 §2.4 lets the order decide among those a client supports; ours has no reason to take the weaker).
func (c *Client) Answer(req *sipmsg.Request, res *sipmsg.Response) (sipmsg.Header, error) {
	switch req.Method {
	case sipmsg.INVITE, sipmsg.REGISTER, sipmsg.OPTIONS, sipmsg.MESSAGE, sipmsg.SUBSCRIBE, sipmsg.PUBLISH:
	default:
		return nil, fmt.Errorf("%w: %s", ErrNotOurs, req.Method)
	}
	from, to := "WWW-Authenticate", "Authorization"
	if res.StatusCode == 407 {
		from, to = "Proxy-Authenticate", "Proxy-Authorization"
	}
	ch, alg, err := c.choose(res, from)
	if err != nil {
		return nil, err
	}
	if used := usedNonce(req, to, ch.Realm); used == ch.Nonce && !ch.Stale {
		return nil, ErrRefusedAgain
	}
	return sipmsg.NewHeader(to, c.credentials(req, ch, alg)), nil
}

// choose takes the strongest challenge of our realm.
func (c *Client) choose(res *sipmsg.Response, header string) (best Challenge, alg Algorithm, err error) {
	err = ErrNoChallenge
	for _, h := range res.GetHeaders(header) {
		ch, bad := ParseChallenge(h.Value())
		if bad != nil {
			continue
		}
		if c.Realm != "" && ch.Realm != c.Realm {
			if err == ErrNoChallenge {
				err = fmt.Errorf("%w: %q", ErrOtherRealm, ch.Realm)
			}
			continue
		}
		a, bad := ParseAlgorithm(ch.Algorithm)
		if bad != nil || !authQOP(ch.QOP) || strings.ContainsAny(ch.Realm+ch.Nonce+ch.Opaque, "\r\n\x00") {
			continue
		}
		if err != nil || a == SHA256 && alg != SHA256 {
			best, alg, err = ch, a, nil
		}
	}
	return best, alg, err
}

// authQOP tells whether a challenge takes qop=auth, or asks for none.
func authQOP(list string) bool {
	if list == "" {
		return true
	}
	for _, q := range strings.Split(list, ",") {
		if strings.EqualFold(strings.TrimSpace(q), "auth") {
			return true
		}
	}
	return false
}

func usedNonce(req *sipmsg.Request, header, realm string) string {
	for _, h := range req.GetHeaders(header) {
		if c, err := ParseCredentials(h.Value()); err == nil && c.Realm == realm {
			return c.Nonce
		}
	}
	return ""
}

func (c *Client) credentials(req *sipmsg.Request, ch Challenge, alg Algorithm) string {
	e := exchange{method: string(req.Method), uri: req.Recipient.String(), nonce: ch.Nonce}
	var b strings.Builder
	b.Grow(320)
	fmt.Fprintf(&b, `Digest username="%s", realm="%s", nonce="%s", uri="%s"`, c.User, ch.Realm, ch.Nonce, e.uri)
	if ch.QOP != "" {
		e.qop, e.cnonce, e.count = "auth", rand.Text(), fmt.Sprintf("%08x", c.next(ch.Nonce))
		fmt.Fprintf(&b, `, cnonce="%s", qop=auth, nc=%s`, e.cnonce, e.count)
	}
	fmt.Fprintf(&b, `, response="%s"`, alg.response(alg.hash(c.User, ch.Realm, c.Password), e))
	if ch.Algorithm != "" {
		fmt.Fprintf(&b, `, algorithm=%s`, alg)
	}
	if ch.Opaque != "" {
		fmt.Fprintf(&b, `, opaque="%s"`, ch.Opaque)
	}
	return b.String()
}

// next is the nonce count of the next use of a nonce.
func (c *Client) next(nonce string) uint32 {
	c.mu.Lock()
	defer c.mu.Unlock()
	if nonce != c.nonce {
		c.nonce, c.count = nonce, 0
	}
	c.count++
	return c.count
}
