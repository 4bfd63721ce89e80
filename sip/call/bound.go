package call

import "time"

// bound are the limits that may change while calls are up: immutable, replaced as a whole.
type bound struct {
	calls    int           // Limits.Calls
	duration time.Duration // Limits.Duration
}

// Bound changes Limits.Calls and Limits.Duration; zero takes the default. Calls beyond the new number go on, and all
// keep the length they began with.
func (m *Manager) Bound(calls int, duration time.Duration) {
	l := Limits{Calls: calls, Duration: duration}.withDefaults()
	m.bound.Store(&bound{l.Calls, l.Duration})
}
