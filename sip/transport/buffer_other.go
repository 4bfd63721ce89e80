//go:build !linux || !(amd64 || arm64)

package transport

import "net"

// enlarge asks for a receive buffer of that many bytes; what was granted is unknown here.
func enlarge(c *net.UDPConn, want int) (granted int, err error) { return 0, c.SetReadBuffer(want) }

// dropped is not known here.
func dropped(*net.UDPConn) uint32 { return 0 }
