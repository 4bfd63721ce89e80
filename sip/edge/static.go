package edge

import (
	"context"
	"net/netip"
	"sync"

	sipmsg "github.com/emiago/sipgo/sip"

	"ringway/sip/call"
	"ringway/sip/transaction"
	"ringway/sip/transport"
)

// static is the contact of a phone that never registers: where the configuration says it is, over UDP.
func (e *Edge) static(account string) (call.Contact, bool) {
	at, ok := e.rules.Load().Static[account]
	if !ok {
		return call.Contact{}, false
	}
	flow, err := e.parts.Load().Paths.Connect(context.Background(), transport.UDP, at) // opens nothing
	if err != nil {
		e.o.Log.Debug("static contact not reachable", "aor", account, "err", err)
		return call.Contact{}, false
	}
	return call.Contact{URI: hostURI(account, at), Flow: flow}, true
}

// hostURI is the SIP URI of a user at an address.
func hostURI(user string, at netip.AddrPort) sipmsg.Uri {
	u := sipmsg.Uri{Scheme: "sip", User: user, Host: at.Addr().String(), Port: int(at.Port())}
	if at.Addr().Is6() {
		u.Host = "[" + u.Host + "]"
	}
	return u
}

// AskStatic asks the static contact of an account by OPTIONS; answered is told once, from any goroutine.
func (e *Edge) AskStatic(account string, answered func(bool)) {
	var once sync.Once
	tell := func(ok bool) { once.Do(func() { answered(ok) }) }
	c, ok := e.static(account)
	if !ok {
		tell(false)
		return
	}
	_, err := e.parts.Load().Table.Send(e.ping(c.URI, c.Flow), c.Flow, func(ev transaction.ClientEvent) {
		if ev.Kind != transaction.Response {
			tell(false)
		} else if ev.Response.StatusCode >= 200 {
			tell(true)
		}
	})
	if err != nil {
		tell(false)
	}
}
