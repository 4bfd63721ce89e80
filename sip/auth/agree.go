package auth

import (
	"errors"
	"sync/atomic"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"

	"ringway/sip/location"
)

// agree compares what the request says of its sender with whose password was right.
//
//	account   From is the account's AOR; To too for REGISTER                                else 403
//	app       the same with sip:subject@app-domain, and credential live, claims consistent  else 403
//	trunk     speaks for others: From says nothing
func (c *check) agree(realm string, o owner) Verdict {
	id := Identity{Realm: realm}
	var err error
	switch {
	case o.app != nil:
		err = c.app(&id, o)
	case o.account.Trunk != "":
		id.Kind, id.Trunk, id.Context = KindTrunk, o.account.Trunk, o.account.Context
	default:
		id.Kind, id.Account, id.AOR, id.Context = KindAccount, o.account.Name, o.account.AOR, o.account.Context
	}
	if err == nil && id.Kind != KindTrunk {
		err = c.sender(id.AOR)
	}
	if err != nil {
		c.s.stats.refused.Add(1)
		c.s.o.Log.Info("right password, request refused", "aor", id.AOR, "source", c.p.Source.String(), "err", err)
		return Verdict{Response: c.answer(403, "Forbidden")}
	}
	c.s.stats.accepted.Add(1)
	return Verdict{Identity: &id}
}

// Reasons for a 403 after a right password.
var (
	errExpired = errors.New("credential has ended")
	errTooLong = errors.New("credential lives longer than the domain allows")
	errSender  = errors.New("from or to is not the user's own address")
)

func (c *check) app(id *Identity, o owner) error {
	id.Kind, id.Context = KindApp, o.app.Context
	id.Subject, id.Session, id.Expires = o.user.Subject, o.user.Session, o.user.Expires
	aor, err := location.UserAOR(o.user.Subject, o.app.Domain)
	if err != nil {
		return err
	}
	id.AOR = aor
	left := o.user.Expires.Sub(c.now.Round(0))
	if !c.p.InDialog && left <= 0 {
		return errExpired
	}
	if o.app.MaxLifetime > 0 && left > o.app.MaxLifetime+time.Minute { // a minute for clocks that differ
		return errTooLong
	}
	id.Claims, id.Claimed, err = c.s.claims(c.req, o.app, o.user, c.now)
	return err
}

// sender checks that From, and To of a REGISTER, name the user at one of our own hosts of the realm.
func (c *check) sender(aor string) error {
	if from := c.req.From(); from == nil || !c.names(&from.Address, aor) {
		return errSender
	}
	if c.req.Method != sipmsg.REGISTER {
		return nil
	}
	if to := c.req.To(); to == nil || !c.names(&to.Address, aor) {
		return errSender
	}
	return nil
}

// names tells whether a URI means aor: a phone may write any of our hosts for its domain.
func (c *check) names(u *sipmsg.Uri, aor string) bool {
	if location.Is(aor, u) {
		return true
	}
	realm, ours := c.dir.Realm(u.Host)
	if !ours || (u.Scheme != "sip" && u.Scheme != "sips") {
		return false
	}
	got, err := location.UserAOR(u.User, realm)
	return err == nil && got == aor
}

// stats are the server's counters.
type stats struct {
	accepted, challenged, wrong, stale, malformed, refused, banned, bans, foreign atomic.Uint64
}

// Stats counts requests since the start by what became of them.
type Stats struct {
	Accepted   uint64
	Challenged uint64 // no credentials, or of a kind that was not offered
	Wrong      uint64 // password or user
	Stale      uint64 // nonce too old, or count reused
	Malformed  uint64
	Refused    uint64 // right password, 403
	Banned     uint64 // not looked at, because of earlier failures
	Bans       uint64 // sources banned
	Foreign    uint64 // not our domain
}

// Stats returns the counters.
func (s *Server) Stats() Stats {
	t := &s.stats
	return Stats{
		Accepted: t.accepted.Load(), Challenged: t.challenged.Load(), Wrong: t.wrong.Load(), Stale: t.stale.Load(),
		Malformed: t.malformed.Load(), Refused: t.refused.Load(), Banned: t.banned.Load(), Bans: t.bans.Load(), Foreign: t.foreign.Load(),
	}
}
