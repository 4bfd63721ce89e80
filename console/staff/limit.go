package staff

import (
	"net/netip"
	"strings"
	"sync"
	"time"
)

// How many wrong passwords may come within a window: for one login from one source, and from one source for all logins, so
// that an office behind one address keeps working. Nobody is locked out for all sources: that would be a weapon.
const (
	tryWindow   = 10 * time.Minute
	tryPair     = 5
	trySource   = 60
	maxTryNames = 20_000 // of each kind; beyond, the longest quiet one is forgotten
)

// tries counts what was tried. An attempt counts when it begins, so that many at once count too, and is taken back when it
// was right.
type tries struct {
	now func() time.Time

	mu      sync.Mutex // guards what follows
	pairs   tally
	sources tally
}

func newTries(now func() time.Time) *tries {
	return &tries{now: now, pairs: tally{most: tryPair, at: map[string][]time.Time{}}, sources: tally{most: trySource, at: map[string][]time.Time{}}}
}

// begin counts an attempt; refused tells how long to wait where there were too many.
func (t *tries) begin(source, login string) (wait time.Duration, ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.now()
	from, pair := Network(source), Network(source)+" "+strings.ToLower(login)
	if wait = max(t.pairs.wait(pair, now), t.sources.wait(from, now)); wait > 0 {
		return wait, false
	}
	t.pairs.add(pair, now)
	t.sources.add(from, now)
	return 0, true
}

// right forgets the wrong attempts of a login from a source, and takes the last one of the source back.
func (t *tries) right(source, login string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.pairs.at, Network(source)+" "+strings.ToLower(login))
	from := Network(source)
	if list := t.sources.at[from]; len(list) > 1 {
		t.sources.at[from] = list[:len(list)-1]
	} else {
		delete(t.sources.at, from)
	}
}

// Network is what counts as one source: an IPv4 address, or the /64 that an IPv6 address is from.
func Network(source string) string {
	a, err := netip.ParseAddr(source)
	if err != nil {
		return source
	}
	if a = a.Unmap().WithZone(""); a.Is4() {
		return a.String()
	}
	p, err := a.Prefix(64)
	if err != nil {
		return source
	}
	return p.String()
}

// tally keeps the times of the last attempts by name.
type tally struct {
	most int
	at   map[string][]time.Time
}

// wait is how long until one more is allowed.
func (c tally) wait(name string, now time.Time) time.Duration {
	list := c.recent(name, now)
	if len(list) < c.most {
		return 0
	}
	return list[len(list)-c.most].Add(tryWindow).Sub(now)
}

func (c tally) recent(name string, now time.Time) []time.Time {
	list := c.at[name]
	for len(list) > 0 && !list[0].Add(tryWindow).After(now) {
		list = list[1:]
	}
	return list
}

func (c tally) add(name string, now time.Time) {
	if _, known := c.at[name]; !known && len(c.at) >= maxTryNames {
		c.makeRoom(now)
	}
	c.at[name] = append(c.recent(name, now), now)
}

// makeRoom forgets what the window has left behind, and at least the longest quiet name.
func (c tally) makeRoom(now time.Time) {
	quiet, since := "", now
	for name, list := range c.at {
		last := list[len(list)-1]
		if !last.Add(tryWindow).After(now) {
			delete(c.at, name)
		} else if quiet == "" || last.Before(since) {
			quiet, since = name, last
		}
	}
	if len(c.at) >= maxTryNames {
		delete(c.at, quiet)
	}
}
