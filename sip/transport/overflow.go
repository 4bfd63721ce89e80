package transport

import (
	"log/slog"
	"time"
)

// overflowEvery is how often the kernel's drop counters are read.
const overflowEvery = time.Second

// runOverflow counts what the kernel dropped because a receive buffer was full, and says so in the log, until the layer
// stops.
func (l *Layer) runOverflow() {
	defer l.group.Done()
	for l.pause(overflowEvery) {
		for _, u := range l.udp {
			u.look()
		}
	}
}

// look tells of what was dropped since the last look.
func (u *udpSocket) look() {
	defer u.layer.contain(Flow{Proto: UDP, Local: u.local})
	if n := u.overflow(); n > 0 {
		u.layer.log.Warn("receive buffer overflowed", slog.String("local", u.local.String()), slog.Uint64("dropped", uint64(n)),
			slog.Int("buffer", u.layer.granted))
	}
}

// overflow counts what the kernel dropped since the last look, and returns it.
func (u *udpSocket) overflow() uint32 {
	now := dropped(u.conn)
	n := now - u.dropped // right when the counter wrapped, too
	u.dropped = now
	u.layer.count.Overflow.Add(uint64(n))
	return n
}
