package leg

import "time"

// timer is one of the clocks of a leg. Each has at most one moment; the shell sees only the earliest, as Wake.
type timer uint8

const (
	retransmit timer = iota // our 2xx again
	noAck                   // our 2xx was never acknowledged
	ringing                 // Timer C
	cancelWait              // no final response after CANCEL
	backOff                 // our re-INVITE again after 491
	timers
)

func (l *Leg) set(t timer, at time.Time) { l.due[t] = at }
func (l *Leg) stop(t timer)              { l.due[t] = time.Time{} }

// tick runs what is due, in the order of the table above.
func (l *Leg) tick(now time.Time) {
	for t := range timers {
		at := l.due[t]
		if at.IsZero() || now.Before(at) || l.state == Ended {
			continue
		}
		l.stop(t)
		switch t {
		case retransmit:
			l.repeatAccept(now)
		case noAck:
			l.neverAcknowledged()
		case ringing:
			l.rangTooLong(now)
		case cancelWait:
			l.end(l.ours())
		case backOff:
			l.retryModify(now)
		}
	}
}

// scheduleWake tells the shell when the earliest timer moved.
func (l *Leg) scheduleWake() {
	var at time.Time
	for _, d := range l.due {
		if !d.IsZero() && (at.IsZero() || d.Before(at)) {
			at = d
		}
	}
	if at.Equal(l.wake) {
		return
	}
	l.wake = at
	if l.state != Ended {
		l.emit(Wake{At: at})
	}
}
