package outbound

import "net/netip"

// inside are networks that no address of the public internet is in, besides those that netip knows.
var inside = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),       // this network (RFC 791)
	netip.MustParsePrefix("100.64.0.0/10"),   // carrier-grade NAT (RFC 6598)
	netip.MustParsePrefix("192.0.0.0/24"),    // protocol assignments (RFC 6890)
	netip.MustParsePrefix("192.88.99.0/24"),  // 6to4 relays (RFC 7526)
	netip.MustParsePrefix("198.18.0.0/15"),   // benchmarks (RFC 2544)
	netip.MustParsePrefix("240.0.0.0/4"),     // reserved (RFC 1112), broadcast
	netip.MustParsePrefix("::/96"),           // IPv4-compatible (RFC 4291)
	netip.MustParsePrefix("64:ff9b:1::/48"),  // local NAT64 (RFC 8215)
	netip.MustParsePrefix("100::/64"),        // discard (RFC 6666)
	netip.MustParsePrefix("2001::/32"),       // Teredo (RFC 4380): carries an IPv4 address
	netip.MustParsePrefix("fec0::/10"),       // site-local (RFC 3879)
	netip.MustParsePrefix("2001:db8::/32"),   // documentation
	netip.MustParsePrefix("203.0.113.0/24"),  // documentation
	netip.MustParsePrefix("198.51.100.0/24"), // documentation
	netip.MustParsePrefix("192.0.2.0/24"),    // documentation
}

var (
	nat64   = netip.MustParsePrefix("64:ff9b::/96") // RFC 6052: the last four bytes are an IPv4 address
	sixToFo = netip.MustParsePrefix("2002::/16")    // RFC 3056: bytes 2 to 5 are
)

// Public tells whether an address is one of the public internet: not loopback, private, link-local, multicast or reserved,
// and not one that carries such an IPv4 address inside.
func Public(a netip.Addr) bool {
	a = a.WithZone("").Unmap()
	if !a.IsGlobalUnicast() || a.IsPrivate() {
		return false
	}
	for _, p := range inside {
		if p.Contains(a) {
			return false
		}
	}
	if b := a.As16(); nat64.Contains(a) {
		return Public(netip.AddrFrom4([4]byte(b[12:16])))
	} else if sixToFo.Contains(a) {
		return Public(netip.AddrFrom4([4]byte(b[2:6])))
	}
	return true
}
