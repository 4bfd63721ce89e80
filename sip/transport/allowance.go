package transport

import (
	"net/netip"
	"sync"
	"time"
)

// maxAllowance caps what a silent source can save up, in bytes.
const maxAllowance = 24 << 10

// allowance limits answers to addresses that have not proven that they receive them: 1.5 bytes out for each byte in, so that a
// forged source address gains nothing by us (conformance §4).
type allowance struct {
	limit int

	mu     sync.Mutex // guards what follows
	credit map[netip.Addr]int
}

// earn adds what a datagram of n bytes allows.
func (a *allowance) earn(from netip.Addr, n int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if _, known := a.credit[from]; !known && len(a.credit) >= a.limit {
		for other := range a.credit {
			delete(a.credit, other) // whichever comes first; its credit falls to zero, which is safe
			break
		}
	}
	a.credit[from] = min(a.credit[from]+n*3/2, maxAllowance)
}

// spend takes n bytes, or nothing when they are not there.
func (a *allowance) spend(to netip.Addr, n int) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.credit[to] < n {
		return false
	}
	a.credit[to] -= n
	return true
}

// VerifiedSet remembers addresses that have proven to receive what we send. Its method Has is made for Options.Verified.
type VerifiedSet struct {
	life  time.Duration
	limit int
	now   func() time.Time

	mu    sync.Mutex // guards what follows
	until map[netip.AddrPort]time.Time
}

// NewVerifiedSet returns a set whose entries last for life (0: one hour) after the last Add, 65,536 at most. now may be nil.
func NewVerifiedSet(life time.Duration, now func() time.Time) *VerifiedSet {
	if now == nil {
		now = time.Now
	}
	return &VerifiedSet{life: orDuration(life, time.Hour), limit: 65_536, now: now, until: map[netip.AddrPort]time.Time{}}
}

// Add notes that a proved itself: it answered a challenge of ours.
func (v *VerifiedSet) Add(a netip.AddrPort) {
	now := v.now()
	v.mu.Lock()
	defer v.mu.Unlock()
	if len(v.until) >= v.limit {
		for other, t := range v.until {
			if now.After(t) {
				delete(v.until, other)
			}
		}
		for other := range v.until {
			if len(v.until) <= v.limit*7/8 { // make room for many, so that a full set is not swept for each
				break
			}
			delete(v.until, other)
		}
	}
	v.until[a] = now.Add(v.life)
}

// Has says whether a proved itself lately.
func (v *VerifiedSet) Has(a netip.AddrPort) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	t, ok := v.until[a]
	return ok && !v.now().After(t)
}
