package demo

import (
	"net"
	"strconv"
)

// consoleAt is where the demo's console listens: the configured port or the next free one, for this machine only unless the
// whole network may join.
func (c *company) consoleAt(listen string) string {
	_, text, err := net.SplitHostPort(listen)
	if err != nil {
		return "" // the configuration turned it off
	}
	host := loopback.String()
	if c.o.LAN {
		host = ""
	}
	port, err := strconv.Atoi(text)
	if err != nil || c.o.Port < 0 {
		return net.JoinHostPort(host, "0")
	}
	const enough = 200
	for range enough {
		at := net.JoinHostPort(host, strconv.Itoa(port))
		if l, err := net.Listen("tcp", at); err == nil {
			l.Close() //nolint:errcheck // it was only a question
			return at
		}
		port++
	}
	return net.JoinHostPort(host, "0")
}
