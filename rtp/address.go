package rtp

import (
	"encoding/binary"
	"net/netip"
)

// endpoint is an address and port as a key of plain integers: hashing it costs a third of hashing a netip.AddrPort. IPv4
// stands in it as an IPv4-mapped IPv6 address. The zero value is no endpoint.
type endpoint struct{ hi, lo, port uint64 }

// host is the address of an endpoint.
type host struct{ hi, lo uint64 }

func (e endpoint) host() host { return host{e.hi, e.lo} }

func (e endpoint) valid() bool { return e.port != 0 }

func endpointOf(a netip.AddrPort) endpoint {
	if !a.IsValid() || a.Port() == 0 || a.Addr().IsUnspecified() {
		return endpoint{}
	}
	h := hostOf(a.Addr())
	return endpoint{h.hi, h.lo, uint64(a.Port())}
}

func hostOf(a netip.Addr) host {
	if !a.IsValid() || a.IsUnspecified() {
		return host{}
	}
	b := a.As16()
	return host{binary.BigEndian.Uint64(b[:]), binary.BigEndian.Uint64(b[8:])}
}

func (e endpoint) addrPort() netip.AddrPort {
	if !e.valid() {
		return netip.AddrPort{}
	}
	var b [16]byte
	binary.BigEndian.PutUint64(b[:], e.hi)
	binary.BigEndian.PutUint64(b[8:], e.lo)
	return netip.AddrPortFrom(netip.AddrFrom16(b).Unmap(), uint16(e.port))
}

// v4 is the endpoint of an IPv4 address in network order.
func v4(addr uint32, port uint16) endpoint {
	return endpoint{0, 0xffff<<32 | uint64(addr), uint64(port)}
}
