package auth

import (
	"crypto/hmac"
	"hash/maphash"
	"strings"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"

	"ringway/sip/location"
	"ringway/sip/transport"
)

// check is one request on its way to a verdict.
type check struct {
	s   *Server
	req *sipmsg.Request
	p   Peer
	now time.Time
	dir Accounts
}

func (c *check) run() Verdict {
	if to := c.req.To(); c.req.Method == sipmsg.REGISTER && to != nil && to.Address.Scheme != "sip" && to.Address.Scheme != "sips" {
		c.s.stats.malformed.Add(1)
		return Verdict{Response: c.answer(400, "Bad Address Of Record")} // RFC 4475 §3.3.4
	}
	realm, ours := c.realm()
	if !ours {
		c.s.stats.foreign.Add(1)
		return Verdict{Response: c.answer(403, "Forbidden")}
	}
	cred, found, bad := c.credentials(realm)
	if bad {
		c.s.stats.malformed.Add(1)
		return Verdict{Response: c.answer(400, "Bad Authorization")}
	}
	if !found {
		c.s.stats.challenged.Add(1)
		return Verdict{Response: c.challenge(realm, false)}
	}
	return c.credentialed(realm, &cred)
}

// credentialed judges a request that carries credentials for our realm.
func (c *check) credentialed(realm string, cred *Credentials) Verdict {
	alg, err := ParseAlgorithm(cred.Algorithm)
	if err != nil || !c.offered(alg) || cred.QOP != "auth" || cred.NC == "" || cred.Cnonce == "" {
		c.s.stats.challenged.Add(1)
		return Verdict{Response: c.challenge(realm, false)}
	}
	if !sameTarget(cred.URI, &c.req.Recipient) {
		c.s.stats.malformed.Add(1)
		return Verdict{Response: c.answer(400, "Authorization for another URI")}
	}
	id, issued, ours := c.s.nonces.open(realm, cred.Nonce, c.now)
	since := c.now.Sub(c.s.nonces.base)
	if !ours || c.s.counts.stale(issued, since) {
		c.s.stats.stale.Add(1)
		return Verdict{Response: c.challenge(realm, true)}
	}
	switch c.s.failures.check(c.p.Source, cred.Username, c.now) {
	case tryBanned:
		c.s.stats.banned.Add(1)
		return Verdict{Drop: true}
	case tryWait:
		c.s.stats.banned.Add(1)
		return Verdict{Response: c.answer(403, "Forbidden")}
	}
	who, right := c.password(realm, alg, cred)
	if !right {
		c.wrong(realm, cred.Username, who.known)
		return Verdict{Response: c.challenge(realm, false)}
	}
	use := countUse{count: hexCount(cred.NC), mark: c.mark(cred)}
	if c.s.counts.use(id, issued, since, use) == useStale {
		c.s.stats.stale.Add(1)
		return Verdict{Response: c.challenge(realm, true)}
	}
	c.s.failures.right(c.p.Source, cred.Username, c.now)
	return c.agree(realm, who)
}

// wrong counts a wrong password, and tells the administrator whose phone it was that did not get in: nobody else does.
func (c *check) wrong(realm, user string, known bool) {
	c.s.stats.wrong.Add(1)
	if c.s.failures.wrong(c.p.Source, user, c.now) {
		c.s.stats.bans.Add(1)
		c.s.o.Log.Warn("source banned: too many wrong passwords", "source", c.p.Source.String(), "realm", realm)
		return
	}
	if !c.s.failures.tell(c.p.Source, c.now) {
		return
	}
	why := "there is no such user, or no such key as an app's credential names"
	if known {
		why = "the password is wrong"
	}
	c.s.o.Log.Warn("a phone did not get in", "source", c.p.Source.String(), "realm", realm, "user", user[:min(len(user), maxTold)], "err", why)
}

// maxTold bounds what a log line tells of a name that a stranger chose.
const maxTold = 64

// owner is whose password was right; known says whether there is such a user at all.
type owner struct {
	account Account
	app     *App
	user    UserName
	known   bool
}

// password checks the response. Known and unknown users, of either kind, take the same steps.
func (c *check) password(realm string, alg Algorithm, cred *Credentials) (owner, bool) {
	e := exchange{string(c.req.Method), cred.URI, cred.Nonce, cred.NC, cred.Cnonce, cred.QOP}
	if app, is := c.dir.App(realm); is {
		u, err := ParseUserName(cred.Username)
		if err == nil {
			key, known := app.key(u.Key)
			if !known {
				key = []byte(c.s.dummy)
			}
			ha1 := alg.hash(cred.Username, realm, password64(key, cred.Username))
			right := same(alg.response(ha1, e), cred.Response)
			return owner{app: &app, user: u, known: known}, right && known
		}
	}
	a, known := c.dir.Account(realm, cred.Username)
	if !known {
		a.Secret = Secret{Plain: c.s.dummy}
	}
	ha1, usable := a.Secret.ha1(alg, cred.Username, realm)
	right := same(alg.response(ha1, e), cred.Response)
	return owner{account: a, known: known}, right && known && usable
}

// same compares digests in constant time, without case.
func same(a, b string) bool {
	return hmac.Equal([]byte(a), []byte(strings.ToLower(b)))
}

// mark stands for all of a request that a retransmission repeats: whoever only saw a request cannot use its credentials
// with another body or other contacts.
func (c *check) mark(cred *Credentials) uint64 {
	var h maphash.Hash
	h.SetSeed(c.s.seed)
	h.WriteString(cred.Response)
	if id := c.req.CallID(); id != nil {
		h.WriteString(string(*id))
	}
	if q := c.req.CSeq(); q != nil {
		h.WriteByte(byte(q.SeqNo))
		h.WriteByte(byte(q.SeqNo >> 8))
		h.WriteByte(byte(q.SeqNo >> 16))
		h.WriteByte(byte(q.SeqNo >> 24))
	}
	for _, hd := range c.req.Headers() {
		switch hd := hd.(type) { // From and To are held to the identity anyway
		case *sipmsg.ContactHeader:
			var room [256]byte
			h.Write(transport.AppendContact(room[:0], hd))
		default:
			if !strings.EqualFold(hd.Name(), "expires") {
				continue
			}
			h.WriteString(hd.Value())
		}
		h.WriteByte(0)
	}
	h.Write(c.req.Body())
	return h.Sum64()
}

// realm is the protection space of a request: that of the address of record for REGISTER, else of the sender's domain,
// else of the domain that is asked for.
func (c *check) realm() (string, bool) {
	if c.req.Method == sipmsg.REGISTER {
		if to := c.req.To(); to != nil {
			if r, ours := c.dir.Realm(to.Address.Host); ours {
				return r, true
			}
		}
		return "", false
	}
	if from := c.req.From(); from != nil {
		if r, ours := c.dir.Realm(from.Address.Host); ours {
			return r, true
		}
	}
	return c.dir.Realm(c.req.Recipient.Host)
}

// credentials finds those for our realm; bad when they cannot be read, or stand twice.
func (c *check) credentials(realm string) (cred Credentials, found, bad bool) {
	name := "authorization"
	if c.p.Proxy {
		name = "proxy-authorization"
	}
	for _, h := range c.req.Headers() {
		if !strings.EqualFold(h.Name(), name) {
			continue
		}
		one, err := ParseCredentials(h.Value())
		switch {
		case err == ErrScheme:
			continue
		case err != nil:
			return cred, false, true
		case one.Realm != realm:
			continue
		case found:
			return cred, false, true
		}
		cred, found = one, true
	}
	return cred, found, false
}

func (c *check) offered(a Algorithm) bool {
	for _, o := range c.p.Algorithms {
		if o == a {
			return true
		}
	}
	return false
}

// challenge is the one answer to all who did not prove who they are.
func (c *check) challenge(realm string, stale bool) *sipmsg.Response {
	status, reason, name := 401, "Unauthorized", "WWW-Authenticate"
	if c.p.Proxy {
		status, reason, name = 407, "Proxy Authentication Required", "Proxy-Authenticate"
	}
	res := c.answer(status, reason)
	nonce := c.s.nonces.issue(realm, c.now)
	for _, a := range c.p.Algorithms {
		value := `Digest realm="` + realm + `", nonce="` + nonce + `", algorithm=` + string(a) + `, qop="auth"`
		if stale {
			value += ", stale=true"
		}
		res.AppendHeader(sipmsg.NewHeader(name, value))
	}
	return res
}

func (c *check) answer(status int, reason string) *sipmsg.Response {
	return transport.NewResponse(c.req, status, reason)
}

// sameTarget tells whether the digest's uri is the Request-URI: the credentials were made for this request. Parameters may
// differ, as phones add transport to one and not to the other.
func sameTarget(uri string, target *sipmsg.Uri) bool {
	var u sipmsg.Uri
	if err := sipmsg.ParseUri(uri, &u); err != nil {
		return false
	}
	return u.User == target.User && location.CanonicalHost(u.Host) == location.CanonicalHost(target.Host) && u.Port == target.Port
}

func hexCount(s string) uint32 {
	var n uint32
	for i := 0; i < len(s); i++ {
		c := s[i] | 0x20
		if c >= 'a' {
			n = n<<4 | uint32(c-'a'+10)
		} else {
			n = n<<4 | uint32(c-'0')
		}
	}
	return n
}
