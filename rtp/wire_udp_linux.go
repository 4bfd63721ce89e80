package rtp

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"unsafe"

	"golang.org/x/sys/unix"
)

// udp is one socket of an epoll poller: not connected, without IP_RECVERR, so that one phone's ICMP error is nobody's.
type udp struct {
	p     *epoll
	fd    int
	h     handler
	heads [batchSize]mmsghdr
	iov   [batchSize]unix.Iovec
	n     int
	count socketCounts
	info  [9]uint32 // SO_MEMINFO
}

func (p *epoll) open(at netip.AddrPort, h handler) (socket, error) {
	family := unix.AF_INET6
	if at.Addr().Is4() {
		family = unix.AF_INET
	}
	fd, err := unix.Socket(family, unix.SOCK_DGRAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, fmt.Errorf("rtp: socket: %w", err)
	}
	s := &udp{p: p, fd: fd, h: h}
	if err := s.bind(at); err != nil {
		_ = unix.Close(fd)
		return nil, fmt.Errorf("rtp: bind %v: %w", at, err)
	}
	for i := range s.heads {
		s.heads[i].Iov = &s.iov[i]
		s.heads[i].SetIovlen(1)
	}
	p.socks[int32(fd)] = s
	return s, nil
}

func (s *udp) bind(at netip.AddrPort) error {
	if unix.SetsockoptInt(s.fd, unix.SOL_SOCKET, unix.SO_RCVBUFFORCE, wantBuffer) != nil {
		_ = unix.SetsockoptInt(s.fd, unix.SOL_SOCKET, unix.SO_RCVBUF, wantBuffer)
	}
	if unix.SetsockoptInt(s.fd, unix.SOL_SOCKET, unix.SO_SNDBUFFORCE, wantBuffer/2) != nil {
		_ = unix.SetsockoptInt(s.fd, unix.SOL_SOCKET, unix.SO_SNDBUF, wantBuffer/2)
	}
	granted, err := unix.GetsockoptInt(s.fd, unix.SOL_SOCKET, unix.SO_RCVBUF)
	if err != nil {
		return err
	}
	s.count.BufferSize = granted
	const expedited = 46 << 2 // DSCP EF (RFC 3246)
	var name unix.Sockaddr
	if at.Addr().Is4() {
		_ = unix.SetsockoptInt(s.fd, unix.IPPROTO_IP, unix.IP_TOS, expedited)
		name = &unix.SockaddrInet4{Port: int(at.Port()), Addr: at.Addr().As4()}
	} else {
		_ = unix.SetsockoptInt(s.fd, unix.IPPROTO_IPV6, unix.IPV6_TCLASS, expedited)
		if err := unix.SetsockoptInt(s.fd, unix.IPPROTO_IPV6, unix.IPV6_V6ONLY, 1); err != nil {
			return err
		}
		name = &unix.SockaddrInet6{Port: int(at.Port()), Addr: at.Addr().As16()}
	}
	if err := unix.Bind(s.fd, name); err != nil {
		return err
	}
	ev := unix.EpollEvent{Events: unix.EPOLLIN, Fd: int32(s.fd)}
	return unix.EpollCtl(s.p.set, unix.EPOLL_CTL_ADD, s.fd, &ev)
}

// drain reads what is there, in batches. After the last batch a round allows it just returns: epoll is level-triggered
// here and tells again at once.
func (s *udp) drain() {
	for range maxBatches {
		if s.fd < 0 || s.batch() < batchSize {
			return
		}
	}
}

func (s *udp) batch() int {
	b := s.p.slab()
	for i := range b.heads { // the kernel changed them
		b.heads[i].Namelen = unix.SizeofSockaddrInet6
		b.iov[i].SetLen(packetRoom)
	}
	got, _, e := unix.RawSyscall6(unix.SYS_RECVMMSG, uintptr(s.fd), uintptr(unsafe.Pointer(&b.heads[0])), batchSize, unix.MSG_DONTWAIT, 0, 0)
	if e != 0 {
		s.p.used-- // nothing of it is in use
		return 0
	}
	n := int(got)
	out := s.p.batch[:0]
	for i := range n {
		if b.heads[i].Flags&unix.MSG_TRUNC != 0 {
			s.count.Truncated++
			continue
		}
		from := sender6(&b.names[i])
		if b.names[i].Family == unix.AF_INET {
			from = sender4(&b.names[i])
		}
		out = append(out, datagram{buf: b.bufs[i][:b.heads[i].n], from: from})
	}
	s.h.receive(out)
	return n
}

func sender4(n *unix.RawSockaddrInet6) endpoint {
	b := (*[8]byte)(unsafe.Pointer(n))
	return v4(binary.BigEndian.Uint32(b[4:]), binary.BigEndian.Uint16(b[2:]))
}

func sender6(n *unix.RawSockaddrInet6) endpoint {
	b := (*[4]byte)(unsafe.Pointer(n))
	return endpoint{binary.BigEndian.Uint64(n.Addr[:]), binary.BigEndian.Uint64(n.Addr[8:]), uint64(binary.BigEndian.Uint16(b[2:]))}
}

func (s *udp) send(b []byte, to *target) {
	if s.fd < 0 || len(b) == 0 {
		return
	}
	if s.n == batchSize {
		s.flush()
	} else if s.n == 0 {
		s.p.queue = append(s.p.queue, s)
	}
	s.iov[s.n].Base = &b[0]
	s.iov[s.n].SetLen(len(b))
	s.heads[s.n].Name = &to.name[0]
	s.heads[s.n].Namelen = to.size
	s.n++
}

// flush sends the queue. sendmmsg stops before a message that it can't send and tells why at the next call: that one is
// skipped; when the send buffer is full the rest is dropped, for nobody waits for late speech.
func (s *udp) flush() {
	for i := 0; i < s.n && s.fd >= 0; {
		sent, _, e := unix.RawSyscall6(unix.SYS_SENDMMSG, uintptr(s.fd), uintptr(unsafe.Pointer(&s.heads[i])), uintptr(s.n-i), unix.MSG_DONTWAIT, 0, 0)
		switch {
		case e == 0:
			i += int(sent)
		case e == unix.EINTR:
		case e == unix.EAGAIN || e == unix.ENOBUFS:
			s.count.Unsent += uint64(s.n - i)
			i = s.n
		default:
			s.count.Rejected++
			i++
		}
	}
	s.n = 0
}

const soMemInfo = 55 // SO_MEMINFO; its last word counts drops

func (s *udp) counts() socketCounts {
	if s.fd >= 0 {
		size := uint32(unsafe.Sizeof(s.info))
		_, _, e := unix.RawSyscall6(unix.SYS_GETSOCKOPT, uintptr(s.fd), unix.SOL_SOCKET, soMemInfo,
			uintptr(unsafe.Pointer(&s.info[0])), uintptr(unsafe.Pointer(&size)), 0)
		if e == 0 {
			s.count.Overflow = uint64(s.info[8])
		}
	}
	return s.count
}

func (s *udp) close() {
	if s.fd < 0 {
		return
	}
	s.flush()
	delete(s.p.socks, int32(s.fd))
	_ = unix.Close(s.fd)
	s.fd = -1
}
