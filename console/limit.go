package console

import (
	"log/slog"
	"net"
	"net/netip"
	"sync"
	"time"

	"ringway/console/staff"
)

// DefaultPerSource is how many connections one source may hold where nobody said otherwise: an office of several hundred desks
// stands behind one address, and each browser holds some; the half of all is left to everybody else.
const DefaultPerSource = maxConns / 2

// limits bound the connections of a listener.
type limits struct {
	all, source int            // at once; from one address, or one IPv6 network
	trusted     []netip.Prefix // proxies: who is behind them is many, and they have limits of their own
	log         *slog.Logger
}

// limit closes connections beyond a limit at once, oldest kept: memory has a bound, nobody takes the room of all others, and who is
// in stays in.
func limit(l net.Listener, most limits) net.Listener {
	return &limited{Listener: l, most: most, from: map[string]int{}}
}

type limited struct {
	net.Listener
	most limits
	told rare

	mu   sync.Mutex // guards what follows; a leaf
	in   int
	from map[string]int // by source
}

// Accept implements net.Listener.
func (l *limited) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		source := l.sourceOf(c.RemoteAddr())
		if full := l.enter(source); full != "" {
			c.Close() //nolint:errcheck // it gets nothing
			l.tell(full, source)
			continue
		}
		return &counted{Conn: c, leave: sync.OnceFunc(func() { l.leave(source) })}, nil
	}
}

// sourceOf is whom a connection counts for, "" for nobody in particular.
func (l *limited) sourceOf(a net.Addr) string {
	host, _, err := net.SplitHostPort(a.String())
	if err != nil || among(host, l.most.trusted) {
		return ""
	}
	return staff.Network(host)
}

// enter counts a connection in, or tells which limit is in its way.
func (l *limited) enter(source string) (full string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.in >= l.most.all:
		return "all"
	case source != "" && l.from[source] >= l.most.source:
		return "source"
	}
	l.in++
	if source != "" {
		l.from[source]++
	}
	return ""
}

func (l *limited) leave(source string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.in--
	if l.from[source]--; l.from[source] <= 0 {
		delete(l.from, source)
	}
}

// tell says once a minute that connections were closed, and what may be done.
func (l *limited) tell(full, source string) {
	untold, ok := l.told.due(time.Now(), between)
	switch {
	case !ok || l.most.log == nil:
	case full == "source":
		l.most.log.Warn("a connection to the console was closed: its source holds as many as one may", "source", source, "limit", l.most.source, "untold", untold,
			"hint", "raise console.connections_per_source for a large office, or name a proxy under console.trusted_proxies")
	default:
		l.most.log.Warn("a connection to the console was closed: there are as many as it takes", "source", source, "limit", l.most.all, "untold", untold)
	}
}

type counted struct {
	net.Conn
	leave func()
}

// Close implements net.Conn.
func (c *counted) Close() error {
	c.leave()
	return c.Conn.Close()
}
