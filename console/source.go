package console

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

type sourceKey struct{}

// source is the address that a request comes from.
func source(ctx context.Context) string {
	s, _ := ctx.Value(sourceKey{}).(string)
	return s
}

// withSource finds out where a request comes from: the address of the connection, or, where that is a trusted proxy's, the
// last one of X-Forwarded-For that is not: everything before it anybody may have written.
func withSource(r *http.Request, trusted []netip.Prefix) *http.Request {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	at := host
	if among(at, trusted) {
		hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
		for _, hop := range slices.Backward(hops) {
			a, err := netip.ParseAddr(strings.TrimSpace(hop))
			if err != nil {
				break // what follows can't be trusted either
			}
			at = a.Unmap().String()
			if !among(at, trusted) {
				break
			}
		}
	}
	return r.WithContext(context.WithValue(r.Context(), sourceKey{}, at))
}

// among tells whether an address is in one of the networks.
func among(addr string, list []netip.Prefix) bool {
	a, err := netip.ParseAddr(addr)
	return err == nil && slices.ContainsFunc(list, func(p netip.Prefix) bool { return p.Contains(a.Unmap().WithZone("")) })
}
