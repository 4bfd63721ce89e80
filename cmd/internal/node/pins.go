package node

import (
	"crypto/subtle"
	"sync"
	"time"
)

// A phone from which this many wrong pins came within pinWindow is refused for pinRest, whatever it types.
const (
	pinTries  = 5
	pinWindow = 10 * time.Minute
	pinRest   = 10 * time.Minute
)

// pins counts wrong pins of hot desks by the account they were typed at. Accounts are configured, so there are not many.
type pins struct {
	now func() time.Time

	mu    sync.Mutex             // guards what follows
	wrong map[string][]time.Time // by account, the last pinTries at most
	rests map[string]time.Time   // until when an account is refused
}

func newPins(now func() time.Time) *pins {
	return &pins{now: now, wrong: map[string][]time.Time{}, rests: map[string]time.Time{}}
}

// refused tells whether an account has to wait.
func (p *pins) refused(account string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	until, rests := p.rests[account]
	if rests && !until.After(p.now()) {
		delete(p.rests, account)
		rests = false
	}
	return rests
}

// typed counts a pin that was typed at an account; it tells whether the account is refused from now on.
func (p *pins) typed(account string, right bool) (refused bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if right {
		delete(p.wrong, account)
		return false
	}
	now := p.now()
	list := append(p.wrong[account], now)
	for list[0].Before(now.Add(-pinWindow)) {
		list = list[1:]
	}
	if len(list) < pinTries {
		p.wrong[account] = list
		return false
	}
	delete(p.wrong, account)
	p.rests[account] = now.Add(pinRest)
	return true
}

// samePin compares without telling by its time how much of it is right.
func samePin(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
