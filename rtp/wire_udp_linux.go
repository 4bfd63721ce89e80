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
	most  int       // datagrams a batch
	heads []mmsghdr // the send queue: as long as a batch, made at once and never again
	iov   []unix.Iovec
	n     int
	count socketCounts
	info  [9]uint32 // SO_MEMINFO
}

func (p *epoll) open(at netip.AddrPort, h handler, busy bool) (socket, error) {
	family := unix.AF_INET6
	if at.Addr().Is4() {
		family = unix.AF_INET
	}
	fd, err := unix.Socket(family, unix.SOCK_DGRAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, fmt.Errorf("rtp: socket: %w", err)
	}
	s := &udp{p: p, fd: fd, h: h, most: batchSize}
	if !busy {
		s.most = fewAtOnce
	}
	if err := s.bind(at); err != nil {
		_ = unix.Close(fd)
		return nil, fmt.Errorf("rtp: bind %v: %w", at, err)
	}
	s.heads, s.iov = make([]mmsghdr, s.most), make([]unix.Iovec, s.most)
	for i := range s.heads {
		s.heads[i].Iov = &s.iov[i]
		s.heads[i].SetIovlen(1)
	}
	p.keep(fd, s)
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
		// Speech fits any path, so it need not be fragmented, and what is not needs no IP identification: choosing one for
		// each destination is a twentieth of what sending costs.
		_ = unix.SetsockoptInt(s.fd, unix.IPPROTO_IP, unix.IP_MTU_DISCOVER, unix.IP_PMTUDISC_PROBE)
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
	ev := unix.EpollEvent{Events: unix.EPOLLIN | unix.EPOLLET&0xffffffff, Fd: int32(s.fd)}
	return unix.EpollCtl(s.p.set, unix.EPOLL_CTL_ADD, s.fd, &ev)
}

// drain reads what is there, in batches. After the last batch that a round allows it leaves the rest to the next one.
func (s *udp) drain() {
	for range maxBatches {
		if s.fd < 0 || s.receive() < s.most {
			return
		}
	}
	s.p.full = append(s.p.full, s)
}

// receive reads one batch into the next free buffers and hands it on.
func (s *udp) receive() int {
	b, first := s.p.buffers(s.most)
	heads := b.heads[first : first+s.most]
	got, _, e := unix.RawSyscall6(unix.SYS_RECVMMSG, uintptr(s.fd), uintptr(unsafe.Pointer(&heads[0])), uintptr(s.most), unix.MSG_DONTWAIT, 0, 0)
	if e != 0 {
		return 0
	}
	n := int(got)
	s.p.taken(n)
	out := s.p.batch[:0]
	for i := range heads[:n] {
		h, name := &heads[i], &b.names[first+i]
		if h.Flags&unix.MSG_TRUNC != 0 {
			s.count.Truncated++
		} else if name.Family == unix.AF_INET {
			out = append(out, datagram{buf: b.bufs[first+i][:h.n], from: sender4(name)})
		} else {
			out = append(out, datagram{buf: b.bufs[first+i][:h.n], from: sender6(name)})
		}
		h.Namelen = unix.SizeofSockaddrInet6 // the kernel changed it; the length of the buffer it leaves alone
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
	if s.n == len(s.heads) {
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
		sent, e := s.transmit(i)
		switch {
		case e == 0:
			i += sent
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

// transmit hands the queue from i on to the kernel and returns how many it took. A single packet has a shorter way.
func (s *udp) transmit(i int) (int, unix.Errno) {
	if s.n == 1 {
		_, _, e := unix.RawSyscall6(unix.SYS_SENDTO, uintptr(s.fd), uintptr(unsafe.Pointer(s.iov[0].Base)), uintptr(s.iov[0].Len), unix.MSG_DONTWAIT,
			uintptr(unsafe.Pointer(s.heads[0].Name)), uintptr(s.heads[0].Namelen))
		return 1, e
	}
	n, _, e := unix.RawSyscall6(unix.SYS_SENDMMSG, uintptr(s.fd), uintptr(unsafe.Pointer(&s.heads[i])), uintptr(s.n-i), unix.MSG_DONTWAIT, 0, 0)
	return int(n), e
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
	s.p.keep(s.fd, nil)
	_ = unix.Close(s.fd)
	s.fd = -1
}
