package lookup

import "time"

// Breaker settings: after so many failures in a row nobody is asked for a while, then one question tries.
const (
	breakAfter = 5
	breakMin   = 5 * time.Second
	breakMax   = time.Minute
)

// breaker spares a system that does not answer, and callers the wait. It is guarded by its owner.
type breaker struct {
	failures int
	pause    time.Duration // 0: closed
	until    time.Time     // open until then
	probing  bool          // half open: the one question is under way
}

// admits tells whether a question may be asked now.
func (b *breaker) admits(now time.Time) bool {
	switch {
	case b.pause == 0:
		return true
	case b.probing || now.Before(b.until):
		return false
	}
	b.probing = true
	return true
}

// tell takes the end of a question; it returns whether the breaker opened or closed by it.
func (b *breaker) tell(ok bool, now time.Time) (changed bool) {
	if ok {
		changed = b.pause > 0
		*b = breaker{}
		return changed
	}
	b.failures++
	if b.pause == 0 && b.failures < breakAfter {
		return false
	}
	changed = b.pause == 0
	if b.pause == 0 || b.probing {
		b.pause = min(max(breakMin, 2*b.pause), breakMax)
		b.until = now.Add(b.pause)
	}
	b.probing = false
	return changed
}
