package trace

import (
	"encoding/binary"
	"io"
	"net/netip"

	"ringway/sip/transport"
)

// A classic pcap file of raw IP packets, times in microseconds:
//
//	header   a1b2c3d4 | 2 | 4 | 0 | 0 | snap length | link type 101 (the packet begins with its IP header)
//	record   seconds | microseconds | length kept | length | packet
//	packet   IPv4 or IPv6 header | UDP header | the SIP message
//
// Messages over TCP are written as UDP datagrams of their own, so that every reader shows them one by one.
const (
	pcapMagic   = 0xa1b2c3d4
	linkRaw     = 101
	snapLength  = 262144
	udpHeader   = 8
	maxDatagram = 65507
	protoUDP    = 17
)

// WritePcap writes messages without their secrets. self tells our address on a flow where the socket is bound to all of them.
func WritePcap(w io.Writer, messages []Message, self func(transport.Flow) netip.AddrPort) error {
	head := binary.LittleEndian.AppendUint32(nil, pcapMagic)
	head = binary.LittleEndian.AppendUint16(head, 2)
	head = binary.LittleEndian.AppendUint16(head, 4)
	for _, v := range []uint32{0, 0, snapLength, linkRaw} {
		head = binary.LittleEndian.AppendUint32(head, v)
	}
	if _, err := w.Write(head); err != nil {
		return err
	}
	for _, m := range messages {
		p := packet(m, self)
		b := make([]byte, 0, 16+len(p))
		for _, v := range []uint32{uint32(m.At.Unix()), uint32(m.At.Nanosecond() / 1000), uint32(len(p)), uint32(len(p))} {
			b = binary.LittleEndian.AppendUint32(b, v)
		}
		if _, err := w.Write(append(b, p...)); err != nil {
			return err
		}
	}
	return nil
}

// Ends are where a message came from and went to.
func Ends(m Message, self func(transport.Flow) netip.AddrPort) (from, to netip.AddrPort) {
	local, remote := m.Flow.Local, m.Flow.Remote
	if (!local.Addr().IsValid() || local.Addr().IsUnspecified()) && self != nil {
		local = self(m.Flow)
	}
	local = netip.AddrPortFrom(local.Addr().Unmap(), local.Port())
	remote = netip.AddrPortFrom(remote.Addr().Unmap(), remote.Port())
	if local.Addr().Is4() != remote.Addr().Is4() || !local.Addr().IsValid() {
		none := netip.IPv6Unspecified()
		if remote.Addr().Is4() {
			none = netip.IPv4Unspecified()
		}
		local = netip.AddrPortFrom(none, local.Port())
	}
	if m.Incoming {
		return remote, local
	}
	return local, remote
}

// packet puts IP and UDP headers before a message.
func packet(m Message, self func(transport.Flow) netip.AddrPort) []byte {
	from, to := Ends(m, self)
	text := Masked(m.Text)
	if len(text) > maxDatagram {
		text = text[:maxDatagram]
	}
	udp := binary.BigEndian.AppendUint16(nil, from.Port())
	udp = binary.BigEndian.AppendUint16(udp, to.Port())
	udp = binary.BigEndian.AppendUint16(udp, uint16(udpHeader+len(text)))
	udp = append(binary.BigEndian.AppendUint16(udp, 0), text...)
	pseudo := append(from.Addr().AsSlice(), to.Addr().AsSlice()...)
	pseudo = binary.BigEndian.AppendUint32(pseudo, uint32(len(udp)))
	pseudo = binary.BigEndian.AppendUint32(pseudo, protoUDP)
	if sum := checksum(append(pseudo, udp...)); sum != 0 {
		binary.BigEndian.PutUint16(udp[6:], sum)
	} else {
		binary.BigEndian.PutUint16(udp[6:], 0xffff)
	}
	return append(ipHeader(from.Addr(), to.Addr(), len(udp)), udp...)
}

func ipHeader(from, to netip.Addr, length int) []byte {
	if from.Is4() {
		b := []byte{0x45, 0}
		b = binary.BigEndian.AppendUint16(b, uint16(20+length))
		b = append(b, 0, 0, 0x40, 0, 64, protoUDP, 0, 0) // no fragments, 64 hops
		b = append(append(b, from.AsSlice()...), to.AsSlice()...)
		binary.BigEndian.PutUint16(b[10:], checksum(b))
		return b
	}
	b := []byte{0x60, 0, 0, 0}
	b = binary.BigEndian.AppendUint16(b, uint16(length))
	b = append(b, protoUDP, 64)
	return append(append(b, from.AsSlice()...), to.AsSlice()...)
}

// checksum is that of the Internet (RFC 1071).
func checksum(b []byte) uint16 {
	sum := uint32(0)
	for ; len(b) >= 2; b = b[2:] {
		sum += uint32(b[0])<<8 | uint32(b[1])
	}
	if len(b) == 1 {
		sum += uint32(b[0]) << 8
	}
	for sum > 0xffff {
		sum = sum>>16 + sum&0xffff
	}
	return ^uint16(sum)
}
