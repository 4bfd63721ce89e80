//go:build linux && (amd64 || arm64)

package transport

import (
	"encoding/binary"
	"net"
	"net/netip"
	"syscall"
	"unsafe"
)

// inboxBatch is how many datagrams one system call may bring. Under load a batch fills and the cost of the call is shared.
const inboxBatch = 64

// mmsghdr is struct mmsghdr of recvmmsg(2) on 64-bit Linux.
type mmsghdr struct {
	hdr syscall.Msghdr
	len uint32
	_   [4]byte
}

// inbox reads batches of datagrams by recvmmsg, waiting in Go's poller when there are none.
type inbox struct {
	raw   syscall.RawConn
	bufs  [inboxBatch][]byte
	names [inboxBatch]syscall.RawSockaddrInet6
	iovs  [inboxBatch]syscall.Iovec
	msgs  [inboxBatch]mmsghdr
}

func newInbox(c *net.UDPConn, size int) *inbox {
	raw, err := c.SyscallConn()
	if err != nil {
		raw = closedConn{err} // the conn is closed already: the first read says so
	}
	in := &inbox{raw: raw}
	for i := range in.bufs {
		in.bufs[i] = make([]byte, size)
		in.iovs[i].Base = &in.bufs[i][0]
		in.iovs[i].SetLen(size)
		in.msgs[i].hdr.Iov = &in.iovs[i]
		in.msgs[i].hdr.Iovlen = 1
		in.msgs[i].hdr.Name = (*byte)(unsafe.Pointer(&in.names[i]))
	}
	return in
}

// closedConn is a RawConn of a socket that was closed before reading began.
type closedConn struct{ err error }

func (c closedConn) Control(func(uintptr)) error    { return c.err }
func (c closedConn) Read(func(uintptr) bool) error  { return c.err }
func (c closedConn) Write(func(uintptr) bool) error { return c.err }

// read waits for datagrams and returns how many came. An error other than net.ErrClosed is passing.
func (in *inbox) read() (n int, err error) {
	for i := range in.msgs {
		in.msgs[i].hdr.Namelen = syscall.SizeofSockaddrInet6 // the kernel has overwritten it
	}
	var errno syscall.Errno
	err = in.raw.Read(func(fd uintptr) bool {
		var r uintptr
		r, _, errno = syscall.Syscall6(syscall.SYS_RECVMMSG, fd, uintptr(unsafe.Pointer(&in.msgs[0])), inboxBatch, syscall.MSG_DONTWAIT, 0, 0)
		n = int(r)
		return errno != syscall.EAGAIN && errno != syscall.EINTR
	})
	if err != nil {
		return 0, net.ErrClosed // RawConn.Read fails only when the socket is closed
	}
	if errno != 0 {
		return 0, errno
	}
	return n, nil
}

// datagram returns the bytes and source of the i-th; valid until the next read.
func (in *inbox) datagram(i int) ([]byte, netip.AddrPort) {
	name := &in.names[i]
	port := binary.BigEndian.Uint16((*[2]byte)(unsafe.Pointer(&name.Port))[:])
	var a netip.Addr
	if name.Family == syscall.AF_INET {
		a = netip.AddrFrom4((*syscall.RawSockaddrInet4)(unsafe.Pointer(name)).Addr)
	} else {
		a = netip.AddrFrom16(name.Addr).Unmap()
	}
	return in.bufs[i][:min(int(in.msgs[i].len), len(in.bufs[i]))], netip.AddrPortFrom(a, port)
}
