package demo

import (
	"context"
	"sync"
	"time"

	"ringway/codecs"
	"ringway/codecs/opus"
	"ringway/console"
)

// apps are customers' apps that stay open. The zero value has none.
type apps struct {
	mu  sync.Mutex // guards all; a leaf
	all []*agent
}

func (a *apps) keep(app *agent) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.all = append(a.all, app)
}

// closing takes them out.
func (a *apps) closing() []*agent {
	a.mu.Lock()
	defer a.mu.Unlock()
	out := a.all
	a.all = nil
	return out
}

// openApp leaves a customer's app open once she has called: it is registered from then on, as long as a credential may live,
// and she answers when she is called back. An app that can't be opened is no reason not to call.
func (c *company) openApp(ctx context.Context, who customer) {
	life := c.config.Settings.AppDomains[c.domain].MaxLifetime
	if !c.lobby.open(who.subject, life) {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	cred, err := c.node.Mint(ctx, console.MintRequest{Domain: c.domain, Subject: who.subject, Claims: who.claims, Lifetime: life})
	if err == nil {
		o := phoneTo(c.server, cred.Realm)
		o.User, o.Name, o.AuthUser, o.Password, o.Expires, o.Log = who.subject, who.claims.Name, cred.User, cred.Password, 2*time.Minute, c.o.Log
		a := &agent{account: who.subject, codecs: codecs.NewSet(opus.Codec()), log: c.o.Log, thinking: 1500 * time.Millisecond, customer: true,
			busy: func() bool { return c.lobby.calls(who.subject) }, answered: func(*talk) {}}
		if err = newAgent(ctx, o, a); err == nil {
			c.apps.keep(a)
			return
		}
	}
	c.o.Log.Warn("a robot customer's app stays closed", "err", err)
}
