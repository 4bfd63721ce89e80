package node

import (
	"context"
	"net/netip"
	"sync"
	"time"

	"ringway/acd"
	"ringway/config"
	"ringway/console/fault"
)

// Static contacts are phones that never register: they are asked by OPTIONS, and their agents are reachable while they
// answer.
const (
	staticEvery = 20 * time.Second
	staticMiss  = 2 // unanswered questions running until a phone counts as gone
)

// statics knows which static contacts live.
type statics struct {
	mu     sync.Mutex // guards what follows
	missed map[string]int
	alive  map[string]bool
}

// heard takes one answer, or its absence, and says whether the phone came or went with it.
func (s *statics) heard(account string, ok bool) (alive, changed bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	was := s.alive[account]
	if ok {
		s.missed[account], s.alive[account] = 0, true
	} else if s.missed[account]++; s.missed[account] >= staticMiss {
		s.alive[account] = false
	}
	return s.alive[account], s.alive[account] != was
}

// lives tells whether the static contact of an account answered last.
func (s *statics) lives(account string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.alive[account]
}

// forget lists accounts that have no static contact any more, and were alive.
func (s *statics) forget(now map[string]netip.AddrPort) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var gone []string
	for account, alive := range s.alive {
		if _, ok := now[account]; !ok {
			delete(s.alive, account)
			delete(s.missed, account)
			if alive {
				gone = append(gone, account)
			}
		}
	}
	return gone
}

// staticContacts are the accounts that name one.
func staticContacts(c *config.Config) map[string]netip.AddrPort {
	out := map[string]netip.AddrPort{}
	for name, a := range c.Settings.Accounts {
		if a.Contact.IsValid() {
			out[name] = a.Contact
		}
	}
	return out
}

// phone tells the router about a phone, and the desks that show it.
func (n *Node) phone(in acd.Phone) {
	n.router.Post(in)
	n.touchPhone(in.Account)
}

// runStatics asks all static contacts, at once and then again and again.
func (n *Node) runStatics(ctx context.Context) {
	defer n.wg.Done()
	fault.Loop(ctx, n.log, "asking static contacts", n.askStatics)
}

func (n *Node) askStatics(ctx context.Context) {
	t := time.NewTicker(staticEvery)
	defer t.Stop()
	for {
		now := staticContacts(n.config())
		for _, account := range n.statics.forget(now) {
			n.phone(acd.Phone{Account: account, Registered: n.isRegistered(account)})
		}
		for account := range now {
			n.edge.AskStatic(account, func(ok bool) {
				if alive, changed := n.statics.heard(account, ok); changed {
					n.phone(acd.Phone{Account: account, Registered: alive || n.isRegistered(account), Qualified: alive})
				}
			})
		}
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
	}
}

// isRegistered tells whether an account has a binding of its own beside its static contact.
func (n *Node) isRegistered(account string) bool {
	return n.edge.Registered(account, n.clock.Now())
}
