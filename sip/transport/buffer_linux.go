//go:build linux && (amd64 || arm64)

package transport

import (
	"net"
	"syscall"
	"unsafe"
)

const (
	soMemInfo      = 55 // SO_MEMINFO: nine words, the last counts datagrams dropped for want of room
	soRcvbufForce  = 33 // SO_RCVBUFFORCE: beyond net.core.rmem_max, where the process may
	memInfoWords   = 9
	memInfoDropped = 8
)

// enlarge asks for a receive buffer of that many bytes and returns what was granted.
func enlarge(c *net.UDPConn, want int) (granted int, err error) {
	raw, err := c.SyscallConn()
	if err != nil {
		return 0, err
	}
	var inner error
	err = raw.Control(func(fd uintptr) {
		if syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, soRcvbufForce, want) != nil {
			inner = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_RCVBUF, want)
		}
		if inner == nil {
			granted, inner = syscall.GetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_RCVBUF)
		}
	})
	if err == nil {
		err = inner
	}
	return granted, err
}

// dropped is the kernel's count of datagrams that found the receive buffer full. It wraps.
func dropped(c *net.UDPConn) uint32 {
	raw, err := c.SyscallConn()
	if err != nil {
		return 0
	}
	var info [memInfoWords]uint32
	size := uint32(unsafe.Sizeof(info))
	_ = raw.Control(func(fd uintptr) { // a closed socket drops nothing
		_, _, _ = syscall.Syscall6(syscall.SYS_GETSOCKOPT, fd, syscall.SOL_SOCKET, soMemInfo,
			uintptr(unsafe.Pointer(&info[0])), uintptr(unsafe.Pointer(&size)), 0)
	})
	return info[memInfoDropped]
}
