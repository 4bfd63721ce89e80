package transport

import (
	"net/netip"
	"sync"
	"time"
)

// complaints lets one log line for each source and interval through.
type complaints struct {
	every time.Duration
	limit int

	mu    sync.Mutex // guards what follows
	since map[netip.Addr]time.Time
	swept time.Time
}

// may says whether a line about this source may be written now.
func (c *complaints) may(now time.Time, from netip.Addr) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	last, known := c.since[from]
	if known && now.Sub(last) < c.every {
		return false
	}
	if !known && len(c.since) >= c.limit {
		if now.Sub(c.swept) >= c.every {
			c.forget(now)
		}
		if len(c.since) >= c.limit {
			return false // a flood from everywhere: the counters tell
		}
	}
	c.since[from] = now
	return true
}

func (c *complaints) forget(now time.Time) {
	c.swept = now
	for a, t := range c.since {
		if now.Sub(t) >= c.every {
			delete(c.since, a)
		}
	}
}

// complain writes why a message from this flow was refused.
func (l *Layer) complain(f Flow, why string) {
	if l.complaints.may(l.now(), f.Remote.Addr()) {
		l.log.Warn("SIP message refused", "from", f.Remote.String(), "proto", string(f.Proto), "err", why)
	}
}
