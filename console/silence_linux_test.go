package console

import (
	"crypto/tls"
	"net"
	"net/http/httptest"
	"syscall"
	"testing"
)

// A stream's connection notices a network that is gone, whatever is wrapped around it.
func TestAStreamNoticesSilence(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	for name, wrap := range map[string]func(net.Conn) net.Conn{
		"plain":   func(c net.Conn) net.Conn { return c },
		"counted": func(c net.Conn) net.Conn { return &counted{Conn: c} },
		"TLS":     func(c net.Conn) net.Conn { return tls.Server(&counted{Conn: c}, &tls.Config{}) },
	} {
		c, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		r := httptest.NewRequest("GET", "/", nil)
		if err := watchSilence(r.WithContext(withConn(r.Context(), wrap(c)))); err != nil {
			t.Error(name, err)
		}
		raw, err := c.(*net.TCPConn).SyscallConn()
		if err != nil {
			t.Fatal(err)
		}
		var got int
		if err := raw.Control(func(fd uintptr) { got, err = syscall.GetsockoptInt(int(fd), syscall.IPPROTO_TCP, tcpUserTimeout) }); err != nil || got != int(silence.Milliseconds()) {
			t.Errorf("%s: %d ms, %v", name, got, err)
		}
		c.Close()
	}
	if err := watchSilence(httptest.NewRequest("GET", "/", nil)); err != nil {
		t.Error("a request without a connection:", err)
	}
}
