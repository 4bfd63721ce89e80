package auth

import (
	"crypto/rand"
	"hash/maphash"
	"log/slog"
	"net/netip"
	"sync/atomic"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"
)

// Options of a Server. Accounts is required; the zero value of every other field works.
type Options struct {
	Accounts      Accounts
	Sessions      Sessions         // nil: no session was minted here
	Algorithms    []Algorithm      // challenged where the Peer does not say; empty takes MD5
	NonceLifetime time.Duration    // 0 takes 5 minutes
	Nonces        int              // nonces whose counts are remembered; 0 takes 100,000
	Limits        Limits           // what a stranger may try
	Log           *slog.Logger     // nil discards
	Now           func() time.Time // nil takes time.Now
}

// Server checks who sent a request. Its methods may be called from any goroutine.
type Server struct {
	o        Options
	accounts atomic.Pointer[Accounts]
	nonces   *nonceIssuer
	counts   *counts
	failures *failures
	dummy    string // stands in for the secret of users who do not exist
	seed     maphash.Seed
	stats    stats
}

// Peer is where a request came from, and how it is to be challenged.
type Peer struct {
	Source     netip.Addr
	Algorithms []Algorithm // of the listener; empty takes Options.Algorithms
	Proxy      bool        // challenge with 407 and Proxy-Authenticate: we forward the request, we do not answer it
	InDialog   bool        // the end of an app credential is not looked at
}

// Verdict is what Check found: exactly one of Identity, Response and Drop is set.
type Verdict struct {
	Identity *Identity
	Response *sipmsg.Response // to be sent statelessly
	Drop     bool             // answer nothing: a scanner
}

// NewServer makes a Server.
func NewServer(o Options) *Server {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if len(o.Algorithms) == 0 {
		o.Algorithms = []Algorithm{MD5}
	}
	o.NonceLifetime = or(o.NonceLifetime, 5*time.Minute)
	o.Nonces = or(o.Nonces, 100_000)
	s := &Server{
		o: o, nonces: newNonceIssuer(o.Now), counts: newCounts(o.NonceLifetime, o.Nonces),
		failures: newFailures(o.Limits.withDefaults()), dummy: rand.Text(), seed: maphash.MakeSeed(),
	}
	s.Apply(o.Accounts)
	return s
}

// Apply makes a new directory current; nonces and failures stay.
func (s *Server) Apply(a Accounts) { s.accounts.Store(&a) }

// Check tells who sent a request, or what to answer. On success the headers that only we may add are gone from req.
func (s *Server) Check(req *sipmsg.Request, p Peer) Verdict {
	now := s.o.Now()
	if len(p.Algorithms) == 0 {
		p.Algorithms = s.o.Algorithms
	}
	c := &check{s: s, req: req, p: p, now: now, dir: *s.accounts.Load()}
	v := c.run()
	if v.Identity != nil {
		Strip(req)
	}
	return v
}

// Challenge answers a request with a fresh challenge, whatever it carries.
func (s *Server) Challenge(req *sipmsg.Request, p Peer) *sipmsg.Response {
	if len(p.Algorithms) == 0 {
		p.Algorithms = s.o.Algorithms
	}
	c := &check{s: s, req: req, p: p, now: s.o.Now(), dir: *s.accounts.Load()}
	realm, ours := c.realm()
	if !ours {
		return c.answer(403, "Forbidden")
	}
	return c.challenge(realm, false)
}
