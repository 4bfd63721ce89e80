package rtp

import (
	"math/rand/v2"
	"net/netip"
	"sync"
)

// portRange hands out port pairs: RTP even, RTCP the odd one above (RFC 3550 §11). It begins at a random place each time,
// so that an outsider cannot guess the next. All loops share one.
type portRange struct {
	low, pairs int

	// guarded by mu; call path only
	mu   sync.Mutex
	used map[netip.AddrPort]bool
}

func newPortRange(low, high int) *portRange {
	if low <= 0 && high <= 0 {
		low, high = 16384, 32767
	}
	low += low % 2
	return &portRange{low: low, pairs: max((high-low+1)/2, 0), used: map[netip.AddrPort]bool{}}
}

// take finds a pair that open accepts; open says whether the next should be tried, as when another program has the port.
func (r *portRange) take(local netip.Addr, open func(netip.AddrPort) (again bool, err error)) error {
	if r.pairs == 0 {
		return ErrNoPorts
	}
	start := rand.IntN(r.pairs)
	for i := range r.pairs {
		at := netip.AddrPortFrom(local, uint16(r.low+2*((start+i)%r.pairs)))
		if !r.claim(at) {
			continue
		}
		again, err := open(at)
		if err == nil {
			return nil
		}
		r.give(at)
		if !again {
			return err
		}
	}
	return ErrNoPorts
}

func (r *portRange) claim(at netip.AddrPort) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.used[at] {
		return false
	}
	r.used[at] = true
	return true
}

// give takes a pair back.
func (r *portRange) give(at netip.AddrPort) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.used, at)
}

// leased is how many pairs are out.
func (r *portRange) leased() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.used)
}
