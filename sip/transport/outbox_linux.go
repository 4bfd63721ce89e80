//go:build linux && (amd64 || arm64)

package transport

import (
	"encoding/binary"
	"net"
	"net/netip"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// outbox writes batches of datagrams by sendmmsg. Like inbox it keeps its headers on the heap, for the kernel's eyes.
type outbox struct {
	raw   syscall.RawConn
	names [answersAtOnce]syscall.RawSockaddrInet6 // room for either family
	iovs  [answersAtOnce]syscall.Iovec
	msgs  [answersAtOnce]mmsghdr
}

func newOutbox(c *net.UDPConn) *outbox {
	raw, err := c.SyscallConn()
	if err != nil {
		raw = closedConn{err}
	}
	o := &outbox{raw: raw}
	for i := range o.msgs {
		o.msgs[i].hdr.Iov, o.msgs[i].hdr.Iovlen = &o.iovs[i], 1
		o.msgs[i].hdr.Name = (*byte)(unsafe.Pointer(&o.names[i]))
	}
	return o
}

// write sends the parts of text, the first of which begins at from, and says how many could not be sent.
func (o *outbox) write(text []byte, from int, parts []answerPart) (failed int) {
	for len(parts) > 0 {
		n := min(len(parts), answersAtOnce)
		for i, p := range parts[:n] {
			o.iovs[i].Base = &text[from]
			o.iovs[i].SetLen(p.end - from)
			o.msgs[i].hdr.Namelen = putName(&o.names[i], p.to, p.socket.local.Addr().Is4())
			from = p.end
		}
		failed += o.flush(n)
		parts = parts[n:]
	}
	return failed
}

// flush sends the first n messages. sendmmsg stops before one that can't be sent: exactly that one is skipped.
func (o *outbox) flush(n int) (failed int) {
	for i := 0; i < n; {
		var sent uintptr
		var errno syscall.Errno
		err := o.raw.Write(func(fd uintptr) bool {
			sent, _, errno = syscall.Syscall6(unix.SYS_SENDMMSG, fd, uintptr(unsafe.Pointer(&o.msgs[i])), uintptr(n-i), syscall.MSG_DONTWAIT, 0, 0)
			return errno != syscall.EAGAIN && errno != syscall.EINTR
		})
		switch {
		case err != nil:
			return failed + n - i // closed
		case errno != 0:
			i, failed = i+1, failed+1
		default:
			i += int(sent)
		}
	}
	return failed
}

// putName writes a socket address for a socket of either family and returns its length.
func putName(name *syscall.RawSockaddrInet6, to netip.AddrPort, is4 bool) uint32 {
	port := (*[2]byte)(unsafe.Pointer(&name.Port)) // at the same place in both
	binary.BigEndian.PutUint16(port[:], to.Port())
	if is4 {
		in4 := (*syscall.RawSockaddrInet4)(unsafe.Pointer(name))
		in4.Family, in4.Addr = syscall.AF_INET, to.Addr().Unmap().As4()
		return syscall.SizeofSockaddrInet4
	}
	name.Family, name.Flowinfo, name.Addr, name.Scope_id = syscall.AF_INET6, 0, to.Addr().As16(), 0
	return syscall.SizeofSockaddrInet6
}
